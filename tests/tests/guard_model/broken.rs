//! Guards without one of their parts: the search finds what that part was for.

use statewright::guard::{Dedupe, Guard, Liveness, OnConflict};
use statewright_tests::model::{Broken, Edit, Redrive, Scenario};

use super::{CARELESS, COMMAND, Case, WAIT, check, deduped, guard, holding, left, rewritten};

/// What makes a guard safe is taken away, part by part: the search notices.
#[test]
fn what_is_broken_is_caught() {
    let cases: &[Case] = &[
        (
            "broken: tokens without a generation",
            |name, _| {
                let edit: Edit<'_> = &|machine| {
                    let machine = rewritten(&machine, "$sum([0, $states.context.Execution.RedriveCount])", "0");
                    rewritten(&machine, "$number($split($guard_holders[0], '|')[2])", "0")
                };
                let scenario = Scenario::edited(name, &guard(1, OnConflict::Skip), 2, edit)?;
                Ok(scenario.redriven(Redrive::Command { generations: false, careful: true }).faults(left(1, 0, 1, 0)))
            },
            Some(Broken::Limit),
        ),
        (
            "broken: who is not visible counts as dead",
            |name, _| {
                let edit: Edit<'_> = &|machine| rewritten(&machine, "> 3600000", "> 0");
                Scenario::edited(name, &guard(1, OnConflict::Skip), 2, edit)
            },
            Some(Broken::Limit),
        ),
        (
            "broken: nobody reaps",
            |name, _| {
                let edit: Edit<'_> = &|machine| rewritten(&machine, "$count($guard_dead) > 0", "false");
                Ok(Scenario::edited(name, &guard(1, OnConflict::Skip), 2, edit)?.faults(left(1, 0, 0, 0)))
            },
            Some(Broken::Leak),
        ),
        (
            "broken: nobody reaps one of 2",
            |name, _| {
                let edit: Edit<'_> = &|machine| rewritten(&machine, "$count($guard_dead) > 0", "false");
                Ok(Scenario::edited(name, &guard(2, OnConflict::Skip), 2, edit)?.faults(left(1, 0, 0, 0)))
            },
            Some(Broken::Leak),
        ),
        (
            "broken: a list in place of a table",
            |name, _| Scenario::new(name, &Guard { liveness: Liveness::List, ..guard(1, OnConflict::Skip) }, 2),
            Some(Broken::Limit),
        ),
        (
            "broken: redriven from the console",
            |name, _| Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 2)?.faults(left(1, 0, 1, 0))),
            Some(Broken::Limit),
        ),
        (
            "broken: no fence for ticks",
            |name, _| Ok(Scenario::new(name, &guard(1, OnConflict::Skip), 2)?.ticks(&[1, 1])),
            Some(Broken::Tick),
        ),
        (
            "by design: waiting for what is held",
            |name, _| Ok(Scenario::new(name, &holding(WAIT), 2)?.faults(left(1, 0, 0, 0))),
            Some(Broken::Trap),
        ),
        (
            "broken: permits of redrives die by generation",
            |name, _| {
                let taken = "$split($guard_holders[0], '|')[3] != '' ? ";
                let known = "$sum([0, $states.result.RedriveCount]) >= $number($split($guard_holders[0], '|')[2])";
                let edit: Edit<'_> = &|machine| rewritten(&machine, taken, &format!("{taken}{known} or "));
                let scenario = Scenario::edited(name, &guard(1, OnConflict::Skip), 2, edit)?;
                Ok(scenario.redriven(CARELESS).faults(left(2, 0, 2, 0)))
            },
            Some(Broken::Limit),
        ),
        (
            "broken: nobody knows who has a tick",
            |name, _| {
                let edit: Edit<'_> = &|machine| {
                    let machine = rewritten(&machine, " OR #tick = :tick)", ")");
                    rewritten(
                        &machine,
                        " & '|' & $states.context.Execution.Id : $states.context.Execution.StartTime",
                        " : $states.context.Execution.StartTime",
                    )
                };
                let guard = deduped(Dedupe::LatestTick, guard(1, OnConflict::Skip));
                let scenario = Scenario::edited(name, &guard, 1, edit)?.ticks(&[1]);
                Ok(scenario.redriven(COMMAND).faults(left(1, 1, 1, 0)))
            },
            Some(Broken::Lost),
        ),
    ];
    check(cases);
}
