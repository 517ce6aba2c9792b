//! A name without the parts at its ends: `- Remastered 2009`, `(I Think It's Going To Be A Long, Long
//! Time)`, `- Live`.

use super::brackets::{is_closing, is_opening, last_brackets};
use super::name_kind::NameKind;
use super::part_words::{Part, ends_bare_part, is_bare_part};
use super::small_words::is_article;

/// The largest number of parts that are dropped.
const MAX_PARTS: usize = 5;

/// The largest number of words of a part without a mark before it.
const MAX_BARE_WORDS: usize = 6;

/// Which parts may be dropped from a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drops {
    Any,
    /// Parts in parentheses, and those that name an edition or another recording.
    InParentheses,
    /// Only parts that name an edition or another recording.
    Known,
}

/// What sets a part off from the name before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Parentheses,
    Dash,
    Colon,
    Slash,
    Comma,
    /// Nothing: `… 2009 Remaster`.
    Bare,
    /// It is in another script.
    Script,
}

/// The marks between the words of a name.
const MARKS: [(&str, Mark); 6] = [
    (" - ", Mark::Dash),
    (" – ", Mark::Dash),
    (" — ", Mark::Dash),
    (": ", Mark::Colon),
    (" / ", Mark::Slash),
    (", ", Mark::Comma),
];

/// A name without some of its parts.
#[derive(Clone, Copy, Debug)]
pub struct Shortened<'a> {
    pub text: &'a str,
    pub dropped: Part,
    /// True if a part was dropped that stood in parentheses or after a dash, and that names neither an
    /// edition nor another recording.
    pub has_aside: bool,
}

/// Returns the name, the name without its last part, without its last two parts and so on. At last, the
/// name in one script, if it has two. `dropped` is what has been dropped from the name before.
pub fn shortened(name: &str, dropped: Part, kind: NameKind, drops: Drops) -> Vec<Shortened<'_>> {
    let whole = Shortened { text: name.trim(), dropped, has_aside: false };
    if kind == NameKind::Other {
        return vec![whole];
    }
    let (mut forms, mut last) = (vec![whole], whole);
    for _ in 0..MAX_PARTS {
        let accepts = |part, mark| is_dropped(part, mark, drops);
        let Some((rest, part, mark)) = last_part(last.text, kind, accepts) else { break };
        last = last.without(rest, part, mark);
        forms.push(last);
    }
    if drops == Drops::Any && !name.is_ascii() {
        let scripts = in_one_script(last.text).into_iter();
        forms.extend(scripts.map(|text| last.without(text, Part::SUBTITLE, Mark::Script)));
    }
    forms
}

fn is_dropped(part: Part, mark: Mark, drops: Drops) -> bool {
    match drops {
        Drops::Any => true,
        Drops::InParentheses => {
            mark == Mark::Parentheses
                || part.is_known() && (!part.is_ambiguous || mark != Mark::Dash)
        }
        Drops::Known => part.is_known() && !part.is_ambiguous,
    }
}

/// Returns the text, and the text without its last part, without its last two parts and so on, as long as
/// these stand in parentheses or after a dash and are known: a credit, an edition, another recording.
pub fn without_known_parts(text: &str) -> Vec<&str> {
    let is_set_off =
        |part: Part, mark| part.is_known() && matches!(mark, Mark::Parentheses | Mark::Dash);
    let mut rests = vec![text.trim()];
    while let Some((rest, ..)) = last_part(rests[rests.len() - 1], NameKind::Song, is_set_off)
        && rests.len() <= MAX_PARTS
    {
        rests.push(rest);
    }
    rests
}

impl<'a> Shortened<'a> {
    fn without(self, rest: &'a str, part: Part, mark: Mark) -> Self {
        let is_aside = !part.is_known() && matches!(mark, Mark::Parentheses | Mark::Dash);
        let (text, dropped) = (rest.trim(), self.dropped.and(part));
        Self { text, dropped, has_aside: self.has_aside || is_aside }
    }
}

/// Returns the rest before the last part, what the part says, and its mark. `accepts` decides whether it
/// may be dropped.
fn last_part(
    text: &str,
    kind: NameKind,
    accepts: impl Fn(Part, Mark) -> bool,
) -> Option<(&str, Part, Mark)> {
    let mut found: Vec<(&str, &str, Mark)> = marked_parts(text, kind);
    found.sort_by_key(|(rest, ..)| std::cmp::Reverse(rest.len()));
    for (rest, part, mark) in found {
        let part = Part::of(part, kind);
        if mark != Mark::Comma || part == Part::NUMBER {
            return accepts(part, mark).then_some((rest.trim_end(), part, mark));
        }
    }
    // `(I Can't Get No) Satisfaction`
    let (part, rest) = text.strip_prefix('(')?.split_once(')')?;
    let part = Part::of(part, kind);
    let is_dropped = !rest.trim().is_empty() && accepts(part, Mark::Parentheses);
    is_dropped.then_some((rest.trim_start(), part, Mark::Parentheses))
}

/// Returns each way to split a name before a last part.
fn marked_parts(text: &str, kind: NameKind) -> Vec<(&str, &str, Mark)> {
    let mut found = Vec::new();
    for (separator, mark) in MARKS {
        if mark != Mark::Colon || kind != NameKind::Album {
            let split = text.rsplit_once(separator);
            found.extend(split.map(|(rest, part)| (rest, part, mark)));
        }
    }
    found.extend(last_brackets(text).map(|(rest, part)| (rest, part, Mark::Parentheses)));
    // `- Eagles 2013 Remaster` is one part.
    if found.iter().all(|(.., mark)| *mark != Mark::Dash) {
        found.extend(bare_part(text, kind).map(|(rest, part)| (rest, part, Mark::Bare)));
    }
    let is_whole =
        |part: &str| part.matches(is_opening).count() == part.matches(is_closing).count();
    found.retain(|(rest, part, _)| !rest.trim().is_empty() && is_whole(part));
    found
}

/// Splits a name that ends with a part without a mark before it: `… 2009 Remaster`, `… Part 1`.
fn bare_part(text: &str, kind: NameKind) -> Option<(&str, &str)> {
    let (_, last) = text.rsplit_once(' ')?;
    if !ends_bare_part(last, kind) {
        return None;
    }
    let spaces = text.rmatch_indices(' ').take(MAX_BARE_WORDS);
    let parts = spaces.map(|(space, _)| text.split_at(space));
    let (rest, part) = parts.filter(|(_, part)| is_bare_part(part, kind)).last()?;
    let rest = rest.trim_end_matches(|char: char| !char.is_alphanumeric());
    (!is_article(rest)).then_some((rest, part))
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
