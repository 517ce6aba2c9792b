//! The manual page and the completions, made from the parser's own description of the flags.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::{Args, Generate};

/// Writes what was asked for.
pub fn write(kind: Generate, out: &mut impl Write) -> io::Result<()> {
    let mut command = Args::command();
    let shell = match kind {
        Generate::Man => {
            clap_mangen::Man::new(command).render(out)?;
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
