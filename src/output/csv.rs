//! The formats `csv` and `tsv`. All item types have the same columns, so that files can be joined.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::query::ItemType;
use crate::results::{ItemView, SearchResults};

/// The names of the columns.
const COLUMNS: [&str; 15] = [
    "type",
    "id",
    "name",
    "by",
    "album",
    "genres",
    "released",
    "duration_ms",
    "count",
    "followers",
    "popularity",
    "explicit",
    "url",
    "uri",
    "image",
];

const TAB: u8 = b'\t';

/// Writes a row for each item. In a batch, the query is the first column.
pub(super) fn write(
    results: &SearchResults,
    delimiter: u8,
    is_batch: bool,
    with_header: bool,
    out: &mut Vec<u8>,
) {
    if with_header {
        write_header(delimiter, is_batch, out);
    }
    let query = is_batch.then(|| results.query().words());
    let mut writer = writer(delimiter, out);
    for item in results.items() {
        let row = row(item.item_type(), item.view());
        let cells = query.into_iter().chain(row.iter().map(String::as_str));
        if delimiter == TAB {
            write_record(&mut writer, cells.map(|cell| on_one_line(cell).into_owned()));
        } else {
            write_record(&mut writer, cells);
        }
    }
}

/// Writes the header.
pub(super) fn write_header(delimiter: u8, is_batch: bool, out: &mut Vec<u8>) {
    let query = is_batch.then_some("query");
    write_record(&mut writer(delimiter, out), query.into_iter().chain(COLUMNS));
}

type Writer<'a> = csv::Writer<&'a mut Vec<u8>>;

fn writer(delimiter: u8, out: &mut Vec<u8>) -> Writer<'_> {
    // TSV has no quotes: tabs and line ends are replaced instead.
    let quoting = if delimiter == TAB { QuoteStyle::Never } else { QuoteStyle::Necessary };
    let mut builder = WriterBuilder::new();
    builder.delimiter(delimiter).quote_style(quoting).terminator(Terminator::Any(b'\n'));
    builder.from_writer(out)
}

fn write_record<T: AsRef<[u8]>>(writer: &mut Writer<'_>, cells: impl Iterator<Item = T>) {
    writer.write_record(cells).expect("rows have equal lengths and are written to memory");
}

/// Returns the cells of an item in the order of [`COLUMNS`].
fn row(item_type: ItemType, item: ItemView) -> [String; COLUMNS.len()] {
    let text = Option::unwrap_or_default;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        item_type.name().to_owned(),
        text(item.id),
        text(item.name),
        item.by.join("; "),
        text(item.album),
        item.genres.join("; "),
        text(item.released),
        number(item.duration_ms),
        number(item.count),
        number(item.followers),
        number(item.popularity),
        item.explicit.map(|explicit| explicit.to_string()).unwrap_or_default(),
        text(item.url),
        text(item.uri),
        text(item.image),
    ]
}

fn on_one_line(cell: &str) -> Cow<'_, str> {
    if cell.contains(['\t', '\n', '\r']) {
        Cow::Owned(cell.replace("\r\n", " ").replace(['\t', '\n', '\r'], " "))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use crate::output::printer::testing::{render_batch, render_piped};
    use crate::output::{Format, Target};

    const RESPONSE: &str = r#"{"albums": {"items": [
        {"id": "a1", "name": "Say \"hi\", again\tand\nagain", "type": "album", "uri": "spotify:album:a1",
         "artists": [{"name": "Miles Davis"}, {"name": "Gil Evans"}], "release_date": "1960",
         "total_tracks": 5, "genres": ["jazz", "cool jazz"], "images": [{"url": "https://i/1"}],
         "external_urls": {"spotify": "https://o/a1"}}, {}]},
        "episodes": {"items": [{"id": "e1", "duration_ms": 1000, "explicit": true}]}}"#;

    #[test]
    fn quotes_where_necessary_and_leaves_missing_fields_empty() {
        insta::assert_snapshot!(render_piped(Format::Csv, RESPONSE), @r#"
        type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        album,a1,"Say ""hi"", again	and
        again",Miles Davis; Gil Evans,,jazz; cool jazz,1960,,5,,,,https://o/a1,spotify:album:a1,https://i/1
        album,,,,,,,,,,,,,,
        episode,e1,,,,,,1000,,,,true,,,
        "#);
    }

    #[test]
    fn each_row_of_a_batch_names_its_query() {
        let response = r#"{"shows": {"items": [{"id": "s1", "name": "Radio"}]}}"#;
        insta::assert_snapshot!(render_batch(Format::Csv, Target::default(), response), @r#"
        query,type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        "so ""what""",show,s1,Radio,,,,,,,,,,,,
        "two, three",show,s1,Radio,,,,,,,,,,,,
        "#);
    }

    #[test]
    fn tsv_has_one_line_per_row_and_no_quotes() {
        let tsv = render_piped(Format::Tsv, RESPONSE);
        let rows: Vec<&str> = tsv.lines().collect();
        assert_eq!(rows.len(), 4);
        assert!(
            rows[1].starts_with("album\ta1\tSay \"hi\", again and again\tMiles Davis; Gil Evans\t")
        );
        assert!(rows.iter().all(|row| row.split('\t').count() == 15), "{tsv}");
    }
}
