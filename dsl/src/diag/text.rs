//! A [`Diagnostic`] as text, in the form that rustc made familiar.

use super::{Diagnostic, Severity};
use std::fmt::Write as _;

/// With or without terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences: files, pipes, tests.
    Plain,
    /// ANSI colours.
    Colour,
}

impl Style {
    /// Colours if standard error is a terminal and `NO_COLOR` is not set (<https://no-color.org>).
    #[must_use]
    pub fn of_stderr() -> Self {
        use std::io::IsTerminal;
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if std::io::stderr().is_terminal() && !plain { Self::Colour } else { Self::Plain }
    }
}

/// Renders one diagnostic: a headline, a line for each place, and the help.
#[must_use]
pub fn render(d: &Diagnostic, style: Style) -> String {
    let paint = |code: &str, text: &str| match style {
        Style::Plain => text.to_owned(),
        Style::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
    };
    let colour = match d.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
    };
    let head = paint(colour, &format!("{}[{}]", d.severity, d.code.id));
    let mut out = format!("{head}: {}\n", paint("1", &d.message));
    for label in &d.labels {
        let arrow = paint("1;34", "-->");
        let text = if label.text.is_empty() { String::new() } else { format!(": {}", label.text) };
        let _ = writeln!(out, "  {arrow} {}{text}", label.place);
    }
    if let Some(help) = &d.help {
        let _ = writeln!(out, "  {} {help}", paint("1;32", "help:"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Place, codes};

    #[test]
    fn plain_text_names_code_places_and_help() {
        let at = |pointer: &str| Place::Pointer { file: "a.json".into(), pointer: pointer.into() };
        let d = Diagnostic::error(codes::DUPLICATE_STATE_NAME, "two states are called `A`", at("/States/A"))
            .here("first here")
            .label(at("/States/B/Branches/0/States/A"), "again here")
            .help("rename one of them");
        assert_eq!(
            render(&d, Style::Plain),
            "error[SW0101]: two states are called `A`\n  --> a.json#/States/A: first here\n  \
             --> a.json#/States/B/Branches/0/States/A: again here\n  help: rename one of them\n"
        );
    }
}
