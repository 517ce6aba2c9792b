//! The formats `id`, `uri` and `url`: one field of each item per line.

use crate::results::{ItemView, SearchResults};

/// Writes a line for each item that has the field. Returns how many items do not have it. A value
/// with a line end, which no real id has, counts as missing: it would be two lines.
pub(super) fn write(
    results: &SearchResults,
    field: impl Fn(ItemView) -> Option<String>,
    out: &mut Vec<u8>,
) -> usize {
    let mut left_out = 0;
    for item in results.items() {
        match field(item.view()).filter(|value| !value.contains(['\n', '\r'])) {
            Some(value) => {
                out.extend_from_slice(value.as_bytes());
                out.push(b'\n');
            }
            None => left_out += 1,
        }
    }
    left_out
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
