//! The page size of an app. Spotify allows some apps 50 results per request and others only 10. The
//! only way to find out is to ask for 50 and see whether Spotify refuses. One search asks, and the
//! others wait for it, so that at most one request is refused.

use tokio::sync::{Mutex, MutexGuard};

use crate::error::Error;
use crate::query::{LARGE_PAGE, SMALL_PAGE};

/// The page size of an app, if it is known. Locked while a search tries the large size.
#[derive(Debug)]
pub(super) struct PageSize(Mutex<Option<u16>>);

/// Held while a search tries the large size. Other searches wait until it is dropped.
pub(super) type Trial<'a> = MutexGuard<'a, Option<u16>>;

impl PageSize {
    /// Creates the page size from the cached one.
    pub fn new(cached: Option<u16>) -> Self {
        Self(Mutex::new(cached.filter(|size| [SMALL_PAGE, LARGE_PAGE].contains(size))))
    }

    /// Chooses the size for a search. While another search tries the large size, waits for it.
    pub async fn choose(&self) -> (u16, Option<Trial<'_>>) {
        let known = self.0.lock().await;
        match *known {
            Some(size) => (size, None),
            None => (LARGE_PAGE, Some(known)),
        }
    }

    /// Returns the size that a search would use.
    pub fn expected(&self) -> u16 {
        self.0.try_lock().ok().and_then(|known| *known).unwrap_or(LARGE_PAGE)
    }

    /// Stores the size, and ends the trial. Returns true if another size or none was known.
    pub async fn learn<'a>(&'a self, size: u16, trial: Option<Trial<'a>>) -> bool {
        let mut known = match trial {
            Some(trial) => trial,
            None => self.0.lock().await,
        };
        known.replace(size) != Some(size)
    }
}

/// Returns true if Spotify refused a page because of its size.
pub(super) fn is_page_too_large(error: &Error) -> bool {
    matches!(error, Error::BadRequest(response)
        if response.status == 400 && response.mentions("invalid limit"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorResponse;

    #[tokio::test]
    async fn one_search_at_a_time_tries_the_large_size() {
        let page_size = PageSize::new(None);
        assert_eq!(page_size.expected(), LARGE_PAGE);
        let first = page_size.choose().await;
        let mut second = std::pin::pin!(page_size.choose());
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(first);
        let second = second.await;
        assert_eq!(second.0, LARGE_PAGE, "the first search ended without a result");
        assert!(page_size.learn(LARGE_PAGE, second.1).await);
        assert!(!page_size.learn(LARGE_PAGE, None).await);
        assert_eq!(page_size.choose().await.0, LARGE_PAGE);
        assert!(page_size.learn(SMALL_PAGE, None).await);
        assert_eq!(page_size.choose().await.0, SMALL_PAGE);
        assert_eq!(PageSize::new(Some(1)).expected(), LARGE_PAGE, "an invalid cached size");
    }

    #[test]
    fn recognizes_the_refusal_of_a_page_size() {
        let is_refusal = |status, message: &str| {
            let message = Some(message.to_owned());
            is_page_too_large(&Error::BadRequest(ErrorResponse {
                message,
                ..ErrorResponse::new(status)
            }))
        };
        assert!(is_refusal(400, "Invalid limit"));
        assert!(!is_refusal(400, "Invalid offset"));
        assert!(!is_refusal(422, "Invalid limit"));
    }
}
