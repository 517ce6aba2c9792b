//! One item of a response, and the typed view of it that tables and CSV show.
//!
//! Spotify adds and removes fields (since February 2026 a Development Mode app gets fewer), so the
//! view reads each field separately and leaves out what is missing, null or of another type.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::compared_fields::ComparedFields;
use super::json_object::JsonObject;
use crate::query::{ItemType, Level};

/// An album, artist or other item, as the JSON text that Spotify sent. Serializes to this text.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Item {
    #[serde(skip)]
    kind: ItemType,
    json: Box<RawValue>,
    /// How closely it matches, and how many of the compared results match as closely.
    #[serde(skip)]
    matched: Option<(Level, usize)>,
}

/// The common fields of all item types; the columns of a CSV file. Blank strings count as missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ItemView {
    /// The Spotify id: 22 letters and digits.
    pub id: Option<String>,
    /// The name or title.
    pub name: Option<String>,
    /// Artists, owner, publisher or authors.
    pub by: Vec<String>,
    /// The ids of the artists.
    pub by_ids: Vec<String>,
    /// The album of a track.
    pub album: Option<String>,
    /// The id of a track's album.
    pub album_id: Option<String>,
    /// `album`, `single` or `compilation`, of an album or of a track's album.
    pub album_type: Option<String>,
    /// Genres.
    pub genres: Vec<String>,
    /// The release date as precise as Spotify knows it: `1959` or `1959-08-17`.
    pub released: Option<String>,
    /// The length in milliseconds.
    pub duration_ms: Option<u64>,
    /// The number of tracks, episodes or chapters.
    pub count: Option<u64>,
    /// The number of followers.
    pub followers: Option<u64>,
    /// The popularity, 0 to 100.
    pub popularity: Option<u64>,
    /// True if the lyrics or the speech are explicit.
    pub explicit: Option<bool>,
    /// The recording code of a track.
    pub isrc: Option<String>,
    /// The barcode number of an album.
    pub upc: Option<String>,
    /// The URL of the item's page.
    pub url: Option<String>,
    /// The URI: `spotify:track:…`.
    pub uri: Option<String>,
    /// The URL of the first image. Spotify lists the widest first.
    pub image: Option<String>,
}

impl Item {
    pub(crate) fn new(item_type: ItemType, json: Box<RawValue>) -> Self {
        Self { kind: item_type, json, matched: None }
    }

