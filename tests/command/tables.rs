//! Tables as the input of a batch: exports of other programs, with made-up songs.

use serde_json::{Value, json};

use crate::support::{Outcome, Request, ResponseTemplate, TestServer, parameter};

/// A server that finds the query, as an item of the searched type.
async fn echo() -> TestServer {
    TestServer::responding(|request: &Request| {
        let (query, section) = (parameter(request, "q"), parameter(request, "type") + "s");
        let items = json!([{"id": format!("id-{query}"), "name": query}]);
        ResponseTemplate::new(200).set_body_json(json!({section: {"items": items, "total": 1}}))
    })
    .await
}

/// Searches for the rows of a file. Returns the run and the queries.
async fn run(name: &str, contents: impl AsRef<[u8]>, args: &[&str]) -> (Outcome, Vec<String>) {
    let server = echo().await;
    let command = server.command().with_file(name, contents);
    let outcome = command.run(&[&["-i", name, "-f", "csv", "-n", "1", "-j", "1"], args].concat());
    let requests = server.searches().await;
    let query =
        |request: &Request| format!("{} {}", parameter(request, "type"), parameter(request, "q"));
    (outcome, requests.iter().map(query).collect())
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The heads and first rows of exports, with what is searched for.
const EXPORTS: [(&str, &str, &[&str], &[&str]); 11] = [
    // Exportify
    (
        "exportify.csv",
        "Track URI,Track Name,Artist URI(s),Artist Name(s),Album URI,Album Name,ISRC,Added At\n\
         spotify:track:1,\"Blue, Green\",spotify:artist:1,\"Ann Lee; Bo\",spotify:album:1,Reds,USXX12000001,2020-01-01\n",
        &[],
        &["track Blue, Green Ann Lee"],
    ),
    // TuneMyMusic
    (
        "My Spotify Library.csv",
        "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\nBlue,Ann Lee,Reds,Mix,Playlist,USXX12000001,1\n",
        &[],
        &["track Blue Ann Lee"],
    ),
    // Soundiiz: semicolons and a byte order mark
    (
        "soundiiz.csv",
        "\u{feff}title;artist;album;isrc;addedDate;addedBy;url\nBlue;Ann Lee;Reds;USXX12000001;;;\n",
        &[],
        &["track Blue Ann Lee"],
    ),
    // last.fm
    (
        "recenttracks.csv",
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n1,\"1 Jan 2020, 00:00\",Ann Lee,,Reds,,Blue,\n",
        &[],
        &["track Blue Ann Lee"],
    ),
    // Shazam: a title before the header
    (
        "shazamlibrary.csv",
        "Shazam Library\nIndex,TagTime,Title,Artist,URL,TrackKey\n1,2020-01-01,Blue,Ann Lee,https://x,1\n",
        &[],
        &["track Blue Ann Lee"],
    ),
    // YouTube Music takeout
    (
        "music library songs.csv",
        "Video ID,Song Title,Album Title,Artist Name 1,Artist Name 2\nabc,Blue,Reds,Ann Lee,\n",
        &[],
        &["track Blue Ann Lee"],
    ),
    // Discogs
    (
        "collection.csv",
        "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id\nX-1,Ann Lee,Reds,Y,LP,,2020,1\n",
        &["-t", "album"],
        &["album Reds Ann Lee"],
    ),
    // A chart
    ("chart.csv", "title,performer,peak\nBlue,Ann Lee,1\n", &[], &["track Blue Ann Lee"]),
    // Mp3tag: `Track` is the number
    (
        "mp3tag.csv",
        "Title;Artist;Album;Track;Year;Length\nBlue;Ann Lee;Reds;1/9;2020;180\n",
        &[],
        &["track Blue Ann Lee"],
    ),
    // One column, and a code without a name
    (
        "artists.csv",
        "Artist\nAnn Lee\n\"Earth, Wind & Fire\"\n",
        &[],
        &["artist Ann Lee", "artist Earth, Wind & Fire"],
    ),
    ("codes.tsv", "name\tisrc\n\tUSXX12000001\n", &[], &["track isrc:USXX12000001"]),
];

#[tokio::test]
async fn exports_of_other_programs_are_read_without_a_flag() {
    for (name, contents, args, expected) in EXPORTS {
        let (outcome, queries) = run(name, contents, args).await;
        assert_eq!(outcome.exit_status, 0, "{name}: {outcome:?}");
        assert_eq!(queries, expected, "{name}");
        let note = format!("note: {name}: ");
        assert!(outcome.stderr.starts_with(&note), "{name}: {outcome:?}");
        // The input's own columns are passed on as they are.
        let mut lines = contents.trim_start_matches('\u{feff}').lines();
        let header = lines.find(|line| *line != "Shazam Library").unwrap();
        let columns = header.replace([';', '\t'], ",");
        assert!(outcome.stdout.starts_with(&format!("{columns},spotify_result,")), "{outcome:?}");
    }
}

#[tokio::test]
async fn utf16_tables_are_decoded() {
    // iTunes and rekordbox
    for header in ["Name\tArtist\tComposer\tAlbum", "#\tArtwork\tTrack Title\tArtist"] {
        let row = if header.starts_with('#') { "1\t\tBlue\tAnn Lee" } else { "Blue\tAnn Lee\t\t" };
        let (outcome, queries) =
            run("Music.txt", utf16(&format!("{header}\r\n{row}\r\n")), &[]).await;
        assert_eq!((outcome.exit_status, queries), (0, vec!["track Blue Ann Lee".to_owned()]));
    }
}

#[tokio::test]
async fn note_says_what_is_searched_for() {
    let (outcome, _) = run("s.csv", "Track name,Artist name,ISRC,A,B,C\nBlue,Ann,,,,\n", &[]).await;
    assert_eq!(
        outcome.stderr,
        "note: s.csv: searching tracks by name \"Track name\" and artist \"Artist name\", ISRC; 3 other columns\n"
    );
    let (outcome, _) = run("s.csv", "title,year\nBlue,1999\n", &[]).await;
    assert_eq!(
        outcome.stderr,
        "note: s.csv: searching tracks by name \"title\"; 1 other column; there is no artist column, so that any artist matches; --lines searches for each line\n"
    );
}

#[tokio::test]
async fn rows_have_their_own_columns_and_the_outcome() {
    let rows = "title,artist,note\nBlue,Ann,\"a, \"\"b\"\"\nc\"\n,,nothing\nRed\n";
    let (outcome, queries) = run("s.csv", rows, &["-t", "track"]).await;
    assert_eq!(queries, ["track Blue Ann", "track Red"]);
    let (_, rows) = outcome.stdout.split_once('\n').unwrap();
    insta::assert_snapshot!(rows, @r#"
    Blue,Ann,"a, ""b""
    c",found,,track,id-Blue Ann,Blue Ann,,,,,,,,,,,,
    ,,nothing,none,,,,,,,,,,,,,,,,
    Red,,,found,,track,id-Red,Red,,,,,,,,,,,,
    "#);
}

#[tokio::test]
async fn output_can_be_an_input_again() {
    // The column of another program stays.
    let input = "artist,spotify_result,spotify_id,spotify_track_uri\nAnn,none,old,kept\n";
    let (outcome, _) = run("s.csv", input, &[]).await;
    assert!(outcome.stdout.starts_with("artist,spotify_track_uri,spotify_result,"), "{outcome:?}");
    assert!(outcome.stdout.contains("\nAnn,kept,found,,artist,id-Ann,"), "{outcome:?}");
}

#[tokio::test]
async fn jsonl_has_the_cells_as_an_object() {
    let (outcome, _) = run("s.csv", "artist,n\nAnn,1\n", &["-f", "jsonl"]).await;
    let row: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(row["input"]["n"], "1");
    assert_eq!((row["result"].as_str(), row["id"].as_str()), (Some("found"), Some("id-Ann")));
}

#[tokio::test]
async fn unusable_tables_are_refused_before_anything_is_sent() {
    for (name, contents, message) in [
        (
            "a.csv",
            &b"first,second\nx,y\n"[..],
            "none of its columns has a known name: \"first\", \"second\"",
        ),
        ("b.csv", b"query,title\nx,y\n", "its column \"query\" excludes others"),
        ("c.csv", b"title,artist\nBlue,Ann\nR\xe9d,Bo\n", "line 3 is not UTF-8"),
        ("d.csv", b"title,artist\nBlue,Ann,x\n", "the row at line 2 does not fit the header"),
        (
            "e.csv",
            b"title,artist\na,b,c\nd,e,f\ng,h,i\nj,k,l\n",
            "4 rows do not fit the header; the first begin at lines 2, 3, 4",
        ),
        ("f.csv", b"title,artist\nBlue,Ann\n\"Red,Bo\nGreen,Cy\n", "the row at line 3 does not"),
        ("g.csv", b"T\xedtulo,Artista\nx,y\n", "line 1 is not UTF-8"),
        ("h.csv", b"ISRC,note\n,x\n,y\n", "no row has anything to search for by \"ISRC\""),
    ] {
        let (outcome, queries) = run(name, contents, &["-o", "out.csv"]).await;
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains(message), "{outcome:?}");
        assert!(queries.is_empty());
    }
}

#[tokio::test]
async fn plain_lines_are_no_table() {
    let first_lines = [
        "Tyler, The Creator",
        "Earth, Wind & Fire",
        "\"Heroes\"; David Bowie",
        "Song 2, Blur",
        "Band, The",
        "Pink Floyd, Time",
        "Neil Young, Song",
    ];
    for line in first_lines {
        let (outcome, queries) = run("names.txt", line, &["-t", "artist"]).await;
        assert_eq!((outcome.stderr.as_str(), queries.len()), ("", 1), "{line}");
        assert!(outcome.stdout.starts_with("query,result,"), "{outcome:?}");
    }
    let (outcome, _) = run("names.txt", "Name, Goo Goo Dolls\n", &[]).await;
    assert!(outcome.stderr.ends_with("; --lines searches for each line\n"), "{outcome:?}");
    let (_, queries) = run("names.txt", "Name, Goo Goo Dolls\n", &["--lines"]).await;
    assert_eq!(queries, ["artist Name, Goo Goo Dolls"]);
}

#[tokio::test]
async fn headers_of_any_language_name_the_columns() {
    for (contents, args, expected, note) in [
        (
            "Track #,Name,Artists,Album\n3,Blue,Ann,Reds\n",
            &[][..],
            "track Blue Ann",
            "name \"Name\" and",
        ),
        ("Disc,Track,Name,Artist\n1,3,Blue,Ann\n", &[], "track Blue Ann", "name \"Name\" and"),
        ("Titel,Künstler\nBlue,Ann\n", &[], "track Blue Ann", "artist \"Künstler\""),
        ("Canción,Artista\nBlue,Ann\n", &[], "track Blue Ann", "name \"Canción\" and"),
        ("曲名,アーティスト\nBlue,Ann\n", &[], "track Blue Ann", "artist \"アーティスト\""),
        (
            "Name;Interpret;Zeit\nBlue;Ann;3:58\n",
            &[],
            "track Blue Ann",
            "artist \"Interpret\", length",
        ),
        (
            "spotify_track_uri,master_metadata_track_name,master_metadata_album_artist_name\nx,Blue,Ann\n",
            &[],
            "track Blue Ann",
            "name \"master_metadata_track_name\" and",
        ),
        (
            "Artista,Foo\nAnn,x\n",
            &[],
            "artist Ann",
            "searching artists by artist \"Artista\"; there is no column for a title (Foo)",
        ),
        (
            "artist,release_title\nAnn,Reds\n",
            &["-t", "album"],
            "album Reds Ann",
            "album \"release_title\"",
        ),
        ("Time,Artist,Title\n08:15,Ann,Blue\n", &[], "track Blue Ann", ", length"),
        ("title,artist,\nBlue,Ann,\n", &[], "track Blue Ann", "1 other column"),
    ] {
        let (outcome, queries) = run("list.csv", contents, args).await;
        assert_eq!(outcome.exit_status, 0, "{outcome:?}");
        assert_eq!(queries, [expected], "{contents}");
        assert!(outcome.stderr.contains(note), "{contents}: {}", outcome.stderr);
    }
    let (outcome, queries) = run("list.csv", "title,artist\n", &[]).await;
    assert_eq!((outcome.exit_status, queries.len()), (0, 0));
    // Excel's Unicode Text has tabs, and quotes where they are needed.
    let text = "Title\tArtist\tNote\r\nSeptember\t\"Earth, Wind & Fire\"\t\"a\r\nb\"\r\n";
    let (_, queries) = run("list.txt", utf16(text), &[]).await;
    assert_eq!(queries, ["track September Earth, Wind & Fire"]);
}

#[tokio::test]
async fn json_becomes_a_table_by_the_line_that_the_hint_names() {
    let json = r#"[{"trackName":"Creep","artistName":"Radiohead","ms":{"a":1}}]"#;
    let (outcome, queries) = run("history.json", json, &[]).await;
    outcome.assert_error(2, "config_invalid");
    assert!(queries.is_empty());
    let start = outcome.stderr.find("jq -r").unwrap();
    let line = &outcome.stderr[start..outcome.stderr.find("; otherwise").unwrap()];
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("FILE"), json).unwrap();
    let mut shell = std::process::Command::new("sh");
    if !shell.arg("-c").arg(line).current_dir(folder.path()).status().unwrap().success() {
        return crate::support::skip("jq is not installed");
    }
    let table = std::fs::read(folder.path().join("FILE.csv")).unwrap();
    let (_, queries) = run("history.csv", table, &[]).await;
    assert_eq!(queries, ["track Creep Radiohead"]);
}

