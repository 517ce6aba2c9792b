//! Tables: columns, widths and links on a terminal.

use serde_json::{Value, json};

use crate::support::{TestCommand, TestServer, http_response, raw_server};

const SECTIONS: [&str; 7] =
    ["albums", "artists", "playlists", "tracks", "shows", "episodes", "audiobooks"];
const ALL_TYPES: &str = "album,artist,playlist,track,show,episode,audiobook";

/// Returns an item that has every field, all text fields with the same text.
fn item(section: &str, number: usize, text: &str) -> Value {
    json!({
        "id": id(section, number), "name": text, "artists": [{"name": text}],
        "authors": [{"name": text}], "publisher": text, "owner": {"display_name": text},
        "album": {"name": text}, "genres": [text], "release_date": "1959-08-17",
        "duration_ms": 12_345_678, "total_tracks": 12, "total_episodes": 1_234,
        "total_chapters": 8, "items": {"total": 100}, "followers": {"total": 16_689_729},
        "popularity": 96, "explicit": true,
        "external_urls": {"spotify": format!("https://open.spotify.com/{section}/{number}")},
    })
}

/// Returns an id of 22 characters, as Spotify's.
fn id(section: &str, number: usize) -> String {
    format!("{section:x<20}{number:02}")
}

/// Returns a response with an item of each type for each name.
fn response(names: &[String]) -> Value {
    let section = |key: &str| {
        let items = names.iter().enumerate().map(|(number, name)| item(key, number, name));
        json!({"items": items.collect::<Vec<_>>(), "total": 1_000})
    };
    SECTIONS
        .iter()
        .map(|&key| (key.to_owned(), section(key)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn every_item_has_one_line_at_every_width() {
    let names = [
        "long name ",
        "防弾少年団",
        "👨‍👩‍👧‍👦",
        "🇯🇵",
        "❤️",
        "தமிழா",
        "e\u{301}",
        "\u{3164}",
        "\u{1b}[2J",
        "\n",
    ]
    .map(|unit| unit.repeat(300 / unit.chars().count()));
    let names = [&names[..], &[String::new(), "BTS".into()]].concat();
    let server = TestServer::with_results(&response(&names)).await;
    // A heading, a blank line, the header, the items; a blank line between tables.
    let lines_per_type = 3 + names.len();
    for columns in [40, 60, 80, 120, 200] {
        let args = ["x", "-q", "-n", "50", "-t", ALL_TYPES];
        let outcome = server.command().run_on_terminal(&args, 300, columns);
        assert_eq!(outcome.exit_status, 0, "{outcome:?}");
        let lines = outcome.lines();
        assert_eq!(lines.len(), SECTIONS.len() * (lines_per_type + 1) - 1, "{columns}: {lines:#?}");
        for (section, lines) in SECTIONS.iter().zip(lines.chunks(lines_per_type + 1)) {
            for (number, line) in lines[3..lines_per_type].iter().enumerate() {
                assert!(line.ends_with(&id(section, number)), "{columns}: {line}");
            }
        }
    }
}

#[tokio::test]
async fn name_owner_and_id_are_shown_at_80_columns() {
    let server = TestServer::with_results(&response(&["long name ".repeat(30)])).await;
    let headers = |columns| {
        let args = ["x", "-q", "-t", ALL_TYPES];
        let lines = server.command().run_on_terminal(&args, 100, columns).lines();
        let headers = lines.into_iter().filter(|line| line.starts_with("Name "));
        let words = |line: String| line.split_whitespace().collect::<Vec<_>>().join(" ");
        headers.map(words).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(headers(60), @"
    Name Artists ID
    Name Followers ID
    Name Owner ID
    Name Artists ID
    Name Publisher ID
    Name Released ID
    Name Authors ID
    ");
    insta::assert_snapshot!(headers(80), @"
    Name Artists Released ID
    Name Followers Genres ID
    Name Owner Tracks ID
    Name Artists Album ID
    Name Publisher Episodes ID
    Name Released Length ID
    Name Authors Chapters ID
    ");
    insta::assert_snapshot!(headers(120), @"
    Name Artists Released Tracks Genres ID
    Name Followers Genres ID
    Name Owner Tracks Followers ID
    Name Artists Album Length Released ID
    Name Publisher Episodes ID
    Name Released Length ID
    Name Authors Chapters ID
    ");
}

/// Returns real-looking artists, tracks and albums.
fn catalogue() -> Value {
    let by = |names: &[&str]| names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>();
    let artist = |id, name, followers: u32, genres: &[&str], popularity: u8| json!({"id": id, "name": name, "followers": {"total": followers}, "genres": genres, "popularity": popularity});
    let track = |id,
                 name,
                 artists: &[&str],
                 album,
                 released,
                 duration_ms: u32,
                 explicit: bool,
                 popularity: u8| {
        json!({"id": id, "name": name, "artists": by(artists), "album": {"name": album, "release_date": released},
               "duration_ms": duration_ms, "explicit": explicit, "popularity": popularity})
    };
    let album = |id, name, artists: &[&str], released, tracks: u8| json!({"id": id, "name": name, "artists": by(artists), "release_date": released, "total_tracks": tracks});
    json!({
        "artists": {"total": 3, "items": [
            artist("3Nrfpe0tUJi4K4DXYWgMUX", "BTS", 82_351_290, &["k-pop", "k-pop boy group"], 86),
            artist("5XJLk0tUJi4K4DXYWgMa7B", "방탄소년단 BTS Piano", 3_120, &["piano cover"], 24),
            artist("0kq3vTUJi4K4DXYWgMa7B1", "The Orchestra of Beautiful Quiet Evenings", 112, &[], 3),
        ]},
        "tracks": {"total": 3, "items": [
            track("4vLYewWIvqHfKtJDk8c8tq", "So What (feat. John Coltrane, Cannonball Adderley & Bill Evans)",
                  &["Miles Davis", "John Coltrane", "Cannonball Adderley"], "Kind of Blue (Legacy Edition)", "1959-08-17", 545_000, false, 61),
            track("7ouMYWpwJ422jRcDASZB7P", "Blue in Green", &["Miles Davis"], "Kind of Blue", "1959", 337_733, false, 58),
            track("2takcwOaAZWiXQijPHIx7B", "아이돌 🎤", &["BTS"], "Love Yourself 結 ‘Answer’", "2018-08-24", 222_680, true, 71),
        ]},
        "albums": {"total": 2, "items": [
            album("1weenld61qoidwYuZ1GESA", "Kind of Blue (Legacy Edition)", &["Miles Davis"], "1959-08-17", 21),
            album("0HcHPBu9aaF1MxOiZmUQTl", "Sketches of Spain", &["Miles Davis", "Gil Evans and His Orchestra"], "1960", 5),
        ]},
    })
}

#[tokio::test]
async fn tables_of_artists_tracks_and_albums() {
    let server = TestServer::with_results(&catalogue()).await;
    let screen = |columns| {
        let args = ["blue", "-t", "artist,track,album"];
        server.command().run_on_terminal(&args, 50, columns).screen()
    };
    insta::assert_snapshot!(screen(80), @"
    Artists: 3 of 3 for “blue”

    Name                         Followers  Genres            ID
    BTS                         82,351,290  k-pop, k-pop bo…  3Nrfpe0tUJi4K4DXYWgMUX
    방탄소년단 BTS Piano             3,120  piano cover       5XJLk0tUJi4K4DXYWgMa7B
    The Orchestra of Beautifu…         112                    0kq3vTUJi4K4DXYWgMa7B1

    Tracks: 3 of 3 for “blue”

    Name                      Artists         Album           ID
    So What (feat. John Col…  Miles Davis,…   Kind of Blue…   4vLYewWIvqHfKtJDk8c8tq
    Blue in Green             Miles Davis     Kind of Blue    7ouMYWpwJ422jRcDASZB7P
    아이돌 🎤                 BTS             Love Yourself…  2takcwOaAZWiXQijPHIx7B

    Albums: 2 of 2 for “blue”

    Name                        Artists           Released    ID
    Kind of Blue (Legacy Edit…  Miles Davis       1959-08-17  1weenld61qoidwYuZ1GESA
    Sketches of Spain           Miles Davis, Gi…  1960        0HcHPBu9aaF1MxOiZmUQTl
    ");
    insta::assert_snapshot!(screen(120), @"
    Artists: 3 of 3 for “blue”

    Name                                        Followers  Genres                  Popularity  ID
    BTS                                        82,351,290  k-pop, k-pop boy group          86  3Nrfpe0tUJi4K4DXYWgMUX
    방탄소년단 BTS Piano                            3,120  piano cover                     24  5XJLk0tUJi4K4DXYWgMa7B
    The Orchestra of Beautiful Quiet Evenings         112                                   3  0kq3vTUJi4K4DXYWgMa7B1

    Tracks: 3 of 3 for “blue”

    Name                             Artists                Album                 Length  Released    ID
    So What (feat. John Coltrane,…   Miles Davis, John Co…  Kind of Blue (Legac…    9:05  1959-08-17  4vLYewWIvqHfKtJDk8c8tq
    Blue in Green                    Miles Davis            Kind of Blue            5:37  1959        7ouMYWpwJ422jRcDASZB7P
    아이돌 🎤                        BTS                    Love Yourself 結 ‘A…    3:42  2018-08-24  2takcwOaAZWiXQijPHIx7B

    Albums: 2 of 2 for “blue”

    Name                           Artists                                   Released    Tracks  ID
    Kind of Blue (Legacy Edition)  Miles Davis                               1959-08-17      21  1weenld61qoidwYuZ1GESA
    Sketches of Spain              Miles Davis, Gil Evans and His Orchestra  1960             5  0HcHPBu9aaF1MxOiZmUQTl
    ");
}

#[tokio::test]
async fn links_do_not_change_the_visible_text() {
    let server =
        TestServer::with_results(&response(&["防弾少年団 ".repeat(50), "BTS".into()])).await;
    let run = |force, args: &[&str]| {
        let command = server.command().env("FORCE_HYPERLINK", force);
        command.run_on_terminal(&[&["x", "-t", ALL_TYPES], args].concat(), 100, 80)
    };
    let link = |outcome: &[u8]| String::from_utf8_lossy(outcome).matches("\u{1b}]8;;").count();
    let (linked, plain) = (run("1", &[]), run("0", &[]));
    // A link has a start and an end.
    assert_eq!((link(&linked.bytes), link(&plain.bytes)), (2 * 2 * SECTIONS.len(), 0));
    let cell = "\u{1b}]8;;https://open.spotify.com/artists/1\u{1b}\\BTS\u{1b}]8;;\u{1b}\\    ";
    assert!(String::from_utf8_lossy(&linked.bytes).contains(cell), "{linked:?}");
    assert_eq!(linked.lines(), plain.lines());
    assert_eq!(link(&run("1", &["--color", "never"]).bytes), 0);
}

#[test]
fn width_is_that_of_the_terminal_or_columns_or_unlimited() {
    let command = |columns| TestCommand::new().env("COLUMNS", columns);
    let args = ["--demo", "-q", "BTS", "-f", "table"];
    let piped = |columns| command(columns).run(&args).stdout;
    let terminal =
        |width| command("50").run_on_terminal(&args, 50, width).lines().join("\n") + "\n";
    assert_eq!(piped("60"), terminal(60));
    let unlimited = piped("");
    assert_eq!(unlimited, terminal(500));
    assert_ne!(unlimited, piped("60"));
    for columns in ["0", "-60", "wide"] {
        assert_eq!(piped(columns), unlimited, "{columns}");
    }
}

#[test]
fn a_name_of_a_megabyte_is_cut() {
    for unit in ["x", "\\u001b", "\u{301}"] {
        let name = unit.repeat(1_000_000 / unit.len());
        let body = format!(r#"{{"artists": {{"items": [{{"id": "1", "name": "BTS {name}"}}]}}}}"#);
        let url = raw_server(http_response("200 OK", &body));
        let outcome = TestCommand::for_server(&url).run_on_terminal(&["x"], 10, 80);
        let lines = outcome.lines();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines[3].starts_with("BTS ") && outcome.bytes.len() < 5_000, "{lines:?}");
    }
}
