//! The library as a service uses it: on a multi-thread runtime, shared and cancelled.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use spotify_search::{
    BaseUrl, Cache, Client, ClientBuilder, Credentials, Endpoints, Error, Event, Proxy,
    RootCertificates, SearchQuery,
};

use command::support::http_server::{HttpServer, Request, ResponseTemplate};

mod command {
    pub mod support {
        #[allow(dead_code, reason = "the tests of the command use more of it")]
        pub mod http_server;
    }
}

/// A server that issues tokens and answers searches with `respond`.
fn server(respond: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> HttpServer {
    let token = json!({"access_token": "token", "token_type": "Bearer", "expires_in": 3600});
    let token = ResponseTemplate::new(200).set_body_json(token);
    HttpServer::http(move |request: &Request| match request.url.path() {
        "/api/token" => token.clone(),
        _ => respond(request),
    })
}

fn builder(server: &HttpServer) -> ClientBuilder {
    let base: BaseUrl = server.url.parse().unwrap();
    let endpoints = Endpoints::new(base.clone(), base);
    Client::builder(Credentials::new("id", "secret")).endpoints(endpoints)
}

fn parameter(request: &Request, name: &str) -> String {
    let found = request.url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A page of 1000 artists named after the query.
fn artists(request: &Request) -> Value {
    let number = |name| parameter(request, name).parse::<usize>().unwrap();
    let (limit, offset, name) = (number("limit"), number("offset"), parameter(request, "q"));
    let items: Vec<Value> = (offset..offset + limit)
        .map(|number| json!({"id": format!("{name}-{number}"), "name": name}))
        .collect();
    json!({"artists": {"items": items, "total": 1000, "next": "more", "limit": limit, "offset": offset}})
}

fn found(request: &Request) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(artists(request))
}

fn count(server: &HttpServer, path: &str) -> usize {
    server.requests().iter().filter(|request| request.url.path() == path).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clones_of_a_client_share_one_token() {
    let server = server(found);
    let client = builder(&server).jobs(16).build().unwrap();
    let searches: Vec<_> = (0..200)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let query = SearchQuery::new(format!("name {number}")).limit(1);
                let results = client.search(&query).await.unwrap();
                results.items().next().unwrap().view().name.unwrap()
            })
        })
        .collect();
    for (number, search) in searches.into_iter().enumerate() {
        assert_eq!(search.await.unwrap(), format!("name {number}"));
    }
    assert_eq!(count(&server, "/api/token"), 1);
    assert_eq!(count(&server, "/v1/search"), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batch_keeps_the_order_of_the_queries() {
    let server = server(|request| {
        // Earlier queries take longer.
        let delay = 40_u64.saturating_sub(parameter(request, "q").parse().unwrap());
        found(request).set_delay(Duration::from_millis(delay))
    });
    let client = builder(&server).build().unwrap();
    let names: Vec<String> = (0..50).map(|number| number.to_string()).collect();
    let batch = tokio::spawn({
        let queries: Vec<_> = names.iter().map(|name| SearchQuery::new(name).limit(1)).collect();
        async move {
            let (mut batch, mut words) = (client.search_all(queries), Vec::new());
            while let Some((query, results)) = batch.next().await {
                assert_eq!(results.unwrap().query(), &query);
                words.push(query.get_words().to_owned());
            }
            words
        }
    });
    assert_eq!(batch.await.unwrap(), names);
}

#[tokio::test]
async fn queries_after_an_error_that_affects_every_query_are_not_sent() {
    let server = server(|_| ResponseTemplate::new(429).append_header("retry-after", "5000"));
    let client = builder(&server).jobs(1).build().unwrap();
    let mut batch = client.search_all((0..50).map(|number| SearchQuery::new(number.to_string())));
    let (_, first) = batch.next().await.unwrap();
    assert!(matches!(first, Err(Error::RateLimited { .. })), "{first:?}");
    let mut stopped = 0;
    while let Some((_, outcome)) = batch.next().await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::Stopped { .. }) && error.is_transient(), "{error:?}");
        assert_eq!(error.code(), "rate_limited");
        stopped += 1;
    }
    assert_eq!((stopped, count(&server, "/v1/search")), (49, 1));
}

#[tokio::test]
async fn each_query_that_was_sent_yields_its_own_refusal() {
    let server = server(|request| {
        let message = format!("no {}", parameter(request, "q"));
        ResponseTemplate::new(400)
            .set_body_json(json!({"error": {"status": 400, "message": message}}))
    });
    let client = builder(&server).jobs(2).build().unwrap();
    let mut batch = client.search_all((0..40).map(|number| SearchQuery::new(number.to_string())));
    let (mut sent, mut unsent) = (0, 0);
    while let Some((query, outcome)) = batch.next().await {
        match outcome.unwrap_err() {
            Error::BadRequest(response) => {
                assert_eq!(response.message, Some(format!("no {}", query.get_words())));
                sent += 1;
            }
            Error::Stopped { source } => {
                assert_eq!(source.code(), "bad_request");
                unsent += 1;
            }
            error => panic!("{error:?}"),
        }
    }
    assert_eq!((sent + unsent, sent), (40, count(&server, "/v1/search")));
    assert!((10..=14).contains(&sent), "{sent} were sent");
}

