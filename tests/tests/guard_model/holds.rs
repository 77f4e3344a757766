//! Each policy, with as many faults as there is time for.

use statewright::guard::{Dedupe, OnConflict};
use statewright_tests::model::Scenario;

use super::{COMMAND, Case, WAIT, check, deduped, guard, holding, left};

/// Nothing goes wrong that a guard promises to keep right.
#[test]
fn the_guard_holds() {
    let cases: &[Case] = &[
        ("skip, nothing goes wrong", |name, _| Scenario::new(name, &guard(1, OnConflict::Skip), 4), None),
        (
            "skip",
            |name, full| {
                let faults = if full { left(2, 2, 0, 1) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 3)?.faults(faults))
            },
            None,
        ),
        (
            "skip, executions are forgotten",
            |name, full| {
                let faults = if full { left(2, 1, 0, 2) } else { left(1, 0, 0, 1) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 3)?.faults(faults))
            },
            None,
        ),
        (
            "skip, 2 permits for 4",
            |name, full| {
                let faults = if full { left(2, 1, 0, 0) } else { left(1, 0, 0, 0) };
                Ok(Scenario::new(name, &guard(2, OnConflict::Skip), 4)?.faults(faults))
            },
            None,
        ),
        (
            "skip, 2 permits for 3",
            |name, full| {
                let faults = if full { left(2, 2, 0, 0) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &guard(2, OnConflict::Skip), 3)?.faults(faults))
            },
            None,
        ),
        (
            "fail",
            |name, full| {
                let faults = if full { left(2, 2, 0, 0) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Fail), 3)?.faults(faults))
            },
            None,
        ),
        (
            "wait",
            |name, full| {
                let faults = if full { left(2, 2, 0, 0) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &guard(1, WAIT), 3)?.faults(faults))
            },
            None,
        ),
        (
            "wait, 2 permits for 3",
            |name, full| {
                let faults = if full { left(2, 1, 0, 0) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &guard(2, WAIT), 3)?.faults(faults))
            },
            None,
        ),
        (
            "wait, 2 permits for 4",
            |name, full| {
                let faults = if full { left(1, 1, 0, 0) } else { left(1, 0, 0, 0) };
                Ok(Scenario::new(name, &guard(2, WAIT), 4)?.faults(faults))
            },
            None,
        ),
        (
            "buffer one",
            |name, full| {
                let faults = if full { left(2, 1, 0, 0) } else { left(1, 0, 0, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::BufferOne), 3)?.faults(faults))
            },
            None,
        ),
        (
            "replace",
            |name, full| {
                let faults = if full { left(1, 1, 0, 0) } else { left(1, 0, 0, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Replace), 3)?.faults(faults))
            },
            None,
        ),
        (
            "hold, redriven from the console",
            |name, full| {
                let faults = if full { left(2, 1, 2, 1) } else { left(1, 0, 1, 1) };
                Ok(Scenario::new(name, &holding(OnConflict::Skip), 3)?.faults(faults))
            },
            None,
        ),
        (
            "each tick once, waiting, out of order",
            |name, full| {
                let faults = if full { left(1, 1, 0, 0) } else { left(1, 0, 0, 0) };
                Ok(Scenario::new(name, &deduped(Dedupe::PerTick, guard(1, WAIT)), 3)?.ticks(&[2, 1, 2]).faults(faults))
            },
            None,
        ),
        (
            "each tick once, lost answers",
            |name, full| {
                let faults = if full { left(1, 2, 0, 0) } else { left(0, 2, 0, 0) };
                Ok(Scenario::new(name, &deduped(Dedupe::PerTick, guard(2, OnConflict::Skip)), 3)?
                    .ticks(&[1, 1, 1])
                    .faults(faults))
            },
            None,
        ),
        (
            "latest tick, twice",
            |name, full| {
                let faults = if full { left(2, 2, 0, 0) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &deduped(Dedupe::LatestTick, guard(1, OnConflict::Skip)), 3)?
                    .ticks(&[1, 1, 1])
                    .faults(faults))
            },
            None,
        ),
        (
            "latest tick, older ones later",
            |name, full| {
                let faults = if full { left(2, 1, 0, 0) } else { left(1, 1, 0, 0) };
                Ok(Scenario::new(name, &deduped(Dedupe::LatestTick, guard(1, OnConflict::Skip)), 3)?
                    .ticks(&[1, 2, 1])
                    .faults(faults))
            },
            None,
        ),
        (
            "latest tick, 2 permits",
            |name, full| {
                let faults = if full { left(1, 2, 0, 0) } else { left(0, 2, 0, 0) };
                Ok(Scenario::new(name, &deduped(Dedupe::LatestTick, guard(2, OnConflict::Skip)), 3)?
                    .ticks(&[1, 1, 2])
                    .faults(faults))
            },
            None,
        ),
        (
            "limit lowered from 2 to 1",
            |name, full| {
                let faults = if full { left(1, 1, 0, 0) } else { left(1, 0, 0, 0) };
                let scenario = Scenario::new(name, &guard(2, OnConflict::Skip), if full { 4 } else { 3 })?;
                Ok(scenario.deployed(&guard(1, OnConflict::Skip), 2)?.faults(faults))
            },
            None,
        ),
        (
            "redriven by the command",
            |name, full| {
                let faults = if full { left(3, 1, 2, 0) } else { left(2, 0, 2, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Skip), if full { 3 } else { 2 })?
                    .redriven(COMMAND)
                    .faults(faults))
            },
            None,
        ),
        (
            "redriven by the command, lost writes",
            |name, full| {
                let faults = if full { left(2, 2, 2, 0) } else { left(1, 1, 1, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 2)?.redriven(COMMAND).faults(faults))
            },
            None,
        ),
        (
            "redriven by the command, waiting, 2 permits",
            |name, full| {
                let faults = if full { left(2, 1, 2, 0) } else { left(1, 0, 1, 0) };
                Ok(Scenario::new(name, &guard(2, WAIT), 3)?.redriven(COMMAND).faults(faults))
            },
            None,
        ),
        (
            "redriven by the command, buffer one",
            |name, full| {
                let faults = if full { left(1, 1, 1, 0) } else { left(1, 0, 1, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::BufferOne), if full { 3 } else { 2 })?
                    .redriven(COMMAND)
                    .faults(faults))
            },
            None,
        ),
        (
            "redriven by the command, replace",
            |name, full| {
                let faults = if full { left(1, 1, 1, 0) } else { left(1, 0, 1, 0) };
                Ok(Scenario::new(name, &guard(1, OnConflict::Replace), if full { 3 } else { 2 })?
                    .redriven(COMMAND)
                    .faults(faults))
            },
            None,
        ),
        (
            "redriven by the command, latest tick twice",
            |name, full| {
                let faults = if full { left(2, 1, 2, 0) } else { left(1, 1, 1, 0) };
                let guard = deduped(Dedupe::LatestTick, guard(1, OnConflict::Skip));
                let scenario = Scenario::new(name, &guard, if full { 3 } else { 2 })?.ticks(&[1, 1, 2]);
                Ok(scenario.redriven(COMMAND).faults(faults))
            },
            None,
        ),
    ];
    check(cases);
}
