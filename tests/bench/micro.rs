//! The work between the last byte of an answer and the last byte printed, in MB of JSON a second:
//! a slow parser or renderer shows here long before it does in a run over the network.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spotify_search::output::{Format, Printer, Target};
use spotify_search::query::{ItemType, SearchQuery};
use spotify_search::results::SearchResults;

use crate::server;

/// How long each figure is measured.
const SPAN: Duration = Duration::from_millis(300);

/// Prints a line for each way to print each answer.
pub fn run() {
    println!("\nFrom the last byte of an answer to the last byte printed, MB of JSON a second:\n");
    println!("{:<24}{:>16}{:>16}", "", "10 artists", "1000 tracks");
    let artists = [server::artists(0, 10, 1_000).to_string()];
    let tracks: Vec<String> =
        (0..20).map(|page| tracks(page * 50, 50, 1_000).to_string()).collect();
    for (name, format) in [
        ("parse and merge", None),
        ("… and json", Some(Format::Json)),
        ("… and jsonl", Some(Format::Jsonl)),
        ("… and csv", Some(Format::Csv)),
        ("… and table", Some(Format::Table)),
        ("… and id", Some(Format::Id)),
    ] {
        let speeds =
            [speed(&artists, ItemType::Artist, format), speed(&tracks, ItemType::Track, format)];
        println!("{name:<24}{:>16.0}{:>16.0}", speeds[0], speeds[1]);
    }
}

fn speed(pages: &[String], kind: ItemType, format: Option<Format>) -> f64 {
    let query =
        SearchQuery::new("x", &[], &[kind]).and_then(|query| query.range(0, 1_000)).unwrap();
    let bytes: usize = pages.iter().map(String::len).sum();
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < SPAN || times.len() < 3 {
        let begun = Instant::now();
        let mut parsed =
            pages.iter().map(|page| SearchResults::parse(page.as_bytes(), &query, 50).unwrap());
        let mut results = parsed.next().unwrap();
        for page in parsed {
            results.append(page, &query);
        }
        if let Some(format) = format {
            let target = Target { width: Some(120), ..Target::default() };
            let mut printer = Printer::new(Vec::with_capacity(2 * bytes), format, target);
            printer.print(None, &query, &results).unwrap();
            black_box(&printer);
        }
        black_box(&results);
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
    let megabytes = bytes as f64 / 1e6;
    megabytes / times[times.len() / 2].as_secs_f64()
}

/// A page of tracks as an app with Extended Quota gets it, markets and all: about 6 kB each.
fn tracks(offset: usize, limit: usize, total: usize) -> Value {
    let markets: Vec<String> = (0..184)
        .map(|n| format!("{}{}", char::from(b'A' + n / 26), char::from(b'A' + n % 26)))
        .collect();
    let track = |number: usize| {
        let id = format!("{number:022}");
        let artists =
            json!([{"name": "Miles Davis", "id": id, "type": "artist", "uri": "spotify:artist:x"}]);
        json!({
            "album": {"album_type": "album", "artists": artists, "available_markets": markets, "id": id,
                      "images": [{"height": 640, "url": "https://i.scdn.co/image/a", "width": 640}],
                      "name": "Kind of Blue", "release_date": "1959-08-17", "total_tracks": 5},
            "artists": artists, "available_markets": markets, "disc_number": 1, "duration_ms": 545_000 + number,
            "explicit": false, "external_ids": {"isrc": "USSM15900113"},
            "external_urls": {"spotify": format!("https://open.spotify.com/track/{id}")}, "id": id,
            "name": format!("So What, take {number}"), "popularity": number % 100, "type": "track",
            "uri": format!("spotify:track:{id}"),
        })
    };
    json!({"tracks": {
        "href": "h", "limit": limit, "offset": offset, "total": total, "previous": null,
        "next": (offset + limit < total).then_some("n"),
        "items": (offset..offset + limit).map(track).collect::<Vec<_>>(),
    }})
}
