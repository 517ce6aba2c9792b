//! Completions in the shells themselves. A shell that is not installed is skipped.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::process::Command;
use std::time::Duration;

use crate::support::{TestCommand, skip};

/// What follows the name of the command, and the candidates for its last word. The working directory
/// has a file `names.txt`.
const CASES: &[(&str, &[&str])] = &[
    ("--format ", &["auto", "table", "json", "jsonl", "csv", "tsv", "id", "uri", "url"]),
    ("-f js", &["json", "jsonl"]),
    ("--format=j", &["json", "jsonl"]),
    ("BTS --color ", &["auto", "always", "never"]),
    ("--generate complete-z", &["complete-zsh"]),
    ("--type tr", &["track"]),
    ("--type=tr", &["track"]),
    ("--input na", &["names.txt"]),
    ("--cacert na", &["names.txt"]),
    ("--input=na", &["names.txt"]),
    ("na", &[]),
    ("BTS na", &[]),
    ("--artist na", &[]),
    ("--market na", &[]),
    ("BTS --exi", &["--exit-status"]),
];

/// Completes every line in a shell. `driver` loads the file `script`, and writes the candidates for
/// each of its arguments to standard output, one on a line, followed by `[end]`.
fn assert_completes(shell: &str, shell_args: &[&str], driver: &str) {
    let folder = tempfile::tempdir().unwrap();
    let script = TestCommand::new().run(&["--generate", &format!("complete-{shell}")]).stdout;
    for (name, contents) in [("script", script.as_str()), ("driver", driver), ("names.txt", "")] {
        std::fs::write(folder.path().join(name), contents).unwrap();
    }
    let mut command = Command::new(shell);
    command.env("HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path());
    command.args(shell_args).arg("driver").args(CASES.iter().map(|(line, _)| line));
    command.current_dir(folder.path());
    let output =
        match assert_cmd::Command::from_std(command).timeout(Duration::from_secs(30)).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                skip(&format!("{shell} is not installed"));
                return;
            }
            output => output.unwrap(),
        };
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(stdout.matches("[end]").count(), CASES.len(), "{output:?}");
    for ((line, expected), candidates) in CASES.iter().zip(stdout.split("[end]\n")) {
        let word = line.rsplit(' ').next().unwrap();
        let candidates: BTreeSet<&str> = candidates
            .lines()
            // bash repeats a word that it cannot complete.
            .filter(|candidate| !candidate.is_empty() && *candidate != word)
            // Shells differ in whether a candidate repeats `--type=album,`.
            .map(|candidate| candidate.rsplit(['=', ',']).next().unwrap())
            .collect();
        assert_eq!(candidates, expected.iter().copied().collect(), "{shell}: {line}");
    }
}

#[test]
fn completes_in_bash() {
    let driver = r#"
        source ./script
        # Without a candidate, bash would offer files.
        [[ $(complete -p spotify-search) == *default* ]] && echo files are offered
        for line; do
            # As bash does, split at the equals sign.
            read -ra COMP_WORDS <<< "spotify-search ${line//=/ = }"
            [[ $line == *' ' ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _spotify_search spotify-search "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
            printf '%s\n' "${COMPREPLY[@]}" '[end]'
        done
    "#;
    assert_completes("bash", &["--norc"], driver);
}

#[test]
fn completes_in_zsh() {
    // zsh completes on a terminal only: an inner shell has one, and writes the matches to a file.
    let driver = r#"
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell '
            autoload -U compinit && compinit -u -D
            source ./script
            compadd() {
                local -a found
                if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)* ]]; then
                    builtin compadd -O found "$@"
                    print -rl -- $found >> found
                fi
                builtin compadd "$@"
            }
            report() { print "[end]" >> found; print "<completed>"; BUFFER= }
            zle -N report
            bindkey "^T" report
            print "<rea""dy>"
        '
        zpty -r shell output '*<ready>*'
        for line; do
            zpty -wn shell "spotify-search $line"$'\t\x14'
            zpty -r shell output '*<completed>*'
        done
        cat found
    "#;
    assert_completes("zsh", &["-f"], driver);
}

#[test]
fn completes_in_fish() {
    let driver = r"
        source ./script
        for line in $argv
            complete -C 'spotify-search '$line | string replace -r '\t.*' ''
            echo '[end]'
        end
    ";
    assert_completes("fish", &[], driver);
}
