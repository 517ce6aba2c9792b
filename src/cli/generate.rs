//! The manual and the completion scripts, generated from the definition of the command line.

use std::io::{self, Write};

use clap_complete::Shell;

use super::args;
use super::help;
use super::values::GenerateArg;

/// Returns the manual or a completion script.
pub fn generate(kind: GenerateArg) -> Vec<u8> {
    let text = match kind {
        GenerateArg::Man => return manual().expect("the manual is written to memory"),
        GenerateArg::CompleteBash => completions(Shell::Bash),
        GenerateArg::CompleteZsh => completions(Shell::Zsh),
        GenerateArg::CompleteFish => completions(Shell::Fish),
        GenerateArg::CompletePowershell => completions(Shell::PowerShell),
        GenerateArg::CompleteElvish => completions(Shell::Elvish),
    };
    text.into_bytes()
}

/// Returns clap's completion script.
fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::definition(), "spotify-search", &mut script);
    String::from_utf8(script).expect("clap writes UTF-8")
}

/// Returns clap's manual with the sections of the long help.
fn manual() -> io::Result<Vec<u8>> {
    // clap_mangen leaves out the text of a flag that the short help does not show.
    let definition = args::definition().mut_args(|arg| arg.hide_short_help(false));
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
    for (title, lines) in [
        ("\"EXIT STATUS\"", help::EXIT_STATUS),
        ("ERRORS", help::ERROR_CODES),
        ("ENVIRONMENT", help::ENVIRONMENT),
        ("FILES", help::FILES),
        ("EXAMPLES", &help::EXAMPLES.join("\n")),
    ] {
        // Not filled. The escapes keep hyphens, apostrophes and tildes as they are typed in a shell,
        // and `\&` keeps a leading period from being read as a macro.
        let lines = lines.replace('-', "\\-").replace('\'', "\\(aq").replace('~', "\\(ti");
        writeln!(out, ".SH {title}\n.nf")?;
        for line in lines.lines() {
            writeln!(out, "\\&{line}")?;
        }
        writeln!(out, ".fi")?;
    }
    Ok(out)
}
