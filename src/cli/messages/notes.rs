//! Notes about results: what is missing, and what was left out.

use crate::output::Printer;
use crate::query::{Locale, MAX_RESULTS, SearchQuery};
use crate::results::{SearchResults, Section};

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

/// Returns a note for each type about how sure the match is: whether other results match as closely, or
/// why none does.
pub fn matches(results: &SearchResults) -> Vec<String> {
    let query = results.query();
    let note = |section: &Section| match section.items().first() {
        Some(first) => namesakes(first.matches()?, section),
        None => miss(section, query),
    };
    if query.level().is_some() { results.sections().filter_map(note).collect() } else { Vec::new() }
}

fn namesakes(matches: usize, section: &Section) -> Option<String> {
    let others = matches.checked_sub(section.items().len()).filter(|others| *others > 0)?;
    let (types, verb) = match others {
        1 => (section.item_type().name(), "matches"),
        _ => (section.item_type().section(), "match"),
    };
    Some(format!("{others} other {types} {verb} as closely: -n {matches} shows all"))
}

fn miss(section: &Section, query: &SearchQuery) -> Option<String> {
    let types = section.item_type().section();
    let (compared, total) = (section.received(), section.total().unwrap_or_default());
    if let Some(level) = section.closest_level() {
        return Some(format!("the closest result matches with --match={level}"));
    }
    if compared == 0 {
        return None;
    }
    let hint = locale_hint(query).or_else(|| {
        let is_deeper = |depth: &u16| *depth > query.requested_limit();
        let depth = [50, MAX_RESULTS - query.first_offset()].into_iter().find(is_deeper);
        let has_more = total > u64::from(query.first_offset()) + compared;
        Some(format!("; --depth {} compares more", depth.filter(|_| has_more)?))
    });
    let hint = hint.unwrap_or_default();
    Some(format!("none of the {types} matches: {compared} of {total} compared{hint}"))
}

/// Spotify may transliterate names: 平沢進 becomes Susumu Hirasawa.
fn locale_hint(query: &SearchQuery) -> Option<String> {
    let locale = Locale::of_script(&query.text()).filter(|_| query.requested_locale().is_none())?;
    Some(format!("; --locale {locale} returns names in their own script"))
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
