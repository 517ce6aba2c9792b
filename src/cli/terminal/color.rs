//! Decides whether a stream gets colours.

use std::env;
use std::ffi::OsString;

pub use clap::ColorChoice;
use console::Term;

/// Returns true if a stream gets colours. With `Auto`, a terminal does, unless `NO_COLOR`,
/// `CLICOLOR` or `CLICOLOR_FORCE` says otherwise (<https://no-color.org>,
/// <https://bixense.com/clicolors>).
pub fn is_colored(choice: ColorChoice, stream: &Term) -> bool {
    decide(choice, has_escape_sequences(stream), |name| env::var_os(name))
}

/// Returns true if the stream is a terminal that interprets escape sequences. A Windows console does so on
/// request: console's check requests it, unless `NO_COLOR` is set.
pub fn has_escape_sequences(stream: &Term) -> bool {
    if cfg!(windows) { stream.features().colors_supported() } else { stream.is_term() }
}

fn decide(choice: ColorChoice, is_terminal: bool, var: impl Fn(&str) -> Option<OsString>) -> bool {
    let var = |name| var(name).filter(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if var("NO_COLOR").is_some() => false,
        ColorChoice::Auto if var("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        ColorChoice::Auto if var("CLICOLOR").is_some_and(|value| value == "0") => false,
        ColorChoice::Auto => is_terminal && var("TERM").is_none_or(|term| term != "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::ColorChoice::{Always, Auto, Never};
    use super::*;

    #[test]
    fn option_wins_over_variables_and_variables_over_the_terminal() {
        let colored = |choice, is_terminal, vars: &[(&str, &str)]| {
            decide(choice, is_terminal, |name| {
                vars.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value))
            })
        };
        assert!(colored(Auto, true, &[]) && !colored(Auto, false, &[]));
        assert!(colored(Always, false, &[("NO_COLOR", "1")]));
        assert!(!colored(Never, true, &[("CLICOLOR_FORCE", "1")]));
        assert!(colored(Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!colored(Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!colored(Auto, true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
        assert!(!colored(Auto, true, &[("CLICOLOR", "0")]));
        assert!(!colored(Auto, true, &[("TERM", "dumb")]));
        assert!(colored(Auto, true, &[("NO_COLOR", "")]));
    }
}
