//! The lines for which a wrong item was picked once, and those that are read in several ways.

use serde_json::json;

use super::Matcher;
use crate::query::{ItemType, Level};
use crate::results::Item;

/// Returns the number of the item that is picked, starting at 1, its level and the number of matches.
fn pick(
    item_type: ItemType,
    matcher: &Matcher,
    items: &[(&str, &[&str])],
    level: Level,
) -> (usize, &'static str, usize) {
    let json = |(number, (name, artists)): (usize, &(&str, &[&str]))| {
        let artists: Vec<_> = artists.iter().map(|name| json!({ "name": name })).collect();
        json!({ "id": (number + 1).to_string(), "name": name, "artists": artists }).to_string()
    };
    let items = items.iter().enumerate().map(json);
    let items: Vec<Item> = items.map(|json| Item::from_json(item_type, &json).unwrap()).collect();
    let Some(best) = matcher.pick(&items, level) else { return (0, "none", 0) };
    let number = best.id().unwrap().parse().unwrap();
    (number, best.level().unwrap().name(), best.matches().unwrap())
}

#[track_caller]
fn assert_picks(
    level: Level,
    line: &str,
    items: &[(&str, &[&str])],
    expected: (usize, &str, usize),
) {
    let matcher = Matcher::new(ItemType::Track, line);
    assert_eq!(pick(ItemType::Track, &matcher, items, level), expected, "{line} of {items:?}");
}

#[test]
fn words_may_contain_the_artist() {
    for line in [
        "Radiohead - Karma Police",
        "Karma Police – Radiohead",
        "karma police BY radiohead",
        "karma police radiohead",
        "RADIOHEAD karma police",
    ] {
        let items: [(&str, &[&str]); 2] = [
            ("Karma Police", &["Easy Star All-Stars"]),
            ("Karma Police - Remastered", &["Radiohead"]),
        ];
        assert_picks(Level::Subtitle, line, &items, (2, "edition", 1));
    }
    assert_picks(Level::Version, "Radiohead", &[("", &["Radiohead"])], (0, "none", 0));
}

#[test]
fn artist_in_words_is_no_part_that_may_be_dropped() {
    let picks = |line, items, expected| assert_picks(Level::Subtitle, line, items, expected);
    let days: [(&str, &[&str]); 2] = [("봄날", &["Cover Kim"]), ("봄날", &["BTS"])];
    for line in ["봄날 BTS", "BTS - 봄날"] {
        picks(line, &days, (2, "exact", 1));
        picks(line, &days[..1], (0, "none", 0));
    }
    picks("Creep 椎名林檎", &[("Creep", &["Radiohead"])], (0, "none", 0));
    picks("Hurt Кино", &[("Hurt", &["Radiohead"])], (0, "none", 0));
    assert_picks(Level::Exact, "Lemon 米津玄師", &[("Lemon", &["米津玄師"])], (1, "exact", 1));
    let songs: [(&str, &[&str]); 2] =
        [("Song Name - Live", &["Wrong One"]), ("Song Name - Live", &["Right One"])];
    picks("song name - live by right one", &songs, (2, "exact", 1));
    picks("song name - live by right one", &songs[..1], (0, "none", 0));
    let happy: [(&str, &[&str]); 2] = [
        ("Happy - From \"Despicable Me 2\"", &["Cover"]),
        ("Happy - From \"Despicable Me 2\"", &["Pharrell Williams"]),
    ];
    let line = "happy - from \"despicable me 2\" by pharrell williams";
    picks(line, &happy[..1], (0, "none", 0));
    picks(line, &happy, (2, "exact", 1));
    let hurt: [(&str, &[&str]); 2] = [("Hurt", &["Nine Inch Nails"]), ("Hurt", &["Johnny Cash"])];
    for line in ["Hurt (Johnny Cash)", "Hurt feat. Johnny Cash"] {
        picks(line, &hurt, (2, "exact", 1));
        picks(line, &hurt[..1], (0, "none", 0));
    }
    let creep: [(&str, &[&str]); 2] =
        [("Creep Radiohead [Explicit]", &["Karaoke Stars"]), ("Creep", &["Radiohead"])];
    picks("creep radiohead", &creep, (2, "exact", 1));
    picks("creep radiohead", &creep[..1], (1, "edition", 1));
    picks("yesterday beatles", &[("Yesterday (Beatles)", &["Piano"])], (1, "subtitle", 1));
    assert_picks(Level::Exact, "Hello - Adele", &[("Hello - Adele", &["Adele"])], (1, "exact", 1));
    picks("stand by me", &[("Stand", &["Me"]), ("Stand by Me", &["Ben E. King"])], (2, "exact", 1));
}

