//! The tolerant view of an item that tables and CSV show. Spotify's fields come and go (since
//! February 2026 a Development Mode app misses many), so each is read by itself, and one that is
//! missing, null or of a wrong type is simply empty.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::query::ItemType;

/// The fields of an item, as the columns of a CSV file name them. Text is never blank: an empty
/// string counts as absent.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "Spotify's documentation says what each is")]
pub struct ItemView {
    pub id: Option<String>,
    pub name: Option<String>,
    /// Artists, owner, publisher or authors.
    pub by: Vec<String>,
    pub album: Option<String>,
    pub genres: Vec<String>,
    /// A year, a month or a day, as precise as Spotify knows it: `1959`, `1959-08-17`.
    pub released: Option<String>,
    pub duration_ms: Option<u64>,
    /// Tracks, episodes or chapters.
    pub count: Option<u64>,
    pub followers: Option<u64>,
    /// 0 to 100.
    pub popularity: Option<u64>,
    pub explicit: Option<bool>,
    /// The page of the item for people.
    pub url: Option<String>,
    pub uri: Option<String>,
    /// The address of the first picture, which is the widest.
    pub image: Option<String>,
}

impl ItemView {
    /// Reads what can be read of an item of this type.
    pub(crate) fn of(kind: ItemType, json: &RawValue) -> Self {
        let item = Object::read(json);
        let album = item.object("album");
        Self {
            id: item.text("id"),
            name: item.text("name"),
            by: by(kind, &item),
            album: album.text("name"),
            genres: item.values::<String>("genres"),
            released: item.text("release_date").or(album.text("release_date")),
            duration_ms: item.count("duration_ms"),
            count: count(kind, &item),
            followers: item.object("followers").count("total"),
            popularity: item.count("popularity"),
            explicit: item.value("explicit"),
            url: item.object("external_urls").text("spotify"),
            uri: item.text("uri"),
            image: first_image(&item).or_else(|| first_image(&album)),
        }
    }
}

fn by(kind: ItemType, item: &Object) -> Vec<String> {
    match kind {
        ItemType::Playlist => {
            let owner = item.object("owner");
            // A display name is often null; Spotify's own apps show the id then.
            owner.text("display_name").or(owner.text("id")).into_iter().collect()
        }
        ItemType::Audiobook => item.texts_of("authors", "name"),
        ItemType::Show => item.text("publisher").into_iter().collect(),
        ItemType::Album | ItemType::Artist | ItemType::Track | ItemType::Episode => {
            item.texts_of("artists", "name")
        }
    }
}

fn count(kind: ItemType, item: &Object) -> Option<u64> {
    match kind {
        ItemType::Album => item.count("total_tracks"),
        ItemType::Show => item.count("total_episodes"),
        ItemType::Audiobook => item.count("total_chapters"),
        // `tracks` became `items` in February 2026; some answers carry both.
        ItemType::Playlist => {
            item.object("items").count("total").or_else(|| item.object("tracks").count("total"))
        }
        ItemType::Artist | ItemType::Track | ItemType::Episode => None,
    }
}

fn first_image(item: &Object) -> Option<String> {
    item.texts_of("images", "url").into_iter().next()
}

/// A JSON object whose fields are read one by one, so that a broken one harms no other.
#[derive(Default)]
pub(crate) struct Object<'a>(HashMap<String, &'a RawValue>);

impl<'a> Object<'a> {
    /// The object, or an empty one where the value is of another type.
    pub fn read(json: &'a RawValue) -> Self {
        serde_json::from_str(json.get()).map(Self).unwrap_or_default()
    }

    fn value<T: Deserialize<'a>>(&self, key: &str) -> Option<T> {
        self.0.get(key).and_then(|value| serde_json::from_str(value.get()).ok())
    }

    /// Text that is not blank.
    pub fn text(&self, key: &str) -> Option<String> {
        self.value(key).filter(not_blank)
    }

    fn count(&self, key: &str) -> Option<u64> {
        self.0.get(key).and_then(|value| whole(value))
    }

    fn object(&self, key: &str) -> Self {
        self.0.get(key).map(|value| Self::read(value)).unwrap_or_default()
    }

    /// The entries of a list that are of this type.
    fn values<T: Deserialize<'a>>(&self, key: &str) -> Vec<T> {
        let entries: Vec<&'a RawValue> = self.value(key).unwrap_or_default();
        entries.into_iter().filter_map(|entry| serde_json::from_str(entry.get()).ok()).collect()
    }

    /// The text of one field in each object of a list.
    fn texts_of(&self, key: &str, field: &str) -> Vec<String> {
        let entries: Vec<&'a RawValue> = self.values(key);
        entries.into_iter().filter_map(|entry| Object::read(entry).text(field)).collect()
    }
}

