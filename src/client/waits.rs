//! The time that a search or a batch has spent on waiting.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The total time that a search has waited, or a batch since its last success. Waits of requests that
/// overlap count once.
#[derive(Debug, Default)]
pub(super) struct Waits {
    is_batch: bool,
    total: Mutex<TotalWait>,
}

#[derive(Debug, Default)]
struct TotalWait {
    total: Duration,
    /// The end of the last wait.
    until: Option<Instant>,
}

impl Waits {
    pub fn of_search() -> Self {
        Self::default()
    }

    pub fn of_batch() -> Self {
        Self { is_batch: true, ..Self::default() }
    }

    /// Counts a success: a batch that makes progress may wait again.
    pub fn succeeded(&self) {
        if self.is_batch {
            *self.lock() = TotalWait::default();
        }
    }

    /// Returns true for the waits of a batch.
    pub fn is_of_batch(&self) -> bool {
        self.is_batch
    }

    fn lock(&self) -> MutexGuard<'_, TotalWait> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the total if another wait started now.
    pub fn total_with(&self, wait: Duration) -> Duration {
        let TotalWait { total, until } = *self.lock();
        let overlap = until.map(|until| until.saturating_duration_since(Instant::now()));
        total.saturating_add(wait.saturating_sub(overlap.unwrap_or_default()))
    }

    /// Adds a wait that starts now.
    pub fn add(&self, wait: Duration) {
        let total = self.total_with(wait);
        let mut waits = self.lock();
        waits.total = total;
        waits.until = waits.until.max(Some(Instant::now() + wait));
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
        let waits = Waits::of_search();
        waits.add(seconds(10.0));
        waits.add(seconds(4.0));
        assert_eq!(waits.total_with(Duration::ZERO), seconds(10.0));
        tokio::time::advance(seconds(8.0)).await;
        waits.add(seconds(5.0));
        assert_eq!(waits.total_with(Duration::ZERO), seconds(13.0));
        tokio::time::advance(seconds(60.0)).await;
        assert_eq!(waits.total_with(seconds(1.0)), seconds(14.0));
    }
}
