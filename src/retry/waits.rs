//! The time that a search or a batch has waited.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::SetOnce;
use tokio::time::Instant;

use crate::error::{Error, Result};
use crate::lock::lock;

/// The waits of a search, and what its batch shares.
#[derive(Debug)]
pub(crate) struct Waits {
    /// When the search started.
    pub started: Instant,
    /// The backoffs of this search, and its waits for the rate limit unless it is in a batch.
    pub backoffs: TotalWait,
    batch: Option<Arc<BatchState>>,
}

/// What the searches of a batch share.
#[derive(Debug, Default)]
pub(crate) struct BatchState {
    /// The waits for the rate limit since a request was last accepted.
    rate_limits: TotalWait,
    /// The error after which nothing is sent.
    pub stop_error: SetOnce<Arc<Error>>,
}

impl Waits {
    /// Returns the waits of a single search.
    pub fn of_search() -> Self {
        Self { started: Instant::now(), backoffs: TotalWait::default(), batch: None }
    }

    /// Returns the waits of a search in a batch.
    pub fn in_batch(batch: Arc<BatchState>) -> Self {
        Self { batch: Some(batch), ..Self::of_search() }
    }

    /// Returns true if the search is part of a batch.
    pub fn is_in_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// Returns the waits for the rate limit.
    pub fn rate_limits(&self) -> &TotalWait {
        self.batch.as_deref().map_or(&self.backoffs, |batch| &batch.rate_limits)
    }

    /// Waits for a future.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] as soon as the batch has stopped.
    pub async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let Some(batch) = &self.batch else { return Ok(future.await) };
        tokio::select! {
            biased;
            error = batch.stop_error.wait() => Err(Error::Stopped { source: error.clone() }),
            output = future => Ok(output),
        }
    }

    /// Counts a request that the rate limit let through: a batch that makes progress may wait again.
    pub fn accepted(&self) {
        if let Some(batch) = &self.batch {
            batch.rate_limits.reset();
        }
    }
}

/// A total of waits. Waits that overlap count once.
#[derive(Debug, Default)]
pub(crate) struct TotalWait(Mutex<Total>);

#[derive(Clone, Copy, Debug, Default)]
struct Total {
    waited: Duration,
    /// The end of the last wait.
    until: Option<Instant>,
}

impl TotalWait {
    /// Returns the total including a wait of this length that starts now.
    pub fn with(&self, wait: Duration) -> Duration {
        lock(&self.0).with(wait)
    }

    /// Waits, and counts the wait.
    pub async fn wait(&self, wait: Duration) {
        self.add(wait);
        tokio::time::sleep(wait).await;
    }

    fn add(&self, wait: Duration) {
        let mut total = lock(&self.0);
        total.waited = total.with(wait);
        total.until = total.until.max(Some(Instant::now() + wait));
    }

    fn reset(&self) {
        *lock(&self.0) = Total::default();
    }
}

impl Total {
    fn with(&self, wait: Duration) -> Duration {
        let overlap = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        self.waited.saturating_add(wait.saturating_sub(overlap.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn overlapping_waits_count_once() {
        let waits = TotalWait::default();
        waits.add(seconds(10.0));
        waits.add(seconds(4.0));
        assert_eq!(waits.with(Duration::ZERO), seconds(10.0));
        tokio::time::advance(seconds(8.0)).await;
        waits.add(seconds(5.0));
        assert_eq!(waits.with(Duration::ZERO), seconds(13.0));
        tokio::time::advance(seconds(60.0)).await;
        assert_eq!(waits.with(seconds(1.0)), seconds(14.0));
    }
}
