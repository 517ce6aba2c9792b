//! How the range of a query is cut into pages: how large they may be, which are asked for, and in
//! what order they are put together. Spotify gives some apps 50 results at once and some 10, and
//! says which only by refusing.

use std::cell::Cell;

use reqwest::Url;

use crate::error::Error;
use crate::query::SearchQuery;
use crate::results::SearchResults;
use crate::transport::BaseUrl;

/// The page size of an app with Extended Quota, which is tried first.
pub(crate) const LARGE: u16 = 50;
/// The page size of an app in Development Mode, which every app may ask for.
pub const SMALL: u16 = 10;

/// A part of a query's range: `limit` results of each type from `offset` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub offset: u16,
    pub limit: u16,
}

impl Page {
    /// The first page of a query.
    pub fn first(query: &SearchQuery, size: u16) -> Self {
        Self { offset: query.offset(), limit: size.min(query.limit()) }
    }

    /// The pages of a query, the last asking only for what is missing.
    pub fn all(query: &SearchQuery, size: u16) -> impl Iterator<Item = Self> + use<> {
        let (begin, end) = (query.offset(), query.offset() + query.limit());
        (begin..end)
            .step_by(usize::from(size.max(1)))
            .map(move |offset| Self { offset, limit: size.min(end - offset) })
    }

    /// The request for this page.
    pub fn url(self, api: &BaseUrl, query: &SearchQuery) -> Url {
        let mut url = api.join(&["v1", "search"]);
        url.query_pairs_mut().extend_pairs(query.parameters(self.offset, self.limit));
        url
    }

    /// Whether an answer says that there is nothing from here on; only a hint, as its `total`
    /// changes from page to page.
    pub fn seems_past(self, results: &SearchResults) -> bool {
        let offset = u64::from(self.offset);
        results.sections().all(|section| section.total().is_some_and(|total| total <= offset))
    }
}

/// How large a page the app may ask for.
#[derive(Debug)]
pub(crate) struct PageSize(Cell<Knowledge>);

/// What is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Knowledge {
    Nothing,
    /// A request with the large size is in flight.
    Asking,
    Known(u16),
}

impl PageSize {
    /// What is remembered, if anything is and it can be true.
    pub fn new(remembered: Option<u16>) -> Self {
        let size = remembered.filter(|size| [SMALL, LARGE].contains(size));
        Self(Cell::new(size.map_or(Knowledge::Nothing, Knowledge::Known)))
    }

    /// The size to ask for next: the large one only until somebody has asked for it, so that no
    /// more than one request is refused.
    pub fn to_ask(&self) -> u16 {
        match self.0.get() {
            Knowledge::Known(size) => size,
            Knowledge::Asking => SMALL,
            Knowledge::Nothing => {
                self.0.set(Knowledge::Asking);
                LARGE
            }
        }
    }

    /// The size that is to be expected, for one who asks for nothing.
    pub fn expected(&self) -> u16 {
        match self.0.get() {
            Knowledge::Known(size) => size,
            Knowledge::Asking | Knowledge::Nothing => LARGE,
        }
    }

    /// Notes what was found out; returns whether that is news.
    pub fn learn(&self, size: u16) -> bool {
        self.0.replace(Knowledge::Known(size)) != Knowledge::Known(size)
    }

    /// Notes that a request for pages of this size told nothing.
    pub fn forget(&self, size: u16) {
        if size == LARGE && self.0.get() == Knowledge::Asking {
            self.0.set(Knowledge::Nothing);
        }
    }
}

/// Whether Spotify refuses a page for its size.
pub(crate) fn is_too_large(error: &Error) -> bool {
    let says = |message: &String| message.to_lowercase().contains("invalid limit");
    matches!(error, Error::BadRequest(answer) if answer.status == 400 && answer.message.as_ref().is_some_and(says))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorResponse;
    use crate::query::ItemType;

    fn pages(offset: u16, limit: u16, size: u16) -> Vec<(u16, u16)> {
        let query = SearchQuery::new("x", &[], &[ItemType::Artist]).unwrap();
        let query = query.range(offset, limit).unwrap();
        Page::all(&query, size).map(|page| (page.offset, page.limit)).collect()
    }

    #[test]
    fn the_last_page_asks_only_for_what_is_missing() {
        assert_eq!(pages(0, 35, 10), [(0, 10), (10, 10), (20, 10), (30, 5)]);
        assert_eq!(pages(7, 60, 50), [(7, 50), (57, 10)]);
        assert_eq!(pages(999, 1, 50), [(999, 1)]);
        assert_eq!(pages(0, 10, 10), [(0, 10)]);
    }

    #[test]
    fn no_page_begins_at_the_last_result_that_spotify_serves() {
        for size in [SMALL, LARGE, 7] {
            let pages = pages(0, 1_000, size);
            assert!(pages.iter().all(|(offset, limit)| offset + limit <= 1_000));
            assert_eq!(pages.iter().map(|(_, limit)| limit).sum::<u16>(), 1_000);
        }
    }

    #[test]
    fn one_request_at_a_time_finds_out_the_size() {
        let size = PageSize::new(None);
        assert_eq!((size.expected(), size.to_ask()), (LARGE, LARGE));
        assert_eq!((size.to_ask(), size.to_ask()), (SMALL, SMALL));
        size.forget(LARGE);
        assert_eq!((size.to_ask(), size.to_ask()), (LARGE, SMALL));
        assert!(size.learn(LARGE) && !size.learn(LARGE));
        assert_eq!(size.to_ask(), LARGE);
        assert!(size.learn(SMALL));
        assert_eq!(size.to_ask(), SMALL);
        assert_eq!(PageSize::new(Some(1)).to_ask(), LARGE, "no app has that");
    }

    #[test]
    fn only_the_one_refusal_is_about_the_size() {
        let refused = |status, message: &str| {
            let message = Some(message.to_owned());
            is_too_large(&Error::BadRequest(ErrorResponse { request: "search", status, message }))
        };
        assert!(refused(400, "Invalid limit"));
        assert!(!refused(400, "Invalid offset"));
        assert!(!refused(422, "Invalid limit"));
    }
}
