//! The item types of Spotify's catalogue, named as in the Web API.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::QueryError;
use super::query_error::by_name;

/// A type of item in Spotify's catalogue. Serializes to its [name](Self::name).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are self-explanatory")]
#[non_exhaustive]
pub enum ItemType {
    Album,
    Artist,
    Playlist,
    Track,
    Show,
    Episode,
    Audiobook,
}

impl ItemType {
    /// Every type, in the order of Spotify's documentation.
    pub const ALL: &[Self] = &[
        Self::Album,
        Self::Artist,
        Self::Playlist,
        Self::Track,
        Self::Show,
        Self::Episode,
        Self::Audiobook,
    ];

    /// Returns the name in a request: `artist`.
    pub fn name(self) -> &'static str {
        self.section().trim_end_matches('s')
    }

    /// Returns the plural, which is the key of the type's section in a response: `artists`.
    pub fn section(self) -> &'static str {
        match self {
            Self::Album => "albums",
            Self::Artist => "artists",
            Self::Playlist => "playlists",
            Self::Track => "tracks",
            Self::Show => "shows",
            Self::Episode => "episodes",
            Self::Audiobook => "audiobooks",
        }
    }

    /// Returns the type whose section has this key in a response.
    pub(crate) fn of_section(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|item_type| item_type.section() == key)
    }
}

impl fmt::Display for ItemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ItemType {
    type Err = QueryError;

    /// Parses a name in the singular or the plural, in any case: `artist`, `Artists`.
    fn from_str(text: &str) -> Result<Self, QueryError> {
        let text = text.trim();
        let singular = text.strip_suffix(['s', 'S']).unwrap_or(text);
        by_name("a type", Self::ALL, Self::name, singular)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_it_displays_and_its_plural() {
        for item_type in ItemType::ALL.iter().copied() {
            assert_eq!(item_type.to_string().to_uppercase().parse(), Ok(item_type));
            assert_eq!(item_type.section().to_uppercase().parse(), Ok(item_type));
            let json = serde_json::to_string(&item_type).unwrap();
            assert_eq!(serde_json::from_str::<ItemType>(&json).unwrap(), item_type);
            assert_eq!(ItemType::of_section(item_type.section()), Some(item_type));
        }
        let error = "song".parse::<ItemType>().unwrap_err().to_string();
        assert!(error.contains("album, artist, playlist"), "{error}");
    }
}
