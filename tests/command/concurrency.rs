//! Requests in flight at the same time: their number, and what they share.

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{
    Catalogue, Outcome, Request, TestCommand, TestServer, error, found, http_response, listen,
    parameter, rate_limited, read_head, token, token_response,
};

fn run_batch(command: TestCommand, lines: usize, args: &[&str]) -> Outcome {
    let queries: Vec<String> = (0..lines).map(|number| format!("query {number}")).collect();
    let command = command.with_file("names.txt", queries.join("\n"));
    command.run(&[&["--input", "names.txt"], args].concat())
}

/// The searches that a [`CountingServer`] has received.
#[derive(Default)]
struct Searches {
    total: usize,
    in_flight: usize,
    max_in_flight: usize,
}

/// Serves a catalogue of 1000 artists and counts the searches in flight. The first response is sent
/// at once. The others wait until `jobs` searches are in flight, and a little longer, so that one
/// more would be seen.
struct CountingServer {
    jobs: usize,
    searches: Mutex<Searches>,
    arrived: Condvar,
}

impl CountingServer {
    /// Returns the server and its base URL.
    fn start(jobs: usize) -> (Arc<Self>, String) {
        let (searches, arrived) = Default::default();
        let server = Arc::new(Self { jobs, searches, arrived });
        let shared = server.clone();
        let address = listen(move |stream| shared.serve(stream));
        (server, format!("http://{address}"))
    }

    fn max_in_flight(&self) -> usize {
        self.searches.lock().unwrap().max_in_flight
    }

    fn serve(&self, mut stream: TcpStream) {
        let head = read_head(&mut stream);
        let Some(target) = head.split(' ').nth(1) else { return };
        let response = if target == "/api/token" { token_response() } else { self.search(target) };
        let _ = stream.write_all(response.as_bytes());
    }

    fn search(&self, target: &str) -> String {
        let url = reqwest::Url::parse(&format!("http://localhost{target}")).unwrap();
        let number = |name| {
            let (_, value) = url.query_pairs().find(|(key, _)| key == name).unwrap();
            value.parse::<usize>().unwrap()
        };
        self.wait();
        let page =
            Catalogue::new(&[("artists", 1_000)], 50).page(number("limit"), number("offset"));
        http_response("200 OK", &page.unwrap().to_string())
    }

    fn wait(&self) {
        let mut searches = self.searches.lock().unwrap();
        searches.total += 1;
        searches.in_flight += 1;
        searches.max_in_flight = searches.max_in_flight.max(searches.in_flight);
        self.arrived.notify_all();
        if searches.total > 1 {
            let is_waiting = |searches: &mut Searches| searches.max_in_flight < self.jobs;
            let timeout = Duration::from_secs(10);
            drop(self.arrived.wait_timeout_while(searches, timeout, is_waiting).unwrap());
            thread::sleep(Duration::from_millis(10));
            searches = self.searches.lock().unwrap();
        }
        searches.in_flight -= 1;
    }
}

#[test]
fn jobs_is_the_largest_number_of_requests_in_flight() {
    for jobs in [1, 4, 16] {
        let (server, url) = CountingServer::start(jobs);
        // 20 pages of 50.
        let args = ["x", "-n", "1000", "--jobs", &jobs.to_string()];
        let outcome = TestCommand::for_server(&url).run(&args);
        outcome.assert_silent_success();
        assert_eq!(outcome.json()["artists"]["items"].as_array().unwrap().len(), 1_000);
        assert_eq!(server.max_in_flight(), jobs, "pages of one query");

        let (server, url) = CountingServer::start(jobs);
        let command = TestCommand::for_server(&url);
        run_batch(command, 40, &["--jobs", &jobs.to_string()]).assert_silent_success();
        assert_eq!(server.max_in_flight(), jobs, "queries of a batch");
    }
}

#[tokio::test]
async fn requests_in_flight_share_one_cooldown() {
    let server = TestServer::with_tokens().await;
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let seen = arrivals.clone();
    let respond = move |request: &Request| {
        let mut seen = seen.lock().unwrap();
        seen.push(Instant::now());
        if seen.len() == 6 {
            return rate_limited("1");
        }
        found(&[&parameter(request, "q")]).set_delay(Duration::from_millis(50))
    };
    server.on_search(respond, None).await;
    let outcome = run_batch(server.command(), 20, &["--jobs", "4"]);
    outcome.assert_success();
    assert_eq!(outcome.stdout.lines().count(), 20, "{outcome:?}");
    // Request 6 is rate limited. At most three others are on their way; the next one arrives a
    // second later.
    let arrivals = arrivals.lock().unwrap();
    let gaps = arrivals.windows(2).map(|pair| pair[1] - pair[0]);
    let (before, longest) = gaps.enumerate().max_by_key(|(_, gap)| *gap).unwrap();
    assert!(longest > Duration::from_millis(900) && before < 9, "{longest:?} after {before}");
    assert_eq!(arrivals.len(), 21);
}

#[tokio::test]
async fn requests_in_flight_share_one_token_renewal() {
    let server = TestServer::without_responses().await;
    server.on_token(token("old-token"), Some(1)).await;
    server.on_token(token("new-token"), None).await;
    let respond = |request: &Request| {
        if request.headers["authorization"] == "Bearer old-token" {
            return error(401, "The access token expired");
        }
        found(&[&parameter(request, "q")])
    };
    server.on_search(respond, None).await;
    let outcome = run_batch(server.command(), 40, &["--jobs", "16"]);
    outcome.assert_success();
    assert_eq!(outcome.stdout.lines().count(), 40, "{outcome:?}");
    assert_eq!(server.request_counts().await.0, 2);
}

#[tokio::test]
async fn one_refusal_tells_all_queries_the_page_size() {
    let server = TestServer::with_catalogue(&[("artists", 500)], 10).await;
    run_batch(server.command(), 20, &["-n", "20", "--jobs", "16"]).assert_success();
    let pages = server.pages().await;
    assert_eq!(pages.iter().filter(|(limit, _)| *limit > 10).count(), 1);
}

#[tokio::test]
async fn queries_with_many_pages_run_two_at_a_time() {
    let server = TestServer::with_catalogue(&[("artists", 500)], 10).await;
    let outcome = run_batch(server.command(), 8, &["-n", "300"]);
    outcome.assert_success();
    assert_eq!(outcome.stdout.lines().count(), 8);
    // The third query starts when one of the first two is complete, after 30 pages.
    let pages = server.pages().await;
    let mut starts = pages.iter().enumerate().filter(|(_, page)| **page == (10, 0));
    let third = starts.nth(2).unwrap().0;
    assert!(third > 30, "it was request {third}");
}
