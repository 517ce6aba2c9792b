//! Validates a query against the limits that Spotify documents.

use super::{MAX_RESULTS, QueryError, SearchQuery};

/// The longest query text, in bytes. Spotify rejects much shorter ones; this bound only keeps URLs
/// and input lines to a sane size.
pub const MAX_QUERY_BYTES: usize = 8 << 10;

impl SearchQuery {
    /// Checks the query against the limits that Spotify documents.
    ///
    /// # Errors
    ///
    /// [`QueryError`] says what is wrong.
    pub fn validate(&self) -> Result<(), QueryError> {
        if self.get_words().is_empty() && self.get_filters().is_empty() {
            return Err(QueryError::Empty);
        }
        if self.text().len() > MAX_QUERY_BYTES {
            return Err(QueryError::TooLong);
        }
        if self.get_words().contains('\0') {
            return Err(QueryError::Nul);
        }
        let (offset, limit) = (self.get_offset(), self.get_limit());
        let end = offset.checked_add(limit);
        if limit == 0 || end.is_none_or(|end| end > MAX_RESULTS) {
            return Err(QueryError::Range { offset, limit });
        }
        let types = self.searched_types();
        for filter in self.get_filters() {
            if !filter.applies_to().iter().any(|known| types.contains(known)) {
                return Err(QueryError::FilterWithoutType { filter: filter.clone() });
            }
        }
        let has_name = |item_type| {
            let wanted = self.wanted_item(item_type);
            !wanted.get_name().trim().is_empty() || !wanted.get_isrc().trim().is_empty()
        };
        for &item_type in types {
            if self.get_matching().is_some() && !has_name(item_type) {
                return Err(QueryError::MatchWithoutName { item_type });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Filter, ItemType, Level, Wanted};
    use ItemType::{Album, Artist, Show, Track};

    #[test]
    fn needs_words_or_a_filter() {
        assert_eq!(SearchQuery::new(" \t").validate(), Err(QueryError::Empty));
        let filter = Filter::year("1999").unwrap();
        assert_eq!(SearchQuery::new("").filter(filter).validate(), Ok(()));
    }

    #[test]
    fn text_has_a_maximum_length() {
        let query = |length| SearchQuery::new("x".repeat(length));
        assert_eq!(query(MAX_QUERY_BYTES).validate(), Ok(()));
        assert_eq!(query(MAX_QUERY_BYTES + 1).validate(), Err(QueryError::TooLong));
    }

    #[test]
    fn filter_needs_a_type_that_it_applies_to() {
        let isrc = SearchQuery::new("").filter(Filter::isrc("USUM71703861").unwrap());
        assert_eq!(isrc.clone().types([Artist, Track]).validate(), Ok(()));
        let error = isrc.types([Artist]).validate().unwrap_err();
        assert_eq!(error.to_string(), "the filter isrc:USUM71703861 needs the type track");
        let new = SearchQuery::new("").filter(Filter::new_releases());
        assert_eq!(new.clone().types([Album]).validate(), Ok(()));
        assert!(new.types([Show]).validate().is_err());
    }

    #[test]
    fn range_ends_at_the_last_result_that_spotify_serves() {
        let validate = |offset, limit| SearchQuery::new("x").offset(offset).limit(limit).validate();
        assert!(validate(0, 1_000).is_ok());
        assert!(validate(999, 1).is_ok());
        assert!(validate(999, 2).is_err());
        assert!(validate(0, 0).is_err());
        assert!(validate(u16::MAX, u16::MAX).is_err());
    }

    #[test]
    fn matching_needs_a_name_for_each_type() {
        let matching = |words, types: &[ItemType]| {
            let query = SearchQuery::new(words).types(types.iter().copied()).matching(Level::Exact);
            query.filter(Filter::artist("Miles Davis").unwrap()).validate()
        };
        assert_eq!(matching("x", &[Track, Artist, Show]), Ok(()));
        assert_eq!(matching("", &[Artist]), Ok(()));
        assert_eq!(matching("track:x album:y", &[Track, Album]), Ok(()));
        let message = |types: &[ItemType]| matching("year:1959", types).unwrap_err().to_string();
        insta::assert_snapshot!(message(&[Artist, Track]), @"matching tracks needs words or the track filter");
        insta::assert_snapshot!(message(&[Artist, Show]), @"matching shows needs words");
        let wanted = |wanted| SearchQuery::new("").wanted(wanted).matching(Level::Exact).validate();
        assert_eq!(wanted(Wanted::new("x").artist("y")), Ok(()));
        assert_eq!(
            wanted(Wanted::new(" ").artist("y")),
            Err(QueryError::MatchWithoutName { item_type: Track })
        );
    }
}
