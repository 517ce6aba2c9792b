//! Notes about results: what is missing, and what was left out.

use crate::output::{Printer, short_text};
use spotify_search::{ItemType, MAX_RESULTS, SearchQuery, SearchResults, Section};

/// Returns a note if Spotify hides results from the app.
pub fn hidden(results: &SearchResults) -> Option<String> {
    let hidden = results.hidden();
    if hidden == 0 {
        return None;
    }
    let verb = if hidden == 1 { "is" } else { "are" };
    let note = format!("{} {verb} hidden from this app", counted(hidden));
    Some(if needs_market(results) {
        format!("{note}: pass --market with your country, such as --market US")
    } else {
        note
    })
}

/// Returns true if a result of a type is hidden that is restricted to some countries: a market may show it.
fn needs_market(results: &SearchResults) -> bool {
    let is_regional = |section: &&Section| {
        matches!(section.item_type(), ItemType::Show | ItemType::Episode | ItemType::Audiobook)
    };
    let mut regional = results.sections().filter(is_regional);
    results.query().get_market().is_none() && regional.any(|section| section.hidden() > 0)
}

/// Returns a note for each type about how sure the match is: whether other results match as closely, or
/// why none does.
pub fn matches(results: &SearchResults) -> Vec<String> {
    let query = results.query();
    let note = |section: &Section| match section.items().first() {
        Some(first) => namesakes(first.matches()?, section),
        None => miss(section, query),
    };
    if query.get_matching().is_some() {
        results.sections().filter_map(note).collect()
    } else {
        Vec::new()
    }
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
    let first = short_text(section.nearest()?);
    if let Some(level) = section.closest_level() {
        return Some(format!("the first result is {first}; --match={level} accepts one"));
    }
    let hint = locale_hint(query).or_else(|| {
        let is_deeper = |depth: &u16| *depth > query.requested_limit();
        let depth = [50, MAX_RESULTS - query.get_offset()].into_iter().find(is_deeper);
        let has_more = total > u64::from(query.get_offset()) + compared;
        Some(format!("; --depth {} looks further", depth.filter(|_| has_more)?))
    });
    let hint = hint.unwrap_or_default();
    Some(format!(
        "no match among the first {compared} of {total} {types}; the first is {first}{hint}"
    ))
}

/// Spotify may transliterate names: 平沢進 becomes Susumu Hirasawa.
fn locale_hint(query: &SearchQuery) -> Option<String> {
    let locale = locale_of_script(&query.text()).filter(|_| query.get_locale().is_none())?;
    Some(format!("; --locale {locale} returns names in their own script"))
}

/// Returns the language in which names of the script of this text are not transliterated, unless the
/// script is Latin.
fn locale_of_script(text: &str) -> Option<&'static str> {
    text.chars().find_map(|char| match char {
        '\u{370}'..='\u{3ff}' => Some("el"),
        '\u{400}'..='\u{52f}' => Some("ru"),
        '\u{590}'..='\u{5ff}' => Some("he"),
        '\u{600}'..='\u{6ff}' => Some("ar"),
        '\u{e00}'..='\u{e7f}' => Some("th"),
        '\u{3040}'..='\u{30ff}' => Some("ja"),
        '\u{ac00}'..='\u{d7af}' => Some("ko"),
        '\u{4e00}'..='\u{9fff}' => Some("ja or zh"),
        _ => None,
    })
}

/// Returns a note if the offset is beyond the last result. The total of Spotify is an estimate.
pub fn beyond_results(results: &SearchResults) -> Option<String> {
    let offset = results.query().get_offset();
    let total = results.sections().filter_map(Section::total).max()?;
    let is_empty = results.sections().all(|section| section.received() == 0);
    (is_empty && (1..=u64::from(offset)).contains(&total))
        .then(|| format!("--offset {offset} is beyond the {}", counted(total)))
}

fn counted(results: u64) -> String {
    if results == 1 { "1 result".into() } else { format!("{results} results") }
}

/// Returns notes about what the format left out: results that lack the printed field, and columns for which a
/// table had no room.
pub fn left_out(printer: &Printer) -> Vec<String> {
    let results = printer
        .left_out()
        .map(|(count, field)| format!("left out {} without {field}", counted(count as u64)));
    let names: Vec<&str> = printer.missing_columns().iter().map(|column| column.name()).collect();
    let columns = (!names.is_empty())
        .then(|| format!("left out columns that do not fit: {}; -f csv has all", names.join(", ")));
    results.into_iter().chain(columns).collect()
}
