//! What is known about an item that is searched for.

use std::time::Duration;

/// What is known about a track, an album or another item that is searched for: the cells of a row.
///
/// [`SearchQuery::wanted`](crate::SearchQuery::wanted) searches for it. [`Matcher`](crate::Matcher) compares
/// items with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "an item does nothing until a query or a matcher gets it"]
pub struct Wanted {
    name: String,
    artist: String,
    album: String,
    length: Option<Duration>,
    isrc: String,
}

impl Wanted {
    /// Creates an item with this name. Nothing else about it is known.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets the artist of a track or an album, or several: `Queen; David Bowie`.
    pub fn artist(self, artist: impl Into<String>) -> Self {
        Self { artist: artist.into(), ..self }
    }

    /// Sets the album of a track.
    pub fn album(self, album: impl Into<String>) -> Self {
        Self { album: album.into(), ..self }
    }

    /// Sets the length of a track.
    pub fn length(self, length: Duration) -> Self {
        Self { length: Some(length), ..self }
    }

    /// Sets the recording code of a track.
    pub fn isrc(self, isrc: impl Into<String>) -> Self {
        Self { isrc: isrc.into(), ..self }
    }

    /// Returns the name.
    pub fn get_name(&self) -> &str {
        &self.name
    }

    /// Returns the artist. Empty if it is unknown.
    pub fn get_artist(&self) -> &str {
        &self.artist
    }

    /// Returns the album. Empty if it is unknown.
    pub fn get_album(&self) -> &str {
        &self.album
    }

    /// Returns the length.
    pub fn get_length(&self) -> Option<Duration> {
        self.length
    }

    /// Returns the recording code. Empty if it is unknown.
    pub fn get_isrc(&self) -> &str {
        &self.isrc
    }

    /// Returns the name and the first artist, which find more than all artists do.
    pub(super) fn words(&self) -> String {
        let artist = self.artist.split(';').next().unwrap_or_default();
        [self.name.trim(), artist.trim()].join(" ").trim().to_owned()
    }
}