#[expect(clippy::ptr_arg, reason = "a predicate for Option<String>::filter")]
fn not_blank(text: &String) -> bool {
    !text.trim().is_empty()
}

/// A whole number of nought or more, also where it is written `968410.0`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked: whole, and exact in a double"
)]
pub(crate) fn whole(json: &RawValue) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    let number: serde_json::Number = serde_json::from_str(json.get()).ok()?;
    number.as_u64().or_else(|| {
        let double = number.as_f64()?;
        let is_whole = (0.0..EXACT).contains(&double) && double.fract() == 0.0;
        is_whole.then_some(double as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn view(kind: ItemType, json: &str) -> ItemView {
        ItemView::of(kind, &RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn a_track_takes_what_it_lacks_from_its_album() {
        let track = view(
            ItemType::Track,
            r#"{"id": "t1", "name": "So What", "type": "track", "uri": "spotify:track:t1",
                "artists": [{"name": "Miles"}, null, {"name": null}, {"name": "Bill"}],
                "album": {"name": "Kind of Blue", "release_date": "1959-08-17",
                          "images": [{"url": "wide", "width": null}, {"url": "narrow"}]},
                "duration_ms": 968410.0, "popularity": 55, "explicit": false,
                "external_urls": {"spotify": "page"}}"#,
        );
        let expected = ItemView {
            id: Some("t1".into()),
            name: Some("So What".into()),
            by: vec!["Miles".into(), "Bill".into()],
            album: Some("Kind of Blue".into()),
            released: Some("1959-08-17".into()),
            duration_ms: Some(968_410),
            popularity: Some(55),
            explicit: Some(false),
            url: Some("page".into()),
            uri: Some("spotify:track:t1".into()),
            image: Some("wide".into()),
            ..ItemView::default()
        };
        assert_eq!(track, expected);
    }

    #[test]
    fn a_playlist_counts_by_the_new_name_or_the_old() {
        let count = |json| view(ItemType::Playlist, json).count;
        assert_eq!(count(r#"{"items": {"total": 7}, "tracks": {"total": 8}}"#), Some(7));
        assert_eq!(count(r#"{"items": {"href": "x"}, "tracks": {"total": 8}}"#), Some(8));
        assert_eq!(count(r#"{"items": null, "tracks": [1]}"#), None);
    }

    #[test]
    fn whom_it_is_by_depends_on_the_type() {
        let by = |kind, json| view(kind, json).by.join("; ");
        assert_eq!(by(ItemType::Playlist, r#"{"owner": {"display_name": null, "id": "o"}}"#), "o");
        assert_eq!(
            by(ItemType::Playlist, r#"{"owner": {"display_name": "Ann", "id": "o"}}"#),
            "Ann"
        );
        assert_eq!(by(ItemType::Show, r#"{"publisher": "Radio"}"#), "Radio");
        assert_eq!(
            by(ItemType::Audiobook, r#"{"authors": [{"name": "A"}], "publisher": "P"}"#),
            "A"
        );
    }

    #[test]
    fn a_field_of_a_wrong_type_is_empty_and_harms_no_other() {
        let artist = view(
            ItemType::Artist,
            r#"{"id": 7, "name": "\ud800", "genres": ["jazz", 1, null], "popularity": 12.5,
                "followers": {"total": -1}, "explicit": "no", "images": [null, {"url": 1}],
                "external_urls": [], "uri": "u", "duration_ms": 1e300}"#,
        );
        let expected =
            ItemView { genres: vec!["jazz".into()], uri: Some("u".into()), ..ItemView::default() };
        assert_eq!(artist, expected);
        assert_eq!(view(ItemType::Show, "[1, 2]"), ItemView::default());
    }

    proptest! {
        #[test]
        fn any_value_in_any_field_is_survived(key in 0..8_usize, value in "[\\[\\]{}\",:0-9a-z]{0,20}") {
            let keys = ["id", "name", "artists", "album", "genres", "images", "owner", "tracks"];
            let json = format!(r#"{{"{}": {value}}}"#, keys[key]);
            if let Ok(raw) = RawValue::from_string(json) {
                for kind in ItemType::ALL {
                    ItemView::of(kind, &raw);
                }
            }
        }
    }
}
