//! A table as the input of a batch: its columns, and the search of each row.

use std::time::Duration;

use crate::cli::column_names::{KnownColumns, Role};
use crate::cli::text_error::TextError;
use crate::output::{Column, PREFIX};
use spotify_search::{Filter, ItemType, MAX_QUERY_BYTES, QueryError, SearchQuery, Wanted};

/// A number from here on is a length in milliseconds, otherwise in seconds.
const MIN_MILLISECONDS: f64 = 10_000.0;

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Table {
    pub delimiter: u8,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The number of lines before the header.
    pub skipped_lines: usize,
    known: KnownColumns,
    /// True if the first line may also be the name of a song.
    may_be_lines: bool,
    /// The query of each row without its words.
    template: SearchQuery,
}

impl Table {
    /// Creates a table with this header.
    ///
    /// # Errors
    ///
    /// [`TextError`] if the header has no known name, or a query among other known names.
    pub fn new(
        delimiter: u8,
        header: Vec<String>,
        skipped_lines: usize,
        template: &SearchQuery,
    ) -> Result<Self, TextError> {
        let mut known = KnownColumns::find(&header);
        let may_be_lines = known.len() == 1 && header.len() == 2;
        let has = |role: Role| known.roles.contains_key(&role);
        if known.len() == 0 {
            return Err(TextError::NoKnownColumn { columns: quoted(&header) });
        }
        if has(Role::Query) && known.len() > 1 {
            return Err(TextError::QueryAmongOthers { columns: quoted(&header) });
        }
        let mut template = template.clone();
        if template.get_types().is_empty() && !has(Role::Query) {
            template = template.types([if has(Role::Name) || has(Role::Isrc) {
                ItemType::Track
            } else if has(Role::Album) || has(Role::Upc) {
                ItemType::Album
            } else {
                ItemType::Artist
            }]);
        }
        let used = used_roles(template.get_types().first().copied(), has);
        known.roles.retain(|role, _| *role == Role::Query || used.contains(role));
        Ok(Self { delimiter, header, skipped_lines, known, may_be_lines, template })
    }

    /// Returns true for a column that is passed on: it is not one that this command has added.
    fn is_own(&self, index: usize) -> bool {
        self.header[index].strip_prefix(PREFIX).and_then(Column::named).is_none()
    }

    /// Returns the names of the columns that are passed on.
    pub fn own_columns(&self) -> Vec<String> {
        self.own_cells(&self.header)
    }

    /// Returns the cells that are passed on.
    pub fn own_cells(&self, row: &[String]) -> Vec<String> {
        let cells = row.iter().enumerate().filter(|(index, _)| self.is_own(*index));
        cells.map(|(_, cell)| cell.clone()).collect()
    }

    /// Returns the names of the columns that decide which search a row stands for. The length does not:
    /// spreadsheets rewrite it.
    pub fn searched_columns(&self) -> Vec<String> {
        let roles = self.known.roles.iter().filter(|(role, _)| **role != Role::Length);
        roles.map(|(_, index)| self.header[*index].clone()).collect()
    }

    /// Returns the names of the columns that are searched for, for messages.
    pub fn searched_names(&self) -> String {
        let names: Vec<String> = self.searched_columns();
        quoted(&names)
    }

    /// Returns true if this cell of a row is searched for.
    pub fn is_searched(&self, column: usize) -> bool {
        self.known.roles.values().any(|index| *index == column)
    }

    /// Returns the types that are searched for.
    pub fn searched_types(&self) -> &[ItemType] {
        self.template.searched_types()
    }

