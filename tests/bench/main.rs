//! Compares whole processes side by side: this command with what a user would run without it, over
//! TLS and HTTP/2 on loopback, without delay and with a round-trip time of 40 ms. Machines are noisy:
//! the two commands of a row run alternately, and the ratio of their medians counts.
//!
//! `cargo bench` runs everything, `cargo bench -- quick` with fewer runs and without rate limits,
//! `cargo bench -- limits` only the rate limits. With `BASELINE=path`, every row also compares with
//! another binary of this command.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may fail")]
#![allow(missing_docs, reason = "it is no library")]

mod peers;
mod rate_limit;
mod server;
mod window;

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
    let is_quick = args.iter().any(|arg| arg == "quick");
    let runs = if is_quick { 5 } else { 31 };
    let folder = tempfile::tempdir().unwrap();
    let servers = Servers::start(folder.path(), ROUND_TRIP);
    let peers = Peers::new(folder.path(), &servers.certificate);
    let site = |urls| Site { peers: &peers, urls, program: peers::OURS };
    let (near, far) = (site(&servers.near), site(&servers.far));
    if args.iter().any(|arg| arg == "limits") {
        return rate_limit::run(&far, &servers.window);
    }
    let baseline = peers::baseline();
    let versions = baseline.as_deref().into_iter().chain([peers::OURS]);
    // Fills the cache with the token and the page size, in the form of each version.
    for program in versions {
        for site in [near, far] {
            run(&mut Site { program, ..site }.ours(&["x", "-n", "20"]));
        }
    }
    compare_with_peers(runs, &near, &far);
    if let Some(program) = &baseline {
        compare_with_baseline(runs, program, &near, &far);
    }
    measure_round_trips(runs, &near, &far);
    measure_memory(&near);
    if !is_quick {
        rate_limit::run(&far, &servers.window);
    }
}

fn header(first: &str) {
    println!("\n{first:<46}{:>11}{:>11}{:>8}", "ours", "peer", "ratio");
}

fn compare_with_peers(runs: usize, near: &Site, far: &Site) {
    header("medians");
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
    let search = || far.ours(&["-i", "queries-2000", "-f", "csv"]);
    let answered = || far.ours(&["-i", "queries-2000", "-o", "answered.csv"]);
    run(&mut answered());
    compare(1, "2,000 answered lines: searching at 40 ms", &answered, &search);
    let help = || near.peers.command(near.program, &["--help"]);
    compare(runs, "--help: /bin/true", &help, &|| Command::new("/bin/true"));
}

/// Compares each kind of run with another version of this command.
fn compare_with_baseline(runs: usize, program: &str, near: &Site, far: &Site) {
    header("medians, peer: BASELINE");
    let (old_near, old_far) = (Site { program, ..*near }, Site { program, ..*far });
    let rows: [(&str, usize, Make, Make); 7] = [
        ("cold", runs, &|| near.ours_cold(), &|| old_near.ours_cold()),
        ("warm", runs, &|| near.ours(&["x"]), &|| old_near.ours(&["x"])),
        ("cold at 40 ms", runs.min(11), &|| far.ours_cold(), &|| old_far.ours_cold()),
        ("warm at 40 ms", runs.min(11), &|| far.ours(&["x"]), &|| old_far.ours(&["x"])),
        ("200 results at 40 ms", runs.min(11), &|| far.ours(&MANY), &|| old_far.ours(&MANY)),
        ("200 queries at 40 ms", runs.min(5), &|| far.ours_batch(), &|| old_far.ours_batch()),
        ("--help", runs, &|| near.peers.command(near.program, &["--help"]), &|| {
            near.peers.command(program, &["--help"])
        }),
    ];
    for (name, runs, ours, peer) in rows {
        compare(runs, name, ours, peer);
    }
}

/// A search of 20 pages.
const MANY: [&str; 5] = ["x", "-n", "200", "--jobs", "4"];

fn measure_round_trips(runs: usize, near: &Site, far: &Site) {
    println!("\nround trips: (time at 40 ms - time without delay) / 40 ms");
    round_trips(runs, "cold, one search", &|| near.ours_cold(), &|| far.ours_cold());
    round_trips(runs, "warm, one search", &|| near.ours(&["x"]), &|| far.ours(&["x"]));
    let (near_many, far_many) = (|| near.ours(&MANY), || far.ours(&MANY));
    round_trips(runs.min(11), "200 results by tens, --jobs 4", &near_many, &far_many);
}

fn measure_memory(near: &Site) {
    println!("\npeak resident memory, and size of the binary");
    let memory = |name: &str, command: Command| match peak_of(&command) {
        Some(bytes) => println!("{name:<46}{:>10.1} MiB", mebibytes(bytes)),
        None => println!("{name:<46} not measured on this system"),
    };
    memory("one search", near.ours(&["x"]));
    memory("one search, cold", near.ours_cold());
    memory("1000 results", near.ours(&["x", "-n", "1000"]));
    let size = std::fs::metadata(peers::OURS).unwrap().len();
    println!("{:<46}{:>10.1} MiB", "binary", mebibytes(size));
}

/// Runs a command to its end and discards its output. Panics if it fails.
fn run(command: &mut Command) -> Duration {
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let output = command.spawn().unwrap().wait_with_output().unwrap();
    let elapsed = start.elapsed();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    elapsed
}

type Make<'a> = &'a dyn Fn() -> Command;

/// Returns the medians of two commands that run alternately.
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
    println!("{name:<46}{:>8.1} ms{:>8.1} ms{ratio:>8.3}", millis(ours), millis(peer));
}

fn round_trips(runs: usize, name: &str, near: Make, far: Make) {
    let (near, far) = medians(runs, near, far);
    let trips = far.saturating_sub(near).as_secs_f64() / ROUND_TRIP.as_secs_f64();
    println!("{name:<46}{:>8.1} ms{:>8.1} ms{trips:>8.2}", millis(near), millis(far));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "an approximate figure")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The argument with which this program measures the memory of a command.
const PEAK_OF: &str = "--peak-of";

/// Returns the peak resident memory of a command, in bytes. The kernel reports the maximum over all
/// children of a process, so a second process of this program runs the command as its only child.
fn peak_of(command: &Command) -> Option<u64> {
    let mut observer = Command::new(std::env::current_exe().unwrap());
    observer.arg(PEAK_OF).arg(command.get_program()).args(command.get_args());
    observer.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = observer.current_dir(command.get_current_dir().unwrap()).output().unwrap();
    assert!(output.status.success(), "{observer:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().ok()
}

/// Runs a command and prints its peak resident memory in bytes.
fn print_peak_of(command: &[String]) {
    run(Command::new(&command[0]).args(&command[1..]));
    #[cfg(unix)]
    {
        use nix::sys::resource::{UsageWho, getrusage};
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        // Linux reports kibibytes, macOS bytes.
        println!("{}", usage.max_rss() * if cfg!(target_os = "macos") { 1 } else { 1_024 });
    }
}
