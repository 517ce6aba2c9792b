//! How closely a result matches what was asked for.

use std::fmt;

/// How closely a result matches the name that was asked for. Each level contains those before it;
/// [`Isrc`](Self::Isrc) is apart.
///
/// ```
/// use spotify_search::Level;
///
/// assert!(Level::Exact < Level::Edition);
/// assert_eq!(Level::Edition.name(), "edition");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Level {
    /// The ISRC is the one that was asked for.
    Isrc,
    /// Equal but for case, accents, punctuation and white space.
    Exact,
    /// Also a leading article, `&` and `and`, credits such as `feat.`, `Pt.` and `Part`, `-in'` and
    /// `-ing`, `Last, First`.
    Wording,
    /// Also without words that name an edition of the same recording, such as `- Remastered 2009`.
    Edition,
    /// Also without any other part in parentheses or after a dash, colon or slash, and with words written
    /// as one.
    Subtitle,
    /// Also without words that name another recording, such as `- Live`.
    Version,
}

impl Level {
    /// The levels that a search may ask for, the closest first.
    pub const ALL: &[Self] =
        &[Self::Exact, Self::Wording, Self::Edition, Self::Subtitle, Self::Version];

    /// Returns the name in lower case: `exact`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Isrc => "isrc",
            Self::Exact => "exact",
            Self::Wording => "wording",
            Self::Edition => "edition",
            Self::Subtitle => "subtitle",
            Self::Version => "version",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
