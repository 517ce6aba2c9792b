//! The kinds of names, whose rules differ.

use crate::query::ItemType;

/// Decides which rules apply to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Song,
    Album,
    Artist,
    /// The name of a playlist, show, episode or audiobook, which has no parts to drop.
    Other,
}

impl NameKind {
    /// Returns the kind of the names of this type.
    pub fn of(item_type: ItemType) -> Self {
        match item_type {
            ItemType::Track => Self::Song,
            ItemType::Album => Self::Album,
            ItemType::Artist => Self::Artist,
            _ => Self::Other,
        }
    }
}
