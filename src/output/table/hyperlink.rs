//! Links that terminals open on a click: the escape sequence OSC 8.

/// The longest URL of a link. Terminals ignore longer ones.
const MAX_URL_BYTES: usize = 2_000;

/// Returns the text as a link. Returns the text alone unless the URL is http or https and visible
/// ASCII: other characters could end the escape sequence early.
pub fn link(text: String, url: &str) -> String {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if is_web && url.len() <= MAX_URL_BYTES && url.bytes().all(|byte| byte.is_ascii_graphic()) {
        format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_web_address_becomes_a_link() {
        assert_eq!(
            link("BTS".into(), "https://open.spotify.com/artist/1?si=a;b"),
            "\x1b]8;;https://open.spotify.com/artist/1?si=a;b\x1b\\BTS\x1b]8;;\x1b\\"
        );
        let long = format!("https://a/{}", "x".repeat(MAX_URL_BYTES));
        for url in [
            "",
            &long,
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://a/\x1b\\",
            "https://a/\u{7}",
            "https://a/ b",
            "https://a/\u{202e}",
            "https://é.example",
        ] {
            assert_eq!(link("BTS".into(), url), "BTS", "{url:?}");
        }
    }
}
