//! The values of options: their names and their form.

use std::ffi::OsStr;
use std::num::NonZero;
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::{EnumValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use crate::cli::durations::parse_duration;
use spotify_search::ItemType;
use spotify_search::Level;

/// The values of `--generate`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum GenerateArg {
    Man,
    CompleteBash,
    CompleteZsh,
    CompleteFish,
    CompletePowershell,
    CompleteElvish,
}

/// The values of `--type`. Plurals and some other words for a type are accepted, but not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TypeArg {
    #[value(alias = "albums")]
    Album,
    #[value(aliases = ["artists", "band", "bands"])]
    Artist,
    #[value(alias = "playlists")]
    Playlist,
    #[value(aliases = ["tracks", "song", "songs"])]
    Track,
    #[value(aliases = ["shows", "podcast", "podcasts"])]
    Show,
    #[value(alias = "episodes")]
    Episode,
    #[value(alias = "audiobooks")]
    Audiobook,
    All,
}

impl TypeArg {
    /// Returns the types that are searched.
    pub fn types(self) -> &'static [ItemType] {
        match self {
            Self::Album => &[ItemType::Album],
            Self::Artist => &[ItemType::Artist],
            Self::Playlist => &[ItemType::Playlist],
            Self::Track => &[ItemType::Track],
            Self::Show => &[ItemType::Show],
            Self::Episode => &[ItemType::Episode],
            Self::Audiobook => &[ItemType::Audiobook],
            Self::All => ItemType::ALL,
        }
    }
}

/// Returns a parser for an entry of a comma list, which may have blanks around it.
pub fn entry<T: ValueEnum + Send + Sync + 'static>() -> impl TypedValueParser<Value = T> {
    #[derive(Clone)]
    struct Trimmed<T: ValueEnum + Send + Sync + 'static>(EnumValueParser<T>);

    impl<T: ValueEnum + Send + Sync + 'static> TypedValueParser for Trimmed<T> {
        type Value = T;

        fn parse_ref(
            &self,
            command: &Command,
            arg: Option<&Arg>,
            value: &OsStr,
        ) -> Result<T, clap::Error> {
            let value = value.to_str().map_or(value, |text| OsStr::new(text.trim()));
            self.0.parse_ref(command, arg, value)
        }

        fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
            self.0.possible_values()
        }
    }

    Trimmed(EnumValueParser::new())
}

/// Returns the names of the levels that a search may ask for. ISRCs are compared at every level.
pub fn level_names() -> impl Iterator<Item = &'static str> {
    Level::ALL.iter().filter(|level| **level != Level::Isrc).map(|level| level.name())
}

/// Returns a parser of levels.
pub fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(level_names())
        .map(|name| name.parse().expect("clap accepts only these names"))
}

/// Returns a parser of whole numbers in this range.
pub fn number(range: RangeInclusive<u16>) -> impl Fn(&str) -> Result<u16, String> + Clone {
    move |text| match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("must be a number from {} to {}", range.start(), range.end())),
    }
}

/// Parses a number that is not 0.
pub fn positive(text: &str) -> Result<NonZero<u64>, &'static str> {
    text.parse().map_err(|_| "must be a number from 1")
}

/// Parses a duration such as `5s`, `1h` or `90`.
pub fn time(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("must be a time such as 30s, 10m, 1h or 1d")
}

/// Parses a duration that is not 0.
pub fn timeout(text: &str) -> Result<Duration, &'static str> {
    let timeout = parse_duration(text).filter(|timeout| !timeout.is_zero());
    timeout.ok_or("must be a time greater than 0, such as 30s")
}
