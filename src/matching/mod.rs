//! Which results match the name that was asked for, by rules and not by a score.
//!
//! A name is compared in several forms: `fold` has the rules of the level exact, `wording` those of the next,
//! and `shortened` drops parts, whose words `part_words` reads. `name` compares two names, `artists` the
//! artists of a song, and `line` reads words that may contain both. `matcher` compares an item with what was
//! asked for, and `choice` orders the items that match.

mod artists;
mod brackets;
mod choice;
mod credit;
mod fold;
mod found;
mod line;
#[cfg(test)]
mod line_tests;
mod line_words;
mod matcher;
mod name;
mod name_kind;
mod part_words;
mod shortened;
mod small_words;
mod wording;

#[cfg(feature = "demo")]
pub(crate) use fold::fold;
pub use matcher::Matcher;
pub(crate) use matcher::keep_matches;
