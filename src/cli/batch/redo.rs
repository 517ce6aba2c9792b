//! The answers that a person knows better: those that `--redo` names, and those that a person wrote.

use std::collections::BTreeMap;

use crate::output::{Column, Layout, Row, RowResult};

/// The results of `--redo`.
#[derive(Clone, Debug, Default)]
pub struct Redo(Vec<String>);

impl Redo {
    /// Creates the list of results, which is empty without `--redo`.
    pub fn new(results: &[String]) -> Self {
        Self(results.iter().map(|result| result.trim().to_owned()).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the results as they were passed.
    pub fn text(&self) -> String {
        self.0.join(",")
    }

    /// Returns a word that no row has and that is no result of this command.
    pub fn unknown(&self, results: &BTreeMap<RowResult, u64>) -> Option<&str> {
        let is_unknown = |name: &&String| {
            let result = RowResult::parse(name);
            let is_word = matches!(result, RowResult::Word(_)) && **name != "all";
            is_word && !results.contains_key(&result)
        };
        self.0.iter().find(is_unknown).map(String::as_str)
    }

    /// Returns true if a row is to be searched for again. One that a person wrote is named by its own word only.
    pub fn names(&self, row: &Row, layout: &Layout) -> bool {
        let is_named = |name: &str| self.0.iter().any(|result| result == name);
        match &row.result {
            RowResult::Word(word) => is_named(word),
            _ if is_by_person(row, layout) => false,
            result => is_named("all") || is_named(result.name()),
        }
    }
}

/// Returns true if a person wrote the answer: this command writes no other words, and no id beside `none`, an
/// error or nothing.
pub fn is_by_person(row: &Row, layout: &Layout) -> bool {
    let has_id = || {
        let mut columns = [Column::Id, Column::Uri, Column::Url].into_iter();
        columns.any(|column| row.text(layout, column).is_some())
    };
    match &row.result {
        RowResult::Word(word) => !word.is_empty() || has_id(),
        RowResult::None | RowResult::Failed(_) => has_id(),
        RowResult::Match(_) | RowResult::Found | RowResult::Redo => false,
    }
}