#[tokio::test]
async fn what_is_no_list_is_refused_by_its_name() {
    for (contents, format) in [
        (&b"#EXTM3U\n#EXTINF:1\n"[..], "an M3U playlist"),
        (b"<?xml version=\"1.0\"?>\n", "XML"),
        (b"PK\x03\x04\r\0", "a spreadsheet or another zip archive"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"[\n  {\n", "JSON"),
    ] {
        let (outcome, queries) = run("list.txt", contents, &[]).await;
        outcome.assert_error(2, "config_invalid");
        assert!(outcome.stderr.contains(&format!("it is {format}, not a list")), "{outcome:?}");
        assert!(queries.is_empty());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn table_that_arrives_in_pieces_is_a_table() {
    let server = echo().await;
    let test = server.command();
    let mut command = test.std_command(&["-i", "-", "-f", "csv", "--columns", "id"]);
    let (input, output) = (std::process::Stdio::piped(), std::process::Stdio::piped());
    let mut child = command.stdin(input).stdout(output).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for piece in ["Title,", "Artist\nBlue,Ann\n"] {
        std::io::Write::write_all(&mut stdin, piece.as_bytes()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(stdout, "Title,Artist,spotify_result,spotify_id\nBlue,Ann,found,id-Blue Ann\n");
}
