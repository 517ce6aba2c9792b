//! Whole processes side by side: the command against what a user would otherwise run, over real TLS
//! and HTTP/2 on loopback, at no distance and at a round-trip time of 40 ms. Machines are noisy, so
//! the runs of a row alternate, and medians and ratios are what counts.
//!
//! `cargo bench` runs everything, `cargo bench -- quick` fewer times, `cargo bench -- micro` only
//! what needs no process.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may fail")]
#![allow(missing_docs, reason = "nobody else uses it")]

mod micro;
mod peers;
mod server;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use peers::{Peers, Site};
use server::Servers;

const ROUND_TRIP: Duration = Duration::from_millis(40);

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).is_some_and(|arg| arg == PEAK_OF) {
        return print_peak_of(&args[2..]);
    }
    if args.iter().any(|arg| arg == "micro") {
        return micro::run();
    }
    let is_quick = args.iter().any(|arg| arg == "quick");
    let runs = if is_quick { 5 } else { 31 };
    let folder = tempfile::tempdir().unwrap();
    let servers = Servers::start(folder.path(), ROUND_TRIP);
    let peers = Peers::new(folder.path(), &servers.certificate);
    let site = |urls| Site { peers: &peers, urls };
    let (near, far) = (site(&servers.near), site(&servers.far));
    // Fills the caches of both sites: token and page size.
    for site in [near, far] {
        run(&mut site.ours(&["x", "-n", "20"]));
    }
    println!("{:<46}{:>10}{:>10}{:>8}", "median of each", "ours", "peer", "ratio");
    let (cold, warm) = (|| near.ours_cold(), || near.ours(&["x"]));
    if peers::is_installed("curl", &["--version"]) {
        compare(runs, "cold: curl, both requests in one process", &cold, &|| near.curl_both());
        compare(runs, "warm: curl, one search", &warm, &|| near.curl());
        let (ours, peer) = (|| far.ours_batch(), || far.xargs_curl());
        compare(runs.min(5), "200 queries at 40 ms: xargs -P 4 curl", &ours, &peer);
    } else {
        println!("curl is not installed");
    }
    if peers::is_installed("python3", &["-c", "import requests"]) {
        compare(runs.min(11), "cold: Python with requests", &cold, &|| near.python());
    } else {
        println!("Python with requests is not installed");
    }
    compare(runs, "--help: /bin/true", &|| peers.command(&["--help"]), &|| {
        Command::new("/bin/true")
    });

    println!("\nround trips: (time at 40 ms - time at 0) / 40 ms");
    round_trips(runs, "cold, one search", &|| near.ours_cold(), &|| far.ours_cold());
    round_trips(runs, "warm, one search", &|| near.ours(&["x"]), &|| far.ours(&["x"]));
    let many = ["x", "-n", "200", "--jobs", "4"];
    round_trips(runs.min(11), "200 results by tens, --jobs 4", &|| near.ours(&many), &|| {
        far.ours(&many)
    });

    println!("\npeak resident memory and size");
    let memory = |name: &str, command: Command| {
        println!("{name:<46}{:>10.1} MiB", mebibytes(peak_of(&command)));
    };
    memory("one search", near.ours(&["x"]));
    memory("one search, cold", near.ours_cold());
    memory("1000 results", near.ours(&["x", "-n", "1000"]));
    println!(
        "{:<46}{:>10.1} MiB",
        "binary",
        mebibytes(std::fs::metadata(peers::OURS).unwrap().len())
    );
    micro::run();
}

/// Runs a command to its end with its output thrown away; panics where it fails.
fn run(command: &mut Command) -> Duration {
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let begun = Instant::now();
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    let elapsed = begun.elapsed();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    elapsed
}

type Make<'a> = &'a dyn Fn() -> Command;

/// The medians of two commands that take turns.
fn medians(runs: usize, one: Make, other: Make) -> (Duration, Duration) {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        ones.push(run(&mut one()));
        others.push(run(&mut other()));
    }
    (median(ones), median(others))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn compare(runs: usize, name: &str, ours: Make, peer: Make) {
    let (ours, peer) = medians(runs, ours, peer);
    let ratio = ours.as_secs_f64() / peer.as_secs_f64();
    println!("{name:<46}{:>7.1} ms{:>7.1} ms{ratio:>8.3}", millis(ours), millis(peer));
}

fn round_trips(runs: usize, name: &str, near: Make, far: Make) {
    let (near, far) = medians(runs, near, far);
    let trips = far.saturating_sub(near).as_secs_f64() / ROUND_TRIP.as_secs_f64();
    println!("{name:<46}{:>7.1} ms{:>7.1} ms{trips:>8.2}", millis(near), millis(far));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The argument by which this program runs a command and prints how much memory it took.
const PEAK_OF: &str = "--peak-of";

/// The most memory that a run of this command had resident, in bytes. The kernel tells that of all
/// children together, so another process of this program runs it as its only child.
fn peak_of(command: &Command) -> u64 {
    let mut observer = Command::new(std::env::current_exe().unwrap());
    observer.arg(PEAK_OF).arg(command.get_program()).args(command.get_args());
    observer.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = observer.current_dir(command.get_current_dir().unwrap()).output().unwrap();
    assert!(output.status.success(), "{observer:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// What that other process does.
fn print_peak_of(command: &[String]) {
    run(Command::new(&command[0]).args(&command[1..]));
    let usage =
        nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).unwrap();
    // Linux counts kibibytes, macOS bytes.
    println!("{}", usage.max_rss() * if cfg!(target_os = "macos") { 1 } else { 1_024 });
}
