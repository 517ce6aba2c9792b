//! The manual and the completion scripts, generated from the definition of the command line.

use std::io;

use clap_complete::Shell;

use super::args::{self, GenerateArg, SECTIONS};

/// Returns the manual or a completion script.
pub fn generate(kind: GenerateArg) -> Vec<u8> {
    let shell = match kind {
        GenerateArg::Man => return manual().expect("the manual is written to memory"),
        GenerateArg::CompleteBash => Shell::Bash,
        GenerateArg::CompleteZsh => Shell::Zsh,
        GenerateArg::CompleteFish => Shell::Fish,
        GenerateArg::CompletePowershell => Shell::PowerShell,
        GenerateArg::CompleteElvish => Shell::Elvish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut args::definition(), "spotify-search", &mut script);
    script
}

/// Returns clap's manual with the sections of the long help.
fn manual() -> io::Result<Vec<u8>> {
    use io::Write;
    let none = clap::builder::StyledStr::new();
    let command = args::definition().after_help(none.clone()).after_long_help(none);
    let (manual, mut out) = (clap_mangen::Man::new(command), Vec::new());
    manual.render_title(&mut out)?;
    manual.render_name_section(&mut out)?;
    manual.render_synopsis_section(&mut out)?;
    manual.render_description_section(&mut out)?;
    manual.render_options_section(&mut out)?;
    for (title, text) in SECTIONS {
        // Not filled, and with hyphens that can be copied.
        writeln!(out, ".SH {}\n.nf\n{}\n.fi", title.to_uppercase(), text.replace('-', "\\-"))?;
    }
    Ok(out)
}
