//! The requests exactly as they are sent.

use wiremock::Request;

use crate::support::{BASIC, Spotify, TOKEN, artists};

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn a_search_is_a_token_and_a_get() {
    let spotify = Spotify::with(&artists(&["BTS"])).await;
    let outcome = spotify.run(&["BTS", "--type", "artist", "--limit", "3"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");

    let requests = spotify.requests().await;
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
async fn every_search_flag_is_in_the_request() {
    let spotify = Spotify::with(&artists(&[])).await;
    let outcome = spotify.run(&[
        "blue",
        "in",
        "green",
        "-t",
        "track,ALBUM",
        "--type=artist",
        "-n",
        "7",
        "--offset",
        "993",
        "-m",
        "kr",
        "--include-external",
        "audio",
        "--artist",
        "Miles Davis",
        "--album",
        "Blue",
        "--track",
        "so what",
        "--year",
        "1959-1960",
        "--genre",
        "cool jazz",
        "--isrc",
        "usum71703861",
        "--upc",
        "602537347377",
        "--new",
        "--hipster",
    ]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let requests = spotify.requests().await;
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
async fn the_market_of_the_environment_is_taken_unless_one_is_typed() {
    let spotify = Spotify::with(&artists(&[])).await;
    spotify.tool().env("SPOTIFY_MARKET", "us").run(&["x"]);
    spotify.tool().env("SPOTIFY_MARKET", "us").run(&["x", "--market", "KR"]);
    spotify.tool().env("SPOTIFY_MARKET", " ").run(&["x"]);
    let requests = spotify.requests().await;
    let searches = requests.iter().filter(|request| request.url.path() == "/v1/search");
    let markets: Vec<Option<String>> = searches
        .map(|request| {
            request
                .url
                .query_pairs()
                .find(|(key, _)| key == "market")
                .map(|(_, value)| value.into_owned())
        })
        .collect();
    assert_eq!(markets, [Some("US".into()), Some("KR".into()), None]);
}
