//! One thing of each item on a line (its id, its URI, its address), for shell loops.

use std::io::{self, Write};

use crate::results::ItemView;
use crate::results::SearchResults;

/// Writes a line for each item that has the thing; returns how many have not. A line end inside it,
/// which no real one has, would make two lines of it: such an item counts as having none.
pub fn write(
    results: &SearchResults,
    thing: impl Fn(ItemView) -> Option<String>,
    out: &mut dyn Write,
) -> io::Result<usize> {
    let mut without = 0;
    for (kind, item) in results.items() {
        match thing(item.view(kind)).filter(|line| !line.contains(['\n', '\r'])) {
            Some(line) => writeln!(out, "{line}")?,
            None => without += 1,
        }
    }
    Ok(without)
}

#[cfg(test)]
mod tests {
    use crate::output::Format;
    use crate::output::testing::piped;

    const ANSWER: &str = r#"{"shows": {"items": [
        {"id": "1", "uri": "spotify:show:1", "external_urls": {"spotify": "https://x/1"}},
        {"uri": "spotify:show:2"}, {"id": "three\nfour"}]}}"#;

    #[test]
    fn each_item_that_has_one_gives_a_line() {
        assert_eq!(piped(Format::Id, ANSWER), "1\n");
        assert_eq!(piped(Format::Uri, ANSWER), "spotify:show:1\nspotify:show:2\n");
        assert_eq!(piped(Format::Url, ANSWER), "https://x/1\n");
    }
}
