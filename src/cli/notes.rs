//! Notes about results: what is missing, and what was left out.

use crate::output::Printer;
use crate::results::SearchResults;

/// Returns a note if results are missing: Spotify hides them from the app, the offset is beyond the
/// last one, or fewer were returned than reported.
pub fn shortfall(results: &SearchResults) -> Option<String> {
    let hidden = results.hidden();
    if hidden > 0 {
        let verb = if hidden == 1 { "is" } else { "are" };
        let note = format!("{} {verb} hidden from this app", counted(hidden));
        return Some(match results.query().searched_market() {
            Some(_) => note,
            None => format!("{note}: pass --market with your country, such as --market US"),
        });
    }
    if let Some(total) = results.total_before_offset() {
        let offset = results.query().range_offset();
        return Some(format!("--offset {offset} is beyond the {}", counted(total)));
    }
    let (received, reported) = results.shortfall()?;
    Some(format!("Spotify reported {} but returned {received}", counted(reported)))
}

fn counted(results: u64) -> String {
    if results == 1 { "1 result".into() } else { format!("{results} results") }
}

/// Returns a note if the format left out results that lack the printed field.
pub fn left_out(printer: &Printer) -> Option<String> {
    let (count, field) = printer.left_out()?;
    Some(format!("left out {} without {field}", counted(count as u64)))
}
