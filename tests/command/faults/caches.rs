//! Cache directories that are linked, foreign, full, corrupt or in the way. A search succeeds with any
//! cache.

use super::{good, run_table};

/// Fills the cache.
const FIRST_RUN: &str = r#""$0" "$@" >/dev/null"#;

#[test]
fn search_succeeds_with_any_cache() {
    let setups = [
        ("a relative path", "export XDG_CACHE_HOME=here"),
        ("a path below a file", "touch file; export XDG_CACHE_HOME=$PWD/file"),
        ("a long path", "export XDG_CACHE_HOME=/$(printf %05000d 0)"),
        ("a file in place of the directory", "mkdir .cache; touch .cache/spotify-search"),
        (
            "a link to a directory",
            "mkdir -p .cache other/spotify-search; ln -s ../other/spotify-search .cache/",
        ),
        ("a link to nothing", "mkdir .cache; ln -s nothing .cache/spotify-search"),
        ("a link above the directory", "mkdir other; ln -s other .cache"),
        (
            "a read-only directory",
            "mkdir -p .cache/spotify-search; chmod 500 .cache/spotify-search",
        ),
        (
            "a directory without rights",
            "mkdir -p .cache/spotify-search; chmod 0 .cache/spotify-search",
        ),
        (
            "a directory that all users can write",
            "mkdir -p .cache/spotify-search; chmod 777 .cache/spotify-search",
        ),
        // Only root can give a file away.
        ("another user's directory", "mkdir -p .cache/spotify-search; chown 12345 .cache/* || :"),
        ("a read-only parent", "mkdir .cache; chmod 500 .cache"),
    ];
    let changes = [
        ("empty", r#": >"$f""#),
        ("cut short", r#"head -c 20 "$f" >x; cat x >"$f""#),
        ("other JSON", r#"echo "[1]" >"$f""#),
        ("deep JSON", r#"head -c 200000 /dev/zero | tr "\0" "[" >"$f""#),
        ("no rights", r#"chmod 0 "$f""#),
        ("a file that all users can write", r#"chmod 666 "$f""#),
        ("another user's", r#"chown 12345 "$f" || :"#),
        ("a directory", r#"rm "$f"; mkdir "$f""#),
        ("a pipe", r#"rm "$f"; mkfifo "$f""#),
        (
            "a link to a copy",
            r#"mkdir -p spotify-search; mv "$f" spotify-search/; ln -s "$PWD/spotify-search/${f##*/}" "$f""#,
        ),
        ("a link to /dev/zero", r#"rm "$f"; ln -s /dev/zero "$f""#),
        ("a link to nothing", r#"rm "$f"; ln -s nothing "$f""#),
        ("a hard link", r#"ln "$f" "$f.copy""#),
        ("a huge file", r#"truncate -s 20M "$f""#),
    ];
    let mut rows = Vec::from(setups.map(|(name, setup)| good(name, "").after(setup)));
    for (name, change) in changes {
        let each = "for f in $(find .cache/spotify-search -type f)";
        let setup = format!("{FIRST_RUN}; {each}; do {change}; done");
        rows.push(good(format!("files: {name}"), "").after(setup));
    }
    run_table(&rows);
}
