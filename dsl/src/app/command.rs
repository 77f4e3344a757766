//! The command line of an app.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use super::output::For;

pub(super) const USAGE: &str = "\
usage: cargo run [COMMAND]

here, without AWS:
  list                   the workflows, and when they run next (what happens without a command)
  check                  find mistakes, write nothing
  synth [--terraform] [--cloudformation]
                         write definitions, roles and schedules as files; and a Terraform module, and templates
  explain CODE           what a diagnostic means, such as SW0101

in AWS (the `statewright` command, built at its first use):
  deploy [--dry-run]     bring AWS to what the workflows say
  destroy                delete what deploy made
  start NAME [--input FILE] [--follow]
  redrive EXECUTION      let a failed execution go on, with its permit
  backfill NAME --from TIME --to TIME
                         run each tick that was missed, once
  pause NAME, resume NAME
                         keep schedules from firing
  guard status, unlock   who holds which lock, and giving a permit back
  … --help               all options of a command

options:
  --out DIR              where files are written (out)";

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    List,
    Check,
    Synth {
        out: PathBuf,
        readers: For,
    },
    Explain(String),
    Help,
    /// For the `statewright` command, with all its arguments.
    Tool {
        out: PathBuf,
        arguments: Vec<OsString>,
    },
}

impl Command {
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, String> {
        let mut parser = Parser::from_args(arguments);
        Self::from(&mut parser).map_err(|error| error.to_string())
    }

    fn from(parser: &mut Parser) -> Result<Self, lexopt::Error> {
        let mut out = PathBuf::from("out");
        let name = loop {
            match parser.next()? {
                None => return Ok(Self::List),
                Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Self::Help),
                Some(Arg::Long("out")) => out = parser.value()?.into(),
                Some(Arg::Value(name)) => break name,
                Some(other) => return Err(other.unexpected()),
            }
        };
        let mut readers = For::default();
        let mut code = None;
        match name.to_str() {
            Some("list" | "check" | "synth" | "explain" | "help") => {}
            // Options behind the command are its own.
            _ => {
                let arguments = [name].into_iter().chain(parser.raw_args()?).collect();
                return Ok(Self::Tool { out, arguments });
            }
        }
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(Self::Help),
                Arg::Long("out") => out = parser.value()?.into(),
                Arg::Long("terraform") if name == "synth" => readers.terraform = true,
                Arg::Long("cloudformation") if name == "synth" => readers.cloudformation = true,
                Arg::Value(value) if name == "explain" && code.is_none() => code = Some(value.string()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(match name.to_str() {
            Some("check") => Self::Check,
            Some("synth") => Self::Synth { out, readers },
            Some("explain") => Self::Explain(code.ok_or("expected a code: `explain SW0101`")?),
            Some("help") => Self::Help,
            _ => Self::List,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn no_command_is_the_list() {
        assert_eq!(parse(""), Ok(Command::List));
        assert_eq!(parse("synth --help"), Ok(Command::Help));
        let synth = |out: &str, terraform| {
            Ok(Command::Synth { out: out.into(), readers: For { terraform, cloudformation: false } })
        };
        assert_eq!(parse("synth"), synth("out", false));
        assert_eq!(parse("--out a synth --terraform"), synth("a", true));
        assert_eq!(parse("synth --out=b"), synth("b", false));
    }

    #[test]
    fn what_an_app_does_not_know_is_for_the_tool() {
        let deploy = ["deploy", "--dry-run", "-v"].map(OsString::from).to_vec();
        assert_eq!(parse("deploy --dry-run -v"), Ok(Command::Tool { out: "out".into(), arguments: deploy }));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(parse("check --terraform"), Err("invalid option '--terraform'".into()));
        assert_eq!(parse("explain"), Err("expected a code: `explain SW0101`".into()));
        assert_eq!(parse("--frob"), Err("invalid option '--frob'".into()));
    }
}
