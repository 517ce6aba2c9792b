//! How closely a result matches what was asked for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::QueryError;
use super::query_error::by_name;

/// How closely a result matches the name that was asked for. Each level contains those before it;
/// [`Isrc`](Self::Isrc) is apart. Serializes to its [name](Self::name).
///
/// ```
/// use spotify_search::Level;
///
/// assert!(Level::Exact < Level::Edition);
/// assert_eq!(Level::Edition.to_string(), "edition");
/// assert_eq!("edition".parse(), Ok(Level::Edition));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// The ISRC is the one that was asked for.
    Isrc,
    /// Equal but for case, accents, punctuation and white space.
    Exact,
    /// Also a leading article, `&` and `and`, credits such as `feat.`, `Pt.` and `Part`, `-in'` and
    /// `-ing`, `Last, First`. Playlists, shows, episodes and audiobooks match at this level or closer.
    Wording,
    /// Also without words that name an edition of the same recording, such as `- Remastered 2009`.
    Edition,
    /// Also without any other part in parentheses or after a dash, colon or slash, with words written as
    /// one, or by an artist with a longer or shorter name.
    Subtitle,
    /// Also without words that name another recording, such as `- Live`, `- Audien Mix` or `(Japanese ver.)`.
    Version,
}

impl Level {
    /// Every level, in order.
    pub const ALL: &[Self] =
        &[Self::Isrc, Self::Exact, Self::Wording, Self::Edition, Self::Subtitle, Self::Version];

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

impl FromStr for Level {
    type Err = QueryError;

    /// Parses a name in any case: `exact`.
    fn from_str(text: &str) -> Result<Self, QueryError> {
        by_name("a level", Self::ALL, Self::name, text.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_deserializes_what_it_displays_and_serializes() {
        for level in Level::ALL {
            assert_eq!(level.to_string().to_uppercase().parse(), Ok(*level));
            let json = serde_json::to_string(level).unwrap();
            assert_eq!(json, format!("\"{level}\""));
            assert_eq!(serde_json::from_str::<Level>(&json).unwrap(), *level);
        }
        let error = "near".parse::<Level>().unwrap_err().to_string();
        assert_eq!(error, "a level is one of isrc, exact, wording, edition, subtitle, version");
    }
}
