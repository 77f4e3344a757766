//! What the examples compile to, file by file, as it stands in `snapshots/`. `cargo insta review` takes over what was
//! meant to change; so does `INSTA_UPDATE=always cargo test`.

use std::collections::BTreeSet;
use std::path::Path;

use statewright::diag::text::{Style, render};
use statewright::files;

#[test]
fn the_files_of_every_workflow_are_those_of_the_snapshots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../snapshots");
    let (manifest, diagnostics) = statewright_examples::app().compile();
    let report: String = diagnostics.iter().map(|d| render(d, Style::Plain)).collect();
    assert_eq!(report, "", "the examples have nothing to complain about");

    let mut expected = BTreeSet::new();
    for bundle in &manifest.workflows {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder.join(&bundle.name));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for (name, text) in files::of(bundle) {
                insta::assert_snapshot!(name, text);
                expected.insert(format!("{}/{name}.snap", bundle.name));
            }
        });
    }

    // A workflow that is gone takes its snapshots with it.
    let mut found = BTreeSet::new();
    for workflow in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        for file in std::fs::read_dir(workflow.path()).unwrap().map(Result::unwrap) {
            let (workflow, file) = (workflow.file_name(), file.file_name());
            if Path::new(&file).extension().is_some_and(|extension| extension != "snap") {
                continue;
            }
            found.insert(format!("{}/{}", workflow.display(), file.display()));
        }
    }
    assert_eq!(found, expected, "snapshots/ has a file for each of the files, and no others");
}

#[test]
fn two_runs_give_the_same_bytes() {
    let bytes = || serde_json::to_string(&statewright_examples::app().compile().0).unwrap();
    assert_eq!(bytes(), bytes());
}
