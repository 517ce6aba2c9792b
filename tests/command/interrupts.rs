//! SIGINT and SIGTERM.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::{Request, TestServer, artists, found, parameter, run_on_terminal, skip};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// A server that finds the query after a moment.
async fn echo(delay: Duration) -> TestServer {
    TestServer::responding(move |request: &Request| {
        found(&[&parameter(request, "q")]).set_delay(delay)
    })
    .await
}

fn send(signal: Signal, child: &Child) {
    kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
}

fn more_than_a_pipe_holds() -> Value {
    artists(&[&"x".repeat(200_000)])
}

/// Waits until a signal has ended a run. Returns the signal and the run's standard error.
fn finish(mut child: Child) -> (i32, String) {
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().signal().unwrap(), stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn batch_of_standard_input_names_the_line() {
    let server = echo(Duration::ZERO).await;
    let command = server.command();
    let mut child = command
        .std_command(&["--input", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.as_mut().unwrap().write_all(b"one\n").unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    send(Signal::SIGTERM, &child);
    let (signal, stderr) = finish(child);
    assert_eq!(signal, Signal::SIGTERM as i32);
    insta::assert_snapshot!(stderr, @"
    error[interrupted]: stopped at line 2 of standard input; line 1 is done
    hint: with --output FILE, the same command continues where it stopped
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_batch_does_not_wait_for_its_reader() {
    let server = TestServer::with_results(&more_than_a_pipe_holds()).await;
    let command = server.command().with_file("names.txt", "x\n".repeat(50));
    let mut child = command
        .std_command(&["--input", "names.txt"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    send(Signal::SIGINT, &child);
    let (signal, stderr) = finish(child);
    assert_eq!(signal, Signal::SIGINT as i32, "{stderr}");
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert!(!rest.ends_with('\n'));
    insta::assert_snapshot!(stderr, @"
    error[interrupted]: stopped at line 1 of names.txt; nothing is done
    hint: the output may end in the middle of a line
    hint: with --output FILE, the same command continues where it stopped
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn signal_ends_a_search_whose_output_is_not_read() {
    let server = TestServer::with_results(&more_than_a_pipe_holds()).await;
    let command = server.command();
    // With a terminal, the command handles signals during the search.
    let args = ["x", "-f", "json"];
    let mut run = command.start_on_terminal(&args, 24, 80, Some(Stdio::piped()));
    let mut stdout = run.child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    send(Signal::SIGTERM, &run.child);
    let status = run.child.wait().unwrap();
    assert_eq!(status.signal(), Some(Signal::SIGTERM as i32), "{status:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_removes_the_progress_line() {
    let server = echo(Duration::from_secs(20)).await;
    let command = server.command();
    let environment = command.std_command(&["x"]);
    // Makes the terminal the controlling one, so that Ctrl-C becomes a signal.
    let mut setsid = Command::new("setsid");
    setsid.args(["--ctty", "--wait"]).arg(environment.get_program()).arg("x").env_clear();
    setsid.envs(environment.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if Command::new("setsid").arg("--version").output().is_err() {
        skip("setsid is not installed");
        return;
    }
    let mut run = run_on_terminal(setsid, 24, 80, None);
    while server.searches().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    run.keyboard.write_all(b"\x03").unwrap();
    let outcome = run.finish();
    assert!(outcome.text().contains("searching"), "{outcome:?}");
    assert_eq!(outcome.screen().trim(), "", "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_search_is_killed() {
    let server = echo(Duration::from_secs(20)).await;
    let command = server.command();
    let child = command.std_command(&["x"]).stderr(Stdio::piped()).spawn().unwrap();
    while server.searches().await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    send(Signal::SIGINT, &child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(Signal::SIGINT as i32));
    assert_eq!(output.stderr, b"");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn first_process_of_a_container_ends_with_143() {
    if !Command::new("unshare").args(["-Upf", "true"]).status().is_ok_and(|s| s.success()) {
        return skip("unshare cannot create a PID namespace");
    }
    let server = echo(Duration::from_secs(20)).await;
    for args in ["x", "-i names"] {
        let command = server.command().with_file("names", "x\n");
        let program = env!("CARGO_BIN_EXE_spotify-search");
        let run = format!("(sleep 0.5; kill -TERM 1) & exec {program} {args}");
        let script = format!("exec unshare -Upf sh -c '{run}'");
        let status = command.shell(&script).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(143), "{args}: {status}");
    }
}
