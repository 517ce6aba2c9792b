//! FILE.part: what it may be, and what becomes of it.

use std::fs;
use std::process::Stdio;

use crate::output_file::{Run, server};
use crate::support::{TestCommand, skip};

#[tokio::test]
async fn beginning_of_the_header_is_overwritten_and_other_parts_are_refused() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    run.run("a\n", &[]).assert_success();
    let part = folder.path().join("out.csv.part");
    let whole = fs::read_to_string(run.out()).unwrap();
    let header = whole.split_inclusive('\n').next().unwrap();
    for torn in ["", "query", "query,result,matches", header] {
        fs::write(&part, torn).unwrap();
        run.run("a\n", &[]).assert_success();
        assert_eq!(fs::read_to_string(run.out()).unwrap(), whole, "{torn:?}");
        assert!(!part.exists());
    }
    for other in ["query,result,id\na,found,1\nb,found,2\n", "junk", "query,result,other"] {
        fs::write(&part, other).unwrap();
        let outcome = run.run("a\n", &[]);
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains("out.csv.part cannot be finished: "), "{outcome:?}");
        assert_eq!(fs::read_to_string(&part).unwrap(), other);
        assert_eq!(fs::read_to_string(run.out()).unwrap(), whole);
    }
}

#[tokio::test]
async fn refused_start_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("ids.csv");
    let command = TestCommand::new().with_file("names.txt", "a\n");
    let outcome = command.run(&["-i", "names.txt", "-o", out.to_str().unwrap()]);
    outcome.assert_error(2, "credentials_missing");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn part_must_be_a_file_of_its_own() {
    use std::os::unix::fs::symlink;
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let run = Run { server: &server, folder: folder.path() };
    let part = folder.path().join("out.csv.part");
    let refuse = |message: &str| {
        let outcome = run.run("a\n", &[]);
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains(message), "{outcome:?}");
        assert!(!run.out().exists());
        fs::remove_file(&part).unwrap();
    };
    for target in ["/dev/zero", "missing"] {
        symlink(target, &part).unwrap();
        refuse("out.csv.part is not a regular file");
    }
    nix::unistd::mkfifo(&part, nix::sys::stat::Mode::S_IRWXU).unwrap();
    refuse("out.csv.part is not a regular file");
    fs::write(&part, "a\n").unwrap();
    let (input, out) = (part.to_str().unwrap(), run.out());
    let outcome = run.command().run(&["-i", input, "-o", out.to_str().unwrap()]);
    outcome.assert_error(2, "config_invalid");
    assert!(outcome.stderr.contains("out.csv.part is the input file"), "{outcome:?}");
    assert_eq!(fs::read_to_string(&part).unwrap(), "a\n");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn full_disk_leaves_whole_answers() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let names: Vec<String> = (0..40).map(|number| format!("name {number}\n")).collect();
    let command = server.command().with_file("names.txt", names.concat());
    let out = folder.path().join("out.csv");
    // A write beyond 2 × 512 bytes fails.
    let program = env!("CARGO_BIN_EXE_spotify-search");
    let script = format!(
        "trap '' XFSZ; ulimit -f 2; exec {program} --no-cache -i names.txt -n 1 -o {}",
        out.display()
    );
    let output = command.shell(&script).stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && stderr.contains("error[output]"), "{stderr}");
    let part = fs::read_to_string(folder.path().join("out.csv.part")).unwrap();
    let whole = |row: &str| row.matches(',').count() == 17;
    assert!(part.ends_with('\n') && part.lines().all(whole) && part.len() > 500, "{part}");
    let sent = server.searches().await.len();
    let args = ["-i", "names.txt", "-n", "1", "-o", out.to_str().unwrap()];
    command.run(&args).assert_success();
    let rows = fs::read_to_string(&out).unwrap().lines().count() - 1;
    assert_eq!(rows, 40);
    // The last answer of the part may have been cut.
    let kept = part.lines().count() - 2;
    assert_eq!(server.searches().await.len(), sent + 40 - kept);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn mount_gets_new_content() {
    let (server, folder) = (server().await, tempfile::tempdir().unwrap());
    let command = server.command().with_file("names.txt", "a\n");
    let out = folder.path().join("out.csv");
    fs::write(&out, "").unwrap();
    fs::write(folder.path().join("mounted"), "").unwrap();
    let (out, program) = (out.display(), env!("CARGO_BIN_EXE_spotify-search"));
    let mount = format!("mount --bind {}/mounted {out}", folder.path().display());
    let inner = format!("{mount} || exit 77; {program} -i names.txt -o {out}; cat {out}");
    let output =
        command.shell(&format!("unshare -rm sh -c '{inner}' || exit 77")).output().unwrap();
    if output.status.code() == Some(77) {
        skip("no mounts in this environment");
        return;
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("\na,found,,artist,id-a,"), "{output:?}");
    assert!(!folder.path().join("out.csv.part").exists());
}
