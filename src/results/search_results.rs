//! The results of a search: parsing a response, and merging the responses of several pages.
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::value::RawValue;

use super::item::Item;
use super::response_error::{html_problem, json_error, shape_error};
use super::section::{MAX_KEYS, Section};
use crate::error::{Error, Result};
use crate::query::{ItemType, SearchQuery};

/// The largest number of values in a response. A tiny value takes many times the memory of its text.
/// 50 results of each of the seven types with all their markets have about 70,000.
const MAX_VALUES: usize = 200_000;

/// The results of a search: a section for each item type, and the query they belong to.
///
/// Serializes to the API's own shape: the same keys in the same order, unknown keys included. Items
/// are the JSON text that Spotify sent.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct SearchResults {
    #[serde(skip)]
    query: Arc<SearchQuery>,
    entries: IndexMap<String, Entry>,
}

/// A top-level value of a response.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Entry {
    Section(Section),
    Other(Box<RawValue>),
}

impl SearchResults {
    /// Parses the body of a successful response to a request for `limit` results of each type.
    ///
    /// Null entries, repeated ids and results beyond the limit are dropped.
    ///
    /// # Errors
    ///
    /// [`Error::BadResponse`] of this host if the body is not JSON or has no section of a searched type, and
    /// [`Error::Network`] if it is incomplete.
    pub(crate) fn parse(
        body: &[u8],
        query: &Arc<SearchQuery>,
        limit: u16,
        host: &str,
    ) -> Result<Self> {
        let bad_response = |problem: &str| Error::bad_response(host, problem);
        if let Some(problem) = html_problem(body) {
            return Err(bad_response(problem));
        }
        let text = str::from_utf8(body).map_err(|_| bad_response("is not UTF-8"))?;
        if has_too_many_values(body) {
            return Err(bad_response(&format!("has more than {MAX_VALUES} values")));
        }
        let values: IndexMap<String, &RawValue> =
            serde_json::from_str(text).map_err(|error| json_error(host, error))?;
        if values.len() > MAX_KEYS {
            return Err(shape_error(host, &format!("it has more than {MAX_KEYS} keys")));
        }
        let types = query.searched_types();
        let mut entries = IndexMap::with_capacity(values.len());
        for (key, value) in values {
            let searched = ItemType::of_section(&key).filter(|known| types.contains(known));
            let entry = match searched {
                Some(item_type) if value.get() != "null" => {
                    let section = Section::parse(item_type, value, limit);
                    Entry::Section(section.map_err(|what| shape_error(host, &what))?)
                }
                _ => Entry::Other(value.to_owned()),
            };
            entries.insert(key, entry);
        }
        let results = Self { query: query.clone(), entries };
        if results.sections().next().is_none() {
            return Err(shape_error(host, &format!("\"{}\" is missing", types[0].section())));
        }
        Ok(results)
    }

    /// Makes the results of a query from the body of a response, for the tests of a service.
    ///
    /// # Errors
    ///
    /// [`Error::BadResponse`] if the text is not the response to such a query, and [`Error::Network`] if it
    /// breaks off.
    pub fn from_json(query: &SearchQuery, json: &str) -> Result<Self> {
        let limit = query.requested_limit();
        Self::parse(json.as_bytes(), &Arc::new(query.clone()), limit, "a string")
    }

    /// Returns the query.
    pub fn query(&self) -> &SearchQuery {
        &self.query
    }

    /// Returns the sections, in the order of the query's types.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        let types = self.query.searched_types().iter();
        types.filter_map(|item_type| match self.entries.get(item_type.section()) {
            Some(Entry::Section(section)) => Some(section),
            _ => None,
        })
    }

    /// Returns the section of a type, if the response has one.
    pub fn section(&self, item_type: ItemType) -> Option<&Section> {
        self.sections().find(|section| section.item_type() == item_type)
    }

    /// Returns the items of every section, in the order of the query's types.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections().flat_map(Section::items)
    }

    /// Returns true if nothing was found.
    pub fn is_empty(&self) -> bool {
        self.items().next().is_none()
    }

    /// Returns the number of results that Spotify hides from the app. It returns null for them.
    pub fn hidden(&self) -> u64 {
        self.sections().map(Section::hidden).sum()
    }

    /// Merges the next page of the same query into these results. `limit` and `offset` become those
    /// of the query, `total` and `next` those of the last page.
    pub(crate) fn append(&mut self, mut page: Self) {
        let (limit, offset) = (self.query.requested_limit(), self.query.get_offset());
        for section in self.sections_mut() {
            // Spotify leaves out the section of a type that has no more results.
            section.append(page.take_section(section.item_type()));
            section.set_number("limit", limit);
            section.set_number("offset", offset);
        }
    }

    /// Replaces hidden results by those of a page beyond the range of the query.
    pub(crate) fn replace_hidden(&mut self, mut page: Self) {
        for section in self.sections_mut() {
            if let Some(page) = page.take_section(section.item_type()) {
                section.replace_hidden(page);
            }
        }
    }

    fn take_section(&mut self, item_type: ItemType) -> Option<Section> {
        match self.entries.swap_remove(item_type.section()) {
            Some(Entry::Section(section)) => Some(section),
            _ => None,
        }
    }

    /// Returns the sections that can be changed. The other fields stay as Spotify sent them.
    pub(crate) fn sections_mut(&mut self) -> impl Iterator<Item = &mut Section> {
        self.entries.values_mut().filter_map(|entry| match entry {
            Entry::Section(section) => Some(section),
            Entry::Other(_) => None,
        })
    }

    /// Returns true if some type may have more results.
    pub(crate) fn has_more(&self) -> bool {
        self.sections().any(|section| section.has_more)
    }

    /// Returns true if, according to `total`, no type has a result at this offset. Only a hint:
    /// `total` changes from page to page.
    pub(crate) fn likely_end_before(&self, offset: u16) -> bool {
        self.sections().all(|section| section.total().is_some_and(|total| total <= offset.into()))
    }
}

