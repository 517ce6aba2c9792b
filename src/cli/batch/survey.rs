//! Reads an input file in advance: how many lines it has, which of them the output file answers, and whether
//! the rows that `--redo` names are marked.

use super::answers::State;
use super::line::Work;
use super::output_file::{OutputFile, RowFormat};
use crate::cli::action::Input;
use crate::cli::messages::command_error::CommandError;
use crate::cli::terminal::screen::Screen;
use crate::output::{RowResult, grouped};
use spotify_search::SearchQuery;

/// The lines of an input file.
#[derive(Default)]
struct Survey {
    lines: u64,
    /// The lines with an answer.
    answered: u64,
    /// The lines whose answer `--redo` names.
    named: u64,
    marked: u64,
    failed: u64,
}

/// Notes how many lines are done, and decides about `--redo`.
///
/// # Errors
///
/// [`CommandError`] if the input cannot be read, or if the output file belongs to another one.
pub fn survey(
    input: &Input,
    query: &SearchQuery,
    file: Option<(&mut OutputFile, &RowFormat)>,
    screen: &Screen,
) -> Result<(), CommandError> {
    let is_file = input.file().is_some();
    if !is_file && file.is_none() || file.is_none() && !screen.has_progress() {
        return Ok(());
    }
    let state = |cells: &[String]| file.as_ref().and_then(|(file, _)| file.state(cells));
    let survey = if is_file { Survey::new(input, query, state)? } else { Survey::default() };
    let Some((file, format)) = file else {
        screen.set_total(survey.lines);
        return Ok(());
    };
    let name = file.name();
    if is_file && survey.lines > 0 && survey.with_rows() == 0 && !file.results().is_empty() {
        return Err(CommandError::unusable(format!(
            "cannot continue {name}: none of its rows belongs to a line of {}: write to another file",
            input.name()
        )));
    }
    let redo = &format.redo;
    let without_rows = survey.lines - survey.with_rows();
    let marked = if is_file { survey.marked } else { u64::from(file.has_marks()) };
    if !redo.is_empty() && !file.results().is_empty() {
        let refusal = match (marked, without_rows) {
            (0, 0) => None,
            (0, lines) => Some(format!("{} without a row", counted(lines))),
            (lines, _) => Some(format!("{} marked before", counted(lines))),
        };
        match refusal {
            Some(first) => screen.note(&format!(
                "{name}: --redo {} marks nothing, because there {first}",
                redo.text()
            )),
            None => file.mark(),
        }
    }
    let is_marking = file.is_marking();
    let done = survey.answered + if is_marking { 0 } else { survey.named };
    if is_file {
        // The lines that this run searches for, so that its speed and the remaining time are right.
        screen.set_total(survey.lines - done);
    }
    if done > 0 {
        let (done, lines) = (grouped(done), grouped(survey.lines));
        screen.note(&format!("{name}: {done} of {lines} lines done before"));
    }
    if let Some(note) = other_levels(file, query) {
        screen.note(&format!("{name}: {note}"));
    }
    Ok(())
}

impl Survey {
    fn new(
        input: &Input,
        query: &SearchQuery,
        state: impl Fn(&[String]) -> Option<State>,
    ) -> Result<Self, CommandError> {
        let mut survey = Self::default();
        for line in input.open(query)?.lines {
            let line = line.map_err(|error| input.error(&error))?;
            if let Work::Blank = line.work {
                continue;
            }
            survey.lines += 1;
            match state(&line.cells) {
                Some(State::Final) => survey.answered += 1,
                Some(State::Named) => survey.named += 1,
                Some(State::Marked) => survey.marked += 1,
                Some(State::Failed) => survey.failed += 1,
                None => {}
            }
        }
        Ok(survey)
    }

    fn with_rows(&self) -> u64 {
        self.answered + self.named + self.marked + self.failed
    }
}

fn counted(lines: u64) -> String {
    if lines == 1 { "is 1 line".into() } else { format!("are {} lines", grouped(lines)) }
}

/// Returns a note about rows that this search would not accept.
fn other_levels(file: &OutputFile, query: &SearchQuery) -> Option<String> {
    let accepted = query.get_matching()?;
    let is_other = |(result, _): &(&RowResult, &u64)| match result {
        RowResult::Found => true,
        RowResult::Match(level) => *level > accepted,
        _ => false,
    };
    let others: Vec<_> = file.results().iter().filter(is_other).collect();
    let names: Vec<&str> = others.iter().map(|(result, _)| result.name()).collect();
    let count: u64 = others.iter().map(|(_, count)| **count).sum();
    let (rows, have) = if count == 1 { ("row", "has") } else { ("rows", "have") };
    (count > 0).then(|| {
        let (count, results, names) = (grouped(count), names.join(" or "), names.join(","));
        format!("{count} {rows} {have} the result {results}: --redo {names} searches with --match={accepted}")
    })
}
