//! The level `exact`: names without case, accents and punctuation.
//!
//! People rarely type a name with its accents and punctuation, so names are compared without them:
//! `Beyoncé` equals `beyonce`. Punctuation may stand for a space or for nothing: `Jay-Z` equals both
//! `Jay Z` and `JayZ`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A longer name, in characters, equals nothing. Real names are shorter, and each form of a name takes time.
const MAX_CHARS: usize = 1_000;

/// A name without case, accents and punctuation.
#[derive(Clone, Debug)]
pub(crate) struct Folded {
    /// The words, with punctuation removed. Without letters and digits, the symbols.
    joined: String,
    /// The words, with punctuation replaced by spaces. `None` if they are the same, or none.
    spaced: Option<String>,
}

impl Folded {
    /// Folds a text. Returns `None` if nothing of it can be compared.
    pub fn new(text: &str) -> Option<Self> {
        if is_too_long(text) {
            return None;
        }
        let words = |splits| Some(words(text, splits)).filter(|words| !words.is_empty());
        let joined = words(false).unwrap_or_else(|| symbols(text));
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
        let spaced = if is_plain { None } else { words(true) };
        (!joined.is_empty()).then_some(Self { joined, spaced })
    }

    /// Returns the name with each of its forms changed.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { joined: change(&self.joined), spaced: self.spaced.as_deref().map(change) }
    }

    /// Returns the words, with punctuation replaced by spaces.
    pub fn spaced(&self) -> &str {
        self.spaced.as_ref().unwrap_or(&self.joined)
    }

    /// Returns both forms without spaces.
    pub fn letters(&self) -> [String; 2] {
        [&self.joined, self.spaced()].map(|form| form.replace(' ', ""))
    }

    /// Returns true if the names have the same letters, whether words are joined or not.
    pub fn equals_without_spaces(&self, other: &Self) -> bool {
        let is_letter = |char: &char| *char != ' ';
        self.joined.chars().filter(is_letter).eq(other.joined.chars().filter(is_letter))
    }

    /// Returns true if a form of this name equals a form of the other.
    pub fn equals(&self, other: &Self) -> bool {
        let mut forms = [self.joined.as_str(), self.spaced()].into_iter();
        forms.any(|form| form == other.joined || form == other.spaced())
    }
}

/// Returns true if the text is longer than a name may be.
pub(crate) fn is_too_long(text: &str) -> bool {
    text.len() > MAX_CHARS && text.chars().nth(MAX_CHARS).is_some()
}

/// Returns the words of a text without regard to case, accents and punctuation.
pub(crate) fn fold(text: &str) -> String {
    words(text, true)
}

/// Returns the words, case-folded and without diacritics, with a space between two. Each run of
/// punctuation and symbols is removed, or replaced by a space if it `splits` words.
///
/// The text is in the form NFKD: two texts are equal in NFKD if and only if they are equal in NFKC.
fn words(text: &str, splits: bool) -> String {
    let mut words = String::with_capacity(text.len());
    let mut keeps_marks = false;
    for char in text.nfkd() {
        let is_ascii = char.is_ascii_alphanumeric();
        if is_ascii {
            words.push(char.to_ascii_lowercase());
        } else if is_letter_or_digit(char) {
            fold_case(char).for_each(|char| push_base_letter(char, &mut words));
        } else if is_combining_mark(char) || is_invisible(char) {
            if keeps_marks && !is_invisible(char) {
                words.push(char);
            }
            continue;
        } else if char == FRACTION_SLASH {
            // `½` is `1⁄2`, which is not `12`.
            words.push(char);
        } else if (splits || char.is_whitespace()) && !words.ends_with(' ') {
            words.push(' ');
        }
        keeps_marks = !is_ascii && is_letter_or_digit(char) && !is_latin_greek_or_cyrillic(char);
    }
    words.trim().to_owned()
}

/// Returns the text of a name without letters and digits, such as `!!!`, without white space.
fn symbols(text: &str) -> String {
    // Quotation marks are those of a phrase in a query.
    let is_shown = |char: &char| !is_invisible(*char) && !char.is_whitespace() && *char != '"';
    text.nfkd().filter(is_shown).collect()
}

const FRACTION_SLASH: char = '\u{2044}';

