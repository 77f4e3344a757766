//! The command `simulate` of an app, and of `statewright` for files.
//!
//! ```no_run
//! use serde_json::json;
//! use statewright::prelude::*;
//! use statewright_simulate::mock::mock_api;
//! use statewright_simulate::Command;
//!
//! fn hello() -> Workflow {
//!     Workflow::new("hello", |w, _: Value<()>| w.succeed("Hello"))
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     let simulate = Command::default()
//!         .rehearse("hello", |run| run.input(json!({})).mock(mock_api("sns:publish").returns_json(json!({}))));
//!     App::new("shop").workflow(hello()).command(simulate).main()
//! }
//! ```

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::time::Duration;

use statewright::app::Extension;
use statewright::asl::StateMachine;
use statewright::bundle::{Bundle, Manifest};

use crate::dynamodb::Dynamodb;
use crate::execution::Status;
use crate::jsonata::Random;
use crate::mock::MockFile;
use crate::run::Run;
use crate::s3::S3;
use crate::simulation::Simulation;
use crate::task::{Answer, Request};
use crate::world::Trouble;

mod options;
mod ticks;
mod trace;

use options::{Options, USAGE};
pub(crate) use ticks::Tick;

/// How the command ends. The numbers are those of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// The workflow succeeded.
    Ok = 0,
    /// It did not, or could not run.
    Workflow = 1,
    /// The command line was not understood.
    Usage = 2,
    /// A file could not be read.
    File = 3,
}

type Rehearsal = Box<dyn Fn(Simulation) -> Simulation>;

/// The command `simulate`, with what workflows are given where the command line says nothing.
#[derive(Default)]
pub struct Command {
    rehearsals: HashMap<String, Rehearsal>,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.rehearsals.keys()).finish()
    }
}

impl Command {
    /// How a workflow is run if nothing else is said: its input, who answers its calls.
    #[must_use]
    pub fn rehearse(mut self, workflow: &str, with: impl Fn(Simulation) -> Simulation + 'static) -> Self {
        self.rehearsals.insert(workflow.to_owned(), Box::new(with));
        self
    }

    /// Runs a definition in a file, as `statewright simulate FILE …` does; returns the exit code.
    #[must_use]
    pub fn run_file(arguments: &[OsString]) -> u8 {
        let done = Options::parse(arguments).and_then(|options| {
            let [file] = options.names.as_slice() else {
                return Err(Problem::Usage(format!("expected one file, found {}", options.names.len())));
            };
            if options.schedule {
                return Err(Problem::Usage("a file has no schedules: run --schedule in an app".to_owned()));
            }
            let text = read(file)?;
            let definition = StateMachine::from_text(&text, file)
                .map_err(|problem| Problem::Trouble(Trouble::Invalid(vec![problem])))?;
            let stem = file.rsplit('/').next().unwrap_or(file).split('.').next().unwrap_or(file);
            let simulation = options.apply(Simulation::of(stem, definition, options.express), stem)?;
            run(simulation, stem, &options)
        });
        ended(done)
    }

    fn do_it(&self, manifest: &Manifest, arguments: &[OsString]) -> Result<Exit, Problem> {
        let options = Options::parse(arguments)?;
        let known = || manifest.workflows.iter().map(|bundle| bundle.name.as_str());
        if let Some(name) = options.names.iter().find(|name| !known().any(|known| known == name.as_str())) {
            let known: Vec<&str> = known().collect();
            return Err(Problem::Usage(format!("expected a workflow, found `{name}`; there are {}", known.join(", "))));
        }
        let chosen: Vec<&Bundle> = match options.names.as_slice() {
            [] => manifest.workflows.iter().filter(|bundle| self.rehearsals.contains_key(&bundle.name)).collect(),
            names => manifest.workflows.iter().filter(|bundle| names.contains(&bundle.name)).collect(),
        };
        let mut worst = Exit::Ok;
        for bundle in chosen {
            let rehearsed = |simulation: Simulation| match self.rehearsals.get(&bundle.name) {
                Some(rehearse) if options.mocks.is_none() => rehearse(simulation),
                _ => simulation,
            };
            let simulation = || {
                let simulation = rehearsed(Simulation::of_bundles(&bundle.name, &manifest.workflows));
                options.apply(simulation, &bundle.name)
            };
            let exit = if options.schedule {
                ticks::run(bundle, &options, simulation()?)?
            } else {
                run(simulation()?, &bundle.name, &options)?
            };
            if exit != Exit::Ok {
                worst = exit;
            }
        }
        Ok(worst)
    }
}

impl Extension for Command {
    fn name(&self) -> &'static str {
        "simulate"
    }

    fn usage(&self) -> &'static str {
        "simulate [NAME]        run workflows here, in virtual time; --help: its options"
    }

    fn run(&self, manifest: &Manifest, arguments: &[OsString]) -> u8 {
        ended(self.do_it(manifest, arguments))
    }
}

