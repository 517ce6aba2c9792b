//! The time that a search or a batch has spent on waiting.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The waits that limit a search.
#[derive(Debug)]
pub(crate) struct Waits {
    /// The backoffs of this search.
    pub backoffs: TotalWait,
    /// The waits for the rate limit: those of this search, or of its batch since a request was last
    /// accepted. `None` if they count like backoffs.
    batch: Option<Arc<TotalWait>>,
}

impl Waits {
    /// Returns the waits of a single search.
    pub fn of_search() -> Self {
        Self { backoffs: TotalWait::default(), batch: None }
    }

    /// Returns the waits of a search in a batch.
    pub fn in_batch(batch: Arc<TotalWait>) -> Self {
        Self { backoffs: TotalWait::default(), batch: Some(batch) }
    }

    /// Returns true if the search is part of a batch.
    pub fn is_in_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// Returns the waits for the rate limit.
    pub fn rate_limits(&self) -> &TotalWait {
        self.batch.as_deref().unwrap_or(&self.backoffs)
    }

    /// Counts a request that the rate limit let through: a batch that makes progress may wait again.
    pub fn accepted(&self) {
        if let Some(batch) = &self.batch {
            batch.reset();
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
        self.lock().with(wait)
    }

    /// Waits, and counts the wait.
    pub async fn wait(&self, wait: Duration) {
        self.add(wait);
        tokio::time::sleep(wait).await;
    }

    fn add(&self, wait: Duration) {
        let mut total = self.lock();
        total.waited = total.with(wait);
        total.until = total.until.max(Some(Instant::now() + wait));
    }

    fn reset(&self) {
        *self.lock() = Total::default();
    }

    fn lock(&self) -> MutexGuard<'_, Total> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
