//! The formats `csv` and `tsv`. All item types have the same columns, so that files can be joined.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::batch_line::BatchLine;
use super::columns::Column;
use spotify_search::Item;

/// The prefix of our columns beside those of a table.
pub const PREFIX: &str = "spotify_";

const TAB: u8 = b'\t';

/// Writes the rows of a search: for a line of a batch its cells and the result, and then the columns of an
/// item. A line without items has one row, whose other cells are empty.
pub(super) fn write(line: &BatchLine, columns: &[Column], delimiter: u8, out: &mut Vec<u8>) {
    let mut writer = writer(delimiter, out);
    for item in line.rows() {
        let cells = line.cells.iter().cloned().chain(line.result_of(item).map(str::to_owned));
        write_record(&mut writer, delimiter, cells.chain(row(item, columns)));
    }
}

/// Writes these cells as a row.
pub fn write_cells(cells: impl Iterator<Item = String>, delimiter: u8, out: &mut Vec<u8>) {
    write_record(&mut writer(delimiter, out), delimiter, cells);
}

/// Returns the names of these columns.
pub(super) fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name()).collect()
}

/// Returns the names of the columns of a batch: those of the input, or the query, and then the result and
/// these columns. Beside those of a table, ours have a prefix.
pub(super) fn batch_names(own: Option<&[String]>, columns: &[Column]) -> Vec<String> {
    let ours = std::iter::once("result".to_owned()).chain(names(columns));
    match own {
        None => std::iter::once("query".to_owned()).chain(ours).collect(),
        Some(own) => {
            own.iter().cloned().chain(ours.map(|name| PREFIX.to_owned() + &name)).collect()
        }
    }
}

type Writer<'a> = csv::Writer<&'a mut Vec<u8>>;

fn writer(delimiter: u8, out: &mut Vec<u8>) -> Writer<'_> {
    // TSV has no quotes: tabs and line ends are replaced instead.
    let quoting = if delimiter == TAB { QuoteStyle::Never } else { QuoteStyle::Necessary };
    let mut builder = WriterBuilder::new();
    builder.delimiter(delimiter).quote_style(quoting).terminator(Terminator::Any(b'\n'));
    builder.buffer_capacity(1 << 10);
    builder.from_writer(out)
}

fn write_record(writer: &mut Writer, delimiter: u8, cells: impl IntoIterator<Item = String>) {
    let cells = cells.into_iter();
    let written = if delimiter == TAB {
        writer.write_record(cells.map(|cell| on_one_line(&cell).into_owned()))
    } else {
        writer.write_record(cells)
    };
    written.expect("rows have equal lengths and are written to memory");
}

fn row(item: Option<&Item>, columns: &[Column]) -> Vec<String> {
    let Some(item) = item else { return vec![String::new(); columns.len()] };
    let view = item.view();
    columns.iter().map(|column| column.cell(item, &view)).collect()
}

/// Returns a cell as TSV has it: it has no quotes, so tabs and line ends become spaces.
pub fn on_one_line(cell: &str) -> Cow<'_, str> {
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
        query,result,matches,type,id,name,by,album,genres,released,duration_ms,count,followers,popularity,explicit,url,uri,image
        "so ""what""",found,,show,s1,Radio,,,,,,,,,,,,
        "two, three",found,,show,s1,Radio,,,,,,,,,,,,
        bad,rate_limited,,,,,,,,,,,,,,,,
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
