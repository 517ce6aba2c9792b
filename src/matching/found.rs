//! How an item matches.

use super::artists::Credited;
use crate::query::Level;

/// How an item matches. The smaller, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub level: Level,
    pub way: Way,
    pub credited: Credited,
    /// True if the artist is not the first one that is credited.
    pub is_further_artist: bool,
    pub album: SameAlbum,
    /// True if the length is known and another one.
    pub has_other_length: bool,
}

/// By what an item matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By its name and the artist of a column, or one that a dash sets off: `Radiohead - Creep`.
    Dash,
    /// By its name: `stand by me`.
    Name,
    /// By the words of its name and its artists: `creep radiohead`, but also `Stand` by `Me`.
    Words,
}

/// Whether a song is on the album that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SameAlbum {
    Same,
    /// Another edition.
    OtherEdition,
    /// Another album, or none was asked for.
    Other,
}

impl Found {
    pub const ISRC: Self = Self { way: Way::Dash, ..Self::by_name(Level::Isrc) };

    /// The item matches by its name alone.
    pub const fn by_name(level: Level) -> Self {
        Self {
            level,
            way: Way::Name,
            credited: Credited::Whole,
            is_further_artist: false,
            album: SameAlbum::Other,
            has_other_length: false,
        }
    }

    /// The item matches by its name and its artists. Returns `None` if that is too little together.
    pub fn by_name_and_artist(
        level: Level,
        way: Way,
        (credited, is_further_artist): (Credited, bool),
    ) -> Option<Self> {
        let level = match credited {
            Credited::Similar if level > Level::Edition => return None,
            Credited::Similar => Level::Subtitle,
            _ => level,
        };
        Some(Self { way, credited, is_further_artist, ..Self::by_name(level) })
    }
}
