//! Which results match the name that was asked for, by rules and not by a score.
//!
//! A name is compared in several forms: `fold` has the rules of the level exact, `wording` those of the next,
//! `credit` drops a credit, and `shortened` the last parts, which `marks` set off and whose words `part` reads.
//! `name` compares two names, `artists` finds the artists of an item among words, and `line` reads what was
//! asked for as a name and its artists. `matcher` compares an item with these readings, and `choice` orders the
//! items that match.

mod artists;
mod choice;
mod credit;
mod fold;
mod line;
#[cfg(test)]
mod line_tests;
mod marks;
mod matcher;
mod name;
mod part;
mod shortened;
mod wording;

#[cfg(feature = "demo")]
pub(crate) use fold::fold;
pub use matcher::Matcher;
pub(crate) use matcher::keep_matches;
