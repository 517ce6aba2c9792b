//! Standard streams that are closed, full or read-only, and other limits of the process.

use crate::harness::{good, response, row, run_table, search};
use crate::support::artists;

const OK: (i32, &str) = (0, "");
/// The error cannot be shown.
const UNSEEN: (i32, &str) = (1, "");
const OUTPUT: (i32, &str) = (1, "output");

#[test]
fn stream_that_cannot_be_used() {
    let names = vec!["a long name"; 2_000];
    let many = || search(response(200, "", artists(&names).to_string()));
    let forbidden = || search(response(403, "", "no"));
    let nothing = search(response(200, "", artists(&[]).to_string()));
    let mut rows = vec![
        // The standard library opens /dev/null in place of a closed stream.
        row("closed", good(), "", OK).redirected(">&-"),
        row("read-only", good(), "", OUTPUT).redirected("1</dev/null"),
        row("many results on a full disk", many(), "-n 1000", OUTPUT).redirected(">/dev/full"),
        row("errors closed", forbidden(), "", UNSEEN).redirected("2>&-"),
        row("errors full", forbidden(), "", UNSEEN).redirected("2>/dev/full"),
        row("errors read-only", forbidden(), "-vv", UNSEEN).redirected("2</dev/null"),
        row("log full", good(), "-vv", OK).redirected("2>/dev/full"),
        row("both closed", good(), "", OK).redirected(">&- 2>&-"),
        row("both full", good(), "-vv", UNSEEN).redirected(">/dev/full 2>&1"),
        row("all closed", good(), "", OK).redirected("<&- >&- 2>&-"),
        row("input closed", good(), "-j 2", OK).batch("a\n").redirected("<&-"),
        row("batch full", good(), "", OUTPUT).batch("a\nb\nc\n").redirected(">/dev/full"),
        row("batch closed", good(), "", OK).batch("a\nb\nc\n").redirected(">&-"),
        row("batch of errors, full", forbidden(), "", (1, "forbidden,output"))
            .batch("a\nb\n")
            .redirected(">/dev/full"),
        row("no search but help", good(), "--help", OUTPUT).redirected(">/dev/full"),
        row("dry run", good(), "--dry-run", OUTPUT).redirected(">/dev/full"),
        row("demo", good(), "--demo", OUTPUT).redirected(">/dev/full"),
        row("nothing to write", nothing, "-f id", OK).redirected(">/dev/full"),
    ];
    for format in ["json", "jsonl", "csv", "tsv", "table", "id"] {
        let args = format!("-f {format}");
        rows.push(
            row(format!("{format} on a full disk"), good(), &args, OUTPUT).redirected(">/dev/full"),
        );
    }
    run_table(rows);
}

#[test]
fn limit_of_the_process() {
    run_table(vec![
        row("few open files", good(), "", OK).after("ulimit -n 16"),
        row("a stack of 1 MiB", good(), "", OK).after("ulimit -s 1024"),
        row("no core files", good(), "", OK).after("ulimit -c 0"),
        row("a working directory that is gone", good(), "", OK)
            .after("mkdir gone && cd gone && rmdir ../gone"),
        row("a strict umask", good(), "", OK).after("umask 777"),
        row("a home that does not exist", good(), "", OK).after("export HOME=/nonexistent"),
        row("no home", good(), "", OK).after("unset HOME"),
        row("no variables but those needed", good(), "", OK).after("unset PATH TZ"),
    ]);
}
