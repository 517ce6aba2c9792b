//! Reads single fields of a JSON object, so that a missing or malformed field affects no other.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A JSON object whose fields are parsed on demand.
#[derive(Default)]
pub(super) struct JsonObject<'a>(HashMap<String, &'a RawValue>);

impl<'a> JsonObject<'a> {
    /// Reads an object. Any other JSON value gives an empty object.
    pub fn read(json: &'a RawValue) -> Self {
        serde_json::from_str(json.get()).map(Self).unwrap_or_default()
    }

    /// Returns a field of this type.
    pub fn value<T: Deserialize<'a>>(&self, key: &str) -> Option<T> {
        self.0.get(key).and_then(|value| serde_json::from_str(value.get()).ok())
    }

    /// Returns a string that is not blank.
    pub fn text(&self, key: &str) -> Option<String> {
        self.value::<String>(key).filter(|text| !text.trim().is_empty())
    }

    /// Returns a non-negative whole number.
    pub fn count(&self, key: &str) -> Option<u64> {
        self.0.get(key).and_then(|value| whole_number(value))
    }

    /// Returns a nested object, empty if the field is not an object.
    pub fn object(&self, key: &str) -> Self {
        self.0.get(key).map(|value| Self::read(value)).unwrap_or_default()
    }

    /// Returns the entries of a list that are of this type.
    pub fn values<T: Deserialize<'a>>(&self, key: &str) -> Vec<T> {
        let entries: Vec<&'a RawValue> = self.value(key).unwrap_or_default();
        entries.into_iter().filter_map(|entry| serde_json::from_str(entry.get()).ok()).collect()
    }

    /// Returns one text field of each object in a list.
    pub fn texts_of(&self, key: &str, field: &str) -> Vec<String> {
        let entries: Vec<&'a RawValue> = self.values(key);
        entries.into_iter().filter_map(|entry| JsonObject::read(entry).text(field)).collect()
    }
}

/// Parses a non-negative whole number. Spotify writes some as `968410.0`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is checked to be whole, not negative and exact in a double"
)]
pub(crate) fn whole_number(json: &RawValue) -> Option<u64> {
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0; // 2^53
    let number: serde_json::Number = serde_json::from_str(json.get()).ok()?;
    number.as_u64().or_else(|| {
        let double = number.as_f64()?;
        let is_whole = (0.0..MAX_EXACT).contains(&double) && double.fract() == 0.0;
        is_whole.then_some(double as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_may_have_a_decimal_point() {
        let parse = |text: &str| whole_number(&RawValue::from_string(text.to_owned()).unwrap());
        assert_eq!(parse("7"), Some(7));
        assert_eq!(parse("968410.0"), Some(968_410));
        assert_eq!(parse("18446744073709551615"), Some(u64::MAX));
        for other in ["-1", "1.5", "1e300", "null", "\"7\"", "[7]"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
