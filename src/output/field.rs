//! The formats `id`, `uri` and `url`: one field of each item per line.

use super::batch_line::BatchLine;
use super::columns::Column;
use super::format::Format;
use crate::results::Item;

/// Writes a line for each item that has the field of the format. Returns how many items do not have it.
pub(super) fn write<'a>(
    items: impl Iterator<Item = &'a Item>,
    format: Format,
    out: &mut Vec<u8>,
) -> usize {
    let mut left_out = 0;
    for item in items {
        match value(item, format) {
            Some(value) => writeln(&value, out),
            None => left_out += 1,
        }
    }
    left_out
}

/// Writes one line for a line of a batch, empty without an item.
pub(super) fn write_one_line(line: &BatchLine, format: Format, out: &mut Vec<u8>) {
    let value = line.items().next().and_then(|item| value(item, format));
    writeln(&value.unwrap_or_default(), out);
}

/// Returns the field. A value with a line end, which no real id has, counts as missing: it would be two
/// lines.
fn value(item: &Item, format: Format) -> Option<String> {
    let column = match format {
        Format::Uri => Column::Uri,
        Format::Url => Column::Url,
        _ => Column::Id,
    };
    let value = column.cell(item, &item.view());
    (!value.is_empty() && !value.contains(['\n', '\r'])).then_some(value)
}

fn writeln(value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(value.as_bytes());
    out.push(b'\n');
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
