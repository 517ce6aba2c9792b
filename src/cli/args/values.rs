//! The values of options: their names and their form.

use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
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

/// Parses a value of `--type`: a type in the singular or the plural, or `all`.
#[derive(Clone)]
pub struct TypeParser;

impl TypeParser {
    /// Returns the names. Plurals are accepted, but not listed.
    fn names() -> impl Iterator<Item = PossibleValue> {
        let types = ItemType::ALL.iter();
        let types = types.map(|known| PossibleValue::new(known.name()).alias(known.section()));
        types.chain([PossibleValue::new("all")])
    }
}

impl TypedValueParser for TypeParser {
    type Value = Vec<ItemType>;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Vec<ItemType>, clap::Error> {
        // A comma list may have spaces after the commas.
        let value = value.to_str().map_or(value, |text| OsStr::new(text.trim()));
        let names = PossibleValuesParser::new(Self::names());
        let name = names.parse_ref(command, arg, value).map_err(|mut error| {
            let meant = match value.to_str().unwrap_or_default() {
                "song" | "songs" => "track",
                "podcast" | "podcasts" => "show",
                "band" | "bands" => "artist",
                _ => return error,
            };
            let meant = ContextValue::String(meant.into());
            error.insert(ContextKind::SuggestedValue, meant);
            error
        })?;
        Ok(name.parse().map_or_else(|_| ItemType::ALL.to_vec(), |item_type| vec![item_type]))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Self::names()))
    }
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

/// Parses a duration such as `5s`, `1h` or `90`.
pub fn time(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("must be a time such as 30s, 10m, 1h or 1d")
}

/// Parses a duration that is not 0.
pub fn timeout(text: &str) -> Result<Duration, &'static str> {
    let timeout = parse_duration(text).filter(|timeout| !timeout.is_zero());
    timeout.ok_or("must be a time greater than 0, such as 30s")
}
