//! Notes about results: what is missing, and what was left out.

use crate::output::Printer;
use crate::results::SearchResults;

/// Returns a note if Spotify hides results from the app.
pub fn hidden(results: &SearchResults) -> Option<String> {
    let hidden = results.hidden();
    if hidden == 0 {
        return None;
    }
    let verb = if hidden == 1 { "is" } else { "are" };
    let note = format!("{} {verb} hidden from this app", counted(hidden));
    Some(if results.needs_market() {
        format!("{note}: pass --market with your country, such as --market US")
    } else {
        note
    })
}

/// Returns a note if results are missing: the offset is beyond the last one, or fewer were returned
/// than reported.
pub fn shortfall(results: &SearchResults) -> Option<String> {
    if let Some(total) = results.total_if_offset_is_beyond() {
        let offset = results.query().first_offset();
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
