//! What the words of a part say: another recording, an edition, a credit, a part number, or a subtitle.

use std::collections::BTreeSet;

use super::fold::fold;
use super::small_words::number;
use crate::query::Level;

/// Words that name another recording.
const VERSION: &str = "live|unplugged|concert|remix|remixes|remixed|acoustic|demo|demos|instrumental|\
    instrumentals|karaoke|cover|covers|tribute|rehearsal|session|sessions|outtake|outtakes|alternate|\
    alternative|a cappella|a capella|acapella|acappella|sped up|slowed|nightcore|dub|club|extended|\
    orchestral|piano|reprise|re recorded|rerecorded|re recording|taylor s version|mashup|medley|ao vivo|\
    en vivo|en directo";

/// Words of which one is enough to name an edition.
const EDITION: &str = "remaster|remastered|mastered|master|mono|stereo|version|edition|edit|single|deluxe|\
    expanded|anniversary|bonus|explicit|clean|edited|length|official|soundtrack|ost|standard|platinum|\
    original|mix|film|movie|band|musician|singer|rapper|group|duo|dj";

/// Words that may stand beside those of an edition.
const BESIDE_EDITION: &str = "radio|album|motion|picture|music|digital|digitally|new|the|from|of|and|re|super|\
    lp|audio";

/// Words that name an edition without parentheses or a dash before them.
const BARE_EDITION: &str = "remaster|remastered|ost|anniversary";

/// What dropping a part of a name means for the level.
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
    /// A credit, only words of another recording, or nothing.
    pub const NONE: Self = Self::new(Level::Wording, false);
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
            return Self::NONE;
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
        // `Take 2`, but not `Take a Look at Me Now`.
        let mut pair = words.split(' ').skip_while(|word| *word != "take");
        if pair.next().is_some() && pair.next().is_some_and(is_number) {
            versions.insert("take");
        }
        let others = others.trim();
        let part = match others.is_empty() {
            true if !versions.is_empty() => Self::NONE,
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

/// Returns true if the last words of a name are a part without a mark before them: `2009 Remaster`,
/// `Part 1`, and the `Band` of an artist.
pub fn is_bare_part(text: &str, is_artist: bool) -> bool {
    let words = fold(text);
    let is_decisive = |word: &str| is_listed(word, BARE_EDITION) || is_artist && word == "band";
    let is_ordinal = |word: &str| is_number(word) && word.ends_with("th");
    let is_beside = |word: &str| word == "the" || is_year(word) || is_ordinal(word);
    is_part_number(&words)
        || words.split(' ').any(is_decisive)
            && words.split(' ').all(|word| is_decisive(word) || is_beside(word))
}

fn is_part_number(words: &str) -> bool {
    let is_number = |word: &str| word == "and" || number(word).is_some();
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
            ("feat. Jay-Z", Part::NONE),
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
            ("Live", version(Part::NONE, "live")),
            ("Acoustic Version", version(Part::EDITION, "acoustic")),
            ("Live at Leeds", version(Part::SUBTITLE, "live")),
            ("Taylor’s Version", version(Part::NONE, "taylor s version")),
            ("Sped Up", version(Part::NONE, "sped up")),
            ("Take 28", version(Part::SUBTITLE, "take")),
            ("Take a Look at Me Now", Part::SUBTITLE),
        ] {
            assert_eq!(Part::of(text), expected, "{text}");
        }
    }

    #[test]
    fn parts_without_a_mark() {
        for part in ["2009 Remaster", "The Remaster", "OST", "25th Anniversary", "Part 1", "Pt. IV"]
        {
            assert!(is_bare_part(part, false), "{part}");
        }
        for other in ["2009", "2 Remaster", "Live", "Single", "Band", "Part of Me"] {
            assert!(!is_bare_part(other, false), "{other}");
        }
        assert!(is_bare_part("Band", true));
    }
}
