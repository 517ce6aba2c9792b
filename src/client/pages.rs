//! How the range of a query is cut into pages: how large they may be, which are asked for, and in
//! what order they are put together. Spotify gives some apps 50 results at once and some 10, and
//! says which only by refusing.

use reqwest::Url;
use tokio::sync::{Mutex, MutexGuard};

use super::endpoint::BaseUrl;
use crate::error::Error;
use crate::model::SearchResults;
use crate::query::SearchQuery;

/// The page size of an app with Extended Quota, which is tried first.
pub(crate) const LARGE: u16 = 50;
/// The page size of an app in Development Mode, which every app may ask for.
pub(crate) const SMALL: u16 = 10;

/// A part of a query's range: `limit` results of each type from `offset` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub offset: u16,
    pub limit: u16,
}

impl Page {
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

/// How large a page the app may ask for, learned by asking once.
#[derive(Debug)]
pub(crate) struct PageSize(Mutex<Option<u16>>);

impl PageSize {
    /// What is known, if anything is.
    pub fn new(known: Option<u16>) -> Self {
        Self(Mutex::new(known))
    }

    /// The size to ask for. Where it is not known yet, with the right to find it out: whoever else
    /// asks waits for that.
    pub async fn get(&self) -> (u16, Option<MutexGuard<'_, Option<u16>>>) {
        let known = self.0.lock().await;
        match *known {
            Some(size) => (size, None),
            None => (LARGE, Some(known)),
        }
    }

    /// Notes what was found out.
    pub async fn learn(&self, size: u16, right: Option<MutexGuard<'_, Option<u16>>>) {
        let mut known = match right {
            Some(right) => right,
            None => self.0.lock().await,
        };
        *known = Some(size);
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
    use crate::error::Answer;
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
    fn only_the_one_refusal_is_about_the_size() {
        let refused = |status, message: &str| {
            let message = Some(message.to_owned());
            is_too_large(&Error::BadRequest(Answer { request: "search", status, message }))
        };
        assert!(refused(400, "Invalid limit"));
        assert!(!refused(400, "Invalid offset"));
        assert!(!refused(422, "Invalid limit"));
    }
}
