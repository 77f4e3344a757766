//! The command line.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde_json::json;
use statewright::bundle::{Manifest, ScheduleState, StateMachineType};

use crate::aws::{Aws, Options};
use crate::confirm::confirm;
use crate::error::{Error, Exit, Result};
use crate::plan::{self, Action, Plan, Prune};
use crate::report::Report;
use crate::resource::Resources;
use crate::{apply, backfill, follow, guard, manifest, pause, redrive, serve};

/// Deploys and operates AWS Step Functions workflows.
///
/// Exit codes: 0 all is well; 2 usage; 3 a file can't be read; 10 credentials or region; 11 permission; 12 AWS can't be
/// reached; 13 throttled; 14 a conflict; 15 AWS refused; 20 an execution did not succeed; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "statewright", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Args, Debug)]
struct Common {
    /// The manifest that the app wrote
    #[arg(long, global = true, default_value = "out/manifest.json", value_name = "FILE")]
    manifest: PathBuf,
    /// A profile of the AWS configuration [AWS_PROFILE]
    #[arg(long, global = true)]
    profile: Option<String>,
    /// The region [AWS_REGION, or the profile's]
    #[arg(long, global = true)]
    region: Option<String>,
    /// Another endpoint than AWS's own [AWS_ENDPOINT_URL]
    #[arg(long, global = true, value_name = "URL")]
    endpoint_url: Option<String>,
    /// One JSON object a line, for programs
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring AWS to what the workflows say
    Deploy {
        /// Show what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
        /// Delete workflows that are no longer in the app, too
        #[arg(long)]
        prune: bool,
    },
    /// Delete everything that the app has in AWS
    Destroy {
        /// Show what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Start a workflow
    Start {
        /// Which
        workflow: String,
        /// The input, as a JSON file; `-` for standard input; `{}` if not given
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
        /// The name of the execution
        #[arg(long)]
        name: Option<String>,
        /// Tell what happens, state by state, until it ends
        #[arg(long)]
        follow: bool,
    },
    /// Let an execution that failed go on, with its permit if the workflow is guarded
    Redrive(redrive::Arguments),
    /// Start a workflow for each tick that its schedules had between two times, and wait for the ends
    Backfill(backfill::Arguments),
    /// Keep schedules from firing, until the next deploy
    Pause(pause::Arguments),
    /// Let schedules fire again
    Resume(pause::Arguments),
    /// Look at the locks of guarded workflows, and give back permits
    Guard {
        #[command(subcommand)]
        command: guard::Command,
    },
    /// Run workflows on this machine, for programs that call Step Functions, until Ctrl-C
    Serve {
        /// Definitions (ASL, JSON): each is a state machine with the name of its file
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The port on 127.0.0.1; 0 for a free one
        #[arg(long, default_value_t = serve::PORT)]
        port: u16,
        /// What calls are answered: a mock configuration of Step Functions Local, or a mock of TestState for each state
        #[arg(long, value_name = "FILE")]
        mocks: Option<PathBuf>,
    },
    /// Run a definition on this machine, in virtual time; `simulate --help` has the options
    #[command(disable_help_flag = true)]
    Simulate {
        /// The definition, and options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FILE")]
        arguments: Vec<OsString>,
    },
}

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Simulate { arguments } = &cli.command {
        return ExitCode::from(statewright_simulate::Command::run_file(arguments));
    }
    let report = Report::new(cli.common.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: can't start: {error}");
            return ExitCode::from(Exit::File as u8);
        }
    };
    let result = runtime.block_on(async {
        tokio::select! {
            result = run(&cli, &report) => result,
            _ = tokio::signal::ctrl_c() => match cli.command {
                // That is how it ends.
                Command::Serve { .. } => Ok(()),
                _ => Err(Error::new(
                    Exit::Interrupted,
                    "interrupted",
                    "what was begun stays; run the command again: it goes on where it stopped",
                )),
            },
        }
    });
    // Whoever still waits for an answer is not waited for.
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::from(Exit::Ok as u8),
        Err(error) => {
            report.end();
            report.event("error", json!({ "exit": error.exit as u8, "message": error.message, "help": error.help }));
            if !report.is_json() {
                eprintln!("{error}");
            }
            ExitCode::from(error.exit as u8)
        }
    }
}

