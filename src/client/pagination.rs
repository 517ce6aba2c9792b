//! The page size of an app. Spotify allows some apps 50 results per request and others only 10. The
//! only way to find out is to ask for 50 and see whether Spotify refuses. Only one search at a time
//! asks, so that at most one request is refused.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Error;
use crate::query::{LARGE_PAGE, SMALL_PAGE};

/// The page size of an app, as far as it is known.
#[derive(Debug)]
pub(super) struct PageSize(Mutex<State>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unknown,
    /// A search tries the large size.
    Trying,
    Known(u16),
}

/// The page size that one search uses.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    pub size: u16,
    /// Set if this search tries the large size.
    trying: Option<&'a PageSize>,
}

impl PageSize {
    /// Creates the page size from the cached one.
    pub fn new(cached: Option<u16>) -> Self {
        let size = cached.filter(|size| [SMALL_PAGE, LARGE_PAGE].contains(size));
        Self(Mutex::new(size.map_or(State::Unknown, State::Known)))
    }

    /// Chooses the size for a search. Searches that run while another tries the large size use the
    /// small one, which always works.
    pub fn choose(&self) -> Choice<'_> {
        let mut state = self.state();
        match *state {
            State::Known(size) => Choice { size, trying: None },
            State::Trying => Choice { size: SMALL_PAGE, trying: None },
            State::Unknown => {
                *state = State::Trying;
                Choice { size: LARGE_PAGE, trying: Some(self) }
            }
        }
    }

    /// Returns the size that a search would use.
    pub fn expected(&self) -> u16 {
        match *self.state() {
            State::Known(size) => size,
            State::Trying | State::Unknown => LARGE_PAGE,
        }
    }

    /// Stores the size. Returns true if it was not known.
    pub fn learn(&self, size: u16) -> bool {
        std::mem::replace(&mut *self.state(), State::Known(size)) != State::Known(size)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Choice<'_> {
    /// Lets the next search try the large size if this one ended without a result or was dropped.
    fn drop(&mut self) {
        if let Some(page_size) = self.trying {
            let mut state = page_size.state();
            if *state == State::Trying {
                *state = State::Unknown;
            }
        }
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

    #[test]
    fn one_search_at_a_time_tries_the_large_size() {
        let page_size = PageSize::new(None);
        assert_eq!(page_size.expected(), LARGE_PAGE);
        let first = page_size.choose();
        assert_eq!((first.size, page_size.choose().size), (LARGE_PAGE, SMALL_PAGE));
        drop(first);
        let second = page_size.choose();
        assert_eq!(second.size, LARGE_PAGE, "the first search ended without a result");
        assert!(page_size.learn(LARGE_PAGE) && !page_size.learn(LARGE_PAGE));
        drop(second);
        assert_eq!(page_size.choose().size, LARGE_PAGE);
        assert!(page_size.learn(SMALL_PAGE));
        assert_eq!(page_size.choose().size, SMALL_PAGE);
        assert_eq!(PageSize::new(Some(1)).choose().size, LARGE_PAGE, "an invalid cached size");
    }

    #[test]
    fn recognizes_the_refusal_of_a_page_size() {
        let is_refusal = |status, message: &str| {
            let message = Some(message.to_owned());
            is_page_too_large(&Error::BadRequest(ErrorResponse { status, message }))
        };
        assert!(is_refusal(400, "Invalid limit"));
        assert!(!is_refusal(400, "Invalid offset"));
        assert!(!is_refusal(422, "Invalid limit"));
    }
}
