//! The facts about an item of the sample catalogue, and their form in a response of the Web API. A
//! field that is not known is left out.

use std::collections::HashMap;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Value, json};

use crate::query::ItemType;

/// The ids of artists, by name.
pub type ArtistIds<'a> = HashMap<&'a str, &'a str>;

/// A row of `catalogue.csv`. The columns mean the same as in the command's CSV output.
#[derive(serde::Deserialize)]
pub struct Facts {
    #[serde(rename = "type", deserialize_with = "item_type")]
    pub item_type: ItemType,
    pub id: String,
    pub name: String,
    by: String,
    album: Option<String>,
    genres: String,
    released: Option<String>,
    duration_ms: Option<u64>,
    count: Option<u64>,
    followers: Option<u64>,
    popularity: Option<u64>,
    explicit: Option<bool>,
}

impl Facts {
    /// Returns the item in the shape that the Web API uses for its type.
    pub fn to_json(&self, artist_ids: &ArtistIds) -> Value {
        let mut item = identity(self.item_type, &self.id, &self.name);
        if self.item_type != ItemType::Track {
            item["images"] = json!([]);
        }
        if let Value::Object(fields) = self.fields_of_type(artist_ids) {
            for (key, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
                item[key] = value;
            }
        }
        item
    }

    /// Returns the fields that depend on the type, null if unknown.
    fn fields_of_type(&self, artist_ids: &ArtistIds) -> Value {
        match self.item_type {
            ItemType::Album => json!({
                "artists": self.artists(artist_ids),
                "release_date": self.released,
                "release_date_precision": self.release_precision(),
                "total_tracks": self.count,
            }),
            ItemType::Artist => json!({
                "followers": {"href": null, "total": self.followers},
                "genres": values(&self.genres).collect::<Vec<_>>(),
                "popularity": self.popularity,
            }),
            ItemType::Playlist => json!({
                "items": {
                    "href": format!("https://api.spotify.com/v1/playlists/{}/items", self.id),
                    "total": self.count,
                },
                "owner": {"display_name": self.by, "type": "user"},
            }),
            ItemType::Track => json!({
                "album": {
                    "images": [],
                    "name": self.album,
                    "release_date": self.released,
                    "release_date_precision": self.release_precision(),
                    "type": "album",
                },
                "artists": self.artists(artist_ids),
                "duration_ms": self.duration_ms,
                "explicit": self.explicit,
                "popularity": self.popularity,
            }),
            ItemType::Show => json!({
                "explicit": self.explicit,
                "publisher": self.by,
                "total_episodes": self.count,
            }),
            ItemType::Episode => json!({
                "duration_ms": self.duration_ms,
                "explicit": self.explicit,
                "release_date": self.released,
                "release_date_precision": self.release_precision(),
            }),
            ItemType::Audiobook => json!({
                "authors": values(&self.by).map(|name| json!({"name": name})).collect::<Vec<_>>(),
                "explicit": self.explicit,
                "total_chapters": self.count,
            }),
        }
    }

    fn artists(&self, artist_ids: &ArtistIds) -> Vec<Value> {
        let artist = |name| match artist_ids.get(name) {
            Some(id) => identity(ItemType::Artist, id, name),
            None => json!({"name": name, "type": "artist"}),
        };
        values(&self.by).map(artist).collect()
    }

    fn release_precision(&self) -> Option<&'static str> {
        self.released.as_ref().map(|date| match date.len() {
            4 => "year",
            7 => "month",
            _ => "day",
        })
    }
}

/// Returns the fields that identify an item of any type.
fn identity(item_type: ItemType, id: &str, name: &str) -> Value {
    // The page and the URI of an audiobook are those of a show.
    let page = if item_type == ItemType::Audiobook { ItemType::Show } else { item_type };
    json!({
        "external_urls": {"spotify": format!("https://open.spotify.com/{page}/{id}")},
        "href": format!("https://api.spotify.com/v1/{}/{id}", item_type.section()),
        "id": id,
        "name": name,
        "type": item_type.name(),
        "uri": format!("spotify:{page}:{id}"),
    })
}

/// Splits a cell with several values.
fn values(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("; ").filter(|value| !value.is_empty())
}

fn item_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ItemType, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}
