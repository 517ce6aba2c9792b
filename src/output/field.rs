//! The formats `id`, `uri` and `url`: one field of each item per line.

use super::columns::Column;
use super::format::Format;
use spotify_search::Item;

/// Returns the field of the format. A value with a line end, which no real id has, counts as missing: it
/// would be two lines.
pub(super) fn value(item: &Item, format: Format) -> Option<String> {
    let column = match format {
        Format::Uri => Column::Uri,
        Format::Url => Column::Url,
        _ => Column::Id,
    };
    let value = column.cell(item, &item.view());
    (!value.is_empty() && !value.contains(['\n', '\r'])).then_some(value)
}

#[cfg(test)]
mod tests {
    use crate::output::Format;
    use crate::output::printer::testing::render_piped;

    const RESPONSE: &str = r#"{"shows": {"items": [
        {"id": "1", "uri": "spotify:show:1", "external_urls": {"spotify": "https://x/1"}},
        {"uri": "spotify:show:2"}, {"id": "three\nfour"}]}}"#;

    #[test]
    fn writes_a_line_for_each_item_that_has_the_field() {
        assert_eq!(render_piped(Format::Id, RESPONSE), "1\n");
        assert_eq!(render_piped(Format::Uri, RESPONSE), "spotify:show:1\nspotify:show:2\n");
        assert_eq!(render_piped(Format::Url, RESPONSE), "https://x/1\n");
    }
}
