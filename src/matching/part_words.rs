//! What the words of a part say: another recording, an edition, a credit, a part number, or a subtitle.

use super::fold::fold;
use super::name_kind::NameKind;
use super::small_words::{is_listed, is_number, number};
use crate::query::Level;

/// Words that name another recording.
const VERSION: &str = "live|unplugged|concert|remix|remixes|remixed|acoustic|demo|demos|instrumental|\
    instrumentals|karaoke|cover|covers|tribute|rehearsal|session|sessions|outtake|outtakes|alternate|\
    alternative|a cappella|a capella|acapella|acappella|sped up|slowed|nightcore|dub|club|extended|\
    orchestral|piano|reprise|re recorded|rerecorded|re recording|taylor s version|mashup|medley|ao vivo|\
    en vivo|en directo";

/// Languages that name another recording before `version` or `ver.`.
const LANGUAGES: &str =
    "chinese|english|french|german|italian|japanese|korean|mandarin|portuguese|spanish";

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
    /// A credit, or only words of another recording.
    pub const CREDIT: Self = Self::new(Level::Wording, false);
    /// `Pt. 1`
    pub const NUMBER: Self = Self::new(Level::Edition, true);
    /// `Remastered 2009`
    const EDITION: Self = Self::new(Level::Edition, false);
    /// Anything else.
    pub const SUBTITLE: Self = Self::new(Level::Subtitle, true);

    const fn new(level: Level, is_ambiguous: bool) -> Self {
        Self { level, versions: 0, is_ambiguous }
    }

    /// Returns what a part of a name of this kind says.
    pub fn of(text: &str, kind: NameKind) -> Self {
        let words = fold(text);
        if matches!(words.split(' ').next(), Some("feat" | "ft" | "featuring")) {
            return Self::CREDIT;
        }
        if is_part_number(&words) {
            return Self::NUMBER;
        }
        let (others, versions) = without_version_words(&words);
        let part = match others.trim() {
            "" if versions != 0 => Self::CREDIT,
            others if is_edition(others, kind) || is_film(others, text) => Self::EDITION,
            _ => Self::SUBTITLE,
        };
        Self { versions, ..part }
    }

    /// Returns true if only words of an edition, of another recording or of a credit are dropped.
    pub fn is_known(self) -> bool {
        self.level <= Level::Edition
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
    let mut others = format!(" {words} ");
    let mut versions = 0;
    let mut bits = (0..).map(|bit| 1 << bit);
    let mut take = |pattern: &str, bit: u64| {
        if others.contains(pattern) {
            others = others.replace(pattern, " ");
            versions |= bit;
        }
    };
    for (version, bit) in VERSION.split('|').zip(&mut bits) {
        take(&format!(" {version} "), bit);
    }
    for (language, bit) in LANGUAGES.split('|').zip(&mut bits) {
        take(&format!(" {language} version "), bit);
        take(&format!(" {language} ver "), bit);
    }
    // `Take 2`, but not `Take a Look at Me Now`.
    let mut pair = words.split(' ').skip_while(|word| *word != "take");
    if pair.next().is_some() && pair.next().is_some_and(is_number) {
        versions |= bits.next().unwrap_or_default();
    }
    // `Audien Mix`, but not `Radio Mix`.
    let mut all = words.split(' ');
    if all.any(|word| word == "mix") && !is_edition(words, NameKind::Song) {
        versions |= bits.next().unwrap_or_default();
    }
    (others, versions)
}

fn is_edition(words: &str, kind: NameKind) -> bool {
    let is_decisive = |word: &str| {
        is_listed(word, EDITION)
            || is_year(word)
            || kind == NameKind::Artist && is_listed(word, ARTIST_EDITION)
    };
    let is_beside = |word: &str| is_listed(word, BESIDE_EDITION) || is_number(word);
    words.split(' ').any(is_decisive)
        && words.split(' ').all(|word| is_decisive(word) || is_beside(word))
}

/// `From "The Bodyguard"`, `From "8 Mile" Soundtrack`
fn is_film(words: &str, text: &str) -> bool {
    let is_quote = |char: char| "\"“”„«»".contains(char);
    let after = text.rsplit_once(is_quote).map(|(_, after)| fold(after));
    let is_known =
        |word: &str| is_listed(word, EDITION) || is_listed(word, BESIDE_EDITION) || is_number(word);
    words.starts_with("from ")
        && after.is_some_and(|after| after.is_empty() || after.split(' ').all(is_known))
}

/// Returns true if the last words of a name are a part without a mark before them: `2009 Remaster`,
/// `Part 1`, and the `Band` of an artist.
pub fn is_bare_part(text: &str, kind: NameKind) -> bool {
    let words = fold(text);
    let is_decisive = |word: &str| is_bare_decisive(word, kind);
    let is_known = |word: &str| is_decisive(word) || is_beside_bare(word);
    is_part_number(&words) || words.split(' ').any(is_decisive) && words.split(' ').all(is_known)
}

/// Returns true if a part without a mark before it may end with this word.
pub fn ends_bare_part(word: &str, kind: NameKind) -> bool {
    let word = fold(word);
    is_bare_decisive(&word, kind) || is_beside_bare(&word) || number(&word).is_some()
}

fn is_bare_decisive(word: &str, kind: NameKind) -> bool {
    is_listed(word, BARE_EDITION) || kind == NameKind::Artist && word == "band"
}

fn is_beside_bare(word: &str) -> bool {
    word == "the" || is_year(word) || is_number(word) && word.ends_with("th")
}

fn is_part_number(words: &str) -> bool {
    let is_number = |word: &str| word == "and" || number(word).is_some();
    let (first, numbers) = words.split_once(' ').unwrap_or_default();
    matches!(first, "pt" | "pts" | "part" | "parts") && numbers.split(' ').all(is_number)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && matches!(word.parse(), Ok(1900..2100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let version = |part: Part, word| Part { versions: without_version_words(word).1, ..part };
        for (text, expected) in [
            ("feat. Jay-Z", Part::CREDIT),
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
            ("Live", version(Part::CREDIT, "live")),
            ("Acoustic Version", version(Part::EDITION, "acoustic")),
            ("Live at Leeds", version(Part::SUBTITLE, "live")),
            ("Taylor’s Version", version(Part::CREDIT, "taylor s version")),
            ("Japanese ver.", version(Part::CREDIT, "japanese version")),
            ("Sped Up", version(Part::CREDIT, "sped up")),
            ("Audien Mix", version(Part::SUBTITLE, "rah mix")),
            ("Take 28", version(Part::SUBTITLE, "take 1")),
            ("Take a Look at Me Now", Part::SUBTITLE),
        ] {
            assert_eq!(Part::of(text, NameKind::Song), expected, "{text}");
        }
        assert_eq!(Part::of("band", NameKind::Artist), Part::EDITION);
    }

    #[test]
    fn parts_without_a_mark() {
        for part in ["2009 Remaster", "The Remaster", "OST", "25th Anniversary", "Part 1", "Pt. IV"]
        {
            assert!(is_bare_part(part, NameKind::Song), "{part}");
        }
        for other in ["2009", "2 Remaster", "Live", "Single", "Band", "Part of Me"] {
            assert!(!is_bare_part(other, NameKind::Song), "{other}");
        }
        assert!(is_bare_part("Band", NameKind::Artist));
    }
}
