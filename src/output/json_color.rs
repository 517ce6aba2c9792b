//! Colours JSON text as jq does by default.

use std::fmt::Write;

use console::Style;

use super::json_format::{Token, TokenKind, tokens};

const KEY: Style = Style::new().force_styling(true).bold().blue();
const STRING: Style = Style::new().force_styling(true).green();
const NULL: Style = Style::new().force_styling(true).black().bright();
const PUNCTUATION: Style = Style::new().force_styling(true).bold();

/// Returns the text with colours around its tokens. White space stays as it is.
pub fn color(json: &str) -> String {
    let mut out = String::with_capacity(2 * json.len());
    let mut written = 0;
    let mut tokens = tokens(json).peekable();
    while let Some(token) = tokens.next() {
        let is_key = tokens.peek().is_some_and(|next| next.kind == TokenKind::Colon);
        let style = style(&token, is_key);
        out += &json[written..token.start];
        // Writing to a string does not fail.
        let _ = write!(out, "{}", style.apply_to(token.text));
        written = token.start + token.text.len();
    }
    out + &json[written..]
}

fn style(token: &Token, is_key: bool) -> Style {
    match token.kind {
        TokenKind::String if is_key => KEY,
        TokenKind::String => STRING,
        TokenKind::Literal if token.text == "null" => NULL,
        TokenKind::Literal => Style::new(),
        TokenKind::Open | TokenKind::Close | TokenKind::Comma | TokenKind::Colon => PUNCTUATION,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::output::printer::testing::{render, render_batch};
    use crate::output::{Format, Target};

    const COLORED: Target = Target { is_terminal: true, width: None, color: true, links: false };

    /// Returns the codes at the start of styled text.
    fn start(style: &Style) -> String {
        style.apply_to("|").to_string().split_once('|').unwrap().0.to_owned()
    }

    /// Replaces each style by its name.
    fn named(colored: &str) -> String {
        let names = [(&KEY, "key"), (&STRING, "string"), (&NULL, "null"), (&PUNCTUATION, "bold")];
        let text = names.iter().fold(colored.to_owned(), |text, (style, name)| {
            text.replace(&start(style), &format!("<{name}>"))
        });
        text.replace("\u{1b}[0m", "</>")
    }

    fn without_colors(text: &str) -> String {
        let mut parts = text.split("\u{1b}[");
        let first = parts.next().unwrap_or_default().to_owned();
        first
            + &parts
                .filter_map(|part| part.split_once('m'))
                .map(|(_, text)| text)
                .collect::<String>()
    }

    #[test]
    fn colors_are_those_of_jq() {
        let json = r#"{"a": ["b:", null, true, -1.5e3], "c" : {}}"#;
        insta::assert_snapshot!(named(&color(json)), @r#"<bold>{</><key>"a"</><bold>:</> <bold>[</><string>"b:"</><bold>,</> <null>null</><bold>,</> true<bold>,</> -1.5e3<bold>]</><bold>,</> <key>"c"</> <bold>:</> <bold>{</><bold>}</><bold>}</>"#);
    }

    #[test]
    fn all_json_formats_have_colors_and_the_same_text() {
        let response =
            "{\"tracks\": {\"items\": [{\"id\": \"1\", \"name\": \"\u{202e}\\u001b\"}]}}";
        let plain = Target { color: false, ..COLORED };
        for format in [Format::Json, Format::Jsonl] {
            let colored = render(format, COLORED, response);
            assert!(colored.contains(&format!("{}\"name\"", start(&KEY))), "{colored}");
            assert_eq!(without_colors(&colored), render(format, plain, response));
            let colored = render_batch(format, COLORED, response);
            assert!(colored.starts_with(&format!("{}{{", start(&PUNCTUATION))), "{colored}");
            assert_eq!(without_colors(&colored), render_batch(format, plain, response));
        }
    }

    proptest! {
        #[test]
        fn only_colors_are_inserted(text in "[\\[\\]{}\",:\\\\ \n0-9a-zé]{0,40}") {
            prop_assert_eq!(without_colors(&color(&text)), text);
        }
    }
}
