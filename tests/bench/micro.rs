//! Parsing, merging and rendering without a network, in MB of JSON per second.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spotify_search::output::{Format, Printer, Target};
use spotify_search::{ItemType, SearchQuery, SearchResults};

use crate::server;

/// The time that each figure is measured for.
const SPAN: Duration = Duration::from_millis(300);

/// Prints a line for each format.
pub fn run() {
    println!("\nfrom response to output, in MB of JSON per second");
    println!("{:<24}{:>16}{:>16}", "", "10 artists", "1000 tracks");
    let artists = [server::artists(0, 10, 1_000).to_string()];
    let tracks: Vec<String> =
        (0..20).map(|page| tracks(page * 50, 50, 1_000).to_string()).collect();
    for (name, format) in [
        ("parse and merge", None),
        ("+ json", Some(Format::Json)),
        ("+ jsonl", Some(Format::Jsonl)),
        ("+ csv", Some(Format::Csv)),
        ("+ table", Some(Format::Table)),
        ("+ id", Some(Format::Id)),
    ] {
        let speeds =
            [speed(&artists, ItemType::Artist, format), speed(&tracks, ItemType::Track, format)];
        println!("{name:<24}{:>16.0}{:>16.0}", speeds[0], speeds[1]);
    }
}

fn speed(pages: &[String], item_type: ItemType, format: Option<Format>) -> f64 {
    let query = Arc::new(SearchQuery::new("x").types([item_type]).limit(1_000));
    let bytes: usize = pages.iter().map(String::len).sum();
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < SPAN || times.len() < 3 {
        let start = Instant::now();
        let mut parsed =
            pages.iter().map(|page| SearchResults::parse(page.as_bytes(), &query, 50).unwrap());
        let mut results = parsed.next().unwrap();
        for page in parsed {
            results.append(page);
        }
        if let Some(format) = format {
            let target = Target { width: Some(120), ..Target::default() };
            black_box(Printer::new(format, target).render(&results));
        }
        black_box(&results);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "an approximate figure")]
    let megabytes = bytes as f64 / 1e6;
    megabytes / times[times.len() / 2].as_secs_f64()
}

/// A page of tracks as an app with Extended Quota gets it, with all markets: about 6 kB each.
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
