//! Terraform with the provider for AWS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Done, run};
use crate::server::Server;

/// A folder in which Terraform is run.
#[derive(Debug)]
pub struct Terraform {
    folder: PathBuf,
    config: PathBuf,
}

impl Terraform {
    /// Initialises a folder that has a configuration in it.
    ///
    /// # Errors
    ///
    /// If Terraform or the provider is not to be had here.
    pub fn init(folder: &Path) -> Result<Self, String> {
        let config = folder.join("terraformrc");
        // Where a machine has a mirror of providers, it needs no network.
        let text = mirror().map_or_else(String::new, |mirror| {
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = \"{}\"\n  }}\n}}\n", mirror.display())
        });
        fs::write(&config, text + "disable_checkpoint = true\n").map_err(|error| error.to_string())?;
        let terraform = Self { folder: folder.to_owned(), config };
        let done = terraform.try_run(None, &["init", "-backend=false", "-input=false", "-no-color"])?;
        if done.code == 0 { Ok(terraform) } else { Err(format!("terraform can't be initialised: {}", done.stderr)) }
    }

    /// Runs a command, against a server if one is given.
    ///
    /// # Panics
    ///
    /// If Terraform can't be started.
    #[must_use]
    pub fn run(&self, server: Option<&Server>, arguments: &[&str]) -> Done {
        self.try_run(server, arguments).unwrap()
    }

    fn try_run(&self, server: Option<&Server>, arguments: &[&str]) -> Result<Done, String> {
        let mut command = Command::new("terraform");
        command.current_dir(&self.folder).args(arguments).env("TF_CLI_CONFIG_FILE", &self.config).env("TF_INPUT", "0");
        if let Some(server) = server {
            server.credentials(&mut command);
        }
        run(&mut command)
    }
}

/// A filesystem mirror with the provider, in one of the places where machines keep such.
/// <https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories>
fn mirror() -> Option<PathBuf> {
    let has_provider = |folder: &PathBuf| folder.join("registry.terraform.io/hashicorp/aws").is_dir();
    let inside =
        |folder: &str| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let places: [Vec<PathBuf>; 3] =
        [inside("/opt"), inside("/usr/share/terraform"), inside("/usr/local/share/terraform")];
    places.into_iter().flatten().find(has_provider)
}
