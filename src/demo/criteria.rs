//! What an item has to match: the words and the field filters in the text of a query.

use std::iter;

use super::catalogue::SampleItem;
use crate::query::{Filter, ItemType};

/// The fields that the sample catalogue has no data about.
const UNSUPPORTED: [&str; 3] = ["isrc", "upc", "tag"];

/// Returns true if the sample catalogue can be searched with the filter.
pub fn is_supported(filter: &Filter) -> bool {
    !UNSUPPORTED.contains(&filter.field())
}

/// The parsed text of a query.
pub struct Criteria {
    /// Words and quoted phrases, folded.
    words: Vec<String>,
    filters: Vec<Filter>,
}

impl Criteria {
    /// Parses the text of a query.
    ///
    /// # Errors
    ///
    /// A message if a filter is not supported or its value is invalid.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut criteria = Self { words: Vec::new(), filters: Vec::new() };
        for token in tokens(text) {
            match filter(&token)? {
                Some(filter) => criteria.filters.push(filter),
                None => criteria.words.push(fold(&token)),
            }
        }
        Ok(criteria)
    }

    /// Returns true if the item matches every word and every filter.
    ///
    /// A word may occur in the name, in the album, or in an artist, owner, publisher or author. Some
    /// filters also read the artists, albums and tracks of the catalogue that belong to the item.
    pub fn matches(&self, item: &SampleItem, catalogue: &[SampleItem]) -> bool {
        let view = &item.view;
        let texts = view.name.iter().chain(&view.by).chain(&view.album);
        let text = fold(&texts.map(String::as_str).collect::<Vec<_>>().join("\n"));
        self.words.iter().all(|word| text.contains(word.as_str()))
            && self.filters.iter().all(|filter| filter_matches(filter, item, catalogue))
    }

    /// Returns how well a name matches: 0 if it equals the words, 1 if it starts with them, else 2.
    pub fn rank(&self, name: &str) -> u8 {
        let (words, name) = (self.words.join(" "), fold(name));
        if name == words {
            0
        } else if name.starts_with(&words) {
            1
        } else {
            2
        }
    }
}

/// Splits the text at white space outside quotation marks, and removes the marks.
fn tokens(text: &str) -> impl Iterator<Item = String> {
    let mut is_quoted = false;
    text.split(move |char: char| {
        is_quoted ^= char == '"';
        char.is_whitespace() && !is_quoted
    })
    .map(|token| token.replace('"', ""))
    .filter(|token| !token.is_empty())
}

/// Returns the filter if the token is one, such as `artist:Radiohead`.
fn filter(token: &str) -> Result<Option<Filter>, String> {
    let Some((field, value)) = token.split_once(':') else { return Ok(None) };
    let field = field.to_ascii_lowercase();
    let filter = match field.as_str() {
        "artist" => Filter::artist(value),
        "album" => Filter::album(value),
        "track" => Filter::track(value),
        "year" => Filter::year(value),
        "genre" => Filter::genre(value),
        _ if UNSUPPORTED.contains(&field.as_str()) => {
            return Err(format!("the sample catalogue has no filter {field}"));
        }
        _ => return Ok(None),
    };
    filter.map(Some).map_err(|error| format!("{field}: {error}"))
}

fn filter_matches(filter: &Filter, item: &SampleItem, catalogue: &[SampleItem]) -> bool {
    let (item_type, view) = (item.item.item_type(), &item.view);
    let value = fold(filter.value());
    let contains = |text: &String| fold(text).contains(&value);
    filter.applies_to().contains(&item_type)
        && match (filter.field(), item_type) {
            ("artist", ItemType::Album | ItemType::Track) => view.by.iter().any(contains),
            ("album", ItemType::Track) => view.album.iter().any(contains),
            ("artist" | "album" | "track", _) => view.name.iter().any(contains),
            ("year", _) => {
                with_related(item, catalogue).any(|known| was_released_in(known, &value))
            }
            ("genre", _) => {
                with_related(item, catalogue).any(|known| known.view.genres.iter().any(contains))
            }
            _ => false,
        }
}

/// Returns the item with its artists or, for an artist, with the albums and tracks by that artist.
/// An artist has the years of these albums and tracks; a track has the genres of its artists.
fn with_related<'a>(
    item: &'a SampleItem,
    catalogue: &'a [SampleItem],
) -> impl Iterator<Item = &'a SampleItem> {
    let is_by = |work: &SampleItem, artist: &SampleItem| {
        artist.item.item_type() == ItemType::Artist
            && artist.view.name.as_ref().is_some_and(|name| work.view.by.contains(name))
    };
    let related = catalogue.iter().filter(move |other| is_by(other, item) || is_by(item, other));
    iter::once(item).chain(related)
}

/// Returns true if the year of release is this year (`1999`) or in this range (`1999-2005`).
fn was_released_in(item: &SampleItem, years: &str) -> bool {
    let (first, last) = years.split_once('-').unwrap_or((years, years));
    let year = item.view.released.as_ref().and_then(|date| date.get(..4));
    year.is_some_and(|year| (first..=last).contains(&year))
}

/// Converts to lower case and removes the accents of Western European letters.
fn fold(text: &str) -> String {
    let without_accent = |char| match char {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        _ => char,
    };
    let is_combining_accent = |char: &char| ('\u{300}'..='\u{36f}').contains(char);
    let lower = text.to_lowercase().replace('æ', "ae");
    lower.chars().filter(|char| !is_combining_accent(char)).map(without_accent).collect()
}
