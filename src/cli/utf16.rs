//! Recognizes an input file in UTF-16, which PowerShell writes with `>`.

/// The input is UTF-16 instead of UTF-8.
#[derive(Debug, thiserror::Error)]
#[error("it is UTF-16, not UTF-8")]
pub struct Utf16 {
    /// The name for `iconv`.
    pub encoding: &'static str,
}

/// Returns the error for an input that starts with these bytes, if it is UTF-16.
///
/// Without a byte order mark, UTF-16 is recognized by the NUL bytes of two Latin characters at the
/// start, or of most line ends. A single NUL character may be a fault in UTF-8.
pub fn detect(start: &[u8]) -> Option<Utf16> {
    let encoding = match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "UTF-16",
        [1..=255, 0, 1..=255, 0, ..] => "UTF-16LE",
        [0, 1..=255, 0, 1..=255, ..] => "UTF-16BE",
        _ if has_line_ends(start, |pair| pair[1] == 0 && is_line_end(pair[0])) => "UTF-16LE",
        _ if has_line_ends(start, |pair| pair[0] == 0 && is_line_end(pair[1])) => "UTF-16BE",
        _ => return None,
    };
    Some(Utf16 { encoding })
}

/// Returns true if at least two carriage returns and line feeds are pairs of bytes, and most are. The
/// others may be halves of other characters.
fn has_line_ends(start: &[u8], is_pair: impl Fn(&[u8]) -> bool) -> bool {
    let pairs = start.chunks_exact(2).filter(|pair| is_pair(pair)).count();
    let all = start.iter().filter(|byte| is_line_end(**byte)).count();
    pairs >= 2 && 2 * pairs > all
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(start: &[u8]) -> Option<&'static str> {
        detect(start).map(|error| error.encoding)
    }

    #[test]
    fn recognizes_both_byte_orders() {
        for text in ["BTS", "x\n", "\r\nx", "방탄소년단\r\n", "ロ\n\nxč"] {
            let units = || text.encode_utf16();
            let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
            assert_eq!(detected(&little), Some("UTF-16LE"), "{text}");
            assert_eq!(detected(&big), Some("UTF-16BE"), "{text}");
            assert_eq!(detected(&[b"\xff\xfe", &little[..]].concat()), Some("UTF-16"), "{text}");
            assert_eq!(detected(&[b"\xfe\xff", &big[..]].concat()), Some("UTF-16"), "{text}");
            assert_eq!(detected(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn single_nul_characters_are_not_utf16() {
        for text in ["", "\n", "a\0b\n", "\0a\nb\n", "abc\0def\0", "ab\n\0cd\nef\n", "\0\0\0\0"] {
            assert_eq!(detected(text.as_bytes()), None, "{text:?}");
        }
    }
}
