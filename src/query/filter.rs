//! Field filters: their names, the item types they apply to, and the form of their values.
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

use std::fmt;

use super::{ItemType, QueryError};

/// A field filter with a valid value, such as `year:1999-2005`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    pub(crate) field: Field,
    value: String,
}

/// The fields that Spotify can filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    Artist,
    Album,
    Track,
    Year,
    Genre,
    Isrc,
    Upc,
    Tag,
}

impl Field {
    /// In the order of the variants.
    const NAMES: [(Self, &'static str); 8] = [
        (Self::Artist, "artist"),
        (Self::Album, "album"),
        (Self::Track, "track"),
        (Self::Year, "year"),
        (Self::Genre, "genre"),
        (Self::Isrc, "isrc"),
        (Self::Upc, "upc"),
        (Self::Tag, "tag"),
    ];

    /// Returns the name in a query: `artist`.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].1
    }

    /// Returns the field with this name, in any case.
    pub fn of_name(name: &str) -> Option<Self> {
        let known = Self::NAMES.into_iter().find(|(_, known)| known.eq_ignore_ascii_case(name));
        known.map(|(field, _)| field)
    }

    /// Returns the field that filters items of this type by their name, if there is one: it has the name of
    /// the type.
    pub fn of_type(item_type: ItemType) -> Option<Self> {
        Self::of_name(item_type.name())
    }

    /// Returns the types that a search with these fields is for, if no type is given. `track` and
    /// `isrc` imply tracks, even together with `album`, which applies to tracks, too.
    pub fn implied_types(fields: impl IntoIterator<Item = Self>) -> &'static [ItemType] {
        let mut implied = &[ItemType::Artist];
        for field in fields {
            match field {
                Self::Track | Self::Isrc => return &[ItemType::Track],
                Self::Album | Self::Upc | Self::Tag => implied = &[ItemType::Album],
                Self::Artist | Self::Year | Self::Genre => {}
            }
        }
        implied
    }
}

#[expect(clippy::missing_errors_doc, reason = "each fails with QueryError::InvalidValue")]
impl Filter {
    /// Keeps albums, artists and tracks by this artist.
    pub fn artist(value: &str) -> Result<Self, QueryError> {
        Self::phrase(Field::Artist, value)
    }

    /// Keeps albums with this name and their tracks.
    pub fn album(value: &str) -> Result<Self, QueryError> {
        Self::phrase(Field::Album, value)
    }

    /// Keeps tracks with this name.
    pub fn track(value: &str) -> Result<Self, QueryError> {
        Self::phrase(Field::Track, value)
    }

    /// Keeps artists and tracks of this genre.
    pub fn genre(value: &str) -> Result<Self, QueryError> {
        Self::phrase(Field::Genre, value)
    }

    /// Keeps items of a year (`1999`) or of a range of years, both ends included (`1999-2005`).
    pub fn year(value: &str) -> Result<Self, QueryError> {
        let value = value.trim();
        let is_year =
            |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        let (from, to) = value.split_once('-').unwrap_or((value, value));
        if !is_year(from) || !is_year(to) {
            let expected = "a year has four digits; a range is two years, such as 1999-2005";
            return Err(QueryError::invalid(expected));
        }
        if from > to {
            let expected = format!("the range is in reverse order: did you mean {to}-{from}?");
            return Err(QueryError::invalid(expected));
        }
        Ok(Self { field: Field::Year, value: value.to_owned() })
    }

    /// Keeps the track with this International Standard Recording Code. Hyphens are ignored.
    pub fn isrc(value: &str) -> Result<Self, QueryError> {
        let code = value.trim().replace('-', "").to_ascii_uppercase();
        if code.len() != 12 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let expected = "an ISRC has twelve letters and digits, such as USUM71703861";
            return Err(QueryError::invalid(expected));
        }
        Ok(Self { field: Field::Isrc, value: code })
    }

    /// Keeps the album with this Universal Product Code, 8 to 14 digits.
    pub fn upc(value: &str) -> Result<Self, QueryError> {
        let code = value.trim();
        if !(8..=14).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(QueryError::invalid("a UPC has 8 to 14 digits, such as 602537347377"));
        }
        Ok(Self { field: Field::Upc, value: code.to_owned() })
    }

    /// Keeps albums released in the last two weeks.
    pub fn new_releases() -> Self {
        Self { field: Field::Tag, value: "new".into() }
    }

    /// Keeps albums among the 10 % least popular.
    pub fn hipster() -> Self {
        Self { field: Field::Tag, value: "hipster".into() }
    }

    /// Returns the item types that the filter applies to.
    pub fn applies_to(&self) -> &'static [ItemType] {
        use ItemType::{Album, Artist, Track};
        match self.field {
            Field::Artist | Field::Year => &[Album, Artist, Track],
            Field::Album => &[Album, Track],
            Field::Genre => &[Artist, Track],
            Field::Track | Field::Isrc => &[Track],
            Field::Upc | Field::Tag => &[Album],
        }
    }

    /// Returns the name in a query: `artist`, and `tag` for new and for unpopular albums.
    pub fn name(&self) -> &'static str {
        self.field.name()
    }

    /// Returns the value without quotation marks: `Miles Davis`.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// A value in words. Quotation marks are removed: Spotify has no escape for them inside a
    /// quoted value.
    fn phrase(field: Field, value: &str) -> Result<Self, QueryError> {
        let value = value.replace('"', " ");
        let words: Vec<&str> = value.split_whitespace().collect();
        if words.is_empty() {
            return Err(QueryError::invalid("the value is empty"));
        }
        Ok(Self { field, value: words.join(" ") })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.field.name();
        if self.value.contains(' ') {
            write!(f, "{name}:\"{}\"", self.value)
        } else {
            write!(f, "{name}:{}", self.value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_in_a_value_are_removed() {
        let filter = Filter::artist("\"Weird Al\" Yankovic").unwrap();
        assert_eq!(filter.to_string(), "artist:\"Weird Al Yankovic\"");
        assert!(Filter::artist("\"\"").is_err());
    }

    #[test]
    fn fields_imply_the_type() {
        use Field::{Album, Artist, Genre, Isrc, Tag, Track, Upc};
        for fields in [vec![], vec![Artist], vec![Genre]] {
            assert_eq!(Field::implied_types(fields), [ItemType::Artist]);
        }
        for field in [Album, Upc, Tag] {
            assert_eq!(Field::implied_types([Artist, field]), [ItemType::Album]);
        }
        for field in [Track, Isrc] {
            assert_eq!(Field::implied_types([Album, field]), [ItemType::Track]);
        }
    }

    #[test]
    fn accepts_a_year_or_an_ascending_range() {
        for good in ["1999", "1999-2005", "2005-2005", " 1999 "] {
            assert!(Filter::year(good).is_ok(), "{good}");
        }
        for bad in
            ["", "99", "19999", "1999-", "-2005", "1999-05", "2005-1999", "199x", "1999-2000-2001"]
        {
            assert!(Filter::year(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn checks_the_form_of_codes() {
        assert_eq!(Filter::isrc("us-um7-17-03861").unwrap().to_string(), "isrc:USUM71703861");
        assert!(Filter::isrc("USUM7170386").is_err());
        assert!(Filter::isrc("ÜSUM7170386").is_err());
        assert_eq!(Filter::upc("602537347377").unwrap().to_string(), "upc:602537347377");
        assert!(Filter::upc("60253734737x").is_err());
        assert!(Filter::upc("1234567").is_err());
    }
}
