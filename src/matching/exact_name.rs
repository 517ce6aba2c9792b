//! The name that an exact search looks for, and the rule that decides whether another name equals it.
//!
//! People rarely type a name with its accents and punctuation, so names are compared without them:
//! `Beyoncé` equals `beyonce`. Punctuation may stand for a space or for nothing: `Jay-Z` equals both
//! `Jay Z` and `JayZ`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A longer name, in characters, equals nothing: normalization can make a text 18 times as long.
const MAX_CHARS: usize = 10_000;

/// A name in the forms in which it is compared.
#[derive(Debug)]
pub(crate) struct ExactName {
    /// The text without quotation marks, which mark phrases in a query.
    typed: String,
    /// `typed` without differences in case.
    case_folded: String,
    /// The words, with punctuation removed.
    joined: String,
    /// The words, with punctuation replaced by spaces.
    spaced: String,
}

/// How closely a name equals another, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Closeness {
    Same,
    SameButForCase,
    SameWords,
}

impl ExactName {
    /// Returns the name, or `None` if nothing of the text can be compared.
    pub fn new(text: &str) -> Option<Self> {
        if text.chars().count() > MAX_CHARS {
            return None;
        }
        let typed: String = text.nfc().filter(|&char| char != '"').collect();
        let case_folded = typed.chars().flat_map(fold_case).collect();
        let (joined, spaced) = (words(&typed, ""), words(&typed, " "));
        let is_empty = joined.is_empty();
        let joined = if is_empty { symbols(&typed) } else { joined };
        let name = Self { typed, case_folded, joined, spaced };
        (!name.joined.is_empty()).then_some(name)
    }

    /// Compares a name with this one. Returns `None` if they differ.
    pub fn compare(&self, name: &str) -> Option<Closeness> {
        let name = Self::new(name)?;
        let is_equal = [&name.joined, &name.spaced]
            .into_iter()
            .any(|form| !form.is_empty() && (*form == self.joined || *form == self.spaced));
        if !is_equal {
            None
        } else if name.typed == self.typed {
            Some(Closeness::Same)
        } else if name.case_folded == self.case_folded {
            Some(Closeness::SameButForCase)
        } else {
            Some(Closeness::SameWords)
        }
    }
}

/// Returns the words of a text without regard to case, accents and punctuation.
#[cfg(feature = "cli")]
pub(crate) fn fold(text: &str) -> String {
    words(text, " ")
}

/// Returns the words, case-folded and without diacritics, with a space between two. Each run of
/// punctuation and symbols is replaced.
///
/// The text is in the form NFKD: two texts are equal in NFKD if and only if they are equal in NFKC.
fn words(text: &str, replacement: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut keeps_marks = false;
    for char in text.nfkd().filter(|&char| !is_invisible(char)) {
        if is_combining_mark(char) {
            if keeps_marks {
                words.push(char);
            }
            continue;
        }
        keeps_marks = is_letter_or_digit(char) && !is_latin_greek_or_cyrillic(char);
        if is_letter_or_digit(char) {
            fold_case(char).for_each(|char| push_base_letter(char, &mut words));
        } else if char.is_whitespace() {
            words.push(' ');
        } else if char == FRACTION_SLASH {
            // `½` is `1⁄2`, which is not `12`.
            words.push(char);
        } else {
            words.push_str(replacement);
        }
    }
    words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the text of a name without letters and digits, such as `!!!`, without white space.
fn symbols(text: &str) -> String {
    text.nfkd().filter(|&char| !is_invisible(char) && !char.is_whitespace()).collect()
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
    use Closeness::{Same, SameButForCase, SameWords};

    fn compare(typed: &str, name: &str) -> Option<Closeness> {
        ExactName::new(typed)?.compare(name)
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
            assert!(compare(typed, name).is_some(), "{typed} and {name}");
            assert!(compare(name, typed).is_some(), "{name} and {typed}");
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
            assert_eq!(compare(typed, name), None, "{typed} and {name}");
            assert_eq!(compare(name, typed), None, "{name} and {typed}");
        }
    }

    #[test]
    fn very_long_name_equals_nothing() {
        let longest = "x".repeat(MAX_CHARS);
        assert!(compare(&longest, &longest).is_some());
        let longer = longest + "x";
        assert_eq!(compare(&longer, &longer), None);
    }

    #[test]
    fn tells_how_close_equal_names_are() {
        let compare = |typed, name| compare(typed, name).unwrap();
        assert_eq!(compare("Pink", "Pink"), Same);
        assert_eq!(compare("Beyonce\u{301}", "Beyoncé"), Same);
        assert_eq!(compare("\"Heroes\"", "Heroes"), Same);
        assert_eq!(compare("pink", "PINK"), SameButForCase);
        assert_eq!(compare("P!nk", "Pnk"), SameWords);
        assert!(Same < SameButForCase && SameButForCase < SameWords);
    }
}