/// Why nothing was run.
#[derive(Debug)]
enum Problem {
    Help,
    Usage(String),
    File(String),
    Trouble(Trouble),
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

fn ended(done: Result<Exit, Problem>) -> u8 {
    let exit = match done {
        Ok(exit) => exit,
        Err(Problem::Help) => {
            println!("{USAGE}");
            Exit::Ok
        }
        Err(Problem::Usage(message)) => {
            eprintln!("error: {message}\n\n{USAGE}");
            Exit::Usage
        }
        Err(Problem::File(message)) => {
            eprintln!("error: {message}");
            Exit::File
        }
        // Diagnostics are rendered with their own headline.
        Err(Problem::Trouble(trouble @ Trouble::Invalid(_))) => {
            eprint!("{trouble}");
            Exit::Workflow
        }
        Err(Problem::Trouble(trouble)) => {
            eprintln!("error: {trouble}");
            Exit::Workflow
        }
    };
    exit as u8
}

fn read(file: &str) -> Result<String, Problem> {
    fs::read_to_string(file).map_err(|error| Problem::File(format!("{file} can't be read: {error}")))
}

impl Options {
    /// What the command line says about a run.
    fn apply(&self, simulation: Simulation, workflow: &str) -> Result<Simulation, Problem> {
        let mut simulation = simulation.seed(self.seed);
        if let Some(input) = &self.input {
            // JSON text itself, or the name of a file.
            let text = if input.trim_start().starts_with(['{', '[', '"']) { input.clone() } else { read(input)? };
            simulation = simulation
                .input_text(&text)
                .map_err(|error| Problem::File(format!("expected JSON as the input, found {input}: {error}")))?;
        }
        if let Some(file) = &self.mocks {
            let wrong = |error: &dyn fmt::Display| Problem::File(format!("{file}: {error}"));
            let mocks = MockFile::read(&read(file)?).map_err(|error| wrong(&error))?;
            simulation = simulation.mock(mocks.case(workflow, self.case.as_deref()).map_err(|error| wrong(&error))?);
        }
        if !self.tables.is_empty() {
            let table = |tables: Dynamodb, (name, keys): &(String, String)| {
                let (key, sort) = keys.split_once(',').map_or((keys.as_str(), None), |(key, sort)| (key, Some(sort)));
                tables.with_table(name, key, sort)
            };
            simulation = simulation.tables(self.tables.iter().fold(Dynamodb::new(), table));
        }
        if !self.buckets.is_empty() {
            let bucket = |buckets: S3, (name, folder): &(String, String)| buckets.with_folder(name, folder);
            simulation = simulation.buckets(self.buckets.iter().fold(S3::new(), bucket));
        }
        if let Some(time) = &self.at {
            simulation = simulation.at(time).map_err(|error| Problem::Usage(format!("--at {time}: {error}")))?;
        }
        if !self.take.is_empty() {
            let (takes, mut random) = (self.take.clone(), Random::new(self.seed.cast_signed()));
            simulation = simulation.wraps(move |request: &Request, answer: Answer| {
                let Some((_, from, to)) = takes.iter().find(|(state, ..)| *state == request.state) else {
                    return answer;
                };
                answer.after(*from + to.saturating_sub(*from).mul_f64(random.next_double()))
            });
        }
        Ok(if self.real_time { simulation.real_time() } else { simulation })
    }
}

/// Runs a workflow once, and shows how.
fn run(simulation: Simulation, name: &str, options: &Options) -> Result<Exit, Problem> {
    let shows = !options.history && !options.quiet;
    let simulation = if shows { simulation.on_event(trace::lines(options.trace)) } else { simulation };
    if !options.history {
        println!("{name}");
    }
    let run = simulation.run()?;
    if options.history {
        let events: Vec<serde_json::Value> = run.history().iter().map(|event| event.to_json(true)).collect();
        println!("{}", serde_json::to_string_pretty(&events).unwrap_or_default());
    } else {
        summary(&run);
        if options.coverage {
            let (covered, all): (Vec<_>, Vec<_>) = run.coverage().all().into_iter().partition(|part| part.count > 0);
            println!("  covered {} of {}", covered.len(), covered.len() + all.len());
            all.iter().for_each(|part| println!("  not reached: {part}"));
        }
    }
    Ok(if run.status() == Status::Succeeded { Exit::Ok } else { Exit::Workflow })
}

fn summary(run: &Run) {
    let time = trace::clock(run.elapsed());
    println!("  {} after {time}, {} states, {} calls", run.status(), run.path().len(), run.calls().len());
    match run.output() {
        Some(output) => println!("  output {output}"),
        None => println!("  {}", run.failure()),
    }
}

/// A duration of the command line: `90s`, `45m`, `2h`, `7d`.
fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.len().checked_sub(1)?);
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(seconds)?))
}
