//! From a query to the requests that answer it, and from their answers to results.

use reqwest::Url;

use super::endpoint::BaseUrl;
use super::failure::Failure;
use super::http::Http;
use super::token::Token;
use crate::model::SearchResults;
use crate::query::SearchQuery;

/// The URLs that a query takes, one a page.
pub fn urls(api: &BaseUrl, query: &SearchQuery) -> Vec<Url> {
    vec![page_url(api, query, query.offset(), query.limit())]
}

pub(crate) fn page_url(api: &BaseUrl, query: &SearchQuery, offset: u16, limit: u16) -> Url {
    let mut url = api.join(&["v1", "search"]);
    url.query_pairs_mut().extend_pairs(query.parameters(offset, limit));
    url
}

/// Fetches one page.
pub(crate) async fn fetch(
    api: &Http,
    query: &SearchQuery,
    url: Url,
    token: &Token,
) -> Result<SearchResults, Failure> {
    let body = api.send(token.authorize(api.get(url))).await?;
    SearchResults::parse(&body, query).map_err(|fault| api.unreadable(fault))
}
