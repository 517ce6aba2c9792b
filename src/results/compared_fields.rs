//! The fields of an item that are compared with what was asked for. Each is parsed when it is needed.

use std::time::Duration;

use super::json_object::JsonObject;

/// The fields of a track, an album or another item that are compared with what was asked for.
pub(crate) struct ComparedFields<'a>(pub(super) JsonObject<'a>);

impl ComparedFields<'_> {
    pub fn name(&self) -> Option<String> {
        self.0.text("name")
    }

    /// Returns the names of the artists.
    pub fn artists(&self) -> Vec<String> {
        self.0.texts_of("artists", "name")
    }

    /// Returns the name of the album.
    pub fn album(&self) -> Option<String> {
        self.0.object("album").text("name")
    }

    pub fn length(&self) -> Option<Duration> {
        self.0.count("duration_ms").map(Duration::from_millis)
    }

    pub fn isrc(&self) -> Option<String> {
        self.0.object("external_ids").text("isrc")
    }
}
