//! Endpoints on this machine that answer as AWS does.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::command::{Done, run};
use crate::install::{endpoints, python_packages, target};
use crate::{scratch, workspace};

/// The region of all tests.
pub(crate) const REGION: &str = "eu-central-1";

/// What a server is to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// LocalStack: results and errors of states, by state machine and case.
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>
    pub mocks: Option<&'a str>,
}

/// A server; it ends with the test.
#[derive(Debug)]
pub struct Server {
    process: Child,
    python: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// LocalStack: interprets definitions, and enforces the policies of roles.
    ///
    /// # Errors
    ///
    /// If it can't be installed or started here.
    pub fn localstack(test: &str, options: Options<'_>) -> Result<Self, String> {
        let packages = ["localstack-core[runtime]==4.14.0", "jsonata-python"];
        let python = python_packages("3.13", "localstack-4.14.0", &packages)?;
        Self::start(test, "localstack_server.py", python, options)
    }

    /// moto: a second, different implementation of the control plane.
    ///
    /// # Errors
    ///
    /// If it can't be installed or started here.
    pub fn moto(test: &str) -> Result<Self, String> {
        let packages = ["moto[server,stepfunctions]==5.2.5"];
        let python = python_packages("3.11", "moto-5.2.5", &packages)?;
        Self::start(test, "moto_server.py", python, Options::default())
    }

    fn start(test: &str, script: &str, python: PathBuf, options: Options<'_>) -> Result<Self, String> {
        let folder = scratch(test);
        let port = free_port()?;
        let log = File::create(folder.join("server.log")).map_err(|error| error.to_string())?;
        let errors = log.try_clone().map_err(|error| error.to_string())?;
        let mut command = Command::new(&python);
        command.arg(endpoints().join(script)).arg(port.to_string()).arg(&folder);
        // What is installed beside that Python comes first.
        let mut path = python.parent().map(PathBuf::from).unwrap_or_default().into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command.env("PATH", path).stdin(Stdio::null()).stdout(log).stderr(errors);
        if let Some(mocks) = options.mocks {
            let file = folder.join("mocks.json");
            std::fs::write(&file, mocks).map_err(|error| error.to_string())?;
            command.env("SFN_MOCK_CONFIG", file);
        }
        let process = command.spawn().map_err(|error| format!("{script} can't be started: {error}"))?;
        let mut server = Self { process, python, folder, port };
        server.await_answer()?;
        Ok(server)
    }

    fn await_answer(&mut self) -> Result<(), String> {
        let patience = Instant::now() + Duration::from_secs(90);
        while Instant::now() < patience {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(format!("the server ended ({status}): {}", self.log()));
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(format!("the server did not answer: {}", self.log()))
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }

    /// Where it answers.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What is done in the account beside deploying.
    #[must_use]
    pub fn account(&self) -> Account<'_> {
        Account { python: &self.python, url: self.url() }
    }

    /// Runs the `statewright` command against it, with a manifest.
    ///
    /// # Panics
    ///
    /// If the command can't be built.
    #[must_use]
    pub fn statewright(&self, manifest: &Path, arguments: &[&str]) -> Done {
        run(&mut self.statewright_command(manifest, arguments)).unwrap()
    }

    /// The `statewright` command against it, not yet started.
    ///
    /// # Panics
    ///
    /// If the command can't be built.
    #[must_use]
    pub fn statewright_command(&self, manifest: &Path, arguments: &[&str]) -> Command {
        let mut command = statewright_binary();
        command.args(arguments).arg("--manifest").arg(manifest);
        self.credentials(&mut command);
        command
    }

    /// Lets a command find it.
    pub fn credentials<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("AWS_ENDPOINT_URL", self.url())
            .env("AWS_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
    }
}

/// The `statewright` command, as cargo builds it.
///
/// # Panics
///
/// If it can't be built.
#[must_use]
pub fn statewright_binary() -> Command {
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(workspace()).args(["build", "--quiet", "--package", "statewright-deploy"]);
    let _ = run(&mut build).unwrap().ends(0);
    Command::new(target().join("debug/statewright"))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}
