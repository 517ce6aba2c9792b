//! Standard streams that are closed, full or read-only, and other limits of the process.

use super::{Row, good, good_command, row, run_table};
use crate::support::{TestCommand, artists, http_response, raw_server};

#[test]
fn stream_that_cannot_be_used() {
    let on = |name: &str, status: &str, body: &str, args: &str, code| {
        row(name, TestCommand::for_server(&raw_server(http_response(status, body))), args, code)
    };
    let many = artists(&vec!["a long name"; 2_000]).to_string();
    let nothing = artists(&[]).to_string();
    let forbidden = |name, args, code| on(name, "403 Forbidden", "", args, code);
    let lines = |row: Row| row.after("printf 'a\\nb\\n' >lines");
    run_table(&[
        // The standard library opens /dev/null in place of a closed stream.
        good("closed", "").redirected(">&-"),
        row("read-only", good_command(), "", "output").redirected("1</dev/null"),
        on("many results on a full disk", "200 OK", &many, "-n 1000", "output")
            .redirected(">/dev/full"),
        on("nothing to write", "200 OK", &nothing, "-f id", "").redirected(">/dev/full"),
        forbidden("errors closed", "", "forbidden").redirected("2>&-"),
        forbidden("errors full", "", "forbidden").redirected("2>/dev/full"),
        forbidden("errors read-only", "-vv", "forbidden").redirected("2</dev/null"),
        good("both closed", "").redirected(">&- 2>&-"),
        row("both full", good_command(), "-vv", "output").redirected(">/dev/full 2>&1"),
        good("all closed", "").redirected("<&- >&- 2>&-"),
        lines(good("batch without input", "-i lines").redirected("<&-")),
        lines(good("batch closed", "-i lines").redirected(">&-")),
        lines(forbidden("batch of errors, full", "-i lines", "forbidden,output"))
            .redirected(">/dev/full"),
    ]);
}

#[test]
fn limit_of_the_process() {
    let limits = [
        ("few open files", "ulimit -n 16"),
        ("a stack of 1 MiB", "ulimit -s 1024"),
        ("a working directory that is gone", "mkdir gone && cd gone && rmdir ../gone"),
        ("a strict umask", "umask 777"),
        ("a home that does not exist", "export HOME=/nonexistent"),
        ("no variables but those needed", "unset HOME PATH TZ"),
    ];
    run_table(&limits.map(|(name, setup)| good(name, "").after(setup)));
    let files = ["ulimit -n 5", "ulimit -n 6", "ulimit -n 7", "ulimit -n 8"];
    run_table(&files.map(|limit| row(limit, good_command(), "", "system").after(limit)));
}