    fn cell<'a>(&self, row: &'a [String], role: Role) -> &'a str {
        self.known.roles.get(&role).map_or("", |index| row[*index].trim())
    }

    /// Returns the search of a row: the name and the first artist as words, or the code of a row without
    /// a name, which may be malformed. Returns `None` if there is nothing to search for.
    pub fn query(&self, row: &[String]) -> Option<Result<SearchQuery, QueryError>> {
        let template = self.template.clone();
        let query = self.cell(row, Role::Query);
        let (name, artist) = self.name_and_artist(row);
        if query.len().max(name.len()) > MAX_QUERY_BYTES {
            return Some(Err(QueryError::TooLong));
        }
        if !query.is_empty() {
            return Some(Ok(template.words(query)));
        }
        let (isrc, upc) = (self.cell(row, Role::Isrc), self.cell(row, Role::Upc));
        let searched = template.get_types().first().copied();
        if !name.is_empty() {
            let mut wanted = Wanted::new(name).artist(artist).isrc(isrc);
            if searched == Some(ItemType::Track) {
                wanted = wanted.album(self.cell(row, Role::Album));
            }
            if let Some(length) = self.length(row) {
                wanted = wanted.length(length);
            }
            return Some(Ok(template.wanted(wanted)));
        }
        Some(match searched {
            Some(ItemType::Track) if !isrc.is_empty() => {
                Filter::isrc(isrc).map(|isrc| template.filter(isrc))
            }
            // The albums of a search have no barcode: there is nothing to compare.
            Some(ItemType::Album) if !upc.is_empty() => {
                Filter::upc(upc).map(|upc| template.matching(None).filter(upc))
            }
            _ => return None,
        })
    }

    /// Returns the name of an item of the searched type, and its artists.
    fn name_and_artist<'a>(&self, row: &'a [String]) -> (&'a str, &'a str) {
        let has = |role: Role| self.known.roles.contains_key(&role);
        let artist = match self.cell(row, Role::Artist) {
            artist if artist.eq_ignore_ascii_case("various artists") => "",
            artist => artist,
        };
        match self.template.get_types().first() {
            Some(ItemType::Artist) if has(Role::Artist) => {
                (artist.split(';').next().unwrap_or_default().trim(), "")
            }
            Some(ItemType::Album) if has(Role::Album) => (self.cell(row, Role::Album), artist),
            _ => (self.cell(row, Role::Name), artist),
        }
    }

    /// Returns the length of a track, if the row has a readable one.
    fn length(&self, row: &[String]) -> Option<Duration> {
        let column = self.header[*self.known.roles.get(&Role::Length)?].trim().to_lowercase();
        let cell = self.cell(row, Role::Length);
        // 08:15 may be a time of day.
        let is_time = matches!(column.as_str(), "time" | "zeit");
        length(cell).filter(|_| !is_time || !cell.contains(':'))
    }

    /// Says what is searched for by which columns, and what is not recognized: `searching tracks by name
    /// "Track name" and artist "Artist name", ISRC; 3 other columns`.
    pub fn description(&self) -> String {
        let types: Vec<&str> =
            self.template.searched_types().iter().map(|known| known.section()).collect();
        let names: Vec<String> = self
            .known
            .roles
            .iter()
            .filter_map(|(role, index)| {
                let label = match role {
                    Role::Name => "name ",
                    Role::Artist => "artist ",
                    Role::Album if self.sends_album() => "album ",
                    Role::Query => "query ",
                    Role::Isrc | Role::Upc | Role::Length | Role::Album => return None,
                };
                Some(format!("{label}\"{}\"", self.header[*index].trim()))
            })
            .collect();
        let compared: Vec<&str> = self
            .known
            .roles
            .keys()
            .filter_map(|role| match role {
                Role::Isrc => Some("ISRC"),
                Role::Upc => Some("UPC"),
                Role::Length => Some("length"),
                Role::Album if !self.sends_album() => Some("album"),
                _ => None,
            })
            .collect();
        let by: Vec<String> = Some(names.join(" and "))
            .filter(|names| !names.is_empty())
            .into_iter()
            .chain(compared.into_iter().map(str::to_owned))
            .collect();
        let mut parts = vec![format!("searching {} by {}", types.join(" and "), by.join(", "))];
        parts.extend(self.missing());
        if self.may_be_lines {
            parts.push("--lines searches for each line".into());
        }
        match self.header.len() - self.own_columns().len() {
            0 => {}
            count => parts.push(format!(
                "{count} columns of an earlier run are replaced: --output continues it instead"
            )),
        }
        if self.skipped_lines > 0 {
            parts.push(format!("the header is line {}", self.skipped_lines + 1));
        }
        parts.join("; ")
    }

    fn sends_album(&self) -> bool {
        self.template.get_types().first() == Some(&ItemType::Album)
    }

    /// Says which columns are not recognized, and which role has none.
    fn missing(&self) -> Vec<String> {
        let has = |role: Role| self.known.roles.contains_key(&role);
        let others: Vec<String> = (0..self.header.len())
            .filter(|index| self.is_own(*index) && !self.is_searched(*index))
            .map(|index| self.header[index].trim().to_owned())
            .collect();
        let searched = self.template.get_types().first();
        let is_work = matches!(searched, Some(ItemType::Track | ItemType::Album));
        let mut parts = Vec::new();
        match others.len() {
            0 => {}
            1 => parts.push("1 other column".into()),
            count => parts.push(format!("{count} other columns")),
        }
        let shown: Vec<&str> = others.iter().take(5).map(String::as_str).collect();
        let shown = shown.join(", ");
        if searched == Some(&ItemType::Artist) && !has(Role::Name) && !others.is_empty() {
            parts = vec![format!("there is no column for a title ({shown})")];
        } else if is_work && !has(Role::Artist) && !has(Role::Query) {
            parts.push("there is no artist column, so that any artist matches".into());
        }
        parts
    }
}

/// Returns what is searched for or compared with this type.
fn used_roles(item_type: Option<ItemType>, has: impl Fn(Role) -> bool) -> &'static [Role] {
    use Role::{Album, Artist, Isrc, Length, Name, Upc};
    match item_type {
        None => &[],
        Some(ItemType::Track) => &[Name, Artist, Album, Isrc, Length],
        Some(ItemType::Album) if has(Album) => &[Album, Artist, Upc],
        Some(ItemType::Album) => &[Name, Artist, Upc],
        Some(ItemType::Artist) if has(Artist) => &[Artist],
        Some(ItemType::Artist) => &[Name],
        Some(_) => &[Name, Artist],
    }
}

/// Parses a length: `3:58`, `1:02:03`, seconds or milliseconds. Returns `None` for 0.
fn length(cell: &str) -> Option<Duration> {
    let seconds = if cell.contains(':') {
        let parts: Option<Vec<u32>> = cell.split(':').map(|part| part.parse().ok()).collect();
        parts?.into_iter().fold(0.0, |total, part| total * 60.0 + f64::from(part))
    } else {
        let number: f64 = cell.parse().ok()?;
        if number >= MIN_MILLISECONDS { number / 1_000.0 } else { number }
    };
    Duration::try_from_secs_f64(seconds).ok().filter(|length| !length.is_zero())
}

/// Returns a reader of rows, for every delimiter: a cell that begins with a quote is quoted.
pub fn reader(delimiter: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder
}

fn quoted(header: &[String]) -> String {
    header.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (cell, seconds) in [("3:58", 238), ("1:02:03", 3_723), ("238", 238), ("238000", 238)] {
            assert_eq!(length(cell), Some(Duration::from_secs(seconds)), "{cell}");
        }
        for cell in ["", "0", "x", "3:x", "-1", "inf"] {
            assert_eq!(length(cell), None, "{cell}");
        }
    }
}
