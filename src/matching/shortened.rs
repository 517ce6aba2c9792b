//! A name without the parts at its ends: `(feat. X)`, `- Remastered 2009`, `(I Think It's Going To Be A
//! Long, Long Time)`, `- Live`.

use std::cmp::Reverse;
use std::iter;

use super::name_kind::NameKind;
use super::part_words::{Part, is_bare_part};
use super::small_words::is_article;
use crate::query::Level;

/// The largest number of parts that are dropped.
const MAX_PARTS: usize = 5;

/// The largest number of words of a part without a mark before it.
const MAX_BARE_WORDS: usize = 6;

/// Marks before a last part.
const DASHES: [&str; 3] = [" - ", " – ", " — "];
const CREDITS: [&str; 5] = [" feat. ", " feat ", " ft. ", " ft ", " featuring "];
const OTHER_MARKS: [&str; 3] = [": ", " / ", ", "];

/// A name without some of its parts.
#[derive(Clone, Debug)]
pub struct Shortened {
    pub text: String,
    dropped: Part,
}

/// Returns the name, the name without its last part, without its last two parts and so on. At last, the
/// name in one script, if it has two.
pub fn shortened(name: &str, kind: NameKind) -> Vec<Shortened> {
    let whole = Shortened { text: name.trim().to_owned(), dropped: Part::NONE };
    let shorter = |form: &Shortened| form.without_last_part(kind);
    let mut forms: Vec<_> = iter::successors(Some(whole), shorter).take(MAX_PARTS + 1).collect();
    if let Some(last) = forms.last().cloned() {
        let scripts = in_one_script(&last.text).into_iter();
        forms.extend(scripts.map(|text| last.without(text, &Part::SUBTITLE)));
    }
    forms
}

impl Shortened {
    /// Returns the level of two names that are equal without their dropped parts.
    pub fn level_with(&self, other: &Self) -> Option<Level> {
        let (own, other) = (&self.dropped, &other.dropped);
        // `Symphony: Allegro` is not `Symphony: Andante`.
        if own.is_ambiguous && other.is_ambiguous {
            return None;
        }
        let level = own.level.max(other.level);
        Some(if own.versions == other.versions { level } else { Level::Version })
    }

    fn without_last_part(&self, kind: NameKind) -> Option<Self> {
        let mut parts = last_parts(&self.text, kind);
        parts.sort_by_key(|(rest, ..)| Reverse(rest.len()));
        let last = parts.into_iter().find_map(|(rest, mark, text)| {
            let part = Part::of(text);
            let is_dash = DASHES.contains(&mark);
            let part = match mark {
                _ if CREDITS.contains(&mark) => Part::NONE,
                "(" if text.to_lowercase().starts_with("with ") => Part::NONE,
                ", " if part != Part::NUMBER => return None,
                _ if is_dash && kind == NameKind::Words && part == Part::SUBTITLE => return None,
                _ => part,
            };
            Some(self.without(rest, &part))
        });
        last.or_else(|| {
            let (part, rest) = self.text.strip_prefix('(')?.split_once(')')?;
            (!rest.trim().is_empty()).then(|| self.without(rest, &Part::of(part)))
        })
    }

    fn without(&self, rest: &str, part: &Part) -> Self {
        let dropped = Part {
            level: self.dropped.level.max(part.level),
            versions: &self.dropped.versions | &part.versions,
            is_ambiguous: self.dropped.is_ambiguous || part.is_ambiguous,
        };
        Self { text: rest.trim().to_owned(), dropped }
    }
}

/// Returns each way to split a name before a last part, with the mark between.
fn last_parts(text: &str, kind: NameKind) -> Vec<(&str, &str, &str)> {
    // Lower case of ASCII only, so that the offsets are those of the text.
    let lower = text.to_ascii_lowercase();
    let split = |mark: &'static str| {
        let start = lower.rfind(mark)?;
        Some((&text[..start], mark, &text[start + mark.len()..]))
    };
    let marked = [&DASHES[..], &CREDITS, &OTHER_MARKS].concat().into_iter().filter_map(split);
    let found = marked.chain(parentheses(text)).chain(bare_part(text, kind));
    let is_whole =
        |part: &str| part.matches(is_opening).count() == part.matches(is_closing).count();
    found.filter(|(rest, _, part)| !rest.trim().is_empty() && is_whole(part)).collect()
}

/// Splits a name that ends with a part in parentheses or brackets.
fn parentheses(text: &str) -> Option<(&str, &str, &str)> {
    let inner = text.strip_suffix(is_closing)?;
    let mut depth = 1;
    for (index, char) in inner.char_indices().rev() {
        depth += i32::from(is_closing(char)) - i32::from(is_opening(char));
        if depth == 0 {
            return Some((&text[..index], "(", &inner[index + char.len_utf8()..]));
        }
    }
    None
}

fn is_opening(char: char) -> bool {
    "([{（【".contains(char)
}

fn is_closing(char: char) -> bool {
    ")]}）】".contains(char)
}

/// Splits a name that ends with a part without a mark before it: `… 2009 Remaster`, `… Part 1`.
fn bare_part(text: &str, kind: NameKind) -> Option<(&str, &str, &str)> {
    let spaces = text.rmatch_indices(' ').take(MAX_BARE_WORDS);
    let parts = spaces.map(|(space, _)| text.split_at(space));
    let (rest, part) =
        parts.filter(|(_, part)| is_bare_part(part, kind == NameKind::Artist)).last()?;
    let rest = rest.trim_end_matches(|char: char| !char.is_alphanumeric());
    (!is_article(rest)).then_some((rest, "", part))
}

/// Returns the words in Latin letters and the others, if a name consists of both, one after the other:
/// `imugi 이무기`.
fn in_one_script(text: &str) -> Vec<&str> {
    let is_latin = |char: char| char < '\u{250}';
    let mut letters = text.char_indices().filter(|(_, char)| char.is_alphabetic());
    let Some((_, first)) = letters.next() else { return Vec::new() };
    let other = letters.find(|(_, char)| is_latin(*char) != is_latin(first));
    let border = other.and_then(|(other, _)| text[..other].rfind(' '));
    let Some((before, after)) = border.map(|space| text.split_at(space)) else { return Vec::new() };
    let mut after_letters = after.chars().filter(|char| char.is_alphabetic());
    let is_one_script = after_letters.all(|char| is_latin(char) != is_latin(first));
    if is_one_script { vec![before, after] } else { Vec::new() }
}
