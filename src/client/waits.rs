//! How long a query may wait and has waited, and until when Spotify asks all requests to keep away.
//! What is waited for, and when to stop, is [`super::retry`]'s to decide.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

/// How much patience one query has.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// How often a failed request is tried again.
    pub retries: u32,
    /// The longest it waits in all.
    pub max_wait: Duration,
}

impl RetryPolicy {
    /// Whether waiting so long in all is too long. Requests in flight together are told to wait a
    /// moment after one another: that much does not count.
    pub(super) fn is_too_long(&self, wait: Duration) -> bool {
        wait > self.max_wait + (self.max_wait / 10).min(Duration::from_secs(1))
    }
}

/// How long a query waits for all its requests, as of now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waiting {
    pub total: Duration,
    /// The part of the total that is still to come, because some request waits right now.
    pub ahead: Duration,
}

impl Waiting {
    /// The total with another wait, which may fall together with one that is under way.
    pub fn with(&self, wait: Duration) -> Duration {
        self.total.saturating_add(wait.saturating_sub(self.ahead))
    }
}

/// How long a query has waited and is waiting: time that several of its requests wait at once
/// counts once.
#[derive(Debug, Default)]
pub(crate) struct Waited {
    total: Cell<Duration>,
    until: Cell<Option<Instant>>,
}

impl Waited {
    pub(super) fn now(&self) -> Waiting {
        let ahead = self.until.get().map(|until| until.duration_since(Instant::now()));
        Waiting { total: self.total.get(), ahead: ahead.unwrap_or_default() }
    }

    pub(super) fn add(&self, wait: Duration) {
        self.total.set(self.now().with(wait));
        self.until.set(self.until.get().max(Instant::now().checked_add(wait)));
    }
}

/// Until when Spotify asks all requests to keep away. Requests in flight share one: what one is told
/// holds for all.
#[derive(Debug, Default)]
pub(crate) struct Cooldown {
    until: Cell<Option<Instant>>,
    /// Whether it is known to whoever watches.
    is_told: Cell<bool>,
    /// Whether it is to be remembered.
    is_new: Cell<bool>,
}

impl Cooldown {
    /// The rest of one of an earlier run.
    pub fn remembered(rest: Option<Duration>) -> Self {
        let until = rest.and_then(|rest| Instant::now().checked_add(rest));
        Self { until: Cell::new(until), ..Self::default() }
    }

    /// How long it lasts yet.
    pub fn rest(&self) -> Option<Duration> {
        let rest = self.until.get()?.saturating_duration_since(Instant::now());
        (!rest.is_zero()).then_some(rest)
    }

    /// How long it lasts yet, once, if it did not come from an earlier run.
    pub fn take_new(&self) -> Option<Duration> {
        self.is_new.take().then(|| self.rest()).flatten()
    }

    /// Whether it is news to whoever watches; it is not when asked again.
    pub fn take_untold(&self) -> bool {
        !self.is_told.replace(true)
    }

    /// Makes it last that long from now on, if that is longer; returns whether it is by more than
    /// a moment, which is news.
    pub fn extend(&self, wait: Duration) -> bool {
        // A wait that no clock can on_event the end of is one that nobody waits for.
        let Some(until) = Instant::now().checked_add(wait.min(LONGEST_WAIT)) else {
            return false;
        };
        let is_news = self.until.get().is_none_or(|known| until > known + Duration::from_secs(1));
        self.until.set(self.until.get().max(Some(until)));
        self.is_told.set(true);
        self.is_new.set(self.is_new.get() || is_news);
        is_news
    }
}

/// As long as a cool-down is ever kept in mind.
const LONGEST_WAIT: Duration = Duration::from_secs(365 * 86_400);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_at_the_same_time_count_once() {
        let waited = Waited::default();
        let seconds = Duration::from_secs;
        waited.add(seconds(10));
        waited.add(seconds(4));
        assert_eq!((waited.now().total, waited.now().ahead), (seconds(10), seconds(10)));
        tokio::time::advance(seconds(8)).await;
        waited.add(seconds(5));
        assert_eq!((waited.now().total, waited.now().ahead), (seconds(13), seconds(5)));
        tokio::time::advance(seconds(60)).await;
        waited.add(seconds(1));
        assert_eq!(waited.now().total, seconds(14));
    }
}
