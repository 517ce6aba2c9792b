//! Which results match the name that was asked for, by rules and not by a score. The rules of the levels
//! are in `fold` (exact), `wording`, and `part_words` (edition, subtitle, version); `shortened` finds the
//! parts of a name, `name` compares two names, and `matcher` an item with what was asked for.

mod fold;
mod matcher;
mod name;
mod part_words;
mod shortened;
mod wording;

#[cfg(feature = "demo")]
pub(crate) use fold::fold;
pub(crate) use matcher::Match;
pub use matcher::Matcher;
