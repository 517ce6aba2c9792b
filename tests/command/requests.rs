//! The requests that are sent.

use crate::support::{BASIC, Request, ResponseTemplate, TOKEN, TestServer, artists};

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn search_sends_a_token_request_and_a_search_request() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    server.run(&["BTS", "--type", "artist", "--limit", "3"]).assert_success();

    let requests = server.requests().await;
    let [token, search] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((token.method.as_str(), token.url.path()), ("POST", "/api/token"));
    assert_eq!(header(token, "authorization"), format!("Basic {BASIC}"));
    assert_eq!(header(token, "content-type"), "application/x-www-form-urlencoded");
    assert_eq!(token.body, b"grant_type=client_credentials");

    assert_eq!((search.method.as_str(), search.url.path()), ("GET", "/v1/search"));
    assert_eq!(search.url.query(), Some("q=BTS&type=artist&limit=3&offset=0"));
    assert_eq!(header(search, "authorization"), format!("Bearer {TOKEN}"));
    assert_eq!(header(search, "accept-encoding"), "gzip");
    assert!(header(search, "user-agent").starts_with("spotify-search/"));
}

#[tokio::test]
async fn request_contains_every_search_option() {
    let server = TestServer::with_results(&artists(&[])).await;
    let args = "blue in green -t track,ALBUM --type=artist -n 7 --offset 993 -m kr \
                --include-external audio --album Blue --year 1959-1960 --isrc usum71703861 \
                --upc 602537347377 --new --hipster";
    let mut args: Vec<&str> = args.split_whitespace().collect();
    args.extend(["--artist", "Miles Davis", "--track", "so what", "--genre", "cool jazz"]);
    server.run(&args).assert_success();
    let requests = server.requests().await;
    let parameters: Vec<(String, String)> = requests[1].url.query_pairs().into_owned().collect();
    let parameters: Vec<(&str, &str)> =
        parameters.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let q = "blue in green artist:\"Miles Davis\" album:Blue track:\"so what\" year:1959-1960 \
             genre:\"cool jazz\" isrc:USUM71703861 upc:602537347377 tag:new tag:hipster";
    let expected = [
        ("q", q),
        ("type", "track,album,artist"),
        ("market", "KR"),
        ("limit", "7"),
        ("offset", "993"),
        ("include_external", "audio"),
    ];
    assert_eq!(parameters, expected);
}

#[tokio::test]
async fn market_option_wins_over_the_environment() {
    let server = TestServer::with_results(&artists(&[])).await;
    server.command().env("SPOTIFY_MARKET", "us").run(&["x"]);
    server.command().env("SPOTIFY_MARKET", "us").run(&["x", "--market", "KR"]);
    server.command().env("SPOTIFY_MARKET", " ").run(&["x"]);
    let searches = server.searches().await;
    let markets: Vec<Option<String>> = searches
        .iter()
        .map(|search| {
            let market = search.url.query_pairs().find(|(key, _)| key == "market");
            market.map(|(_, value)| value.into_owned())
        })
        .collect();
    assert_eq!(markets, [Some("US".into()), Some("KR".into()), None]);
}

#[tokio::test]
async fn words_are_sent_composed() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let names = "Beyonce\u{301}\nBeyonc\u{e9}\n";
    server.command().with_file("names", names).run(&["-i", "names", "-j", "1"]).assert_success();
    let searches = server.searches().await;
    let queries: Vec<&str> = searches.iter().filter_map(|search| search.url.query()).collect();
    assert_eq!(queries, ["q=Beyonc%C3%A9&type=artist&limit=10&offset=0"]);
}

#[tokio::test]
async fn max_requests_counts_searches_and_not_waits_for_the_token() {
    let server = TestServer::with_results(&artists(&["BTS"])).await;
    let args = "-i names -f csv --max-requests 3 --retries 0 --no-cache";
    let args: Vec<&str> = args.split_whitespace().collect();
    let outcome = server.command().with_file("names", "a\nb\nc\nd\n").run(&args);
    assert_eq!((outcome.exit_status, outcome.error_code()), (4, "request_limit"), "{outcome:?}");
    assert_eq!(outcome.stdout.lines().count(), 1 + 3, "{outcome:?}");
    assert_eq!(server.request_counts().await, (1, 3));

    let server = TestServer::without_responses().await;
    server.on_token(ResponseTemplate::new(503), None).await;
    let outcome = server.command().with_file("names", "a\nb\nc\nd\n").run(&args);
    assert_eq!((outcome.exit_status, outcome.error_code()), (1, "server_error"), "{outcome:?}");
}