async fn run(cli: &Cli, report: &Report) -> Result<()> {
    let Common { manifest, profile, region, endpoint_url, .. } = &cli.common;
    let read = || manifest::read(manifest);
    let options = Options { profile: profile.clone(), region: region.clone(), endpoint_url: endpoint_url.clone() };
    match &cli.command {
        Command::Serve { files, port, mocks } => {
            serve::serve(files, mocks.as_deref(), *port, region.as_deref(), report).await
        }
        // It has been done before anything of AWS was set up.
        Command::Simulate { .. } => Ok(()),
        Command::Deploy { dry_run, prune } => {
            let manifest = read()?;
            let aws = Aws::connect(&options).await?;
            let wanted = aws.wanted(&manifest);
            let live = aws.live(&manifest.app, &wanted, *prune).await?;
            let prune = if *prune { Prune::Everything } else { Prune::Schedules };
            let plan = plan::plan(&manifest.app, &wanted, &live, prune);
            show(&manifest, &aws, &plan, report)?;
            if !dry_run && !plan.is_empty() {
                apply::apply(&aws, &plan, &wanted, &live, report).await?;
            }
            Ok(())
        }
        Command::Destroy { dry_run, yes } => {
            let manifest = read()?;
            let aws = Aws::connect(&options).await?;
            let wanted = aws.wanted(&manifest);
            let live = aws.live(&manifest.app, &wanted, true).await?;
            let plan = plan::plan(&manifest.app, &Resources::new(), &live, Prune::Everything);
            show(&manifest, &aws, &plan, report)?;
            if !dry_run && !plan.is_empty() {
                if !yes {
                    let question = format!("type the name of the app ({}) to delete all of that", manifest.app);
                    confirm(&question, &manifest.app, "give `--yes` to delete without being asked").await?;
                }
                apply::apply(&aws, &plan, &Resources::new(), &live, report).await?;
            }
            Ok(())
        }
        Command::Redrive(arguments) => redrive::run(arguments, &read()?, &Aws::connect(&options).await?, report).await,
        Command::Backfill(arguments) => backfill::run(arguments, &read()?, &options, report).await,
        Command::Pause(arguments) => {
            let (manifest, aws) = (read()?, Aws::connect(&options).await?);
            pause::run(arguments, ScheduleState::Disabled, &manifest, &aws, report).await
        }
        Command::Resume(arguments) => {
            let (manifest, aws) = (read()?, Aws::connect(&options).await?);
            pause::run(arguments, ScheduleState::Enabled, &manifest, &aws, report).await
        }
        Command::Guard { command } => guard::run(command, &read()?, &Aws::connect(&options).await?, report).await,
        Command::Start { workflow, input, name, follow } => {
            let manifest = read()?;
            let bundle = manifest::workflow(&manifest, workflow)?;
            if *follow && bundle.state_machine.r#type == StateMachineType::Express {
                let message =
                    format!("`{workflow}` is an Express workflow, whose executions have no history to follow");
                return Err(Error::new(Exit::Usage, message, "start it without `--follow`, and look at its log group"));
            }
            let input = read_input(input.as_ref())?;
            let aws = Aws::connect(&options).await?;
            let arn = aws.start(workflow, name.clone(), input).await?;
            report.text(&format!("{arn}\n"));
            report.event("started", json!({ "executionArn": arn }));
            if *follow {
                follow::follow(&aws, &arn, report).await?;
            }
            Ok(())
        }
    }
}

/// Shows a plan, and refuses one that can't be carried out.
fn show(manifest: &Manifest, aws: &Aws, plan: &Plan, report: &Report) -> Result<()> {
    let target = &aws.target;
    report.text(&format!(
        "{} in {} / {}\n\n{}",
        manifest.app,
        target.account_id,
        target.region,
        plan::text::render(plan)
    ));
    let steps: Vec<_> = plan.steps.iter().map(apply::event).collect();
    let deletes = plan.steps.iter().filter(|step| step.action == Action::Delete).count();
    let shared: Vec<_> = plan.shared.iter().map(|key| &key.name).collect();
    report.event(
        "plan",
        json!({ "steps": steps, "unchanged": plan.unchanged, "deletes": deletes, "kept": plan.kept,
        "shared": shared }),
    );
    let [first, rest @ ..] = plan.conflicts.as_slice() else { return Ok(()) };
    // Nothing has been written yet; all of them are told.
    for conflict in rest {
        eprintln!("{conflict}");
    }
    Err(first.clone())
}

fn read_input(path: Option<&PathBuf>) -> Result<String> {
    let Some(path) = path else { return Ok("{}".to_owned()) };
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    let place = path.display();
    read.map_err(|error| Error::new(Exit::File, format!("can't read the input {place}: {error}"), "give a JSON file"))?;
    if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
        return Err(Error::new(Exit::File, format!("the input {place} is not JSON: {error}"), "give a JSON file"));
    }
    Ok(text)
}
