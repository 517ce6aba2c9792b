//! The latest results of a batch, so that a repeated query is sent once.

use std::collections::{HashMap, VecDeque};

use crate::query::SearchQuery;
use crate::results::SearchResults;

/// The largest total size of the results.
const MAX_BYTES: usize = 16 << 20;
/// The approximate size of an entry without its query and the JSON text of its items.
const ENTRY_BYTES: usize = 2 << 10;

/// The results of the latest queries, and the queries that are being searched. When they take too
/// much memory, the queries that were added first are removed.
#[derive(Debug, Default)]
pub(super) struct RecentResults {
    /// `None` until the search for the query succeeds.
    entries: HashMap<SearchQuery, Option<SearchResults>>,
    /// The queries in the order in which they were added.
    order: VecDeque<SearchQuery>,
    /// The size of all entries.
    bytes: usize,
}

impl RecentResults {
    /// Adds a query that will be searched. Returns false if an equal query was added before.
    pub fn add(&mut self, query: &SearchQuery) -> bool {
        if self.entries.contains_key(query) {
            return false;
        }
        self.entries.insert(query.clone(), None);
        self.order.push_back(query.clone());
        self.bytes += size_of_query(query);
        self.remove_oldest();
        true
    }

    /// Keeps the results of a query, unless the query was removed during the search.
    pub fn keep(&mut self, results: &SearchResults) {
        if let Some(entry @ None) = self.entries.get_mut(results.query()) {
            *entry = Some(results.clone());
            self.bytes += size_of_results(results);
            self.remove_oldest();
        }
    }

    /// Returns the results of an equal query, if they are still kept.
    pub fn get(&self, query: &SearchQuery) -> Option<&SearchResults> {
        self.entries.get(query)?.as_ref()
    }

    fn remove_oldest(&mut self) {
        while self.bytes > MAX_BYTES
            && let Some(query) = self.order.pop_front()
        {
            let results = self.entries.remove(&query).flatten();
            self.bytes -= size_of_query(&query) + results.as_ref().map_or(0, size_of_results);
        }
    }
}

/// Returns the size of an entry without results. The query is stored twice.
fn size_of_query(query: &SearchQuery) -> usize {
    ENTRY_BYTES + 2 * query.get_words().len()
}

/// Returns the size of the JSON text of the items.
fn size_of_results(results: &SearchResults) -> usize {
    let items =
        results.sections().flat_map(|section| section.items().iter().chain(section.nearest()));
    items.map(|item| item.json().len()).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::client::simulation::found;

    /// Adds a query and keeps results with one item of this size.
    fn add(recent: &mut RecentResults, query: &SearchQuery, size: usize) {
        assert!(recent.add(query));
        let body = String::from_utf8(found(query)).unwrap();
        let body = body.replace("\"id\"", &format!("\"padding\":\"{}\",\"id\"", "x".repeat(size)));
        let results = SearchResults::parse(body.as_bytes(), &Arc::new(query.clone()), 10, "host");
        recent.keep(&results.unwrap());
    }

    #[test]
    fn keeps_results_of_16_mib() {
        let mut recent = RecentResults::default();
        let queries: Vec<_> = (0..20).map(|number| SearchQuery::new(number.to_string())).collect();
        for query in &queries {
            add(&mut recent, query, 1 << 20);
        }
        // 15 of them fit with `ENTRY_BYTES` for each.
        let is_kept: Vec<bool> = queries.iter().map(|query| recent.get(query).is_some()).collect();
        assert_eq!(is_kept, [[false; 5].as_slice(), &[true; 15]].concat());
        // A search that was repeated changes nothing.
        let (bytes, results) = (recent.bytes, recent.get(&queries[19]).unwrap().clone());
        recent.keep(&results);
        assert_eq!(recent.bytes, bytes);
        add(&mut recent, &SearchQuery::new("large"), MAX_BYTES);
        assert!(recent.entries.is_empty() && recent.order.is_empty() && recent.bytes == 0);
    }

    #[test]
    fn queries_without_results_are_bounded_too() {
        let mut recent = RecentResults::default();
        for number in 0..20_000 {
            recent.add(&SearchQuery::new(number.to_string()));
        }
        assert!(recent.entries.len() < MAX_BYTES / ENTRY_BYTES);
        for number in 0..3_000 {
            recent.add(&SearchQuery::new(format!("{number} {}", "x".repeat(8_000))));
        }
        assert!(recent.entries.len() < MAX_BYTES / 16_000);
    }
}
