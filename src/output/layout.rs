//! The columns of the output: those of the input, and ours.

use super::columns::Column;

/// The prefix of our columns beside those of a table.
pub const PREFIX: &str = "spotify_";

/// The columns of the output, for the rows of stdout and of an output file.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The columns of the input: the query, or those of a table. Empty for a single search.
    pub own: Vec<String>,
    /// The keys of the same columns in an object: of columns with one name, the later are `Title (2)`.
    pub keys: Vec<String>,
    /// True if the input is a table.
    pub is_table: bool,
    /// The columns of an item. In a batch, they follow the result.
    pub columns: Vec<Column>,
    /// The columns that were chosen.
    pub chosen: Option<Vec<Column>>,
}

impl Layout {
    /// The columns of a single search.
    pub fn single(chosen: Option<Vec<Column>>) -> Self {
        let columns = chosen.clone().unwrap_or_else(Column::defaults);
        Self { own: Vec::new(), keys: Vec::new(), is_table: false, columns, chosen }
    }

    /// The columns of a batch over plain lines.
    pub fn lines(chosen: Option<Vec<Column>>) -> Self {
        Self::batch(vec!["query".to_owned()], false, chosen)
    }

    /// The columns of a batch over a table with these columns.
    pub fn table(own: Vec<String>, chosen: Option<Vec<Column>>) -> Self {
        Self::batch(own, true, chosen)
    }

    fn batch(own: Vec<String>, is_table: bool, chosen: Option<Vec<Column>>) -> Self {
        let mut columns = chosen.clone().unwrap_or_else(|| {
            std::iter::once(Column::Matches).chain(Column::defaults()).collect()
        });
        // It comes before them.
        columns.retain(|column| *column != Column::Result);
        Self { keys: unique(&own), own, is_table, columns, chosen }
    }

    /// Returns the layout with these columns instead.
    #[must_use]
    pub fn with(&self, own: Vec<String>, columns: Vec<Column>) -> Self {
        Self { keys: unique(&own), own, columns, ..self.clone() }
    }

    /// Returns true for the layout of a batch.
    pub fn is_batch(&self) -> bool {
        !self.own.is_empty() || self.is_table
    }

    /// Returns the names of our columns. Beside those of a table, they have a prefix.
    pub fn ours(&self) -> Vec<String> {
        let prefix = if self.is_table { PREFIX } else { "" };
        let result = self.is_batch().then_some(Column::Result);
        let columns = result.into_iter().chain(self.columns.iter().copied());
        columns.map(|column| format!("{prefix}{}", column.name())).collect()
    }

    /// Returns the names of all columns.
    pub fn header(&self) -> Vec<String> {
        [self.own.clone(), self.ours()].concat()
    }
}

/// Numbers the names that come again.
fn unique(names: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let is_free = |key: &String| !keys.contains(key);
        let key = std::iter::once(name.clone()).chain(numbered).find(is_free);
        keys.extend(key);
    }
    keys
}
