//! The command line of `simulate`.

use std::ffi::OsString;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt};

use super::{Problem, duration};

pub(super) const USAGE: &str = "\
usage: simulate [NAME…] [OPTIONS]

runs workflows here, in virtual time: a wait of a week takes no time. Without NAME, all that the app has a rehearsal for.

  --input JSON|FILE     what it is started with
  --mocks FILE          what calls are answered: a mock configuration of Step Functions Local, or a mock of TestState
                        for each state
  --table NAME=KEY[,SORT]
                        a DynamoDB table in memory, for calls that no mock answers; can be given again
  --bucket NAME=FOLDER  an S3 bucket: the files of a folder; what is written stays in memory; can be given again
  --case NAME           the test case in that file, if it has several
  --at TIME             when it starts, such as 2026-03-01T02:00:00Z
  --seed N              of everything that is random (0)
  --real-time           let time pass as it does outside
  --express             of a file: run it as an Express workflow

  --trace               show input, output, request and variables of each state
  --quiet               show only how it ended
  --history             the history as GetExecutionHistory gives it
  --coverage            what of the definition was not reached

  --take STATE=TIME[..TIME]
                        how long the calls of a state take, such as 45m or 30m..2h; can be given again
  --schedule --from TIME --to TIME
                        run every tick of its schedules between the two, and report skips, waits, overlaps

exit codes: 0 it succeeded; 1 it did not, or can't run; 2 usage; 3 a file can't be read";

#[derive(Debug, Default)]
pub(super) struct Options {
    /// Workflows, or a file.
    pub names: Vec<String>,
    pub input: Option<String>,
    pub mocks: Option<String>,
    pub case: Option<String>,
    pub at: Option<String>,
    pub seed: u64,
    pub real_time: bool,
    pub express: bool,
    pub trace: bool,
    pub quiet: bool,
    pub history: bool,
    pub coverage: bool,
    pub schedule: bool,
    pub from: Option<String>,
    pub to: Option<String>,
    /// Names with keys.
    pub tables: Vec<(String, String)>,
    /// Names with folders.
    pub buckets: Vec<(String, String)>,
    pub take: Vec<(String, Duration, Duration)>,
}

impl Options {
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, Problem> {
        let mut options = Self::default();
        let help = options.fill(arguments).map_err(|error| Problem::Usage(error.to_string()))?;
        if help { Err(Problem::Help) } else { Ok(options) }
    }

    /// Whether help was asked for.
    fn fill(&mut self, arguments: &[OsString]) -> Result<bool, lexopt::Error> {
        let mut parser = Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("help") | Arg::Short('h') => return Ok(true),
                Arg::Long("input") => self.input = Some(parser.value()?.string()?),
                Arg::Long("mocks") => self.mocks = Some(parser.value()?.string()?),
                Arg::Long("case") => self.case = Some(parser.value()?.string()?),
                Arg::Long("at") => self.at = Some(parser.value()?.string()?),
                Arg::Long("seed") => self.seed = parser.value()?.parse()?,
                Arg::Long("real-time") => self.real_time = true,
                Arg::Long("express") => self.express = true,
                Arg::Long("trace") => self.trace = true,
                Arg::Long("quiet") => self.quiet = true,
                Arg::Long("history") => self.history = true,
                Arg::Long("coverage") => self.coverage = true,
                Arg::Long("schedule") => self.schedule = true,
                Arg::Long("from") => self.from = Some(parser.value()?.string()?),
                Arg::Long("to") => self.to = Some(parser.value()?.string()?),
                Arg::Long("take") => {
                    let text = parser.value()?.string()?;
                    let take = take(&text).ok_or_else(|| {
                        format!("expected a state and a time, such as Load=45m or Load=30m..2h, found `{text}`")
                    })?;
                    self.take.push(take);
                }
                Arg::Long("table") => {
                    self.tables.push(pair(&parser.value()?.string()?, "orders=id or orders=id,line")?)
                }
                Arg::Long("bucket") => self.buckets.push(pair(&parser.value()?.string()?, "lake=./data")?),
                Arg::Value(name) => self.names.push(name.string()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(false)
    }
}

fn pair(text: &str, example: &str) -> Result<(String, String), lexopt::Error> {
    let pair = text.split_once('=').filter(|(name, of)| !name.is_empty() && !of.is_empty());
    let (name, of) =
        pair.ok_or_else(|| format!("expected a name and what it is, such as {example}, found `{text}`"))?;
    Ok((name.to_owned(), of.to_owned()))
}

fn take(text: &str) -> Option<(String, Duration, Duration)> {
    let (state, times) = text.split_once('=')?;
    let (from, to) = times.split_once("..").unwrap_or((times, times));
    Some((state.to_owned(), duration(from)?, duration(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        assert_eq!(take("Load=30m..2h"), Some(("Load".to_owned(), Duration::from_secs(1_800), hours(2))));
        assert_eq!(take("Load=1h"), Some(("Load".to_owned(), hours(1), hours(1))));
        for wrong in ["Load", "Load=", "Load=5", "Load=m", "Load=1h..x"] {
            assert_eq!(take(wrong), None, "{wrong}");
        }
    }
}