/// Folds the case of a character as Unicode's full case folding does, except that the Turkish `ı`
/// becomes `i`: it is the lower case of `I` in `IŞIN`.
fn fold_case(char: char) -> impl Iterator<Item = char> {
    // `ß` and `ss`, `σ` and `ς` have the same upper case. `ẞ` is its own upper case, so it becomes
    // `ß` first.
    char.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// Appends a letter. Letters with a stroke and ligatures, which Unicode does not decompose, are
/// replaced by what people type instead.
fn push_base_letter(char: char, text: &mut String) {
    match char {
        'æ' => text.push_str("ae"),
        'œ' => text.push_str("oe"),
        'ø' => text.push('o'),
        'ł' => text.push('l'),
        'đ' => text.push('d'),
        'ħ' => text.push('h'),
        _ => text.push(char),
    }
}

fn is_letter_or_digit(char: char) -> bool {
    // Unicode counts some apostrophes as letters, such as the ʻ of Hawaiian names.
    char.is_alphanumeric() && !matches!(char, '\u{2b9}'..='\u{2bf}')
}

/// Returns true if the marks after the letter are diacritics. In other scripts, a mark can make
/// another letter: か and が differ.
fn is_latin_greek_or_cyrillic(letter: char) -> bool {
    matches!(letter, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{52f}' | '\u{1d00}'..='\u{1fff}')
}

/// Returns true for format characters that show nothing: soft hyphens, zero-width spaces and joiners,
/// directional marks, variation selectors.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_equal(typed: &str, name: &str) -> bool {
        let (typed, name) = (Folded::new(typed), Folded::new(name));
        typed.zip(name).is_some_and(|(typed, name)| typed.equals(&name))
    }

    #[test]
    fn equal_names() {
        for (typed, name) in [
            ("beyonce", "Beyoncé"),
            ("Beyonce\u{301}", "BEYONCÉ"),
            ("motorhead", "Motörhead"),
            // Case folding.
            ("STRASSE", "Straße"),
            ("STRAẞE", "straße"),
            ("ΟΔΟΣ", "οδος"),
            ("Άσιμος", "ΑΣΙΜΟΣ"),
            ("istanbul", "İstanbul"),
            ("IŞIN", "Işın"),
            // Cyrillic and Vietnamese marks.
            ("Алена", "Алёна"),
            ("Son Tung", "Sơn Tùng"),
            // Letters that Unicode does not decompose.
            ("aenima", "Ænima"),
            ("Rojksopp", "Røjksöpp"),
            ("laki lan", "Łąki Łan"),
            // Compatibility forms.
            ("ＢＴＳ", "BTS"),
            ("ﬁn", "fin"),
            ("ｶﾞ", "ガ"),
            ("x²", "x2"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            // Punctuation.
            ("Guns N Roses", "Guns N' Roses"),
            ("Guns N’ Roses", "Guns N' Roses"),
            ("Guns N` Roses", "Guns N´ Roses"),
            ("Israel Kamakawiwo'ole", "Israel Kamakawiwoʻole"),
            ("Jay Z", "Jay-Z"),
            ("JayZ", "Jay‐Z"),
            ("ACDC", "AC/DC"),
            ("AC DC", "AC⚡DC"),
            ("Pnk", "P!nk"),
            ("rem", "R.E.M."),
            ("Earth, Wind & Fire", "Earth Wind Fire"),
            ("\"weird al\" yankovic", "“Weird Al” Yankovic"),
            ("美空ひばり", "美空・ひばり"),
            // White space and characters that show nothing.
            ("  Daft \t Punk ", "Daft\u{a0}Punk"),
            ("blink182", "blink-182"),
            ("Da\u{200b}ft Pu\u{ad}nk", "\u{feff}Daft Punk"),
            ("葛\u{e0100}", "葛"),
            ("می\u{200c}خواهم", "میخواهم"),
            // No letters or digits.
            ("\"!!!\"", "! ! !"),
            ("❤\u{fe0f}", "❤"),
            ("…", "..."),
        ] {
            assert!(is_equal(typed, name), "{typed} and {name}");
            assert!(is_equal(name, typed), "{name} and {typed}");
        }
    }

    #[test]
    fn different_names() {
        for (typed, name) in [
            ("BTS", "BTS World"),
            ("Beatles", "The Beatles"),
            ("Simon & Garfunkel", "Simon and Garfunkel"),
            ("mo", "moo"),
            ("therapist", "the rapist"),
            ("Blackbird", "Black Bird"),
            ("12", "½"),
            ("blink", "blink-182"),
            // Marks of other scripts.
            ("か", "が"),
            ("は", "ぱ"),
            ("कि", "की"),
            ("שלום", "שָׁלוֹם"),
            ("محمد", "محمّد"),
            // Scripts.
            ("A", "А"),
            ("한", "하"),
            ("丽", "麗"),
            // No letters or digits.
            ("!!!", "!!"),
            ("+/-", "+"),
            ("+/-", "÷"),
            ("❤", "🔥"),
            ("!!!", "a"),
            ("...", "…and"),
        ] {
            assert!(!is_equal(typed, name), "{typed} and {name}");
            assert!(!is_equal(name, typed), "{name} and {typed}");
        }
    }

    #[test]
    fn very_long_name_equals_nothing() {
        let longest = "x".repeat(MAX_CHARS);
        assert!(is_equal(&longest, &longest));
        let longer = longest + "x";
        assert!(!is_equal(&longer, &longer));
    }
}
