//! Text files that are not UTF-8 with line feeds: UTF-16, which PowerShell writes with `>`, and the line
//! ends of classic Mac OS, which some programs still write.

/// Why a text file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EncodingError {
    #[error("it is UTF-16, not UTF-8")]
    Utf16,
    #[error("its lines end with a carriage return only")]
    CarriageReturns,
}

impl EncodingError {
    /// Returns the error for a text that starts with a byte order mark of UTF-16.
    pub fn of_mark(start: &[u8]) -> Option<Self> {
        let is_utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
        is_utf16.then_some(Self::Utf16)
    }

    /// Returns the error for a text with this first line, if there are no line feeds.
    pub fn of_first_line(line: &[u8]) -> Option<Self> {
        let has_line_feed = line.ends_with(b"\n");
        let has_return = line.trim_ascii().contains(&b'\r');
        (!has_line_feed && has_return).then_some(Self::CarriageReturns)
    }

    /// Returns how to convert the file.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Utf16 => {
                "convert it with iconv -f UTF-16 -t UTF-8, or in PowerShell write it with Out-File -Encoding utf8"
            }
            Self::CarriageReturns => r"convert it with tr '\r' '\n'",
        }
    }
}
