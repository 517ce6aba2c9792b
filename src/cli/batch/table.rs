//! A table as the input of a batch: finds its delimiter and the columns that are searched for, by the
//! names that other programs give them.

use std::time::Duration;

use indexmap::IndexMap;
use unicode_normalization::UnicodeNormalization;

use super::input_error::InputError;
use crate::output::PREFIX;
use spotify_search::{Filter, ItemType, QueryError, SearchQuery, Wanted};

/// What a column is searched for as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Role {
    Name,
    Artist,
    Album,
    Isrc,
    Upc,
    Length,
    Query,
}

/// The known names of columns in letters only; of several, the first that exists counts.
const KNOWN: [(Role, &str); 7] = [
    (
        Role::Name,
        "trackname tracktitle songtitle songname song title track name titel titre titulo",
    ),
    (
        Role::Artist,
        "artistname artistnames artist artists performer interpret artiste artiest artista",
    ),
    (Role::Album, "albumname albumtitle album"),
    (Role::Isrc, "isrc"),
    (Role::Upc, "upc"),
    (Role::Length, "duration durationms trackduration trackdurationms length time"),
    (Role::Query, "query"),
];

/// The columns of a table.
#[derive(Clone, Debug)]
pub struct Table {
    pub delimiter: u8,
    /// The names of the columns.
    pub header: Vec<String>,
    /// The number of lines before the header.
    pub skipped_lines: usize,
    /// The columns that are searched for.
    roles: IndexMap<Role, usize>,
    /// The query of each row without its words.
    template: SearchQuery,
}

impl Table {
    /// Recognizes a table by its first line, or by the second if the first is a title. Returns `None`
    /// for plain lines. `delimiter` is that of a file whose name says that it is a table.
    ///
    /// # Errors
    ///
    /// [`InputError`] if it must be a table, and has no known column.
    pub fn detect(
        start: &str,
        delimiter: Option<u8>,
        template: &SearchQuery,
    ) -> Result<Option<Self>, InputError> {
        let mut lines = start.split_inclusive('\n');
        let (first, second) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
        let (found, header) = header(first, delimiter);
        let least_cells = if delimiter.is_some() { 1 } else { 2 };
        if !roles(&header).is_empty() && header.len() >= least_cells {
            return Self::new(found, header, 0, template).map(Some);
        }
        let (found, header_below) = self::header(second, delimiter);
        // One known name may be a word of a title. A header has two.
        if roles(&header_below).len() >= 2 {
            return Self::new(found, header_below, 1, template).map(Some);
        }
        match delimiter {
            Some(_) => Err(InputError::NoKnownColumn { columns: quoted(&header) }),
            None => Ok(None),
        }
    }

