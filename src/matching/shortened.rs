//! The last part of a name: `- Remastered 2009`, `(I Think It's Going To Be A Long, Long Time)`, `- Live`.

use super::marks::{has_dash, is_closing, is_opening, last_brackets};
use super::part::{Part, is_bare_part};
use crate::query::ItemType;

/// The largest number of parts that are dropped.
const MAX_PARTS: usize = 5;

/// The largest number of words of a part without a mark before it.
const MAX_BARE_WORDS: usize = 6;

/// The marks between a name and its last part.
const MARKS: [&str; 5] = [" - ", " – ", " — ", " / ", ": "];

/// Which parts may be dropped from a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drops {
    Any,
    /// Parts in parentheses, and those that name an edition or another recording.
    InParentheses,
    /// Only parts that name an edition or another recording.
    Known,
}

impl Drops {
    fn accepts(self, part: Part, is_bracketed: bool) -> bool {
        match self {
            Self::Any => true,
            Self::InParentheses => is_bracketed || part.is_known() || part == Part::NUMBER,
            // A credit names an artist, who has to be compared.
            Self::Known => part.is_known() && part != Part::WORDING,
        }
    }
}

/// Splits a name before its last part. Returns `None` if it has none, or one that may not be dropped.
fn last_part(text: &str, item_type: ItemType, drops: Drops) -> Option<(&str, Part)> {
    let marks = MARKS.iter().filter(|mark| **mark != ": " || item_type != ItemType::Album);
    let marked = marks.filter_map(|mark| text.rsplit_once(mark));
    // `- Eagles 2013 Remaster` is one part.
    let bare = if has_dash(text) { None } else { bare_part(text, item_type) };
    let is_part = |(rest, part): &(&str, &str)| {
        !rest.trim().is_empty()
            && part.matches(is_opening).count() == part.matches(is_closing).count()
    };
    let parts = marked.chain(last_brackets(text)).chain(bare).filter(is_part);
    let last = parts.max_by_key(|(rest, _)| rest.len());
    let (rest, part) = last.or_else(|| first_brackets(text))?;
    let is_bracketed = last.is_none() || text.ends_with(is_closing);
    let part = Part::of(part, item_type);
    drops.accepts(part, is_bracketed).then_some((rest.trim(), part))
}

/// Returns the name without its last part, without its last two parts and so on, each with the part that was
/// dropped last.
pub fn shortened(name: &str, item_type: ItemType, drops: Drops) -> Vec<(&str, Part)> {
    let (mut shortened, mut rest) = (Vec::new(), name);
    while let Some((shorter, part)) = last_part(rest, item_type, drops)
        && shortened.len() < MAX_PARTS
    {
        rest = shorter;
        shortened.push((rest, part));
    }
    shortened
}

/// `(I Can't Get No) Satisfaction`
fn first_brackets(text: &str) -> Option<(&str, &str)> {
    let (part, rest) = text.strip_prefix('(')?.split_once(')')?;
    (!rest.trim().is_empty()).then_some((rest, part))
}

/// Splits a name that ends with a part without a mark before it: `… 2009 Remaster`, `…, Pt. 1`.
fn bare_part(text: &str, item_type: ItemType) -> Option<(&str, &str)> {
    let spaces = text.rmatch_indices(' ').take(MAX_BARE_WORDS);
    let parts = spaces.map(|(space, _)| text.split_at(space));
    let (rest, part) = parts.filter(|(_, part)| is_bare_part(part, item_type)).last()?;
    Some((rest.trim_end_matches(|char: char| !char.is_alphanumeric()), part))
}
