//! What must hold after every run.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::row::Row;
use super::run::Outcome;
use crate::support::{BASIC, ID, SECRET, TOKEN};

/// A secret is searched for in parts of this length, so that a part of it is found, too.
const PART: usize = 8;

/// Returns what is wrong with a run.
pub fn problems(row: &Row, outcome: &Outcome) -> Vec<String> {
    let mut problems = Vec::new();
    let mut codes = error_codes(&outcome.stderr);
    if row.batch.is_some() {
        codes.dedup();
    }
    let actual = (outcome.exit_status, codes.join(","));
    let expected = (Some(row.expected.0), row.expected.1.to_owned());
    if actual != expected {
        problems.push(format!("expected {expected:?}, got {actual:?}"));
    }
    if outcome.stderr.contains("panicked") || matches!(outcome.exit_status, Some(101 | 134)) {
        problems.push("panicked".into());
    }
    if outcome.time > row.max_time {
        problems.push(format!("took {:?}", outcome.time));
    }
    for (stream, text) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
        if shows_a_secret(text, &[ID, SECRET, BASIC, TOKEN]) {
            problems.push(format!("a secret on {stream}"));
        }
    }
    for path in files(outcome.folder.path()) {
        // The cache contains the token.
        let is_cache = path.parent().is_some_and(|folder| folder.ends_with("spotify-search"));
        let secrets: &[&str] =
            if is_cache { &[ID, SECRET, BASIC] } else { &[ID, SECRET, BASIC, TOKEN] };
        if shows_a_secret(&String::from_utf8_lossy(&beginning(&path)), secrets) {
            problems.push(format!("a secret in {}", path.display()));
        }
    }
    problems
}

/// Returns the codes of the lines `error[code]: …`.
fn error_codes(stderr: &str) -> Vec<&str> {
    let errors = stderr.lines().filter_map(|line| line.strip_prefix("error["));
    errors.filter_map(|line| Some(line.split_once("]: ")?.0)).collect()
}

/// Returns true if the text contains a part of a secret, as it is or with characters escaped.
fn shows_a_secret(text: &str, secrets: &[&str]) -> bool {
    let texts = [text.to_ascii_lowercase(), unescaped(text).to_ascii_lowercase()];
    secrets.iter().any(|secret| {
        let secret = secret.to_ascii_lowercase();
        let mut parts =
            secret.as_bytes().chunks_exact(PART).map(|part| str::from_utf8(part).unwrap());
        parts.any(|part| texts.iter().any(|text| text.contains(part)))
    })
}

/// Decodes `\u0041` and `%41`.
fn unescaped(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    if !text.contains("\\u") && !text.contains('%') {
        return decoded;
    }
    while let Some(next) = rest.chars().next() {
        let escape = [("\\u", 6), ("%", 3)].into_iter().find_map(|(prefix, length)| {
            let digits = rest.get(..length)?.strip_prefix(prefix)?;
            Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, length))
        });
        let (character, length) = escape.unwrap_or((next, next.len_utf8()));
        decoded.push(character);
        rest = &rest[length..];
    }
    decoded
}

/// Returns the first MiB of a file.
fn beginning(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    File::open(path).unwrap().take(1 << 20).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Returns the files in a folder and in the folders below. Symlinks are not followed.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let file_type = entry.file_type().unwrap();
        if file_type.is_dir() {
            files.extend(self::files(&entry.path()));
        } else if file_type.is_file() {
            files.push(entry.path());
        }
    }
    files
}
