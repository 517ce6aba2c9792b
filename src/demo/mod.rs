//! The sample catalogue of `--demo`: a small HTTP server on a loopback port inside this process, so
//! that the very client that talks to Spotify can be tried without an account. It gives tokens and
//! answers searches within the limits of a Development Mode app. The artists are an answer that
//! Spotify gave in 2020; everything else is plainly invented.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::AUTHORIZATION;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use serde_json::{Map, Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{ClientSettings, Endpoints};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::query::{ItemType, MAX_RESULTS};

const ARTISTS: &str = include_str!("artists.json");
const SAMPLES: &str = include_str!("samples.json");
/// What a Development Mode app may ask for at once.
const MAX_LIMIT: usize = 10;
const TOKEN: &str = "sample-token";

/// Starts the server; it stops with the runtime.
///
/// Returns the settings of a client that searches it, which are the given ones but for where to
/// search, and credentials that it accepts.
///
/// # Errors
///
/// [`Error::ConfigInvalid`] where no loopback port is to be had.
pub async fn start(settings: ClientSettings) -> Result<(ClientSettings, Credentials), Error> {
    let unusable = |error: io::Error| {
        Error::ConfigInvalid(format!("cannot serve the sample catalogue: {error}"))
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;
    let base = format!("http://{address}");
    let base: crate::client::BaseUrl =
        base.parse().map_err(|fault| Error::ConfigInvalid(format!("{base} {fault}")))?;
    tokio::spawn(serve(listener));
    let endpoints = Endpoints { api: base.clone(), accounts: base };
    let settings = ClientSettings { endpoints, remember: false, ..settings };
    Ok((settings, Credentials::new("sample-id", "sample-secret")))
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_connection(stream));
    }
}

async fn serve_connection(stream: TcpStream) {
    let service = service_fn(|request| std::future::ready(Ok::<_, Infallible>(answer(&request))));
    // A client that hangs up in the middle needs no answer.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn answer(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let has =
        |value: &str| request.headers().get(AUTHORIZATION).is_some_and(|header| header == value);
    let (status, body) = match (request.method(), request.uri().path()) {
        // "sample-id:sample-secret" in base64.
        (&Method::POST, "/api/token") if has("Basic c2FtcGxlLWlkOnNhbXBsZS1zZWNyZXQ=") => {
            (200, json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}))
        }
        (&Method::POST, "/api/token") => (400, json!({"error": "invalid_client"})),
        (&Method::GET, "/v1/search") if has(&format!("Bearer {TOKEN}")) => {
            match search(request.uri().query().unwrap_or_default()) {
                Ok(found) => (200, found),
                Err(message) => (400, json!({"error": {"status": 400, "message": message}})),
            }
        }
        (&Method::GET, "/v1/search") => {
            (401, json!({"error": {"status": 401, "message": "Invalid access token"}}))
        }
        _ => (404, json!({"error": {"status": 404, "message": "Service not found"}})),
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// Answers the parameters of a search as Spotify would, or says what is wrong with them.
fn search(parameters: &str) -> Result<Value, &'static str> {
    // Only the parameters matter; the URL is the one that Spotify's answers name.
    let url = Url::parse(&format!("https://api.spotify.com/v1/search?{parameters}"))
        .map_err(|_| "Bad request")?;
    let parameter = |name: &str| {
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let number = |name, default| parameter(name).map_or(Ok(default), |text| text.parse::<usize>());
    let query =
        parameter("q").filter(|query| !query.is_empty()).ok_or("No search query")?.to_lowercase();
    let limit = number("limit", 5)
        .ok()
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or("Invalid limit")?;
    let offset = number("offset", 0)
        .ok()
        .filter(|offset| *offset < usize::from(MAX_RESULTS))
        .ok_or("Invalid offset")?;
    let mut answer = Map::new();
    for name in parameter("type").ok_or("Missing parameter type")?.split(',') {
        let kind = ItemType::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or("Bad search type field")?;
        answer.insert(kind.section().into(), page(&url, matches(kind, &query), offset, limit));
    }
    Ok(answer.into())
}

/// The items whose names contain the query, which is in lower case.
fn matches(kind: ItemType, query: &str) -> Vec<Value> {
    let source = if kind == ItemType::Artist { ARTISTS } else { SAMPLES };
    let mut catalogue: Value = serde_json::from_str(source).unwrap_or_default();
    let section = catalogue[kind.section()].take();
    let items = if kind == ItemType::Artist { section["items"].clone() } else { section };
    let Value::Array(mut items) = items else {
        return Vec::new();
    };
    items.retain(|item| {
        item["name"].as_str().is_some_and(|name| name.to_lowercase().contains(query))
    });
    items
}

/// Spotify's paging object around a part of these items.
fn page(url: &Url, items: Vec<Value>, offset: usize, limit: usize) -> Value {
    let at = |offset: usize| {
        let mut url = url.clone();
        let kept: Vec<_> = url
            .query_pairs()
            .into_owned()
            .filter(|(key, _)| key != "offset" && key != "limit")
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(
            [("offset", offset), ("limit", limit)].map(|(key, value)| (key, value.to_string())),
        );
        url.to_string()
    };
    let total = items.len();
    json!({
        "href": at(offset),
        "items": items.into_iter().skip(offset).take(limit).collect::<Vec<_>>(),
        "limit": limit,
        "next": (offset + limit < total).then(|| at(offset + limit)),
        "offset": offset,
        "previous": (offset > 0).then(|| at(offset.saturating_sub(limit))),
        "total": total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_samples_that_are_whole() {
        for kind in ItemType::ALL {
            let found = matches(kind, if kind == ItemType::Artist { "bts" } else { "" });
            assert!(found.len() >= 3, "{kind}");
            for item in found {
                assert_eq!(item["type"], kind.name());
                assert!(item["id"].is_string() && item["uri"].is_string(), "{item}");
            }
        }
    }

    #[test]
    fn pages_follow_each_other_within_the_limits() {
        let found = search("q=sample&type=track&limit=2&offset=1").unwrap();
        let tracks = &found["tracks"];
        assert_eq!(tracks["items"].as_array().unwrap().len(), 2);
        assert_eq!(tracks["total"], 3);
        assert_eq!(tracks["next"], Value::Null);
        assert!(tracks["previous"].as_str().unwrap().contains("offset=0"));
        assert_eq!(search("q=x&type=track&limit=11"), Err("Invalid limit"));
        assert_eq!(search("q=x&type=track&offset=1000"), Err("Invalid offset"));
        assert_eq!(search("q=x&type=song"), Err("Bad search type field"));
    }
}
