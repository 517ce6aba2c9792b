//! Batches under a rate limit: their time against the pace of the window, and the share of requests
//! that are refused.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::peers::Site;
use crate::window::Window;

/// A window, and the batches that share it.
struct Row {
    limit: usize,
    period: u64,
    processes: usize,
    /// The number of queries of each process.
    queries: usize,
    jobs: usize,
}

const ROWS: [Row; 5] = [
    Row { limit: 30, period: 3, processes: 1, queries: 200, jobs: 4 },
    Row { limit: 30, period: 3, processes: 1, queries: 200, jobs: 16 },
    Row { limit: 30, period: 3, processes: 4, queries: 50, jobs: 4 },
    Row { limit: 1, period: 1, processes: 1, queries: 12, jobs: 4 },
    Row { limit: 5, period: 1, processes: 4, queries: 25, jobs: 4 },
];

/// Runs the batches. `site` is a server with this window.
#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
pub fn run(site: &Site, window: &Window) {
    println!("\n{:<46}{:>10}{:>10}{:>8}", "batch under a rate limit", "time", "/ pace", "refused");
    for row in ROWS {
        let Row { limit, period, processes, queries, jobs } = row;
        window.reset(limit, Duration::from_secs(period));
        let start = Instant::now();
        let batches: Vec<_> =
            (0..processes).map(|_| start_batch(site, queries, jobs).spawn().unwrap()).collect();
        for batch in batches {
            let output = batch.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(output.stdout.split(|&byte| byte == b'\n').count(), queries + 1);
        }
        let time = start.elapsed().as_secs_f64();
        let pace = (processes * queries) as f64 / limit as f64 * period as f64;
        let (sent, refused) = window.counts();
        let name = format!("{limit} in {period} s: {processes} x {queries} queries, --jobs {jobs}");
        let refused = 100.0 * refused as f64 / sent as f64;
        println!("{name:<46}{time:>8.1} s{:>10.2}{refused:>6.1} %", time / pace);
    }
}

/// A batch of the first queries of the list.
fn start_batch(site: &Site, queries: usize, jobs: usize) -> Command {
    let (input, jobs) = (format!("queries-{queries}"), jobs.to_string());
    let mut command = site.ours(&["--input", &input, "--jobs", &jobs, "-q", "-f", "json"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
