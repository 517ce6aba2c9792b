//! The fields of an item that are compared with what was asked for. Each is parsed when it is needed.

use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json_object::{JsonObject, whole_number};

/// The fields of a track, an album or another item that are compared with what was asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ComparedFields<'a> {
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    artists: Option<&'a RawValue>,
    #[serde(borrow)]
    album: Option<&'a RawValue>,
    #[serde(borrow)]
    duration_ms: Option<&'a RawValue>,
    #[serde(borrow)]
    external_ids: Option<&'a RawValue>,
}

impl<'a> ComparedFields<'a> {
    /// Reads an object. Any other JSON value has no fields.
    pub(super) fn read(json: &'a RawValue) -> Self {
        serde_json::from_str(json.get()).unwrap_or_default()
    }

    pub fn name(&self) -> Option<String> {
        serde_json::from_str(self.name?.get()).ok()
    }

    /// Returns the names of the artists.
    pub fn artists(&self) -> Vec<String> {
        #[derive(Deserialize)]
        struct Artist {
            name: String,
        }
        let artists: Option<Vec<&RawValue>> =
            self.artists.and_then(|artists| serde_json::from_str(artists.get()).ok());
        let name = |artist: &RawValue| serde_json::from_str::<Artist>(artist.get()).ok();
        let artists = artists.into_iter().flatten().filter_map(name);
        artists.map(|artist| artist.name).collect()
    }

    /// Returns the name of the album.
    pub fn album(&self) -> Option<String> {
        JsonObject::read(self.album?).text("name")
    }

    pub fn length(&self) -> Option<Duration> {
        whole_number(self.duration_ms?).map(Duration::from_millis)
    }

    pub fn isrc(&self) -> Option<String> {
        JsonObject::read(self.external_ids?).text("isrc")
    }
}
