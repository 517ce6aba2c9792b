//! What the words of a part say: another recording, an edition, a credit, a part number, or a subtitle.

use std::collections::BTreeSet;

use super::fold::fold;
use super::level::Level;

/// Words that name another recording.
const VERSION: &str = "live|unplugged|concert|remix|remixed|acoustic|demo|instrumental|karaoke|cover|covers|\
    tribute|rehearsal|session|sessions|outtake|alternate|alternative|a cappella|acapella|acappella|sped up|\
    slowed|nightcore|dub|club|extended|orchestral|piano|reprise|re recorded|rerecorded|taylor s version|\
    mashup|medley|ao vivo|en vivo|en directo";

/// Words of which one is enough to name an edition.
const EDITION: &str = "remaster|remastered|mastered|master|mono|stereo|version|edition|edit|single|deluxe|\
    expanded|anniversary|bonus|explicit|clean|edited|length|official|soundtrack|ost|standard|platinum|\
    original|mix|film|movie|band|musician|singer|rapper|group|duo|dj";

/// Words that may stand beside those of an edition.
const BESIDE_EDITION: &str = "radio|album|motion|picture|music|digital|digitally|new|the|from|of|and|re|super|\
    lp|audio";

/// Words that name an edition without parentheses or a dash before them.
const BARE_EDITION: &str = "remaster|remastered|ost|anniversary";

/// What a part of a name says, as far as it decides whether the part may be dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The level at which the part may be dropped, apart from `versions`.
    pub level: Level,
    /// The words that name another recording.
    pub versions: BTreeSet<&'static str>,
    /// True if the part may tell two works apart: a subtitle or a part number.
    pub is_ambiguous: bool,
}

impl Part {
    /// `feat. X`, or nothing.
    pub const CREDIT: Self = Self::new(Level::Wording, false);
    /// `Pt. 1`
    pub const NUMBER: Self = Self::new(Level::Edition, true);
    /// `Remastered 2009`
    const EDITION: Self = Self::new(Level::Edition, false);
    /// Anything else.
    pub const SUBTITLE: Self = Self::new(Level::Subtitle, true);

    const fn new(level: Level, is_ambiguous: bool) -> Self {
        Self { level, versions: BTreeSet::new(), is_ambiguous }
    }

    /// Returns what a part says.
    pub fn of(text: &str) -> Self {
        let words = fold(text);
        if matches!(words.split(' ').next(), Some("feat" | "ft" | "featuring")) {
            return Self::CREDIT;
        }
        if is_part_number(&words) {
            return Self::NUMBER;
        }
        let mut others = format!(" {words} ");
        let mut versions = BTreeSet::new();
        for version in VERSION.split('|') {
            let version_word = format!(" {version} ");
            if others.contains(&version_word) {
                others = others.replace(&version_word, " ");
                versions.insert(version);
            }
        }
        let others = others.trim();
        let part = match others.is_empty() {
            true if !versions.is_empty() => Self::CREDIT,
            _ if is_edition(others) || is_film(others, text) => Self::EDITION,
            _ => Self::SUBTITLE,
        };
        Self { versions, ..part }
    }
}

fn is_edition(words: &str) -> bool {
    let is_decisive = |word: &str| is_listed(word, EDITION) || is_year(word);
    let is_beside = |word: &str| is_listed(word, BESIDE_EDITION) || is_number(word);
    words.split(' ').any(is_decisive)
        && words.split(' ').all(|word| is_decisive(word) || is_beside(word))
}

/// `From "The Bodyguard"`
fn is_film(words: &str, text: &str) -> bool {
    words.starts_with("from ") && text.contains(['"', '“', '„', '«'])
}

/// The words at the end of a name, if they have no mark before them: `2009 Remaster`, `Part 1`.
pub struct BareWords {
    /// True if a part may begin with these words or with one before them.
    pub is_possible: bool,
    /// True if they are a part.
    pub is_part: bool,
}

impl BareWords {
    /// Reads the last words of a name. `Band` is a part of the name of an artist.
    pub fn of(text: &str, is_artist: bool) -> Self {
        let words = fold(text);
        let is_decisive = |word: &str| is_listed(word, BARE_EDITION) || is_artist && word == "band";
        let is_possible = |word: &str| is_decisive(word) || word == "the" || is_number(word);
        let is_number = is_part_number(&words);
        Self {
            is_possible: is_number || words.split(' ').all(is_possible),
            is_part: is_number || words.split(' ').any(is_decisive),
        }
    }
}

fn is_part_number(words: &str) -> bool {
    let is_number =
        |word: &str| is_number(word) || word == "and" || word.trim_matches('i').is_empty();
    let (first, numbers) = words.split_once(' ').unwrap_or_default();
    matches!(first, "pt" | "pts" | "part" | "parts") && numbers.split(' ').all(is_number)
}

fn is_listed(word: &str, list: &str) -> bool {
    list.split('|').any(|listed| listed == word)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_digit())
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && matches!(word.parse(), Ok(1900..2100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let version = |part: Part, word| Part { versions: BTreeSet::from([word]), ..part };
        for (text, expected) in [
            ("feat. Jay-Z", Part::CREDIT),
            ("Pt. 1", Part::NUMBER),
            ("Pts. 1 & 2", Part::NUMBER),
            ("Part II", Part::NUMBER),
            ("Remastered 2009", Part::EDITION),
            ("2011 Mix", Part::EDITION),
            ("Original Motion Picture Soundtrack", Part::EDITION),
            ("25th Anniversary Super Deluxe Edition", Part::EDITION),
            ("1967", Part::EDITION),
            ("From \"The Bodyguard\"", Part::EDITION),
            ("band", Part::EDITION),
            ("From Me to You", Part::SUBTITLE),
            ("Motion Picture", Part::SUBTITLE),
            ("But I Won't Do That", Part::SUBTITLE),
            ("2", Part::SUBTITLE),
            ("Live", version(Part::CREDIT, "live")),
            ("Acoustic Version", version(Part::EDITION, "acoustic")),
            ("Live at Leeds", version(Part::SUBTITLE, "live")),
            ("Taylor’s Version", version(Part::CREDIT, "taylor s version")),
            ("Sped Up", version(Part::CREDIT, "sped up")),
        ] {
            assert_eq!(Part::of(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_without_a_mark() {
        for part in ["2009 Remaster", "The Remaster", "OST", "25th Anniversary", "Part 1"] {
            assert!(BareWords::of(part, false).is_part, "{part}");
        }
        for other in ["2009", "Live", "Single", "Band", "Part of Me"] {
            assert!(!BareWords::of(other, false).is_part, "{other}");
        }
        assert!(BareWords::of("Band", true).is_part);
    }
}
