//! An HTTP server in place of Spotify, for both services.

#![allow(clippy::unused_async, reason = "tests await every method of a server")]

use std::sync::{Arc, Mutex};

use hyper::Method;
use serde_json::{Value, json};

use super::{
    Catalogue, HttpServer, Outcome, Request, Respond, ResponseTemplate, TOKEN, TestCommand,
};

/// An HTTP server in place of Spotify. It records every request.
pub struct TestServer {
    server: HttpServer,
    routes: Arc<Routes>,
}

/// The responses of one service, each with the number of times that it is still sent.
type Responses = Mutex<Vec<(Box<dyn Respond>, Option<u64>)>>;

#[derive(Default)]
struct Routes {
    tokens: Responses,
    searches: Responses,
}

impl Respond for Arc<Routes> {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let responses = match (request.method.as_str(), request.url.path()) {
            ("POST", "/api/token") => &self.tokens,
            ("GET", "/v1/search") => &self.searches,
            _ => return ResponseTemplate::new(404),
        };
        let mut responses = responses.lock().unwrap();
        let response = responses.iter_mut().find(|(_, times)| *times != Some(0));
        let Some((response, times)) = response else { return ResponseTemplate::new(404) };
        *times = times.map(|times| times - 1);
        response.respond(request)
    }
}

impl TestServer {
    /// Issues tokens and returns these results for every search.
    pub async fn with_results(results: &Value) -> Self {
        Self::responding(ResponseTemplate::new(200).set_body_json(results)).await
    }

    /// Issues tokens and serves a catalogue.
    pub async fn with_catalogue(totals: &[(&'static str, usize)], max_limit: usize) -> Self {
        Self::responding(Catalogue::new(totals, max_limit)).await
    }

    /// Issues tokens and sends this response to every search.
    pub async fn responding(response: impl Respond + 'static) -> Self {
        let server = Self::with_tokens().await;
        server.on_search(response, None).await;
        server
    }

    /// Issues tokens. The responses to searches are added by the test.
    pub async fn with_tokens() -> Self {
        let server = Self::without_responses().await;
        server.on_token(token(TOKEN), None).await;
        server
    }

    /// All responses are added by the test.
    pub async fn without_responses() -> Self {
        let routes = Arc::<Routes>::default();
        Self { server: HttpServer::http(routes.clone()), routes }
    }

    /// Adds a response to token requests, for at most this many of them. The response that was
    /// added first is sent first.
    pub async fn on_token(&self, response: impl Respond + 'static, times: Option<u64>) {
        self.routes.tokens.lock().unwrap().push((Box::new(response), times));
    }

    /// Adds a response to searches in the same way.
    pub async fn on_search(&self, response: impl Respond + 'static, times: Option<u64>) {
        self.routes.searches.lock().unwrap().push((Box::new(response), times));
    }

    pub fn url(&self) -> String {
        self.server.url.clone()
    }

    /// Returns the command with credentials and with this server for both services.
    pub fn command(&self) -> TestCommand {
        TestCommand::for_server(&self.url())
    }

    pub fn run(&self, args: &[&str]) -> Outcome {
        self.command().run(args)
    }

    /// Returns the requests in the order in which they arrived.
    pub async fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }

    /// Returns the search requests in the order in which they arrived.
    pub async fn searches(&self) -> Vec<Request> {
        let mut requests = self.requests().await;
        requests.retain(|request| request.url.path() == "/v1/search");
        requests
    }

    /// Returns the limit and the offset of each search.
    pub async fn pages(&self) -> Vec<(usize, usize)> {
        let number = |request, name| parameter(request, name).parse().unwrap();
        let searches = self.searches().await;
        searches.iter().map(|search| (number(search, "limit"), number(search, "offset"))).collect()
    }

    /// Returns the number of token requests and the number of all other requests.
    pub async fn request_counts(&self) -> (usize, usize) {
        let requests = self.requests().await;
        let tokens = requests.iter().filter(|request| request.url.path() == "/api/token").count();
        (tokens, requests.len() - tokens)
    }
}

impl HttpServer {
    /// Starts a TLS server that offers these protocols by ALPN, issues tokens and finds one artist.
    pub async fn start(protocols: &[&str]) -> Self {
        Self::https(protocols, token_or(|_: &Request| found(&["BTS"])))
    }
}

/// Issues tokens and sends this response to every search.
pub fn token_or(search: impl Respond) -> impl Respond {
    move |request: &Request| match request.method {
        Method::POST => token(TOKEN),
        _ => search.respond(request),
    }
}

/// Returns a parameter of the URL, or an empty string.
pub fn parameter(request: &Request, name: &str) -> String {
    let found = request.url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A token response.
pub fn token(text: &str) -> ResponseTemplate {
    let body = json!({"access_token": text, "token_type": "Bearer", "expires_in": 3600});
    ResponseTemplate::new(200).set_body_json(body)
}

/// An error response in Spotify's form.
pub fn error(status: u16, message: &str) -> ResponseTemplate {
    let body = json!({"error": {"status": status, "message": message}});
    ResponseTemplate::new(status).set_body_json(body)
}

/// A 429 with this `Retry-After`.
pub fn rate_limited(retry_after: &str) -> ResponseTemplate {
    ResponseTemplate::new(429).append_header("retry-after", retry_after)
}

/// A response to a search with these artists.
pub fn found(names: &[&str]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(artists(names))
}

/// The results of a search for these artists.
pub fn artists(names: &[&str]) -> Value {
    let artist = |name: &&str| json!({"id": format!("id-{name}"), "name": name, "type": "artist"});
    let items: Vec<Value> = names.iter().map(artist).collect();
    json!({"artists": {"items": items, "limit": 10, "next": null, "offset": 0, "total": names.len()}})
}
