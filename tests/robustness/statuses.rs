//! Whatever statuses a server sends, requests and waits stay within the retry policy.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases;
use crate::server::{Reply, search_server};
use crate::support::TestCommand;

/// How a server responds to one request.
#[derive(Clone, Debug)]
enum Response {
    Status {
        status: u16,
        retry_after: Option<u32>,
    },
    /// The connection is closed before the response.
    Closed,
}

impl Response {
    fn reply(&self) -> Reply {
        match self {
            Self::Status { status, retry_after } => {
                let retry_after = retry_after.map(|seconds| format!("retry-after: {seconds}\r\n"));
                let status = format!("{status} Status");
                Reply::new(
                    &status,
                    &retry_after.unwrap_or_default(),
                    b"{\"artists\":{\"items\":[]}}",
                )
            }
            Self::Closed => Reply::raw(Vec::new()),
        }
    }
}

fn response() -> impl Strategy<Value = Response> {
    let retry_after = prop_oneof![
        6 => Just(Some(0)),
        2 => Just(None),
        1 => any::<u32>().prop_map(Some),
    ];
    let status = prop_oneof![
        8 => Just(429),
        3 => Just(401),
        2 => prop::sample::select(&[408, 500, 502, 503, 504][..]),
        1 => 200..600_u16,
    ];
    prop_oneof![
        1 => (status, retry_after)
            .prop_map(|(status, retry_after)| Response::Status { status, retry_after }),
        // Many of these are needed to reach the limit.
        5 => Just(Response::Closed),
    ]
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn requests_and_waits_of_a_search_are_bounded(
        responses in vec(response(), 1..30),
        retries in 0..5_usize,
    ) {
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        // The responses are repeated without end.
        let url = search_server(move |_| {
            let request = count.fetch_add(1, Ordering::Relaxed);
            responses[request % responses.len()].reply()
        });
        let start = Instant::now();
        let command = TestCommand::for_server(&url);
        let outcome = command.run(&["x", "--max-wait", "0.4", "--retries", &retries.to_string()]);
        prop_assert!(matches!(outcome.exit_status, 0 | 1), "{outcome:?}");
        // 20 requests that the server did not accept are sent again, and one with a new token.
        let requests = requests.load(Ordering::Relaxed);
        prop_assert!((1..=1 + retries + 20 + 1).contains(&requests), "{requests}: {outcome:?}");
        // A slow machine may need some time for the requests themselves.
        prop_assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}
