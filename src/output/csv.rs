//! CSV and TSV: the same columns whatever the type, so that files can be appended and loaded.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::query::ItemType;
use crate::results::ItemView;
use crate::results::SearchResults;

/// The header.
pub const COLUMNS: [&str; 15] = [
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

/// Writes a row for each item, after the header where it is wanted, with the line of its query
/// first where there are several.
pub fn write(
    line: Option<&str>,
    results: &SearchResults,
    delimiter: u8,
    header: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    if header {
        write_header(line.is_some(), delimiter, out)?;
    }
    let mut writer = writer(delimiter, out);
    for (kind, item) in results.items() {
        let row = row(kind, item.view(kind));
        let cells = line.into_iter().chain(row.iter().map(String::as_str));
        if delimiter == TAB {
            writer.write_record(cells.map(|cell| on_one_line(cell).into_owned()))?;
        } else {
            writer.write_record(cells)?;
        }
    }
    // Into the writer below, which is flushed when there is something to wait for.
    writer.into_inner().map(drop).map_err(csv::IntoInnerError::into_error)
}

/// Writes the header alone.
pub fn write_header(with_query: bool, delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = writer(delimiter, out);
    writer.write_record(with_query.then_some("query").into_iter().chain(COLUMNS))?;
    writer.into_inner().map(drop).map_err(csv::IntoInnerError::into_error)
}

const TAB: u8 = b'\t';

fn writer(delimiter: u8, out: &mut dyn Write) -> csv::Writer<&mut dyn Write> {
    // TSV has no quoting: what would need it is replaced.
    let quoting = if delimiter == TAB { QuoteStyle::Never } else { QuoteStyle::Necessary };
    let mut builder = WriterBuilder::new();
    builder.delimiter(delimiter).quote_style(quoting).terminator(Terminator::Any(b'\n'));
    builder.from_writer(out)
}

/// The cells of an item in the order of [`COLUMNS`].
fn row(kind: ItemType, item: ItemView) -> [String; COLUMNS.len()] {
    let text = Option::unwrap_or_default;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        kind.name().to_owned(),
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
    use crate::output::Format;
    use crate::output::testing::{batch, piped};

    const ANSWER: &str = r#"{"albums": {"items": [
        {"id": "a1", "name": "Say \"hi\", again\tand\nagain", "type": "album", "uri": "spotify:album:a1",
         "artists": [{"name": "Miles Davis"}, {"name": "Gil Evans"}], "release_date": "1960",
         "total_tracks": 5, "genres": ["jazz", "cool jazz"], "images": [{"url": "https://i/1"}],
         "external_urls": {"spotify": "https://o/a1"}}, {}]},
        "episodes": {"items": [{"id": "e1", "duration_ms": 1000, "explicit": true}]}}"#;

    #[test]
    fn csv_quotes_what_needs_it_and_leaves_the_unknown_empty() {
        insta::assert_snapshot!(piped(Format::Csv, ANSWER), @r#"
        type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        album,a1,"Say ""hi"", again	and
        again",Miles Davis; Gil Evans,,jazz; cool jazz,1960,,5,,,,https://o/a1,spotify:album:a1,https://i/1
        album,,,,,,,,,,,,,,
        episode,e1,,,,,,1000,,,,true,,,
        "#);
    }

    #[test]
    fn of_several_queries_each_row_says_which() {
        let answer = r#"{"shows": {"items": [{"id": "s1", "name": "Radio"}]}}"#;
        insta::assert_snapshot!(batch(Format::Csv, answer), @r#"
        query,type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        "so ""what""",show,s1,Radio,,,,,,,,,,,,
        "two, three",show,s1,Radio,,,,,,,,,,,,
        "#);
    }

    #[test]
    fn tsv_has_no_quotes_and_one_line_a_row() {
        let tsv = piped(Format::Tsv, ANSWER);
        let rows: Vec<&str> = tsv.lines().collect();
        assert_eq!(rows.len(), 4);
        assert!(
            rows[1].starts_with("album\ta1\tSay \"hi\", again and again\tMiles Davis; Gil Evans\t")
        );
        assert!(rows.iter().all(|row| row.split('\t').count() == 15), "{tsv}");
    }
}
