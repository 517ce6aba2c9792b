//! What an item has to match: the words and the field filters in the text of a query.

use std::iter;

use super::catalogue::SampleItem;
use crate::matching::fold;
use crate::query::inline_filters::{InlineFilter, split};
use crate::query::{Field, Filter, ItemType};

/// Returns true if the sample catalogue can be searched with the filter.
pub fn is_supported(filter: &Filter) -> bool {
    is_known(filter.field())
}

/// The sample catalogue has no data about the other fields.
fn is_known(field: Field) -> bool {
    !matches!(field, Field::Isrc | Field::Upc | Field::Tag)
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
        let (words, filters) = split(text);
        // Every second part is in quotation marks.
        let parts = words.split('"').enumerate();
        let words = parts.flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().map(folded).collect(),
            _ => vec![folded(part)],
        });
        let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        // The dash of `Radiohead - Creep` is no word. Names such as `!!!` have nothing else.
        if words.iter().any(|word| !fold(word).is_empty()) {
            words.retain(|word| !fold(word).is_empty());
        }
        Ok(Self { words, filters: filters.iter().map(filter).collect::<Result<_, _>>()? })
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

/// Folds a word. A word of symbols such as `!!!` stays as it is.
fn folded(word: &str) -> String {
    Some(fold(word)).filter(|folded| !folded.is_empty()).unwrap_or_else(|| word.to_owned())
}

fn filter(&InlineFilter { field, value }: &InlineFilter) -> Result<Filter, String> {
    let filter = match field {
        Field::Artist => Filter::artist(value),
        Field::Album => Filter::album(value),
        Field::Track => Filter::track(value),
        Field::Year => Filter::year(value),
        Field::Genre => Filter::genre(value),
        Field::Isrc | Field::Upc | Field::Tag => {
            return Err(format!("the sample catalogue has no filter {}", field.name()));
        }
    };
    filter.map_err(|error| format!("{}: {error}", field.name()))
}

fn filter_matches(filter: &Filter, item: &SampleItem, catalogue: &[SampleItem]) -> bool {
    let (item_type, view) = (item.item.item_type(), &item.view);
    let value = fold(filter.value());
    let contains = |text: &String| fold(text).contains(&value);
    filter.applies_to().contains(&item_type)
        && match (filter.field(), item_type) {
            (Field::Artist, ItemType::Album | ItemType::Track) => view.by.iter().any(contains),
            (Field::Album, ItemType::Track) => view.album.iter().any(contains),
            (Field::Artist | Field::Album | Field::Track, _) => view.name.iter().any(contains),
            (Field::Year, _) => {
                with_related(item, catalogue).any(|known| was_released_in(known, filter.value()))
            }
            (Field::Genre, _) => {
                with_related(item, catalogue).any(|known| known.view.genres.iter().any(contains))
            }
            (Field::Isrc | Field::Upc | Field::Tag, _) => false,
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
