//! The manual page and the completions, made from the parser's own description of the flags.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::{Args, Generate, SECTIONS};

/// Writes what was asked for.
pub fn write(kind: Generate, out: &mut impl Write) -> io::Result<()> {
    let mut command = Args::command();
    let shell = match kind {
        Generate::Man => {
            write_manual(command, out)?;
            return out.flush();
        }
        Generate::CompleteBash => Shell::Bash,
        Generate::CompleteZsh => Shell::Zsh,
        Generate::CompleteFish => Shell::Fish,
        Generate::CompletePowershell => Shell::PowerShell,
        Generate::CompleteElvish => Shell::Elvish,
    };
    // The generator panics where it can't write: it gets memory to write to.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "spotify-search", &mut script);
    out.write_all(&script)?;
    out.flush()
}

/// The manual: clap's own part, then the sections that the long help ends with.
fn write_manual(command: clap::Command, out: &mut impl Write) -> io::Result<()> {
    let none = clap::builder::StyledStr::new();
    let manual = clap_mangen::Man::new(command.after_help(none.clone()).after_long_help(none));
    manual.render_title(out)?;
    manual.render_name_section(out)?;
    manual.render_synopsis_section(out)?;
    manual.render_description_section(out)?;
    manual.render_options_section(out)?;
    for (title, text) in SECTIONS {
        // Without filling, and with hyphens that can be copied.
        writeln!(out, ".SH {}\n.nf\n{}\n.fi", title.to_uppercase(), text.replace('-', "\\-"))?;
    }
    Ok(())
}
