//! The texts of the help and the manual apart from the flags. No line is longer than 73 columns, so
//! that it fits 80 columns with the indentation of a manual.

use std::borrow::Cow;

use crate::cli::column_names::KNOWN;

/// The longest line of known names, in characters.
const MAX_COLUMNS: usize = 68;

/// The forms of the command line.
pub const USAGE: &str = "spotify-search [OPTIONS] <QUERY>...
       spotify-search [OPTIONS] --input <FILE>";

/// The order of the help: examples come before the flags.
pub const TEMPLATE: &str = "\
{about-with-newline}
{usage-heading} {usage}

{before-help}{all-args}{after-help}";

/// Examples, the most useful first.
pub const EXAMPLES: [&str; 6] = [
    "spotify-search --demo BTS                  try it without an account",
    "spotify-search --artist 'Miles Davis' --track 'So What'",
    "spotify-search --match --input songs.csv --output ids.csv",
    "spotify-search BTS --json | jq -r '.artists.items[].name'",
    "spotify-search daft punk --type artist,album --limit 3",
    "spotify-search --type album --artist 'Miles Davis' --year 1955-1959 -n 50",
];

/// The end of the short help.
pub const SEE_ALSO: &str = "\
Set SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, or try --demo.
See --help for all options, environment variables, files and error codes.";

/// Formats and columns.
const OUTPUT: &str = "\
table    one line per item, cut to the width of the terminal
json     the API's own document; in a batch one per line
jsonl    one item per line
csv,tsv  one row per item; tsv has no quotes, and spaces for tabs
id, uri, url
         one per line

Columns of csv and tsv:
  type, id, name, by, album, genres, released, duration_ms, count,
  followers, popularity, explicit, url, uri, image
More for --columns:
  by_ids, album_id, album_type, isrc, upc, result, matches, nearest
Several values are joined by \"; \". These have other headings in a table:
  by           Artists, Owner, Publisher or Authors
  by_ids       Artist IDs
  count        Tracks, Episodes or Chapters
  duration_ms  Length
  result       Match

On a terminal, a batch with one result a line is one table with the
columns Query and Result and the name, artists and id, or --columns.";

/// Matching and its levels.
const MATCHING: &str = "\
--match compares the results with the name that was asked for. Each level
contains those before it. What it adds to the name Yesterday:

exact     case, accents, punctuation: YESTERDAY!
wording   an article, & and and, feat., Pt. and Part: Yesterday feat. X
edition   words of an edition of the same recording:
          Yesterday - Remastered 2009
subtitle  any other part in parentheses or after a dash, colon or slash;
          words written as one: Yesterday (Song)
version   words of another recording: Yesterday - Live

The name is the words of the query, or the filter for the type. A track
or an album must also be by the artist that was asked for: in --artist,
in a column, or in the words (Radiohead - Creep, creep radiohead). A
track with the ISRC of a row matches whatever its name (result isrc).
Spotify's first of several equal matches is taken; the column matches has
their number. For a line without a match, nearest has the first result.";

/// Batches.
const BATCH: &str = "\
The input has one query per line, or it is a table: its first line has at
least two columns (one in a .csv or .tsv file), one with a known name. Of
several names for the same, the first counts; one with * counts only
beside another:

NAMES

Others are passed on; album and length decide among results that match,
and query excludes the others. Without --type, tracks are searched if
there is a name or an ISRC, else albums if there is an album or a UPC,
else artists.

Each line has a row in csv, tsv and jsonl: its result is a level, isrc,
found (without --match), none or an error code. In id, uri and url with
one result each line has a line, empty without a result.

With --output, the rows are kept in FILE, and the same command searches
only for the lines without an answer. It exits with 4 as long as a limit
stops it. FILE.part is the file of a run that has not finished.";

/// Environment variables.
const ENVIRONMENT: &str = "\
SPOTIFY_CLIENT_ID,       your app's credentials; create an app at
SPOTIFY_CLIENT_SECRET    https://developer.spotify.com/dashboard
SPOTIFY_MARKET           default for --market
SPOTIFY_API_URL,         base URLs of a gateway or a test server:
SPOTIFY_ACCOUNTS_URL     https, or http to this machine
SSL_CERT_FILE            default for --cacert
HTTPS_PROXY, ALL_PROXY   proxy for all requests
NO_PROXY                 hosts to reach without the proxy
NO_COLOR, CLICOLOR=0     do not use colours
CLICOLOR_FORCE           use colours, even without a terminal
FORCE_HYPERLINK          1 or 0: always or never link names in a table
COLUMNS                  width of a table that does not go to a terminal
TZ                       time zone of times in hints";

