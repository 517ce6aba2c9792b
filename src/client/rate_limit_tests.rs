//! Simulated batches against a server with a rolling window. One client or several share the app.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::simulation::{RollingWindow, builder};
use crate::query::SearchQuery;

/// What happened in a simulation.
struct Report {
    elapsed: Duration,
    /// The refused requests of each client in each period, after the first period.
    refused_per_window: f64,
}

/// Runs batches of `queries` queries on several clients. Panics if a query fails.
async fn simulate(server: &RollingWindow, clients: u32, queries: u32, max_wait: u64) -> Report {
    let start = Instant::now();
    let batch = async || {
        let client = builder().max_wait(Duration::from_secs(max_wait)).build_with(server.clone());
        let queries = (0..queries).map(|number| SearchQuery::new(number.to_string()));
        let mut batch = client.search_all(queries);
        while let Some((_, results)) = batch.next().await {
            results.unwrap();
        }
    };
    join_all((0..clients).map(|_| batch())).await;
    let settled = start + server.period;
    let refused = server.refused().iter().filter(|time| **time > settled).count();
    let windows = (Instant::now() - settled).div_duration_f64(server.period);
    let refused = f64::from(u32::try_from(refused).unwrap());
    let refused_per_window = refused / windows / f64::from(clients);
    Report { elapsed: start.elapsed(), refused_per_window }
}

/// The windows: a limit in a period of seconds, and the number of queries.
const WINDOWS: [(u32, u64, u32); 4] = [(30, 30, 240), (3, 3, 60), (1, 1, 40), (180, 30, 900)];

#[tokio::test(start_paused = true)]
async fn batch_completes_with_about_one_429_in_each_window() {
    for (limit, period, queries) in WINDOWS {
        for clients in [1, 2, 4] {
            let server = RollingWindow::new(limit, Duration::from_secs(period));
            let report = simulate(&server, clients, queries / clients, 60).await;
            // The first window begins at once, and each further one takes a period.
            let pace = (f64::from(queries) / f64::from(limit)).ceil() - 1.0;
            let periods = report.elapsed.div_duration_f64(server.period);
            let case = format!("{limit} in {period} s, {clients} clients");
            assert!(periods < 1.1 * pace, "{case}: {periods:.1} periods instead of {pace}");
            let refused = report.refused_per_window;
            assert!(refused < 1.3, "{case}: {refused:.2} refused in each window");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn batch_completes_if_no_429_says_how_long_to_wait() {
    for (limit, period, queries) in WINDOWS {
        // Several clients may miss a window in turn, and then wait for longer than the default.
        for (clients, max_wait) in [(1, 60), (2, 300), (4, 300)] {
            let mut server = RollingWindow::new(limit, Duration::from_secs(period));
            server.has_retry_after = false;
            simulate(&server, clients, queries / clients, max_wait).await;
        }
    }
}
