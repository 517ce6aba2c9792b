//! The manual and the completion scripts, generated from the definition of the command line.

use std::io::{self, Write};

use clap::ValueHint;
use clap_complete::Shell;

use super::flags;
use super::help;
use super::values::GenerateArg;

/// Returns the manual or a completion script.
pub fn generate(kind: GenerateArg) -> Vec<u8> {
    let text = match kind {
        GenerateArg::Man => return manual().expect("the manual is written to memory"),
        GenerateArg::CompleteBash => completions(Shell::Bash) + BASH,
        GenerateArg::CompleteZsh => zsh(&completions(Shell::Zsh)),
        // No files in place of a query.
        GenerateArg::CompleteFish => completions(Shell::Fish) + "complete -c spotify-search -f\n",
        GenerateArg::CompletePowershell => completions(Shell::PowerShell),
        GenerateArg::CompleteElvish => completions(Shell::Elvish),
    };
    text.into_bytes()
}

/// Returns clap's completion script.
fn completions(shell: Shell) -> String {
    // Without a hint, shells offer files for a value that can be any text.
    let mut definition = flags::definition().mut_args(|arg| {
        if arg.get_action().takes_values() && arg.get_value_hint() == ValueHint::Unknown {
            arg.value_hint(ValueHint::Other)
        } else {
            arg
        }
    });
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition, "spotify-search", &mut script);
    String::from_utf8(script).expect("clap writes UTF-8")
}

/// Wraps clap's function for bash. It adds what that lacks: `--format=j`, where bash splits at the
/// `=`, and files after a redirection. As clap registers its function, bash would also offer files in place
/// of a query.
const BASH: &str = r#"
_spotify_search() {
    local prev="$3"
    case "$prev" in
        =) prev="${COMP_WORDS[COMP_CWORD-2]}" ;;
        *'>'|'<') compopt -o default; return ;;
    esac
    _spotify__search "$1" "$2" "$prev"
}
complete -F _spotify_search -o nosort spotify-search 2>/dev/null ||
    complete -F _spotify_search spotify-search
"#;

/// Lets zsh complete flags after the query.
fn zsh(script: &str) -> String {
    // Two colons after the asterisk would make everything after the first word part of the query. Without
    // `()`, a flag would be listed, but not inserted.
    script.replace("'*::words -- Words to search for:'", "'*:query:()'")
}

/// Returns clap's manual with the sections of the long help.
fn manual() -> io::Result<Vec<u8>> {
    // clap_mangen leaves out the text of a flag that the short help does not show.
    let definition = flags::definition().mut_args(|arg| arg.hide_short_help(false));
    let manual = clap_mangen::Man::new(definition);
    let mut out = Vec::new();
    manual.render_title(&mut out)?;
    // No hyphenation, so that names of flags can be searched for and copied.
    writeln!(out, ".nh")?;
    manual.render_name_section(&mut out)?;
    manual.render_synopsis_section(&mut out)?;
    manual.render_description_section(&mut out)?;
    let mut options = Vec::new();
    manual.render_options_section(&mut options)?;
    // clap_mangen makes each group of options a section of its own.
    let options = String::from_utf8_lossy(&options).replace(".SH ", ".SS ");
    out.write_all(options.replacen(".SS OPTIONS", ".SH OPTIONS", 1).as_bytes())?;
    let examples = help::EXAMPLES.join("\n");
    for (title, lines) in help::SECTIONS.into_iter().chain([("Examples", examples.as_str())]) {
        // Not filled. The escapes keep hyphens, apostrophes and tildes as they are typed in a shell,
        // and `\&` keeps a leading period from being read as a macro.
        let lines = help::with_names(lines);
        let lines = lines.replace('-', "\\-").replace('\'', "\\(aq").replace('~', "\\(ti");
        writeln!(out, ".SH \"{}\"\n.nf", title.to_uppercase())?;
        for line in lines.lines() {
            writeln!(out, "\\&{line}")?;
        }
        writeln!(out, ".fi")?;
    }
    Ok(out)
}