/// Files that are read or written.
const FILES: &str = if cfg!(windows) {
    r".env
    SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, one NAME=value per line,
    in the working directory. Used if the environment does not set them
%APPDATA%\spotify-search\credentials
    the same for all directories. Used if .env does not set them
%LOCALAPPDATA%\spotify-search\
    the cache: tokens, page sizes and rate limits.
    --no-cache turns it off"
} else {
    "\
.env
    SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, one NAME=value per line,
    in the working directory. Used if the environment does not set them
~/.config/spotify-search/credentials
    the same for all directories. Used if .env does not set them.
    XDG_CONFIG_HOME replaces ~/.config
~/.cache/spotify-search/
    the cache: tokens, page sizes and rate limits.
    XDG_CACHE_HOME replaces ~/.cache; --no-cache turns the cache off"
};

/// Exit statuses.
const EXIT_STATUS: &str = "\
0         success, even with no results
1         the API, the network or the output failed
2         the command line, the credentials or a file is unusable;
          nothing was sent
3         nothing was found, with --exit-status
4         a batch is not finished because of a limit: run it again later
130, 143  as a shell reports it: ended by SIGINT or SIGTERM";

/// Error codes.
const ERROR_CODES: &str = "\
An error is one line on standard error: error[code]: message. The codes
are stable. A mistake in the arguments has no code and exit status 2.

Exit status 2:
  credentials_missing    the client id or the secret is not set
  credentials_malformed  one of them cannot be an id or a secret
  config_invalid         a variable, file or other setting is unusable
Exit status 1; for a batch 4 after rate_limited and request_limit:
  credentials_rejected   Spotify rejects the id, the secret or the token
  premium_required       the app's owner has no Premium subscription
  forbidden              the app may not do this
  bad_request            Spotify rejects the request
  not_found              Spotify returned 404; long queries can cause it
  rate_limited           the rate limit lasts longer than --max-wait
  request_limit          --max-requests is reached
  server_error           Spotify failed
  timeout                a request took longer than --timeout
  network                the connection failed
  bad_response           the response is unusable
  output                 the output cannot be written
  system                 the operating system refuses a resource
Ended by a signal:
  interrupted            stopped by a signal, for example Ctrl-C";

/// Returns the first examples as a section of the help.
pub fn examples(count: usize) -> String {
    section("Examples", &EXAMPLES[..count].join("\n"))
}

/// The sections after the flags, in the long help and in the manual.
pub const SECTIONS: [(&str, &str); 7] = [
    ("Output", OUTPUT),
    ("Matching", MATCHING),
    ("Batch", BATCH),
    ("Exit status", EXIT_STATUS),
    ("Errors", ERROR_CODES),
    ("Environment", ENVIRONMENT),
    ("Files", FILES),
];

/// Returns the sections after the flags in the long help.
pub fn sections() -> String {
    SECTIONS.map(|(title, text)| section(title, &with_names(text))).join("\n\n")
}

/// Returns a text with the known names of columns.
pub fn with_names(text: &str) -> Cow<'_, str> {
    if !text.contains("NAMES") {
        return text.into();
    }
    let names = KNOWN.map(|(role, names)| {
        let mut lines = vec![format!("{:<8}", format!("{role:?}").to_lowercase())];
        for name in names.split(", ") {
            let last = lines.last_mut().expect("there is a line");
            if last.chars().count() + name.chars().count() > MAX_COLUMNS {
                lines.push(" ".repeat(8));
            }
            let last = lines.last_mut().expect("there is a line");
            *last += name;
            *last += ", ";
        }
        lines
            .iter()
            .map(|line| line.trim_end())
            .collect::<Vec<_>>()
            .join("\n")
            .trim_end_matches(',')
            .to_owned()
    });
    text.replace("NAMES", &names.join("\n")).into()
}

/// Returns a section in clap's style: a heading and indented lines.
fn section(title: &str, text: &str) -> String {
    let style = *clap::builder::Styles::styled().get_header();
    let mut section = format!("{style}{title}:{style:#}");
    for line in text.lines() {
        section += format!("\n  {line}").trim_end_matches(' ');
    }
    section
}
