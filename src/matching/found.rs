//! How an item matches.

use crate::query::Level;

/// How an item matches: the surer way first, and of these the closer level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    pub way: Way,
    pub level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By the name and the whole artist, or `Radiohead - Creep`.
    NameAndArtist,
    /// By the name, and one of several artists that the text names: `Tyler` of `Tyler, The Creator`.
    OneOfArtists,
    /// The words are the name: `stand by me`.
    Words,
    /// The words are the name and the artist: `creep radiohead`, but also `Stand` by `Me`.
    WordsWithArtist,
    /// The words contain what only the item has in parentheses or after a dash: `Creep (Radiohead)`.
    WordsWithPart,
}
