//! Why a text file cannot be used, and how to convert it.

/// Turns an array of JSON objects into a table with all keys of the first object.
const JQ: &str = r#"convert an array of objects with jq -r '(.[0]|keys_unsorted) as $k | $k, (.[]|[.[$k[]]|if type=="array" or type=="object" then tojson else . end]) | @csv' FILE > FILE.csv; otherwise write a CSV file with the columns title and artist"#;

/// How to convert a text that is not UTF-8.
pub const CONVERT: &str =
    "convert it with iconv -f ENCODING -t UTF-8; ENCODING is often WINDOWS-1252";

/// Why a text file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    #[error("it is UTF-16, not UTF-8")]
    Utf16,
    #[error("it is JSON, not a list")]
    Json,
    /// Another format, with its name.
    #[error("it is {format}, not a list")]
    NoList { format: &'static str },
    /// The line ends of classic Mac OS, which some programs still write.
    #[error("its lines end with a carriage return only")]
    CarriageReturns,
    #[error("line {line} is not UTF-8")]
    NotUtf8 { line: u64 },
    #[error("the first line is longer than 1 MiB")]
    LongHeader,
    /// Rows that do not fit the header, usually because of a quotation mark.
    #[error("{}", rows_message(.lines, *.count))]
    Rows {
        /// The lines where the first of them begin.
        lines: Vec<u64>,
        count: usize,
    },
    #[error("none of its columns has a known name: {columns}")]
    NoKnownColumn { columns: String },
    #[error("its column \"query\" excludes others with a known name: {columns}")]
    QueryAmongOthers { columns: String },
    #[error("no row has anything to search for by {columns}")]
    NothingToSearch { columns: String },
}

impl TextError {
    /// Returns what to do.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Utf16 => {
                "convert it with iconv -f UTF-16 -t UTF-8, or in PowerShell write it with Out-File -Encoding utf8"
            }
            Self::Json => JQ,
            Self::NoList { .. } => "export a CSV file with the columns title and artist",
            Self::CarriageReturns => r"convert it with tr '\r' '\n'",
            Self::NotUtf8 { .. } => CONVERT,
            Self::Rows { .. } => {
                "a cell with the delimiter or a quotation mark needs quotes around it; pass plain lines with --lines"
            }
            Self::NoKnownColumn { .. } => {
                "rename the header of the names to \"title\" or \"artist\", or pass plain lines with --lines"
            }
            Self::QueryAmongOthers { .. } => "rename or remove one of them",
            Self::NothingToSearch { .. } => {
                "rename the header of the names to \"title\" or \"artist\", or pass --type"
            }
            Self::LongHeader => return None,
        })
    }

    /// Returns the error for a file that begins with something other than a list.
    pub fn of_start(start: &[u8]) -> Option<Self> {
        let text = start.trim_ascii_start();
        let no_list = |format| Some(Self::NoList { format });
        match text {
            [b'P', b'K', 3, 4, ..] => no_list("a spreadsheet or another zip archive"),
            [0x1f, 0x8b, ..] => no_list("a gzip file"),
            _ if text.starts_with(b"<?xml") || text.starts_with(b"<plist") => no_list("XML"),
            _ if text.starts_with(b"#EXTM3U") => no_list("an M3U playlist"),
            _ if [&b"{\""[..], b"[{"].iter().any(|start| text.starts_with(start)) => {
                Some(Self::Json)
            }
            _ if matches!(text.trim_ascii_end(), b"[" | b"{") => Some(Self::Json),
            _ => None,
        }
    }
}

fn rows_message(lines: &[u64], count: usize) -> String {
    let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
    let lines = lines.join(", ");
    match count {
        1 => format!("the row at line {lines} does not fit the header"),
        _ => format!("{count} rows do not fit the header; the first begin at lines {lines}"),
    }
}

/// Returns true if a text starts with a byte order mark of UTF-16.
pub fn is_utf16(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff")
}
