//! The kinds of names, whose rules differ.

/// Decides which rules apply to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    Title,
    /// A title that may contain an artist: what follows a dash may be the title.
    Words,
    Artist,
}
