//! The columns of csv, tsv and tables, and the text of their cells.

use clap::ValueEnum;

use spotify_search::{Item, ItemView};

/// A column with a field of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Column {
    Type,
    Id,
    Name,
    By,
    Album,
    Genres,
    Released,
    DurationMs,
    Count,
    Followers,
    Popularity,
    Explicit,
    Url,
    Uri,
    Image,
    ByIds,
    AlbumId,
    AlbumType,
    Isrc,
    Upc,
    /// The level of a match.
    Result,
    /// The number of results that match as closely.
    Matches,
}

impl Column {
    /// The columns of csv and tsv, unless others are chosen. They are the same for every item type.
    pub const DEFAULT: [Self; 15] = [
        Self::Type,
        Self::Id,
        Self::Name,
        Self::By,
        Self::Album,
        Self::Genres,
        Self::Released,
        Self::DurationMs,
        Self::Count,
        Self::Followers,
        Self::Popularity,
        Self::Explicit,
        Self::Url,
        Self::Uri,
        Self::Image,
    ];

    /// Returns the name in a header: `duration_ms`.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Returns the cell of an item, empty if the field is missing. Several values are joined by `; `.
    pub fn cell(self, item: &Item, view: &ItemView) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Type => item.item_type().name().to_owned(),
            Self::Id => text(&view.id),
            Self::Name => text(&view.name),
            Self::By => view.by.join("; "),
            Self::Album => text(&view.album),
            Self::Genres => view.genres.join("; "),
            Self::Released => text(&view.released),
            Self::DurationMs => shown(view.duration_ms),
            Self::Count => shown(view.count),
            Self::Followers => shown(view.followers),
            Self::Popularity => shown(view.popularity),
            Self::Explicit => shown(view.explicit),
            Self::Url => text(&view.url),
            Self::Uri => text(&view.uri),
            Self::Image => text(&view.image),
            Self::ByIds => view.by_ids.join("; "),
            Self::AlbumId => text(&view.album_id),
            Self::AlbumType => text(&view.album_type),
            Self::Isrc => text(&view.isrc),
            Self::Upc => text(&view.upc),
            Self::Result => item.level().map_or("found", |level| level.name()).to_owned(),
            Self::Matches => shown(item.matches()),
        }
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
