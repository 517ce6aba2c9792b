//! The values of the column `result`.

use spotify_search::Level;

/// The codes of the errors that a line may have.
const CODES: [&str; 11] = [
    BAD_REQUEST,
    NOT_FOUND,
    "forbidden",
    "rate_limited",
    "request_limit",
    "server_error",
    "timeout",
    "network",
    "bad_response",
    "credentials_rejected",
    "premium_required",
];

const BAD_REQUEST: &str = "bad_request";
const NOT_FOUND: &str = "not_found";

/// What came of a line: the value of the column `result`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowResult {
    /// The level of the match.
    Match(Level),
    /// The search asked for no level, and found something.
    Found,
    None,
    /// The code of the error.
    Failed(&'static str),
    /// The row stays until its line has a new answer.
    Redo,
    /// Any other text: a word of a person, or nothing.
    Word(String),
}

impl RowResult {
    /// Returns the result that an item with this level stands for.
    pub fn of_level(level: Option<Level>) -> Self {
        level.map_or(Self::Found, Self::Match)
    }

    /// Returns the result with this name.
    pub fn parse(name: &str) -> Self {
        let has_name = |level: &&Level| level.name() == name;
        if let Some(level) = Level::ALL.iter().chain(&[Level::Isrc]).find(has_name) {
            return Self::Match(*level);
        }
        match name {
            "found" => Self::Found,
            "none" => Self::None,
            "redo" => Self::Redo,
            _ => CODES
                .into_iter()
                .find(|code| *code == name)
                .map_or_else(|| Self::Word(name.to_owned()), Self::Failed),
        }
    }

    /// Returns the name in a row.
    pub fn name(&self) -> &str {
        match self {
            Self::Match(level) => level.name(),
            Self::Found => "found",
            Self::None => "none",
            Self::Failed(code) => code,
            Self::Redo => "redo",
            Self::Word(word) => word,
        }
    }

    /// Returns true if the line has an item.
    pub fn is_found(&self) -> bool {
        matches!(self, Self::Match(_) | Self::Found)
    }

    /// Returns true if nothing but another search would find something else. Other failures may pass.
    pub fn is_answer(&self) -> bool {
        match self {
            Self::Match(_) | Self::Found | Self::None => true,
            Self::Failed(code) => matches!(*code, BAD_REQUEST | NOT_FOUND),
            Self::Redo => false,
            Self::Word(word) => !word.is_empty(),
        }
    }
}
