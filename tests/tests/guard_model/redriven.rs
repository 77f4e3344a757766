//! Redrives: by commands that believe answers of long ago, and of executions that don't know what they have.

use statewright::guard::{Dedupe, OnConflict};
use statewright_tests::model::Scenario;

use super::{CARELESS, COMMAND, Case, WAIT, check, deduped, guard, holding, left};

/// No permit is lost to a redrive, and no redriven run loses its tick.
#[test]
fn redrives_hold() {
    let cases: &[Case] = &[
        (
            "redriven by careless commands",
            |name, full| {
                let faults = if full { left(3, 0, 3, 0) } else { left(2, 0, 2, 0) };
                let scenario = Scenario::new(name, &guard(1, OnConflict::Skip), 2)?;
                Ok(scenario.redriven(CARELESS).faults(faults))
            },
            None,
        ),
        (
            "redriven by careless commands, lost writes",
            |name, full| {
                let faults = if full { left(2, 1, 2, 1) } else { left(1, 1, 1, 0) };
                let scenario = Scenario::new(name, &guard(1, OnConflict::Skip), 2)?;
                Ok(scenario.redriven(CARELESS).faults(faults))
            },
            None,
        ),
        (
            "redriven by careless commands, 2 permits",
            |name, full| {
                let faults = if full { left(2, 0, 2, 0) } else { left(1, 0, 1, 0) };
                let scenario = Scenario::new(name, &guard(2, WAIT), 3)?;
                Ok(scenario.redriven(CARELESS).faults(faults))
            },
            None,
        ),
        (
            "redriven before it knew that it had the tick",
            |name, full| {
                let faults = if full { left(2, 2, 2, 0) } else { left(1, 1, 1, 0) };
                let guard = deduped(Dedupe::LatestTick, guard(1, OnConflict::Skip));
                let scenario = Scenario::new(name, &guard, 2)?.ticks(&[1, 1]);
                Ok(scenario.redriven(COMMAND).faults(faults))
            },
            None,
        ),
        (
            "redriven ticks, one after the other",
            |name, full| {
                let faults = if full { left(2, 1, 2, 0) } else { left(1, 1, 1, 0) };
                let guard = deduped(Dedupe::LatestTick, guard(1, OnConflict::Skip));
                let scenario = Scenario::new(name, &guard, if full { 3 } else { 2 })?.ticks(&[1, 2, 1]);
                Ok(scenario.redriven(COMMAND).faults(faults))
            },
            None,
        ),
        (
            "redriven ticks, 2 permits",
            |name, full| {
                let faults = if full { left(1, 2, 1, 0) } else { left(0, 2, 0, 0) };
                let guard = deduped(Dedupe::LatestTick, guard(2, OnConflict::Skip));
                Ok(Scenario::new(name, &guard, 3)?.ticks(&[1, 2, 1]).redriven(COMMAND).faults(faults))
            },
            None,
        ),
        (
            "redriven ticks, hold",
            |name, full| {
                let faults = if full { left(2, 1, 2, 0) } else { left(1, 1, 1, 0) };
                let guard = deduped(Dedupe::LatestTick, holding(OnConflict::Skip));
                Ok(Scenario::new(name, &guard, 2)?.ticks(&[1, 2]).faults(faults))
            },
            None,
        ),
    ];
    check(cases);
}
