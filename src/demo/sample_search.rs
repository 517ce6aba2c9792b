//! Searches the sample catalogue, and builds the response of Spotify's search.

use std::cmp::Reverse;

use indexmap::IndexMap;
use serde::Serialize;

use super::catalogue::{SampleItem, items};
use super::criteria::Criteria;
use crate::query::{ItemType, Page, SearchQuery};
use crate::results::Item;
use crate::transport::Endpoints;

/// Queries that find something. Each type has at least two.
const EXAMPLES: [&str; 8] =
    ["BTS", "Radiohead", "Metallica", "Indie Pop", "Museum", "Emacs", "Moby-Dick", "Miles"];

/// Spotify's paging object.
#[derive(Serialize)]
struct Section {
    href: String,
    items: Vec<&'static Item>,
    limit: u16,
    next: Option<String>,
    offset: u16,
    previous: Option<String>,
    total: usize,
}

/// Returns the body of the response to the request for a page.
///
/// # Errors
///
/// A message if the query has an unusable filter.
pub fn response(query: &SearchQuery, page: Page) -> Result<Vec<u8>, String> {
    let criteria = Criteria::parse(&query.text())?;
    let types = query.searched_types().iter();
    let sections: IndexMap<&str, Section> = types
        .map(|&item_type| (item_type.section(), section(query, page, item_type, &criteria)))
        .collect();
    Ok(serde_json::to_vec(&sections).expect("strings and raw JSON can be serialized"))
}

/// Returns up to three queries that find something of one of these types.
pub fn examples(types: &[ItemType]) -> Vec<&'static str> {
    let finds_something = |text: &&str| {
        let criteria = Criteria::parse(text);
        criteria.is_ok_and(|criteria| types.iter().any(|&known| !find(known, &criteria).is_empty()))
    };
    EXAMPLES.into_iter().filter(finds_something).take(3).collect()
}

fn section(query: &SearchQuery, page: Page, item_type: ItemType, criteria: &Criteria) -> Section {
    let found = find(item_type, criteria);
    let (offset, limit) = (page.offset, page.limit);
    let query = query.clone().types([item_type]);
    let page_url = |offset| {
        let endpoints = Endpoints::default();
        let url = endpoints.get_api().search_url(&query, Page { offset, limit });
        url.as_str().replacen("?q=", "?query=", 1)
    };
    let end = usize::from(offset) + usize::from(limit);
    let items = found.iter().map(|known| &known.item);
    Section {
        href: page_url(offset),
        items: items.skip(offset.into()).take(limit.into()).collect(),
        limit,
        next: (end < found.len()).then(|| page_url(offset + limit)),
        offset,
        previous: (offset > 0).then(|| page_url(offset.saturating_sub(limit))),
        total: found.len(),
    }
}

/// Returns the matching items of a type: first those whose name equals or starts with the words, then
/// the others, each by popularity.
fn find(item_type: ItemType, criteria: &Criteria) -> Vec<&'static SampleItem> {
    let is_found = |known: &&SampleItem| {
        known.item.item_type() == item_type && criteria.matches(known, items())
    };
    let mut found: Vec<_> = items().iter().filter(is_found).collect();
    found.sort_by_cached_key(|known| {
        let name = known.view.name.as_deref().unwrap_or_default();
        (criteria.rank(name), Reverse(known.view.popularity))
    });
    found
}
