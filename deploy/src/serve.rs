//! An endpoint on this machine that speaks as Step Functions does, and in which the workflows run.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html>
//!
//! ```text
//! SDK ─▶ http: AWS JSON 1.0 ─▶ worker: one thread ─▶ account: the operations ─▶ World
//! ```

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use statewright_simulate::mock::MockFile;
use statewright_simulate::world::REGION;
use tokio::net::TcpListener;

use crate::error::{Error, Exit, Result};
use crate::report::Report;

mod account;
mod activity;
mod alias;
mod definition;
mod execution;
mod http;
mod input;
mod machine;
mod map_run;
mod name;
mod page;
mod redrive;
mod refusal;
mod tag;
mod version;
mod worker;

use worker::Given;

/// The port that Step Functions Local has.
pub const PORT: u16 = 8083;

/// Serves until it is interrupted. The files are definitions, for state machines with the names of the files.
///
/// # Errors
///
/// If a definition can't be read or can't run, or the port is taken.
pub async fn serve(
    files: &[PathBuf],
    mocks: Option<&Path>,
    port: u16,
    region: Option<&str>,
    report: &Report,
) -> Result<()> {
    let mocks = mocks.map(read_mocks).transpose()?;
    let given = files.iter().map(|file| read(file)).collect::<Result<Vec<_>>>()?;
    for (number, file) in given.iter().enumerate() {
        if given[..number].iter().any(|other| other.name == file.name) {
            let message = format!("two definitions are called `{}`", file.name);
            return Err(Error::new(
                Exit::Usage,
                message,
                "rename one of the files: it gives the state machine its name",
            ));
        }
    }
    let names: Vec<String> = given.iter().map(|given| given.name.clone()).collect();
    let region = region.map(str::to_owned).or_else(|| std::env::var("AWS_REGION").ok().filter(|text| !text.is_empty()));
    let region = region.unwrap_or_else(|| REGION.to_owned());
    let jobs = worker::start(region.clone(), given, mocks).map_err(|(name, refusal)| {
        let message = format!("can't serve `{name}`: {} ({})", refusal.message, refusal.kind);
        Error::new(Exit::File, message, "correct the definition, and start again")
    })?;
    let taken = |error: std::io::Error| {
        let help = "end what listens there, or give another port with `--port`; `--port 0` takes a free one";
        Error::new(Exit::Unreachable, format!("can't listen on port {port}: {error}"), help)
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(taken)?;
    let url = format!("http://{}", listener.local_addr().map_err(taken)?);
    report.text(&format!("Step Functions ({region}) on {url}; Ctrl-C ends it\n"));
    names.iter().for_each(|name| report.text(&format!("  {name}\n")));
    report.event("listening", json!({ "url": url, "region": region, "stateMachines": names }));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many connections, say: some will end.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let jobs = jobs.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| http::answer(jobs.clone(), request));
            // Who hangs up needs no answer.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn read_mocks(file: &Path) -> Result<MockFile> {
    let wrong = |message: String| {
        let help = "give a mock configuration of Step Functions Local, or a mock of TestState for each state";
        Error::new(Exit::File, format!("{}: {message}", file.display()), help)
    };
    let text = fs::read_to_string(file).map_err(|error| wrong(format!("can't be read: {error}")))?;
    MockFile::read(&text).map_err(|error| wrong(error.to_string()))
}

/// A definition, with the name of its file without `.asl` and `.json`.
fn read(file: &Path) -> Result<Given> {
    let place = file.display();
    let definition = fs::read_to_string(file).map_err(|error| {
        let message = format!("can't read the definition {place}: {error}");
        Error::new(Exit::File, message, "give files with definitions, in JSON")
    })?;
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    Ok(Given { name: stem.strip_suffix(".asl").unwrap_or(stem).to_owned(), definition })
}
