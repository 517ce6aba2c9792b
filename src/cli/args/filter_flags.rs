//! The flags of the field filters.

use spotify_search::Filter;

/// Field filters, in the order in which they follow the words.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Field filters")]
pub struct FilterArgs {
    /// Only albums, artists and tracks by this artist
    #[arg(
        long,
        value_name = "VALUE",
        value_parser = Filter::artist
    )]
    artist: Option<Filter>,

    /// Only albums with this name, or tracks on them
    #[arg(long, value_name = "VALUE", value_parser = Filter::album)]
    album: Option<Filter>,

    /// Only tracks with this name
    #[arg(long, value_name = "VALUE", value_parser = Filter::track)]
    track: Option<Filter>,

    /// Only results of a year or a range: 1999 or 1999-2005
    ///
    /// Applies to albums, artists and tracks.
    #[arg(long, value_name = "VALUE", value_parser = Filter::year)]
    year: Option<Filter>,

    /// Only artists and tracks of this genre
    #[arg(
        long,
        value_name = "VALUE",
        value_parser = Filter::genre,
        hide_short_help = true
    )]
    genre: Option<Filter>,

    /// Only the track with this ISRC (recording code)
    #[arg(
        long,
        value_name = "VALUE",
        value_parser = Filter::isrc,
        hide_short_help = true
    )]
    isrc: Option<Filter>,

    /// Only the album with this UPC (barcode number)
    #[arg(
        long,
        value_name = "VALUE",
        value_parser = Filter::upc,
        hide_short_help = true
    )]
    upc: Option<Filter>,

    /// Only albums released in the last two weeks
    #[arg(long, hide_short_help = true)]
    new: bool,

    /// Only albums among the 10% least popular
    #[arg(long, hide_short_help = true)]
    hipster: bool,
}

impl FilterArgs {
    /// Returns the filters that were given.
    pub fn into_filters(self) -> Vec<Filter> {
        let tags = [self.new.then(Filter::new_releases), self.hipster.then(Filter::hipster)];
        let fields =
            [self.artist, self.album, self.track, self.year, self.genre, self.isrc, self.upc];
        fields.into_iter().chain(tags).flatten().collect()
    }
}