#[test]
fn parts_after_the_artist_belong_to_the_name() {
    let picks = |line, items, expected| assert_picks(Level::Subtitle, line, items, expected);
    for line in ["creep radiohead - live", "creep by radiohead (live)"] {
        picks(line, &[("Creep - Live", &["Radiohead"])], (1, "exact", 1));
        picks(line, &[("Creep", &["Radiohead"])], (0, "none", 0));
    }
    picks("(Líve) Creep", &[("Creep - Live", &["Radiohead"])], (1, "wording", 1));
    let line = "NAME (Karaoke Version) by A & B";
    assert_picks(Level::Version, line, &[("NAME", &["A", "B"])], (1, "version", 1));
    picks(line, &[("NAME", &["A", "B"])], (0, "none", 0));
    let line = "HUMBLE. - SKRILLEX REMIX by Skrillex & Kendrick Lamar";
    picks(line, &[("HUMBLE.", &["Kendrick Lamar"])], (0, "none", 0));
    let solo: [(&str, &[&str]); 2] = [
        ("Let Me Down Slowly", &["Alec Benjamin"]),
        ("Let Me Down Slowly (feat. Alessia Cara)", &["Alec Benjamin", "Alessia Cara"]),
    ];
    picks("let me down slowly (feat. alessia cara) alec benjamin", &solo, (2, "exact", 1));
    let albums: [(&str, &[&str]); 2] =
        [("Meteora", &["Linkin Park"]), ("Meteora (Bonus Edition)", &["Linkin Park"])];
    let matcher = Matcher::new(ItemType::Album, "meteora (bonus edition) linkin park");
    assert_eq!(pick(ItemType::Album, &matcher, &albums, Level::Subtitle), (2, "exact", 1));
    assert_eq!(pick(ItemType::Album, &matcher, &albums[..1], Level::Subtitle), (1, "edition", 1));
}

#[test]
fn artists_at_an_end_are_credited_or_begin_with_one_who_is() {
    let picks = |line, items, expected| assert_picks(Level::Subtitle, line, items, expected);
    let pressure: [(&str, &[&str]); 1] = [("Under Pressure", &["Queen", "David Bowie"])];
    for line in ["under pressure queen david bowie", "David Bowie, Queen under pressure"] {
        picks(line, &pressure, (1, "exact", 1));
    }
    let stay: [(&str, &[&str]); 1] = [("Stay", &["Rihanna"])];
    picks("Stay Rihanna & Mikky Ekko", &stay, (1, "exact", 1));
    picks("Stay Mikky Ekko & Rihanna", &stay, (0, "none", 0));
    picks("Stay the Night Zedd & Rihanna", &stay, (0, "none", 0));
    picks("Nelly featuring St. Lunatics Stay", &[("Stay", &["Nelly"])], (1, "exact", 1));
    picks("Guilty Barry Gibb", &[("Guilty (feat. Barry Gibb)", &["X"])], (0, "none", 0));
    let words = ["word"; 40].join(" ");
    picks(&format!("{words} Radiohead"), &[(&words, &["Radiohead"])], (1, "exact", 1));
}

#[test]
fn order_of_spotify_decides_where_no_artist_is_known() {
    let happy: [(&str, &[&str]); 4] = [
        ("Happy - From \"Despicable Me 2\"", &["Pharrell Williams"]),
        ("Happy?", &["Mudvayne"]),
        ("Happy (Song)", &["X"]),
        ("The Happy", &["Y"]),
    ];
    assert_picks(Level::Subtitle, "happy", &happy, (1, "edition", 3));
    assert_picks(Level::Wording, "happy", &happy, (2, "exact", 2));
    assert_picks(Level::Subtitle, "happy mudvayne", &happy, (2, "exact", 1));
    let artists: [(&str, &[&str]); 2] = [("The Beatles", &[]), ("Beatles", &[])];
    let matcher = Matcher::new(ItemType::Artist, "beatles");
    assert_eq!(pick(ItemType::Artist, &matcher, &artists, Level::Subtitle), (1, "wording", 2));
}

#[test]
fn line_and_row_give_the_same_pick() {
    let items: [(&str, &[&str]); 5] = [
        ("Creep (Song)", &["Radiohead"]),
        ("Creep", &["Guest", "Radiohead"]),
        ("Creep - Live", &["Radiohead"]),
        ("Creep - Mono", &["Radiohead"]),
        ("CREEP", &["Radiohead"]),
    ];
    for count in 0..=items.len() {
        for level in Level::ALL {
            let picked = |matcher| pick(ItemType::Track, &matcher, &items[..count], *level);
            let row = picked(Matcher::new(ItemType::Track, "Creep").artist("Radiohead"));
            assert_eq!(picked(Matcher::new(ItemType::Track, "Radiohead - Creep")), row);
            let row = picked(Matcher::new(ItemType::Track, "A Creep").artist("Radiohead"));
            assert_eq!(picked(Matcher::new(ItemType::Track, "Radiohead - A Creep")), row);
        }
    }
}
