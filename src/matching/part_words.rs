//! What the words of a part say: another recording, an edition, a credit, a part number, or a subtitle.

use super::fold::fold;

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

/// What a part says.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// `feat. X`
    Credit,
    /// `Pt. 1`
    Number,
    /// `Remastered 2009`
    Edition,
    /// `Live`, `Live at Leeds`: the words that name another recording, and what the others say.
    Version(Vec<&'static str>, Option<Box<Part>>),
    /// Anything else.
    Subtitle,
}

impl Part {
    /// Returns what a part says.
    pub fn of(text: &str) -> Self {
        let words = fold(text);
        if matches!(words.split(' ').next(), Some("feat" | "ft" | "featuring")) {
            return Self::Credit;
        }
        if is_part_number(&words) {
            return Self::Number;
        }
        let padded = format!(" {words} ");
        let is_contained = |version: &&str| padded.contains(&format!(" {version} "));
        let versions: Vec<&str> = VERSION.split('|').filter(is_contained).collect();
        if versions.is_empty() {
            return Self::without_version(text, &words);
        }
        let without = |text: String, version: &&str| text.replace(&format!(" {version} "), " ");
        let others = versions.iter().fold(padded.clone(), without);
        let others = others.trim();
        let others = (!others.is_empty()).then(|| Box::new(Self::without_version(text, others)));
        Self::Version(versions, others)
    }

    fn without_version(text: &str, words: &str) -> Self {
        let is_decisive = |word: &str| is_listed(word, EDITION) || is_year(word);
        let is_beside = |word: &str| is_listed(word, BESIDE_EDITION) || is_number(word);
        let has_decisive = words.split(' ').any(is_decisive);
        let is_edition = words.split(' ').all(|word| is_decisive(word) || is_beside(word));
        // `From "The Bodyguard"`
        let is_film = words.starts_with("from ") && text.contains(['"', '“', '„', '«']);
        if has_decisive && is_edition || is_film { Self::Edition } else { Self::Subtitle }
    }
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
        let version = |words: &[&'static str]| Part::Version(words.to_vec(), None);
        let edition =
            |words: &[&'static str]| Part::Version(words.to_vec(), Some(Box::new(Part::Edition)));
        let subtitle =
            |words: &[&'static str]| Part::Version(words.to_vec(), Some(Box::new(Part::Subtitle)));
        for (text, expected) in [
            ("feat. Jay-Z", Part::Credit),
            ("Pt. 1", Part::Number),
            ("Pts. 1 & 2", Part::Number),
            ("Part II", Part::Number),
            ("Remastered 2009", Part::Edition),
            ("2011 Mix", Part::Edition),
            ("Original Motion Picture Soundtrack", Part::Edition),
            ("25th Anniversary Super Deluxe Edition", Part::Edition),
            ("1967", Part::Edition),
            ("From \"The Bodyguard\"", Part::Edition),
            ("band", Part::Edition),
            ("From Me to You", Part::Subtitle),
            ("Motion Picture", Part::Subtitle),
            ("But I Won't Do That", Part::Subtitle),
            ("2", Part::Subtitle),
            ("Live", version(&["live"])),
            ("Acoustic Version", edition(&["acoustic"])),
            ("Live at Leeds", subtitle(&["live"])),
            ("Taylor’s Version", version(&["taylor s version"])),
            ("Sped Up", version(&["sped up"])),
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