#[tokio::test]
async fn search_of_a_batch_runs_in_the_callers_span_and_events_name_the_query() {
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let server = server(found);
    let events = seen.clone();
    let client = builder(&server).on_event(move |event| {
        if let Event::Request { query } = event {
            let span = tracing::Span::current().metadata().map(tracing::Metadata::name);
            events.lock().unwrap().push((query.get_words().to_owned(), span));
        }
    });
    let mut batch = client.build().unwrap().batch();
    tracing::info_span!("caller").in_scope(|| batch.push(SearchQuery::new("x").limit(1)));
    batch.next().await.unwrap().1.unwrap();
    assert_eq!(*seen.lock().unwrap(), [("x".to_owned(), Some("caller"))]);
}

#[test]
fn unusable_settings_are_errors_of_build() {
    let error = |builder: ClientBuilder| builder.build().unwrap_err().code();
    assert_eq!(error(Client::builder(Credentials::new(" ", "secret"))), "config_invalid");
    let builder = || Client::builder(Credentials::new("id", "secret"));
    assert_eq!(error(builder().proxy(Proxy::Url("ftp://proxy".into()))), "config_invalid");
    let proxy = Proxy::Url("http://user:p4ss@proxy".into());
    assert!(!format!("{:?}", builder().proxy(proxy.clone())).contains("p4ss"));
    builder().proxy(proxy).build().unwrap();
    assert!(RootCertificates::from_pem_file("missing.pem").is_err());
}

#[test]
fn urls_of_an_invalid_range_are_empty_or_few() {
    let client = Client::builder(Credentials::new("id", "secret")).build().unwrap();
    let query = SearchQuery::new("x").offset(60_000).limit(60_000);
    assert!(client.urls(&query).len() < 200);
}

#[tokio::test]
async fn dropped_search_does_not_affect_later_ones() {
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = requests.clone();
    let server = server(move |request| {
        let is_first = seen.fetch_add(1, Ordering::Relaxed) == 0;
        found(request).set_delay(Duration::from_secs(if is_first { 60 } else { 0 }))
    });
    let client = builder(&server).jobs(1).build().unwrap();
    let query = SearchQuery::new("x").limit(50);
    // Long enough for the token and for the request to arrive.
    tokio::select! {
        _ = client.search(&query) => unreachable!("the response takes a minute"),
        () = async { while requests.load(Ordering::Relaxed) == 0 { tokio::task::yield_now().await } } => {}
    }
    assert_eq!(client.search(&query).await.unwrap().items().count(), 50);
    assert_eq!(count(&server, "/v1/search"), 2, "one page of 50, not five of 10");
}

#[tokio::test]
async fn search_can_be_dropped_at_any_await_point() {
    let server = server(found);
    let query = SearchQuery::new("x").limit(30);
    for polls in 0..40 {
        let client = builder(&server).jobs(1).build().unwrap();
        {
            let mut search = std::pin::pin!(client.search(&query));
            for _ in 0..polls {
                let done = futures_util::poll!(&mut search).is_ready();
                if done {
                    break;
                }
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
        }
        assert_eq!(client.search(&query).await.unwrap().items().count(), 30, "after {polls} polls");
    }
}

#[tokio::test]
async fn invalid_query_is_an_error_before_anything_is_sent() {
    let server = server(found);
    let client = builder(&server).build().unwrap();
    for query in [SearchQuery::new(" "), SearchQuery::new("x").limit(0)] {
        assert!(matches!(client.search(&query).await, Err(Error::InvalidQuery(_))));
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn cache_is_off_unless_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(found);
    let query = SearchQuery::new("x").limit(1);
    for cache in [Cache::Off, Cache::Off, Cache::Dir(folder.path().join("cache"))] {
        builder(&server).cache(cache).build().unwrap().search(&query).await.unwrap();
    }
    assert_eq!(count(&server, "/api/token"), 3);
    let cache = Cache::Dir(folder.path().join("cache"));
    builder(&server).cache(cache).build().unwrap().search(&query).await.unwrap();
    assert_eq!(count(&server, "/api/token"), 3, "the token was cached");
}

#[tokio::test]
async fn error_has_its_cause_as_source() {
    let base: BaseUrl = "http://127.0.0.1:1".parse().unwrap();
    let endpoints = Endpoints::new(base.clone(), base);
    let client = Client::builder(Credentials::new("id", "secret")).endpoints(endpoints).retries(0);
    let error = client.build().unwrap().search(&SearchQuery::new("x")).await.unwrap_err();
    assert!(matches!(error, Error::Token(_)), "{error:?}");
    let mut sources = std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source());
    let refused = sources.find_map(|error| error.downcast_ref::<std::io::Error>());
    assert_eq!(refused.unwrap().kind(), std::io::ErrorKind::ConnectionRefused);
}

#[cfg(feature = "demo")]
#[tokio::test]
async fn items_can_be_parsed_and_serialized() {
    use serde::Deserialize;
    use spotify_search::ItemType;

    #[derive(Deserialize)]
    struct Artist {
        id: String,
    }
    let client = spotify_search::demo::client();
    let query = SearchQuery::new("BTS").types([ItemType::Artist]).limit(1);
    let results = client.search(&query).await.unwrap();
    let item = results.items().next().unwrap();
    let view = serde_json::to_value(item.view()).unwrap();
    assert_eq!(view["id"], item.parse::<Artist>().unwrap().id);
    assert_eq!(
        serde_json::to_value(results.clone()).unwrap()["artists"]["items"][0]["id"],
        view["id"]
    );
}
