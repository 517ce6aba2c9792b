//! Which results match the name that was asked for, by rules and not by a score. The rules of the levels
//! are in `fold` (exact), `wording`, and `part_words` (edition, subtitle, version); `shortened` finds the
//! parts of a name, `name` compares two names, `matcher` an item with what was asked for, and `choice`
//! orders the items that match.

mod choice;
mod fold;
mod found;
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
