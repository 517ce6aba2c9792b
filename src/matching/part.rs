//! What the words of a part say: another recording, an edition, a credit, a part number, or a subtitle.

use super::credit::CREDITS;
use super::fold::fold;
use super::wording::{is_number, number};
use crate::query::{ItemType, Level};

/// Words that name another recording.
const VERSION: &str = "live|unplugged|concert|remix|remixes|remixed|acoustic|demo|demos|instrumental|\
    instrumentals|karaoke|cover|covers|tribute|rehearsal|session|sessions|outtake|outtakes|alternate|\
    alternative|a cappella|a capella|acapella|acappella|sped up|slowed|nightcore|dub|club|extended|\
    orchestral|piano|reprise|re recorded|rerecorded|re recording|taylor s version|mashup|medley|ao vivo|\
    en vivo|en directo|chinese version|english version|french version|german version|italian version|\
    japanese version|korean version|mandarin version|portuguese version|spanish version";

/// The bits of `Take 2` and of `Audien Mix`, which no list can name.
const TAKE: u64 = 1 << 62;
const MIX: u64 = 1 << 63;

/// Words of which one is enough to name an edition.
const EDITION: &str = "remaster|remastered|mastered|master|mono|stereo|version|edition|edit|single|deluxe|\
    expanded|anniversary|bonus|explicit|clean|edited|length|official|soundtrack|ost|standard|platinum|\
    original|mix|film|movie";

/// Words that tell an artist from another of the same name, as those of an edition do.
const ARTIST_EDITION: &str = "band|musician|singer|rapper|group|duo|dj";

/// Words that may stand beside those of an edition.
const BESIDE_EDITION: &str = "radio|album|motion|picture|music|digital|digitally|new|the|from|of|and|re|super|\
    lp|audio";

/// Words that name an edition without parentheses or a dash before them.
const BARE_EDITION: &str = "remaster|remastered|ost|anniversary";

/// What dropping a part of a name means for the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The level at which the part may be dropped, apart from `versions`.
    pub level: Level,
    /// The words that name another recording, a bit for each.
    pub versions: u64,
    /// True if the part may tell two works apart: a subtitle or a part number.
    pub is_ambiguous: bool,
}

impl Part {
    /// Nothing.
    pub const NOTHING: Self = Self::new(Level::Exact, false);
    /// A credit, `Last, First`, or only words of another recording.
    pub const WORDING: Self = Self::new(Level::Wording, false);
    /// `Pt. 1`
    pub const NUMBER: Self = Self::new(Level::Edition, true);
    /// `Remastered 2009`
    const EDITION: Self = Self::new(Level::Edition, false);
    /// Anything else.
    pub const SUBTITLE: Self = Self::new(Level::Subtitle, true);

    const fn new(level: Level, is_ambiguous: bool) -> Self {
        Self { level, versions: 0, is_ambiguous }
    }

    /// Returns what a part of a name of this type says.
    pub fn of(text: &str, item_type: ItemType) -> Self {
        let mut words = fold(text);
        if words.starts_with("from ") {
            // `From "The Bodyguard"`
            let unquoted: Vec<&str> = text.split(is_quote).step_by(2).collect();
            words = fold(&unquoted.join(" film "));
        }
        if words.split(' ').next().is_some_and(|first| CREDITS.contains(&first)) {
            return Self::WORDING;
        }
        if is_part_number(&words) {
            return Self::NUMBER;
        }
        let (others, versions) = without_version_words(&words);
        let part = match others.trim() {
            "" if versions != 0 => Self::WORDING,
            others if is_edition(others, item_type) => Self::EDITION,
            _ => Self::SUBTITLE,
        };
        Self { versions, ..part }
    }

    /// Returns true if the part has only words of an edition, of another recording or of a credit.
    pub fn is_known(self) -> bool {
        self.level <= Level::Edition && !self.is_ambiguous
    }

    /// Returns what dropping both parts means.
    pub fn and(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            versions: self.versions | other.versions,
            is_ambiguous: self.is_ambiguous || other.is_ambiguous,
        }
    }

    /// Returns the level of two names that are equal without these parts.
    pub fn level_with(self, other: Self) -> Option<Level> {
        // `Symphony: Allegro` is not `Symphony: Andante`.
        if self.is_ambiguous && other.is_ambiguous {
            return None;
        }
        let level = self.level.max(other.level);
        Some(if self.versions == other.versions { level } else { Level::Version })
    }
}

