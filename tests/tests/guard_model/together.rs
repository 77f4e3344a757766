//! Policies together, and more at once.

use statewright::guard::{Dedupe, OnConflict};
use statewright_tests::model::Scenario;

use super::{COMMAND, Case, WAIT, check, deduped, guard, holding, left};

#[test]
fn policies_hold_together() {
    let cases: &[Case] = &[
        (
            "hold, redriven by the command",
            |name, full| {
                Ok(Scenario::new(name, &holding(OnConflict::Skip), 2)?.redriven(COMMAND).faults(if full {
                    left(2, 1, 2, 1)
                } else {
                    left(1, 0, 1, 0)
                }))
            },
            None,
        ),
        (
            "redriven by the command, some are forgotten",
            |name, full| {
                Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 2)?.redriven(COMMAND).faults(if full {
                    left(2, 1, 2, 1)
                } else {
                    left(1, 0, 1, 0)
                }))
            },
            None,
        ),
        (
            "redriven by the command, 3 times",
            |name, full| {
                Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 2)?.redriven(COMMAND).faults(if full {
                    left(3, 1, 3, 0)
                } else {
                    left(1, 0, 1, 0)
                }))
            },
            None,
        ),
        (
            "redriven by the command, each tick once",
            |name, full| {
                let guard = deduped(Dedupe::PerTick, guard(1, WAIT));
                Ok(Scenario::new(name, &guard, 2)?.ticks(&[1, 1]).redriven(COMMAND).faults(if full {
                    left(2, 1, 2, 0)
                } else {
                    left(1, 0, 1, 0)
                }))
            },
            None,
        ),
        (
            "redriven by the command, latest tick, 2 permits",
            |name, full| {
                let guard = deduped(Dedupe::LatestTick, guard(2, OnConflict::Skip));
                let scenario = Scenario::new(name, &guard, 3)?.ticks(&[1, 1, 2]);
                Ok(scenario.redriven(COMMAND).faults(if full { left(1, 1, 1, 0) } else { left(1, 0, 1, 0) }))
            },
            None,
        ),
        (
            "redriven by the command, buffer one, twice",
            |name, full| {
                Ok(Scenario::new(name, &guard(1, OnConflict::BufferOne), 2)?.redriven(COMMAND).faults(if full {
                    left(2, 1, 2, 0)
                } else {
                    left(1, 0, 1, 0)
                }))
            },
            None,
        ),
        (
            "buffer one, lost writes",
            |name, full| {
                Ok(Scenario::new(name, &guard(1, OnConflict::BufferOne), 3)?.faults(if full {
                    left(1, 2, 0, 1)
                } else {
                    left(1, 1, 0, 1)
                }))
            },
            None,
        ),
        (
            "buffer one, 2 permits for 4",
            |name, _| Ok(Scenario::new(name, &guard(2, OnConflict::BufferOne), 4)?.faults(left(1, 0, 0, 0))),
            None,
        ),
        (
            "buffer one, latest tick",
            |name, _| {
                let guard = deduped(Dedupe::LatestTick, guard(1, OnConflict::BufferOne));
                Ok(Scenario::new(name, &guard, 3)?.ticks(&[1, 2, 2]).faults(left(1, 1, 0, 0)))
            },
            None,
        ),
        (
            "replace, 2 permits",
            |name, _| Ok(Scenario::new(name, &guard(2, OnConflict::Replace), 3)?.faults(left(1, 1, 0, 0))),
            None,
        ),
        (
            "replace, latest tick",
            |name, _| {
                let guard = deduped(Dedupe::LatestTick, guard(1, OnConflict::Replace));
                Ok(Scenario::new(name, &guard, 3)?.ticks(&[1, 1, 2]).faults(left(1, 1, 0, 0)))
            },
            None,
        ),
        (
            "one lock of two policies",
            |name, _| {
                let scenario = Scenario::new(name, &guard(1, OnConflict::BufferOne), 3)?;
                Ok(scenario.deployed(&guard(1, OnConflict::Skip), 1)?.faults(left(1, 1, 0, 0)))
            },
            None,
        ),
        (
            "limit lowered, waiting",
            |name, full| {
                let faults = if full { left(1, 1, 0, 0) } else { left(1, 0, 0, 0) };
                let scenario = Scenario::new(name, &guard(2, WAIT), if full { 4 } else { 3 })?;
                Ok(scenario.deployed(&guard(1, WAIT), 2)?.faults(faults))
            },
            None,
        ),
    ];
    check(cases);
}
