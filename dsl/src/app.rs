//! [`App`]: the workflows of one program, and its small command line.
//!
//! An app lists, checks and writes; whatever talks to AWS is the `statewright` command, to which the app hands its
//! manifest. So an app builds in seconds, and never builds the AWS SDK.

use std::collections::HashMap;
use std::process::ExitCode;

use crate::bundle::{Bundle, Manifest};
use crate::diag::{Diagnostic, Diagnostics, Place, codes, text};
use crate::guard::{self, Neighbours};
use crate::workflow::Workflow;

mod command;
mod extension;
mod list;
mod output;
mod tool;

pub use extension::Extension;

use command::Command;

/// The workflows of one program.
///
/// ```no_run
/// use statewright::prelude::*;
///
/// fn hello() -> Workflow {
///     Workflow::new("hello", |w, _: Value<()>| w.succeed("Hello"))
/// }
///
/// fn main() -> std::process::ExitCode {
///     App::new("shop").workflow(hello()).main()
/// }
/// ```
#[derive(Debug)]
#[must_use = "an app does nothing until its `main`"]
pub struct App {
    name: String,
    workflows: Vec<Workflow>,
    extensions: Vec<Box<dyn Extension>>,
    guard_table: Option<String>,
}

/// How an app ends. The numbers don't change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Ok = 0,
    /// A workflow has an error.
    Workflow = 1,
    /// The command line was not understood.
    Usage = 2,
    /// A file could not be read or written.
    File = 3,
    /// The `statewright` command could not be started. What it says itself is passed on.
    Tool = 4,
}