/// Returns the other words, and a bit for each word that names another recording.
fn without_version_words(words: &str) -> (String, u64) {
    let mut others = format!(" {words} ").replace(" ver ", " version ");
    let mut versions = 0;
    for (bit, version) in VERSION.split('|').enumerate() {
        let version = format!(" {version} ");
        if others.contains(&version) {
            others = others.replace(&version, " ");
            versions |= 1 << bit;
        }
    }
    // `Take 2`, but not `Take a Look at Me Now`.
    if format!(" {words}").split(" take ").nth(1).is_some_and(is_number) {
        versions |= TAKE;
    }
    // `Audien Mix`, but not `Radio Mix`.
    if words.split(' ').any(|word| word == "mix") && !is_edition(words, ItemType::Track) {
        versions |= MIX;
    }
    (others, versions)
}

fn is_edition(words: &str, item_type: ItemType) -> bool {
    let is_decisive = |word: &str| {
        is_listed(word, EDITION)
            || is_year(word)
            || item_type == ItemType::Artist && is_listed(word, ARTIST_EDITION)
    };
    consists_of(words, is_decisive, |word| is_listed(word, BESIDE_EDITION) || is_number(word))
}

/// Returns true if the last words of a name are a part without a mark before them: `2009 Remaster`,
/// `Part 1`, and the `Band` of an artist.
pub fn is_bare_part(text: &str, item_type: ItemType) -> bool {
    let words = fold(text);
    let is_decisive = |word: &str| {
        is_listed(word, BARE_EDITION) || item_type == ItemType::Artist && word == "band"
    };
    let is_beside =
        |word: &str| word == "the" || is_year(word) || is_number(word) && word.ends_with("th");
    is_part_number(&words) || consists_of(&words, is_decisive, is_beside)
}

fn consists_of(
    words: &str,
    is_decisive: impl Fn(&str) -> bool,
    is_beside: impl Fn(&str) -> bool,
) -> bool {
    words.split(' ').any(&is_decisive)
        && words.split(' ').all(|word| is_decisive(word) || is_beside(word))
}

fn is_part_number(words: &str) -> bool {
    let is_number = |word: &str| word == "and" || number(word).is_some();
    let (first, numbers) = words.split_once(' ').unwrap_or_default();
    matches!(first, "pt" | "pts" | "part" | "parts") && numbers.split(' ').all(is_number)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && matches!(word.parse(), Ok(1900..2100))
}

fn is_quote(char: char) -> bool {
    "\"“”„«»".contains(char)
}

/// Returns true if the word is in a list with `|` between words.
pub fn is_listed(word: &str, list: &str) -> bool {
    list.split('|').any(|listed| listed == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let version = |part: Part, word| Part { versions: without_version_words(word).1, ..part };
        for (text, expected) in [
            ("feat. Jay-Z", Part::WORDING),
            ("Pts. 1 & 2", Part::NUMBER),
            ("Part II", Part::NUMBER),
            ("Remastered 2009", Part::EDITION),
            ("2011 Mix", Part::EDITION),
            ("Original Motion Picture Soundtrack", Part::EDITION),
            ("25th Anniversary Super Deluxe Edition", Part::EDITION),
            ("1967", Part::EDITION),
            ("From \"The Bodyguard\"", Part::EDITION),
            ("From \"8 Mile\" Soundtrack", Part::EDITION),
            ("From \"Despicable Me 2\" by Pharrell Williams", Part::SUBTITLE),
            ("band", Part::SUBTITLE),
            ("with Khalid", Part::SUBTITLE),
            ("From Me to You", Part::SUBTITLE),
            ("Motion Picture", Part::SUBTITLE),
            ("But I Won't Do That", Part::SUBTITLE),
            ("2", Part::SUBTITLE),
            ("Live", version(Part::WORDING, "live")),
            ("Acoustic Version", version(Part::EDITION, "acoustic")),
            ("Live at Leeds", version(Part::SUBTITLE, "live")),
            ("Taylor’s Version", version(Part::WORDING, "taylor s version")),
            ("Japanese ver.", version(Part::WORDING, "japanese version")),
            ("Sped Up", version(Part::WORDING, "sped up")),
            ("Audien Mix", version(Part::SUBTITLE, "rah mix")),
            ("Take 28", version(Part::SUBTITLE, "take 1")),
            ("Take a Look at Me Now", Part::SUBTITLE),
        ] {
            assert_eq!(Part::of(text, ItemType::Track), expected, "{text}");
        }
        assert_eq!(Part::of("band", ItemType::Artist), Part::EDITION);
    }

    #[test]
    fn parts_without_a_mark() {
        for part in ["2009 Remaster", "The Remaster", "OST", "25th Anniversary", "Part 1", "Pt. IV"]
        {
            assert!(is_bare_part(part, ItemType::Track), "{part}");
        }
        for other in ["2009", "2 Remaster", "Live", "Single", "Band", "Part of Me"] {
            assert!(!is_bare_part(other, ItemType::Track), "{other}");
        }
        assert!(is_bare_part("Band", ItemType::Artist));
    }
}
