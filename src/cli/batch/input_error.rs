//! Why a text file cannot be used, and how to convert it.

/// Why a text file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("it is UTF-16, not UTF-8")]
    Utf16,
    /// A zip archive, such as xlsx and ods.
    #[error("it is a spreadsheet or another archive")]
    Spreadsheet,
    /// The line ends of classic Mac OS, which some programs still write.
    #[error("its lines end with a carriage return only")]
    CarriageReturns,
    #[error("line {line} is not UTF-8")]
    NotUtf8 { line: u64 },
    #[error("line {line} has {cells} cells, and the header has {columns}")]
    Cells { line: u64, cells: usize, columns: usize },
    #[error("none of its columns has a known name: {columns}")]
    NoKnownColumn { columns: String },
    #[error("its column \"query\" excludes others with a known name: {columns}")]
    QueryAmongOthers { columns: String },
}

impl InputError {
    /// Returns what to do.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Utf16 => {
                "convert it with iconv -f UTF-16 -t UTF-8, or in PowerShell write it with Out-File -Encoding utf8"
            }
            Self::Spreadsheet => "export it as CSV",
            Self::CarriageReturns => r"convert it with tr '\r' '\n'",
            Self::NotUtf8 { .. } => "convert it with iconv -f WINDOWS-1252 -t UTF-8",
            Self::NoKnownColumn { .. } => {
                "rename the column with the names to \"name\", or pass plain lines with -i - < FILE"
            }
            Self::QueryAmongOthers { .. } => "rename or remove one of them",
            Self::Cells { .. } => return None,
        })
    }
}

/// Returns true if a text starts with a byte order mark of UTF-16.
pub fn is_utf16(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff")
}
