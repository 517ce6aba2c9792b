//! Field filters inside the words of a query, such as `artist:"Miles Davis"`. As in Spotify's own
//! example, `track:So What artist:Miles Davis`, a value without quotes ends where the next filter
//! begins.

use super::filter::Field;

/// The length of the longest name of a field.
const MAX_NAME: usize = 6;

/// A field filter inside the words of a query: the value is without its quotation marks.
pub(crate) type InlineFilter<'a> = (Field, &'a str);

/// Separates the words of a query from the inline filters. The words are joined by a space.
pub(crate) fn split(text: &str) -> (String, Vec<InlineFilter<'_>>) {
    let (mut words, mut filters) = (Vec::new(), Vec::new());
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some((filter, after)) = split_filter(rest) {
            filters.push(filter);
            rest = after.trim_start();
        } else {
            let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
            words.push(word);
            rest = after.trim_start();
        }
    }
    (words.join(" "), filters)
}

/// Splits the text after the filter that it starts with, if it does. A quotation mark without a
/// second one quotes the rest of the text.
fn split_filter(text: &str) -> Option<(InlineFilter<'_>, &str)> {
    let (field, rest) = split_field(text)?;
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => rest.split_at(next_filter(rest).unwrap_or(rest.len())),
    };
    let value = value.trim();
    (!value.is_empty()).then_some(((field, value), rest))
}

/// Splits the text after the field and the colon that it starts with, if it does and a value follows.
fn split_field(text: &str) -> Option<(Field, &str)> {
    let colon = text.bytes().take(MAX_NAME + 1).position(|byte| byte == b':')?;
    let rest = &text[colon + 1..];
    let has_value = rest.starts_with(|c: char| !c.is_whitespace());
    Some((Field::of_name(&text[..colon])?, rest)).filter(|_| has_value)
}

/// Returns the start of the first filter after white space.
fn next_filter(text: &str) -> Option<usize> {
    let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace());
    let mut starts = spaces.map(|(space, c)| space + c.len_utf8());
    starts.find(|&start| split_field(&text[start..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_split(text: &str, words: &str, filters: &[(Field, &str)]) {
        assert_eq!(split(text), (words.to_owned(), filters.to_vec()), "{text}");
    }

    #[test]
    fn separates_words_and_filters() {
        use Field::{Artist, Track, Year};
        assert_split("so  what", "so what", &[]);
        assert_split(
            r#"so artist:"Miles Davis" what Year:1959"#,
            "so what",
            &[(Artist, "Miles Davis"), (Year, "1959")],
        );
        assert_split(r#"artist:"A"track:" B "c"#, "c", &[(Artist, "A"), (Track, "B")]);
        assert_split("artist:\"Miles Davis", "", &[(Artist, "Miles Davis")]);
        assert_split(
            "blue track:So What artist:Miles  Davis",
            "blue",
            &[(Track, "So What"), (Artist, "Miles  Davis")],
        );
    }

    #[test]
    fn a_colon_alone_makes_no_filter() {
        for title in ["Re: Stacks", "Album: The Movie", "Mass Effect:Andromeda", "12\" mix", "a :b"]
        {
            assert_split(title, title, &[]);
        }
        assert_split("track:\"\" x", "track:\"\" x", &[]);
        assert_split("é:x artis\u{301}t:x", "é:x artis\u{301}t:x", &[]);
    }
}
