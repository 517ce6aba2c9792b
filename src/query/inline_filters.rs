//! Field filters inside the words of a query, such as `artist:"Miles Davis"`.

/// The fields that Spotify can filter by.
const FIELDS: [&str; 8] = ["artist", "album", "track", "year", "genre", "isrc", "upc", "tag"];

/// A field filter inside the words of a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InlineFilter<'a> {
    /// The field as typed, in any case.
    pub field: &'a str,
    /// The value without its quotation marks.
    pub value: &'a str,
}

/// Separates the words of a query from the inline filters. The words are joined by a space.
pub(super) fn split(text: &str) -> (String, Vec<InlineFilter<'_>>) {
    let (mut words, mut filters) = (Vec::new(), Vec::new());
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some((filter, after)) = split_filter(rest) {
            filters.push(filter);
            rest = after.trim_start();
        } else {
            let (word, after) = split_word(rest);
            words.push(word);
            rest = after.trim_start();
        }
    }
    (words.join(" "), filters)
}

/// Splits the text after the filter that it starts with, if it does. A quotation mark without a
/// second one quotes the rest of the text.
fn split_filter(text: &str) -> Option<(InlineFilter<'_>, &str)> {
    let (field, rest) = text.split_once(':')?;
    let is_field = FIELDS.iter().any(|known| known.eq_ignore_ascii_case(field));
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
        None => split_word(rest),
    };
    let value = value.trim();
    (is_field && !value.is_empty()).then_some((InlineFilter { field, value }, rest))
}

/// Splits the text at the first white space.
fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_split(text: &str, words: &str, filters: &[(&str, &str)]) {
        let (actual_words, actual_filters) = split(text);
        let actual_filters: Vec<_> =
            actual_filters.iter().map(|filter| (filter.field, filter.value)).collect();
        assert_eq!((actual_words.as_str(), &*actual_filters), (words, filters), "{text}");
    }

    #[test]
    fn separates_words_and_filters() {
        assert_split("so  what", "so what", &[]);
        assert_split(
            r#"so artist:"Miles Davis" what Year:1959"#,
            "so what",
            &[("artist", "Miles Davis"), ("Year", "1959")],
        );
        assert_split(r#"artist:"A"track:" B "c"#, "c", &[("artist", "A"), ("track", "B")]);
        assert_split("artist:\"Miles Davis", "", &[("artist", "Miles Davis")]);
    }

    #[test]
    fn a_colon_alone_makes_no_filter() {
        for title in ["Re: Stacks", "Album: The Movie", "Mass Effect:Andromeda", "12\" mix", "a :b"]
        {
            assert_split(title, title, &[]);
        }
        assert_split("track:\"\" x", "track:\"\" x", &[]);
    }
}