/// Counts the characters before values, also those inside strings: a fast upper bound.
fn has_too_many_values(body: &[u8]) -> bool {
    body.iter().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count() > MAX_VALUES
}

impl IntoIterator for SearchResults {
    type Item = Item;
    type IntoIter = std::vec::IntoIter<Item>;

    /// Returns the items of every section, in the order of the query's types.
    fn into_iter(mut self) -> Self::IntoIter {
        let query = self.query.clone();
        let types = query.searched_types().iter();
        let sections = types.filter_map(|item_type| self.take_section(*item_type));
        let items: Vec<Item> = sections.flat_map(|section| section.items).collect();
        items.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(limit: u16, body: &str) -> SearchResults {
        let query = SearchQuery::new("x").types(ItemType::ALL).offset(5).limit(20);
        SearchResults::parse(body.as_bytes(), &Arc::new(query), limit, "host").unwrap()
    }

    fn ids(results: &SearchResults) -> Vec<String> {
        results.items().map(|item| item.view().id.unwrap_or_default()).collect()
    }

    #[test]
    fn drops_nulls_repeated_ids_and_results_beyond_the_limit() {
        let body = r#"{"tracks": {"items": [null, {"id": "a"}, {"id": "a"}, 7, {}, {"id": "b"}]}}"#;
        assert_eq!(ids(&page(10, body)), ["a", "", "b"]);
        assert_eq!(ids(&page(3, body)), ["a", ""]);
        assert!(page(10, r#"{"tracks": {"items": null}}"#).is_empty());
    }

    #[test]
    fn merges_pages() {
        let mut results = page(
            2,
            r#"{"tracks": {"href": "first", "limit": 2, "offset": 5, "previous": "before",
                "items": [{"id": "a"}, {"id": "b"}], "next": "second", "total": 9, "unknown": 1},
                "artists": {"items": [{"id": "c"}], "next": "second"}}"#,
        );
        assert!(results.has_more());
        results.append(page(
            3,
            r#"{"tracks": {"href": "second", "limit": 2, "offset": 7, "previous": "first",
                "items": [{"id": "b"}, {"id": "d"}], "next": null, "total": 8}}"#,
        ));
        assert!(!results.has_more());
        assert_eq!(
            serde_json::to_string(&results).unwrap(),
            r#"{"tracks":{"href":"first","limit":20,"offset":5,"previous":"before","items":[{"id": "a"},{"id": "b"},{"id": "d"}],"next":null,"total":8,"unknown":1},"artists":{"items":[{"id": "c"}],"next":"second"}}"#
        );
    }

    #[test]
    fn a_type_ends_at_an_empty_page_and_stays_ended() {
        let with_items =
            |items: &str| page(2, &format!(r#"{{"tracks":{{"items":[{items}],"next":"n"}}}}"#));
        let mut results = with_items(r#"{"id": "a"}"#);
        results.append(with_items(""));
        results.append(with_items(r#"{"id": "b"}"#));
        assert_eq!(ids(&results), ["a"]);
    }

    #[test]
    fn hidden_results_are_replaced() {
        let with = |artists: &str, shows: &str| {
            page(
                4,
                &format!(r#"{{"artists":{{"items":[{artists}]}},"shows":{{"items":[{shows}]}}}}"#),
            )
        };
        let mut results = with(r#"null, {"id": "a"}, null, null"#, r#"{"id": "s"}"#);
        assert_eq!(results.hidden(), 3);
        let further = with(r#"{"id": "a"}, {"id": "b"}, null, {"id": "c"}"#, r#"{"id": "t"}"#);
        results.replace_hidden(further.clone());
        assert_eq!(ids(&results), ["a", "b", "c", "s"]);
        assert_eq!(results.hidden(), 1);
        results.replace_hidden(with(r#"{"id": "d"}, {"id": "e"}"#, ""));
        assert_eq!(ids(&results), ["a", "b", "c", "d", "s"]);
        assert_eq!(results.hidden(), 0);
    }

    #[test]
    fn says_what_is_wrong_with_a_response() {
        let problem = |body: &str| {
            let query = Arc::new(SearchQuery::new("x"));
            let error = SearchResults::parse(body.as_bytes(), &query, 10, "host").unwrap_err();
            error.to_string().replace("the response from host ", "")
        };
        assert_eq!(problem(""), "is empty");
        assert_eq!(problem(r#"{"artists": {"items": ["#), "the connection to host failed");
        assert_eq!(problem("oops"), "is not valid JSON");
        assert_eq!(problem("\n<!DOCTYPE html>"), "is HTML instead of JSON");
        assert_eq!(problem("[]"), "does not have the documented form: it is not an object");
        let keys: Vec<String> = (0..=MAX_KEYS).map(|key| format!("\"{key}\":1,")).collect();
        let keys = keys.concat();
        assert_eq!(
            problem(&format!("{{{keys}\"artists\":{{}}}}")),
            "does not have the documented form: it has more than 1000 keys"
        );
        assert_eq!(
            problem(&format!("{{\"artists\":{{{keys}\"items\":[]}}}}")),
            "does not have the documented form: \"artists\" has more than 1000 keys"
        );
        assert_eq!(problem(&"[".repeat(MAX_VALUES + 1)), "has more than 200000 values");
        assert_eq!(problem("{}"), "does not have the documented form: \"artists\" is missing");
        assert_eq!(
            problem(r#"{"artists": {"items": 1}}"#),
            "does not have the documented form: \"artists.items\" is not a list"
        );
    }
}
