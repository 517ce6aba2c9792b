//! Pages: the range of a query, split into one part per request.

use super::SearchQuery;

/// The largest page that Spotify allows an app in Development Mode. Every app may ask for it.
pub(crate) const SMALL_PAGE: u16 = 10;
/// The largest page that Spotify allows an app with Extended Quota.
pub(crate) const LARGE_PAGE: u16 = 50;

/// `limit` results of each type from `offset` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub offset: u16,
    pub limit: u16,
}

impl Page {
    /// Returns the pages of a query, at most `size` results each. The last page asks only for the
    /// results that are still missing.
    pub fn all(query: &SearchQuery, size: u16) -> impl Iterator<Item = Self> + use<> {
        let start = query.get_offset();
        let end = start.saturating_add(query.requested_limit());
        (start..end)
            .step_by(usize::from(size))
            .map(move |offset| Self { offset, limit: size.min(end - offset) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(offset: u16, limit: u16, size: u16) -> Vec<(u16, u16)> {
        let query = SearchQuery::new("x").offset(offset).limit(limit);
        Page::all(&query, size).map(|page| (page.offset, page.limit)).collect()
    }

    #[test]
    fn last_page_is_as_short_as_needed() {
        assert_eq!(pages(0, 35, 10), [(0, 10), (10, 10), (20, 10), (30, 5)]);
        assert_eq!(pages(7, 60, 50), [(7, 50), (57, 10)]);
        assert_eq!(pages(999, 1, 50), [(999, 1)]);
        assert_eq!(pages(0, 10, 10), [(0, 10)]);
    }

    #[test]
    fn pages_stay_within_the_first_thousand_results() {
        for size in [SMALL_PAGE, LARGE_PAGE] {
            let pages = pages(0, 1_000, size);
            assert!(pages.iter().all(|(offset, limit)| offset + limit <= 1_000));
            assert_eq!(pages.iter().map(|(_, limit)| limit).sum::<u16>(), 1_000);
        }
    }
}
