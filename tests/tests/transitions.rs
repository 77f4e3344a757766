//! Fewest transitions: what the builder compiles to has no more states on any way than the same workflow written by hand.
//!
//! A transition is what AWS bills. Each case is a definition that somebody wrote, and the same workflow in the builder. Both run here
//! with the same inputs and the same answers, on each of their ways: they must make the same calls and end alike, so that the two are
//! known to be one workflow, and the compiled one may not enter more states. The numbers are in `transitions.md`, which this
//! suite writes anew with `INSTA_UPDATE=always`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use statewright_tests::{corpus, workspace};

#[path = "transitions/case.rs"]
mod case;
#[path = "transitions/choices.rs"]
mod choices;
#[path = "transitions/errors.rs"]
mod errors;
#[path = "transitions/examples.rs"]
mod examples;
#[path = "transitions/loops.rs"]
mod loops;
#[path = "transitions/maps.rs"]
mod maps;
#[path = "transitions/measure.rs"]
mod measure;
#[path = "transitions/parallels.rs"]
mod parallels;

use case::Case;
use measure::measure;

#[test]
fn definitions_of_others_have_no_fewer_states_on_any_way() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let cases: Vec<Case> = [loops::cases(), choices::cases(), errors::cases(), parallels::cases(), maps::cases()]
        .into_iter()
        .flatten()
        .collect();
    assert!(cases.len() >= 20, "{}", cases.len());
    let folder = corpus.join("definitions");
    check("corpus", &cases, &|case| find(&folder, case.file));
}

#[test]
fn the_examples_have_no_more_states_on_any_way_than_by_hand() {
    let folder = workspace().join("tests/tests/transitions/hand");
    check("examples", &examples::cases(), &|case| folder.join(case.file));
}

/// The file whose name begins so, in a folder of the corpus.
fn find(folder: &Path, file: &str) -> PathBuf {
    let (folder, name) = file.split_once('/').map_or((folder.to_owned(), file), |(sub, name)| (folder.join(sub), name));
    let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let mut found: Vec<_> =
        files.filter(|path| path.file_name().is_some_and(|of| of.to_string_lossy().starts_with(name))).collect();
    assert_eq!(found.len(), 1, "{} has one file {name}…", folder.display());
    found.remove(0)
}

/// Holds every case against its definition, and the table against the one that is written down.
fn check(part: &str, cases: &[Case], file: &dyn Fn(&Case) -> PathBuf) {
    let mut problems = Vec::new();
    let mut table = String::from(
        "| definition | by hand: states | shortest | longest | builder: states | shortest | longest | ways run | entered by hand | builder |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for case in cases {
        let text = fs::read_to_string(file(case)).unwrap();
        let compared = case.compare(&text);
        problems.extend(compared.problems.iter().map(|problem| format!("{}: {problem}", case.file)));
        let (hand, ours) = (measure(&compared.hand), measure(&compared.ours));
        for (what, hand, ours) in [("shortest", hand.shortest, ours.shortest), ("longest", hand.longest, ours.longest)]
        {
            if ours > hand {
                problems.push(format!("{}: the {what} way has {ours} states, and {hand} by hand", case.file));
            }
        }
        let name = case.file.trim_end_matches(".asl.json");
        writeln!(
            table,
            "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            hand.states,
            hand.shortest,
            hand.longest,
            ours.states,
            ours.shortest,
            ours.longest,
            case.ways.len(),
            compared.entered.0,
            compared.entered.1
        )
        .unwrap();
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    written(part, &table);
}

/// The table is the one of `transitions.md`, below the heading of that part.
fn written(part: &str, table: &str) {
    // The parts are written one after the other.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = workspace().join("tests/transitions.md");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let (begin, end) = (format!("<!-- {part} -->\n"), format!("<!-- end of {part} -->"));
    let Some((before, rest)) = text.split_once(&begin) else { panic!("{} has a part `{begin}`", path.display()) };
    let Some((known, after)) = rest.split_once(&end) else { panic!("{} has an end `{end}`", path.display()) };
    if known == table {
        return;
    }
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, format!("{before}{begin}{table}{end}{after}")).unwrap();
        return;
    }
    panic!("tests/transitions.md says\n{known}and this is\n{table}take it over with `INSTA_UPDATE=always cargo test`");
}
