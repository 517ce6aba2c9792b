//! How many requests are in flight at once: as many as the user allows, and fewer while Spotify
//! finds that too many. Each request that meets the rate limit takes one away, so that those that
//! are left do not meet it all over again; a run of good answers gives one back.

use std::cell::Cell;

use tokio::sync::{Semaphore, SemaphorePermit};

/// So many good answers in a row give one request more.
const GOOD: u32 = 32;

/// The right to have one request in flight, until it is dropped.
pub(crate) struct Permit<'a>(Option<SemaphorePermit<'a>>);

/// Hands out turns in the order they are asked for.
#[derive(Debug)]
pub(crate) struct Limiter {
    permits: Semaphore,
    /// How many there are, and how many there may be.
    limit: Cell<usize>,
    most: usize,
    good: Cell<u32>,
}

impl Limiter {
    /// At most so many at once, one at least.
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { permits: Semaphore::new(most), limit: Cell::new(most), most, good: Cell::new(0) }
    }

    /// The most that there may ever be.
    pub fn most(&self) -> usize {
        self.most
    }

    /// Waits for a turn.
    pub async fn next(&self) -> Permit<'_> {
        // It fails only if it is closed, which nobody does.
        Permit(self.permits.acquire().await.ok())
    }

    /// Takes back the turn of a request that met the rate limit.
    pub fn met_the_limit(&self, turn: Permit<'_>) {
        self.good.set(0);
        if let (2.., Some(permit)) = (self.limit.get(), turn.0) {
            permit.forget();
            self.limit.set(self.limit.get() - 1);
            tracing::info!(at_once = self.limit.get(), "fewer requests in flight");
        }
    }

    /// Takes note of a good answer.
    pub fn went_well(&self) {
        self.good.set(self.good.get() + 1);
        if self.good.get() >= GOOD && self.limit.get() < self.most {
            self.good.set(0);
            self.limit.set(self.limit.get() + 1);
            self.permits.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_rate_limit_takes_turns_away_down_to_one_and_good_answers_give_them_back() {
        let turns = Limiter::new(3);
        let free = || turns.permits.available_permits();
        for left in [2, 1, 1] {
            turns.met_the_limit(turns.next().await);
            assert_eq!(free(), left);
        }
        (1..GOOD).for_each(|_| turns.went_well());
        assert_eq!(free(), 1);
        turns.went_well();
        assert_eq!(free(), 2);
        (0..10 * GOOD).for_each(|_| turns.went_well());
        assert_eq!(free(), 3);
        drop(turns.next().await);
        assert_eq!(free(), 3);
    }
}