impl App {
    /// An app without workflows. Its name is that of the schedule group and of the tag `statewright:app`, by which
    /// everything that it owns in AWS is known: 1 to 64 letters, digits, `-`, `_` and `.`.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), workflows: Vec::new(), extensions: Vec::new(), guard_table: None }
    }

    /// Adds a workflow.
    pub fn workflow(mut self, workflow: Workflow) -> Self {
        self.workflows.push(workflow);
        self
    }

    /// The name of the table that keeps the permits of guarded workflows, in place of
    /// [`guard::TABLE`].
    pub fn guard_table(mut self, name: &str) -> Self {
        self.guard_table = Some(name.to_owned());
        self
    }

    /// Adds a command that another crate brings.
    pub fn command(mut self, extension: impl Extension + 'static) -> Self {
        self.extensions.push(Box::new(extension));
        self
    }

    /// Compiles all of them, sorted by name, and says what there is to say.
    #[must_use]
    pub fn compile(&self) -> (Manifest, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        self.check_name(&mut diagnostics);
        let mut workflows: Vec<&Workflow> = self.workflows.iter().collect();
        workflows.sort_by(|a, b| a.name().cmp(b.name()));
        // Names of roles ignore case, and so do some file systems.
        let mut by_name = workflows.clone();
        by_name.sort_by_key(|workflow| workflow.name().to_ascii_lowercase());
        for pair in by_name.windows(2).filter(|pair| pair[0].name().eq_ignore_ascii_case(pair[1].name())) {
            let message = format!("two workflows are called `{}`, whatever the case", pair[0].name());
            diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_WORKFLOW_NAME, message, pair[0].place())
                    .here("first here")
                    .label(pair[1].place(), "again here")
                    .help("rename one of them"),
            );
        }
        let mut neighbours = Neighbours::new(self.guard_table.clone());
        for workflow in &workflows {
            workflow.keys().iter().for_each(|key| neighbours.shares(key, workflow.name()));
        }
        let mut bundles = Vec::new();
        for workflow in workflows {
            let compiled = workflow.compile_among(&self.name, &neighbours);
            diagnostics.extend(compiled.diagnostics);
            bundles.push(compiled.bundle);
        }
        check_schedules(&bundles, &mut diagnostics);
        guard::check_order(&bundles, &mut diagnostics);
        let manifest =
            Manifest { format_version: Manifest::FORMAT_VERSION, app: self.name.clone(), workflows: bundles };
        (manifest, diagnostics)
    }

    fn check_name(&self, diagnostics: &mut Diagnostics) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(allowed) || self.name == "default" {
            let message =
                format!("expected 1 to 64 letters, digits, `-`, `_` and `.` as the app's name, found `{}`", self.name);
            diagnostics.push(
                Diagnostic::error(codes::APP_NAME, message, Place::Workflow(self.name.clone()))
                    .help("write `App::new(\"shop\")`, say"),
            );
        }
    }

    /// Does what the command line says. The last line of an app's `main`.
    #[must_use]
    pub fn main(self) -> ExitCode {
        let arguments: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
        ExitCode::from(self.run(&arguments))
    }

    /// The command that another crate brings, if it is the one that was asked for.
    fn extension(&self, arguments: &[std::ffi::OsString]) -> Option<&dyn Extension> {
        let name = arguments.first()?.to_str()?;
        self.extensions.iter().map(|extension| &**extension).find(|extension| extension.name() == name)
    }

    fn usage(&self) -> String {
        let more: String = self.extensions.iter().map(|extension| format!("  {}\n", extension.usage())).collect();
        command::USAGE.replace("  explain CODE", &format!("{more}  explain CODE"))
    }

    fn run(&self, arguments: &[std::ffi::OsString]) -> u8 {
        let command = match Command::parse(arguments) {
            Ok(command) => command,
            Err(message) => {
                eprintln!("error: {message}\n\n{}", self.usage());
                return Exit::Usage as u8;
            }
        };
        match &command {
            Command::Help => {
                println!("{}", self.usage());
                return Exit::Ok as u8;
            }
            Command::Explain(code) => return explain(code),
            _ => {}
        }
        let (manifest, diagnostics) = self.compile();
        eprint!("{}", diagnostics.iter().map(|d| text::render(d, text::Style::of_stderr())).collect::<String>());
        let failed = diagnostics.has_errors();
        match command {
            Command::Help | Command::Explain(_) => Exit::Ok as u8,
            Command::List => {
                let more: Vec<&str> = self.extensions.iter().map(|extension| extension.usage()).collect();
                print!("{}", list::list(&manifest, jiff::Timestamp::now(), &more));
                if failed { Exit::Workflow as u8 } else { Exit::Ok as u8 }
            }
            _ if failed => {
                eprintln!("nothing was written: correct the errors above first");
                Exit::Workflow as u8
            }
            Command::Check => {
                println!("{} workflows, no errors", manifest.workflows.len());
                Exit::Ok as u8
            }
            Command::Synth { out, readers } => match output::write(&manifest, &out, readers) {
                Ok(report) => {
                    print!("{report}");
                    Exit::Ok as u8
                }
                Err(error) => {
                    eprintln!("error: {error}");
                    Exit::File as u8
                }
            },
            Command::Tool { arguments, .. } if let Some(extension) = self.extension(&arguments) => {
                extension.run(&manifest, arguments.get(1..).unwrap_or_default())
            }
            Command::Tool { out, arguments } => match output::write(&manifest, &out, output::For::default()) {
                Ok(_) => tool::run(&out.join(output::MANIFEST), &arguments),
                Err(error) => {
                    eprintln!("error: {error}");
                    Exit::File as u8
                }
            },
        }
    }
}

fn explain(id: &str) -> u8 {
    match crate::diag::find_code(id) {
        Some(code) => {
            println!("{}: {}\n", code.id, code.title);
            // A page is a doc comment, whose lines begin with a blank.
            code.page.lines().for_each(|line| println!("{}", line.strip_prefix(' ').unwrap_or(line)));
            Exit::Ok as u8
        }
        None => {
            let all: Vec<&str> = crate::diag::all_codes().map(|code| code.id).collect();
            eprintln!("error: there is no code `{id}`; there are {}", all.join(", "));
            Exit::Usage as u8
        }
    }
}

/// Schedules of one app are in one group, so their names are unique in it.
fn check_schedules(bundles: &[Bundle], diagnostics: &mut Diagnostics) {
    let mut owners: HashMap<&str, &str> = HashMap::new();
    for bundle in bundles {
        for schedule in &bundle.schedules {
            if let Some(other) = owners.insert(&schedule.name, &bundle.name) {
                let message = format!("two schedules are called `{}`", schedule.name);
                diagnostics.push(
                    Diagnostic::error(codes::SCHEDULE_NAME, message, Place::Workflow(other.to_owned()))
                        .label(Place::Workflow(bundle.name.clone()), "again here")
                        .help("give one of them another name: `.named(\"…\")`"),
                );
            }
        }
    }
}
