//! What an item has to match: the words and the field filters in the text of a query.

use std::iter;

use super::catalogue::SampleItem;
use crate::matching::fold;
use crate::query::inline_filters::split;
use crate::query::{Field, Filter, ItemType};

/// Returns true if the sample catalogue can be searched with the filter. It has no data about the other
/// fields.
pub fn is_supported(filter: &Filter) -> bool {
    !matches!(filter.field, Field::Isrc | Field::Upc | Field::Tag)
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
        let (text, inline) = split(text);
        let mut words = Vec::new();
        for (number, part) in text.split('"').enumerate() {
            // Every second part is in quotation marks.
            if number % 2 == 1 {
                words.push(fold(part));
            } else {
                words.extend(part.split_whitespace().map(fold));
            }
        }
        // The dash of `Radiohead - Creep` is no word.
        words.retain(|word| !word.is_empty());
        let filters = inline.into_iter().map(|(field, value)| filter(field, value));
        Ok(Self { words, filters: filters.collect::<Result<_, _>>()? })
    }

    /// Returns true if the item matches every word and every filter.
    ///
    /// A word may occur in the name, in the album, or in an artist, owner, publisher or author. Some
    /// filters also read the artists, albums and tracks of the catalogue that belong to the item.
    pub fn matches(&self, item: &SampleItem, catalogue: &[SampleItem]) -> bool {
        let view = &item.view;
        let texts = view.name.iter().chain(&view.by).chain(&view.album);
        let text = fold(&texts.map(String::as_str).collect::<Vec<_>>().join("\n"));
        let is_empty = self.words.is_empty() && self.filters.is_empty();
        !is_empty
            && self.words.iter().all(|word| text.contains(word.as_str()))
            && self.filters.iter().all(|filter| filter_matches(filter, item, catalogue))
    }

    /// Returns a rank that is lower if the name equals the words, and lower if it starts with them.
    pub fn rank(&self, name: &str) -> impl Ord + use<> {
        let (words, name) = (self.words.join(" "), fold(name));
        (name != words, !name.starts_with(&words))
    }
}

fn filter(field: Field, value: &str) -> Result<Filter, String> {
    let filter = match field {
        Field::Artist => Filter::artist(value),
        Field::Album => Filter::album(value),
        Field::Track => Filter::track(value),
        Field::Year => Filter::year(value),
        Field::Genre => Filter::genre(value),
        _ => return Err(format!("the sample catalogue has no filter {}", field.name())),
    };
    filter.map_err(|error| format!("{}: {error}", field.name()))
}

fn filter_matches(filter: &Filter, item: &SampleItem, catalogue: &[SampleItem]) -> bool {
    let (item_type, view) = (item.item.item_type(), &item.view);
    let value = fold(filter.value());
    let contains = |text: &String| fold(text).contains(&value);
    let mut related = with_related(item, catalogue);
    filter.applies_to().contains(&item_type)
        && match filter.field {
            Field::Artist if item_type != ItemType::Artist => view.by.iter().any(contains),
            Field::Album if item_type == ItemType::Track => view.album.iter().any(contains),
            Field::Year => related.any(|known| was_released_in(known, filter.value())),
            Field::Genre => related.any(|known| known.view.genres.iter().any(contains)),
            _ => view.name.iter().any(contains),
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