    fn new(
        delimiter: u8,
        header: Vec<String>,
        skipped_lines: usize,
        template: &SearchQuery,
    ) -> Result<Self, InputError> {
        let mut roles = roles(&header);
        let has = |role: Role| roles.contains_key(&role);
        if roles.len() > 1 && has(Role::Query) {
            return Err(InputError::QueryAmongOthers { columns: quoted(&header) });
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
        let searched = searched_roles(template.get_types().first().copied(), has);
        roles.retain(|role, _| *role == Role::Query || searched.contains(role));
        Ok(Self { delimiter, header, skipped_lines, roles, template })
    }

    /// Returns the names of the columns that are passed on.
    pub fn own_columns(&self) -> Vec<String> {
        self.own_cells(&self.header)
    }

    /// Returns the cells that are passed on: all but those in the columns that this command has added.
    pub fn own_cells(&self, row: &[String]) -> Vec<String> {
        let cells = self.header.iter().zip(row);
        cells.filter(|(name, _)| !name.starts_with(PREFIX)).map(|(_, cell)| cell.clone()).collect()
    }

    /// Returns the names of the columns that decide which search a row stands for.
    pub fn searched_columns(&self) -> Vec<String> {
        self.roles.values().map(|index| self.header[*index].clone()).collect()
    }

    fn cell<'a>(&self, row: &'a [String], role: Role) -> &'a str {
        self.roles.get(&role).map_or("", |index| row[*index].trim())
    }

    /// Returns the search of a row: the name and the first artist as words, or the code of a row without
    /// a name, which may be malformed. Returns `None` if there is nothing to search for.
    pub fn query(&self, row: &[String]) -> Option<Result<SearchQuery, QueryError>> {
        let template = self.template.clone();
        let query = self.cell(row, Role::Query);
        if !query.is_empty() {
            return Some(Ok(template.words(query)));
        }
        let (name, artists) = self.name_and_artists(row);
        if !name.is_empty() {
            let mut wanted = Wanted::new(name).artist(artists).isrc(self.cell(row, Role::Isrc));
            if template.get_types().first() == Some(&ItemType::Track) {
                wanted = wanted.album(self.cell(row, Role::Album));
                if let Some(length) = self.length(row) {
                    wanted = wanted.length(length);
                }
            }
            return Some(Ok(template.wanted(wanted)));
        }
        let (isrc, upc) = (self.cell(row, Role::Isrc), self.cell(row, Role::Upc));
        Some(match template.get_types().first() {
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
    fn name_and_artists<'a>(&self, row: &'a [String]) -> (&'a str, &'a str) {
        let artists = self.cell(row, Role::Artist);
        let is_album = self.template.get_types().first() == Some(&ItemType::Album);
        let role = if is_album && self.roles.contains_key(&Role::Album) {
            Role::Album
        } else {
            Role::Name
        };
        let name = Some(self.cell(row, role)).filter(|name| !name.is_empty());
        match (name, self.template.get_types().first()) {
            (None, Some(ItemType::Artist)) => {
                (artists.split(';').next().unwrap_or_default().trim(), "")
            }
            (name, _) => (name.unwrap_or_default(), artists),
        }
    }

    /// Returns the length. A time with a colon may be a time of day.
    fn length(&self, row: &[String]) -> Option<Duration> {
        let index = *self.roles.get(&Role::Length)?;
        let cell = row[index].trim();
        let may_be_time_of_day = letters(&self.header[index]) == "time" && cell.contains(':');
        if may_be_time_of_day { None } else { length(cell) }
    }

    /// Says which columns are searched for: `name from "Track name", artist from "Artist name", ISRC; 3
    /// columns passed on`.
    pub fn description(&self) -> String {
        let describe = |(role, &index): (&Role, &usize)| match role {
            Role::Name => format!("name from \"{}\"", self.header[index]),
            Role::Artist => format!("artist from \"{}\"", self.header[index]),
            Role::Album => format!("album from \"{}\"", self.header[index]),
            Role::Query => format!("query from \"{}\"", self.header[index]),
            Role::Length => format!("length from \"{}\"", self.header[index]),
            Role::Isrc => "ISRC".into(),
            Role::Upc => "UPC".into(),
        };
        let roles: Vec<String> = self.roles.iter().map(describe).collect();
        let mut parts = vec![roles.join(", ")];
        match self.own_columns().len() - self.roles.len() {
            0 => {}
            1 => parts.push("1 other column passed on".into()),
            others => parts.push(format!("{others} other columns passed on")),
        }
        let has = |role: Role| self.roles.contains_key(&role);
        let searched = self.template.get_types().first();
        let needs_artist = matches!(searched, Some(ItemType::Track | ItemType::Album));
        if needs_artist && !has(Role::Artist) && !has(Role::Query) {
            parts.push("there is no artist column, so that any artist matches".into());
        }
        parts.join("; ")
    }
}

/// Returns what is searched for with this type. The album and the length of a track are compared, not sent.
fn searched_roles(item_type: Option<ItemType>, has: impl Fn(Role) -> bool) -> &'static [Role] {
    use Role::{Album, Artist, Isrc, Length, Name, Upc};
    match item_type {
        None => &[],
        Some(ItemType::Track) => &[Name, Artist, Album, Length, Isrc],
        Some(ItemType::Album) if has(Album) => &[Album, Artist, Upc],
        Some(ItemType::Album) => &[Name, Artist, Upc],
        Some(ItemType::Artist) if has(Artist) => &[Artist],
        Some(ItemType::Artist) => &[Name],
        Some(_) => &[Name, Artist],
    }
}

/// Parses a length: `3:58`, `1:02:03`, seconds, or milliseconds from 10,000 on. 0 is no length.
fn length(cell: &str) -> Option<Duration> {
    let numbers: Result<Vec<u32>, _> = cell.split(':').map(str::parse).collect();
    let numbers: Vec<u64> = numbers.ok()?.into_iter().map(u64::from).collect();
    let length = match numbers[..] {
        [milliseconds] if milliseconds >= 10_000 => Duration::from_millis(milliseconds),
        [seconds] => Duration::from_secs(seconds),
        [minutes, seconds] if seconds < 60 => Duration::from_secs(minutes * 60 + seconds),
        [hours, minutes, seconds] if minutes < 60 && seconds < 60 => {
            Duration::from_secs((hours * 60 + minutes) * 60 + seconds)
        }
        _ => return None,
    };
    (!length.is_zero()).then_some(length)
}

/// Splits a line at whichever delimiter gives the most columns with a role. Of several, `preferred` wins.
fn header(line: &str, preferred: Option<u8>) -> (u8, Vec<String>) {
    let candidates = [b'\t', b';', b','].map(|delimiter| (delimiter, cells(line, delimiter)));
    let rank = |(delimiter, cells): &(u8, Vec<String>)| {
        (roles(cells).len(), cells.len(), preferred == Some(*delimiter))
    };
    candidates.into_iter().max_by_key(rank).unwrap_or_default()
}

fn cells(line: &str, delimiter: u8) -> Vec<String> {
    let mut reader = reader(delimiter).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    record.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Returns a reader of rows. In tsv, quotes are text.
pub fn reader(delimiter: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).quoting(delimiter != b'\t').has_headers(false).flexible(true);
    builder
}

/// Returns the column of each role: the first of the known names that exists.
fn roles(header: &[String]) -> IndexMap<Role, usize> {
    let letters: Vec<String> = header.iter().map(|name| letters(name)).collect();
    let find = |(role, names): &(Role, &str)| {
        let index = names.split(' ').find_map(|name| letters.iter().position(|own| own == name))?;
        Some((*role, index))
    };
    KNOWN.iter().filter_map(find).collect()
}

/// Returns the letters of a name in lower case, without accents and without `(s)`.
fn letters(name: &str) -> String {
    let name = name.to_lowercase().replace("(s)", "");
    name.nfkd().filter(|char| char.is_alphabetic()).collect()
}

fn quoted(header: &[String]) -> String {
    header.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
