//! The woven guard against every order of executions, faults and redrives; and broken guards, to see that the search
//! finds what is wrong with them. `--nocapture` shows the table; `STATEWRIGHT_MODEL=full` lets more go wrong.

#[path = "guard_model/broken.rs"]
mod broken;
#[path = "guard_model/holds.rs"]
mod holds;
#[path = "guard_model/redriven.rs"]
mod redriven;
#[path = "guard_model/together.rs"]
mod together;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use statewright::asl::StateMachine;
use statewright::guard::{AfterFailure, Dedupe, Guard, OnConflict};
use statewright_tests::model::{Broken, Left, Redrive, Scenario, Verdict};

type Made = Result<Scenario, String>;

/// What is checked: its name, how it is made (with more faults or fewer), and what does not hold.
type Case = (&'static str, fn(&str, bool) -> Made, Option<Broken>);

/// More states than this are a mistake.
const MOST: usize = 40_000_000;

const WAIT: OnConflict = OnConflict::wait_up_to(Duration::from_secs(600));
const COMMAND: Redrive = Redrive::Command { generations: true, careful: true };
const CARELESS: Redrive = Redrive::Command { generations: true, careful: false };

fn guard(limit: u32, on_conflict: OnConflict) -> Guard {
    Guard { limit, on_conflict, ..Scenario::exclusive() }
}

fn deduped(dedupe: Dedupe, guard: Guard) -> Guard {
    Guard { dedupe, ..guard }
}

fn holding(on_conflict: OnConflict) -> Guard {
    Guard { after_failure: AfterFailure::Hold, ..guard(1, on_conflict) }
}

fn left(crashes: u8, lost: u8, redrives: u8, expiries: u8) -> Left {
    Left { crashes, lost, redrives, expiries }
}

/// Whether more is to go wrong.
fn is_full() -> bool {
    std::env::var("STATEWRIGHT_MODEL").is_ok_and(|size| size == "full")
}

/// One after the other on each core; the table is in the order of the cases.
fn check(cases: &[Case]) {
    let (full, todo) = (is_full(), Mutex::new(cases.iter().enumerate()));
    let mut rows = std::thread::scope(|scope| {
        let worker = || {
            let mut rows = Vec::new();
            loop {
                let Some((number, (name, make, expected))) = todo.lock().unwrap().next() else { return rows };
                let began = Instant::now();
                let verdict = make(name, full).and_then(|scenario| scenario.check(MOST));
                rows.push((number, *name, verdict, *expected, began.elapsed()));
            }
        };
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    rows.sort_by_key(|(number, ..)| *number);
    let mut wrong = Vec::new();
    for (_, name, verdict, expected, time) in rows {
        let time = time.as_secs_f64();
        match verdict {
            Ok(Verdict { states, broken }) => {
                let what = broken.as_ref().map(|(what, _)| *what);
                let told = what.map_or("holds".to_owned(), |what| format!("{what:?}"));
                println!("{name:<60} {states:>9} {told:<6} {time:>6.1} s");
                if what != expected {
                    let trace = broken.map(|(_, trace)| trace).unwrap_or_default();
                    wrong.push(format!("{name}: expected {expected:?}, found {what:?}\n{trace}"));
                }
            }
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Goes through the text of a machine.
fn rewritten(machine: &StateMachine, from: &str, to: &str) -> StateMachine {
    let text = machine.to_text();
    assert!(text.contains(from), "there is no `{from}` any more");
    StateMachine::from_text(&text.replace(from, to), "edited").unwrap()
}
