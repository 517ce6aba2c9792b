//! A rolling window: Spotify's rate limit, with a shorter period.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Accepts at most `limit` requests in any `period`, and counts.
pub struct Window(Mutex<State>);

struct State {
    limit: usize,
    period: Duration,
    /// The times of the requests accepted within the last period.
    accepted: VecDeque<Instant>,
    sent: usize,
    refused: usize,
}

impl Window {
    /// Creates a window that accepts every request.
    pub fn unlimited() -> Self {
        Self(Mutex::new(State::new(usize::MAX, Duration::ZERO)))
    }

    /// Starts to count again, with this limit.
    pub fn reset(&self, limit: usize, period: Duration) {
        *self.0.lock().unwrap() = State::new(limit, period);
    }

    /// Counts a request. Returns the `Retry-After` of its response if it is refused, in seconds.
    pub fn request(&self) -> Option<u64> {
        let now = Instant::now();
        let mut state = self.0.lock().unwrap();
        state.sent += 1;
        let period = state.period;
        while state.accepted.front().is_some_and(|time| *time + period <= now) {
            state.accepted.pop_front();
        }
        if state.accepted.len() < state.limit {
            state.accepted.push_back(now);
            return None;
        }
        state.refused += 1;
        let wait = state.accepted[0] + period - now;
        Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
    }

    /// Returns the number of requests, and how many of them were refused.
    pub fn counts(&self) -> (usize, usize) {
        let state = self.0.lock().unwrap();
        (state.sent, state.refused)
    }
}

impl State {
    fn new(limit: usize, period: Duration) -> Self {
        Self { limit, period, accepted: VecDeque::new(), sent: 0, refused: 0 }
    }
}
