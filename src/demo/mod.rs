//! The sample catalogue of `--demo`: answers searches inside this process, without an account and
//! without the network, within the limits of a Development Mode app. The items are in the JSON files
//! beside this one. The artists are a response from Spotify of 2020; everything else is invented.

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::credentials::Credentials;
use crate::query::{ItemType, Page, SMALL_PAGE, SearchQuery};
use crate::transport::{BoxFuture, Failure, FailureKind, Service, StatusFailure, Transport};

const ARTISTS: &str = include_str!("artists.json");
const SAMPLES: &str = include_str!("samples.json");

/// Returns a client that searches the sample catalogue.
pub fn client() -> Client {
    Client::builder(Credentials::new("", "")).build_with(SampleCatalogue)
}

/// Answers search requests from the sample catalogue.
pub(crate) struct SampleCatalogue;

impl Transport for SampleCatalogue {
    fn host(&self) -> String {
        "the sample catalogue".into()
    }

    fn url(&self, query: &SearchQuery, page: Page) -> String {
        url(query, page.offset, page.limit)
    }

    fn send<'a>(
        &'a self,
        query: &'a SearchQuery,
        page: Page,
    ) -> BoxFuture<'a, Result<Vec<u8>, Failure>> {
        let outcome = if page.limit > SMALL_PAGE {
            let message = Some("Invalid limit".to_owned());
            let failure = StatusFailure { status: 400, message, ..StatusFailure::default() };
            let kind = FailureKind::Status(failure);
            Err(Failure { service: Service::Api, host: self.host(), kind })
        } else {
            Ok(search(query, page).to_string().into_bytes())
        };
        Box::pin(std::future::ready(outcome))
    }
}

/// Returns the response to the request for a page.
fn search(query: &SearchQuery, page: Page) -> Value {
    let sections = query.searched_types().iter().map(|&item_type| {
        let items = matches(item_type, query.words());
        (item_type.section().to_owned(), section(query, page, items))
    });
    Value::Object(sections.collect::<Map<_, _>>())
}

/// Returns the items whose names contain the words, in any case.
fn matches(item_type: ItemType, words: &str) -> Vec<Value> {
    let source = if item_type == ItemType::Artist { ARTISTS } else { SAMPLES };
    let mut catalogue: Value = serde_json::from_str(source).unwrap_or_default();
    let section = catalogue[item_type.section()].take();
    let items = if item_type == ItemType::Artist { section["items"].clone() } else { section };
    let Value::Array(mut items) = items else {
        return Vec::new();
    };
    let words = words.to_lowercase();
    items.retain(|item| {
        item["name"].as_str().is_some_and(|name| name.to_lowercase().contains(&words))
    });
    items
}

/// Returns Spotify's paging object for a page of these items.
fn section(query: &SearchQuery, page: Page, items: Vec<Value>) -> Value {
    let total = items.len();
    let (offset, limit) = (usize::from(page.offset), usize::from(page.limit));
    let next = (offset + limit < total).then(|| url(query, page.offset + page.limit, page.limit));
    let previous = page.offset.saturating_sub(page.limit);
    let previous = (offset > 0).then(|| url(query, previous, page.limit));
    json!({
        "href": url(query, page.offset, page.limit),
        "items": items.into_iter().skip(offset).take(limit).collect::<Vec<_>>(),
        "limit": limit,
        "next": next,
        "offset": offset,
        "previous": previous,
        "total": total,
    })
}

fn url(query: &SearchQuery, offset: u16, limit: u16) -> String {
    let parameters = query.parameters(Page { offset, limit });
    let url = reqwest::Url::parse_with_params("https://api.spotify.com/v1/search", parameters);
    url.map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_complete_items() {
        for item_type in ItemType::ALL {
            let items = matches(item_type, if item_type == ItemType::Artist { "bts" } else { "" });
            assert!(items.len() >= 3, "{item_type}");
            for item in items {
                assert_eq!(item["type"], item_type.name());
                assert!(item["id"].is_string() && item["uri"].is_string(), "{item}");
            }
        }
    }

    #[tokio::test]
    async fn serves_pages_of_at_most_ten() {
        let query = SearchQuery::new("sample").types([ItemType::Track]);
        let tracks = search(&query, Page { offset: 1, limit: 2 })["tracks"].take();
        assert_eq!(tracks["items"].as_array().unwrap().len(), 2);
        assert_eq!((&tracks["total"], &tracks["next"]), (&json!(3), &Value::Null));
        assert!(tracks["previous"].as_str().unwrap().contains("offset=0"));
        let too_large = SampleCatalogue.send(&query, Page { offset: 0, limit: 11 }).await;
        assert!(too_large.is_err());
        assert_eq!(client().search(&query.limit(30)).await.unwrap().items().count(), 3);
    }
}
