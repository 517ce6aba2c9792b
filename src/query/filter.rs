//! Field filters: what each field is called, which types it narrows, and what its values look like.
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

use std::fmt;

use super::ItemType;

/// A field filter, already valid: `year:1999-2005`.
///
/// Made by one function a field, so that a command line can reject a bad value where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    field: Field,
    value: String,
}

/// The fields that a search can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
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
    /// The name in the query, and the types of item that the field can narrow.
    fn facts(self) -> (&'static str, &'static [ItemType]) {
        use ItemType::{Album, Artist, Track};
        match self {
            Self::Artist => ("artist", &[Album, Artist, Track]),
            Self::Year => ("year", &[Album, Artist, Track]),
            Self::Album => ("album", &[Album, Track]),
            Self::Genre => ("genre", &[Artist, Track]),
            Self::Track => ("track", &[Track]),
            Self::Isrc => ("isrc", &[Track]),
            Self::Upc => ("upc", &[Album]),
            Self::Tag => ("tag", &[Album]),
        }
    }
}

#[expect(clippy::missing_errors_doc, reason = "each fails with a sentence about the value")]
impl Filter {
    /// Only what this artist made.
    pub fn artist(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Artist, value)
    }

    /// Only what is on an album of this name.
    pub fn album(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Album, value)
    }

    /// Only tracks of this name.
    pub fn track(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Track, value)
    }

    /// Only this genre.
    pub fn genre(value: &str) -> Result<Self, String> {
        Self::phrase(Field::Genre, value)
    }

    /// Only this year, or this range of years with both ends in it.
    pub fn year(value: &str) -> Result<Self, String> {
        let year = |text: &str| {
            let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.to_owned())
        };
        let value = value.trim();
        let valid = match value.split_once('-') {
            None => year(value).is_some(),
            Some((from, to)) => match (year(from), year(to)) {
                (Some(from), Some(to)) if from > to => {
                    return Err(format!("the range runs backwards: did you mean {to}-{from}?"));
                }
                (from, to) => from.is_some() && to.is_some(),
            },
        };
        if valid {
            Ok(Self { field: Field::Year, value: value.to_owned() })
        } else {
            Err("a year has four digits, and a range is two of them: 1999 or 1999-2005".into())
        }
    }

    /// Only the recording of this International Standard Recording Code; hyphens may stand in it.
    pub fn isrc(value: &str) -> Result<Self, String> {
        let code: String = value.trim().replace('-', "").to_ascii_uppercase();
        if code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self { field: Field::Isrc, value: code })
        } else {
            Err("an ISRC has twelve letters and digits, such as USUM71703861".into())
        }
    }

    /// Only the release of this Universal Product Code (8 to 14 digits).
    pub fn upc(value: &str) -> Result<Self, String> {
        let code = value.trim();
        if (8..=14).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self { field: Field::Upc, value: code.to_owned() })
        } else {
            Err("a UPC has 8 to 14 digits, such as 602537347377".into())
        }
    }

    /// Only albums of the last two weeks.
    pub fn new_releases() -> Self {
        Self { field: Field::Tag, value: "new".into() }
    }

    /// Only albums of the lowest tenth in popularity.
    pub fn hipster() -> Self {
        Self { field: Field::Tag, value: "hipster".into() }
    }

    /// The types of item that it can narrow.
    pub fn applies_to(&self) -> &'static [ItemType] {
        self.field.facts().1
    }

    /// A value in words. Spotify has no way to write a quotation mark inside a quoted value, and
    /// its matching does not need one, so those are left out.
    fn phrase(field: Field, value: &str) -> Result<Self, String> {
        let bare = value.replace('"', " ");
        let words: Vec<&str> = bare.split_whitespace().collect();
        if words.is_empty() {
            return Err("the value is blank".into());
        }
        Ok(Self { field, value: words.join(" ") })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, _) = self.field.facts();
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
    fn quotation_marks_inside_a_value_are_left_out() {
        let filter = Filter::artist("\"Weird Al\" Yankovic").unwrap();
        assert_eq!(filter.to_string(), "artist:\"Weird Al Yankovic\"");
        assert!(Filter::artist("\"\"").is_err());
    }

    #[test]
    fn years_are_four_digits_or_a_range_of_them_in_order() {
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
    fn codes_are_checked_for_their_form() {
        assert_eq!(Filter::isrc("us-um7-17-03861").unwrap().to_string(), "isrc:USUM71703861");
        assert!(Filter::isrc("USUM7170386").is_err());
        assert!(Filter::isrc("ÜSUM7170386").is_err());
        assert_eq!(Filter::upc("602537347377").unwrap().to_string(), "upc:602537347377");
        assert!(Filter::upc("60253734737x").is_err());
        assert!(Filter::upc("1234567").is_err());
    }
}