    /// Makes an item of its JSON text, for example of one that a database has stored.
    ///
    /// # Errors
    ///
    /// The parser's error if the text is not a JSON object.
    ///
    /// ```
    /// use spotify_search::{Item, ItemType};
    ///
    /// let item = Item::from_json(ItemType::Track, r#"{"name": "Creep"}"#)?;
    /// assert_eq!(item.name().as_deref(), Some("Creep"));
    /// assert!(Item::from_json(ItemType::Track, "[1, 2]").is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn from_json(item_type: ItemType, json: &str) -> serde_json::Result<Self> {
        serde_json::from_str::<HashMap<String, &RawValue>>(json)?;
        Ok(Self::new(item_type, RawValue::from_string(json.to_owned())?))
    }

    /// Sets how closely the item matches, and how many of the compared results match as closely.
    pub(crate) fn matched(self, level: Level, count: usize) -> Self {
        Self { matched: Some((level, count)), ..self }
    }

    /// Returns how closely the item matches, if the query asks for a level.
    pub fn level(&self) -> Option<Level> {
        self.matched.map(|(level, _)| level)
    }

    /// Returns how many of the compared results match as closely as this one, itself included: with
    /// 1, no other compared result does, and 4 may be four artists of one name. `None` if the query asks
    /// for no level.
    pub fn matches(&self) -> Option<usize> {
        self.matched.map(|(_, count)| count)
    }

    /// Returns the type of the item.
    pub fn item_type(&self) -> ItemType {
        self.kind
    }

    /// Returns the Spotify id: 22 letters and digits.
    pub fn id(&self) -> Option<String> {
        JsonObject::read(&self.json).text("id")
    }

    /// Returns the name or title.
    pub fn name(&self) -> Option<String> {
        JsonObject::read(&self.json).text("name")
    }

    /// Returns the JSON text that Spotify sent.
    pub fn json(&self) -> &str {
        self.json.get()
    }

    /// Parses the item into a type of the caller.
    ///
    /// # Errors
    ///
    /// The parser's error if the item does not have the shape of `T`.
    pub fn parse<'a, T: serde::Deserialize<'a>>(&'a self) -> serde_json::Result<T> {
        serde_json::from_str(self.json.get())
    }

    /// Returns the fields that are compared with what was asked for.
    pub(crate) fn compared_fields(&self) -> ComparedFields<'_> {
        ComparedFields(JsonObject::read(&self.json))
    }

    /// Returns the item's common fields.
    pub fn view(&self) -> ItemView {
        let item = JsonObject::read(&self.json);
        let (album, codes) = (item.object("album"), item.object("external_ids"));
        ItemView {
            id: item.text("id"),
            name: item.text("name"),
            by: by(self.kind, &item),
            by_ids: item.texts_of("artists", "id"),
            album: album.text("name"),
            album_id: album.text("id"),
            album_type: item.text("album_type").or(album.text("album_type")),
            genres: item.values::<String>("genres"),
            released: item.text("release_date").or(album.text("release_date")),
            duration_ms: item.count("duration_ms"),
            count: count(self.kind, &item),
            followers: item.object("followers").count("total"),
            popularity: item.count("popularity"),
            explicit: item.value("explicit"),
            isrc: codes.text("isrc"),
            upc: codes.text("upc"),
            url: item.object("external_urls").text("spotify"),
            uri: item.text("uri"),
            image: first_image(&item).or_else(|| first_image(&album)),
        }
    }
}

fn by(item_type: ItemType, item: &JsonObject) -> Vec<String> {
    match item_type {
        ItemType::Playlist => {
            let owner = item.object("owner");
            // The display name is often null. Spotify's own apps show the id then.
            owner.text("display_name").or(owner.text("id")).into_iter().collect()
        }
        ItemType::Audiobook => item.texts_of("authors", "name"),
        ItemType::Show => item.text("publisher").into_iter().collect(),
        ItemType::Album | ItemType::Artist | ItemType::Track | ItemType::Episode => {
            item.texts_of("artists", "name")
        }
    }
}

fn count(item_type: ItemType, item: &JsonObject) -> Option<u64> {
    match item_type {
        ItemType::Album => item.count("total_tracks"),
        ItemType::Show => item.count("total_episodes"),
        ItemType::Audiobook => item.count("total_chapters"),
        // `tracks` became `items` in February 2026. Some responses have both.
        ItemType::Playlist => {
            item.object("items").count("total").or_else(|| item.object("tracks").count("total"))
        }
        ItemType::Artist | ItemType::Track | ItemType::Episode => None,
    }
}

fn first_image(item: &JsonObject) -> Option<String> {
    item.texts_of("images", "url").into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(item_type: ItemType, json: &str) -> ItemView {
        Item::new(item_type, RawValue::from_string(json.to_owned()).unwrap()).view()
    }

    #[test]
    fn track_takes_missing_fields_from_its_album() {
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
    fn playlist_count_has_two_names() {
        let count = |json| view(ItemType::Playlist, json).count;
        assert_eq!(count(r#"{"items": {"total": 7}, "tracks": {"total": 8}}"#), Some(7));
        assert_eq!(count(r#"{"items": {"href": "x"}, "tracks": {"total": 8}}"#), Some(8));
        assert_eq!(count(r#"{"items": null, "tracks": [1]}"#), None);
    }

    #[test]
    fn by_depends_on_the_type() {
        let by = |item_type, json| view(item_type, json).by.join("; ");
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
    fn malformed_field_is_left_out() {
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
}
