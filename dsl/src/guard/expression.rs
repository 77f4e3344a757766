//! The expressions of guard states, in JSONata.
//!
//! A token is the identity of a permit: `start|ARN|generation`, of which the generation is how often the execution had been
//! redriven; then, where they are needed, `|when a redrive took it|place of the section`. Named parameters stand where
//! JSONata would have `$`, which AWS refuses.

use super::{AfterFailure, ENVELOPE, Guard, Liveness};

pub(super) const START: &str = "$states.context.Execution.StartTime";
pub(super) const ID: &str = "$states.context.Execution.Id";
pub(super) const NOW: &str = "$states.context.State.EnteredTime";
/// Not every engine has it before the first redrive.
pub(super) const GENERATION: &str = "$sum([0, $states.context.Execution.RedriveCount])";
pub(super) const TICK_ARN: &str = "$states.context.Execution.Input._schedule.arn";
pub(super) const TICK_TIME: &str = "$states.context.Execution.Input._schedule.time";

/// A permit that a redrive took, and that nobody has used so long, is nobody's.
const REDRIVE_MILLIS: u64 = 15 * 60 * 1_000;
/// An execution that can't be found so long after its start is gone: before, it may only not be visible yet.
const UNSEEN_MILLIS: u64 = 3_600 * 1_000;
/// So long after its start an Express execution has ended: five minutes, and one for clocks.
const LEASE_MILLIS: u64 = 6 * 60 * 1_000;

/// An object without what a schedule has added to it. `$sift` alone has no value where nothing is left.
pub(crate) fn without_schedule(object: &str) -> String {
    format!("$merge([{{}}, $sift({object}, function($v, $k) {{ $k != '{ENVELOPE}' }})])")
}

/// In `{% … %}`.
pub(super) fn braced(expression: &str) -> String {
    format!("{{% {expression} %}}")
}

/// Whether the run is a tick. A backfill has the time of one, but not the schedule's ARN: it is no tick of the schedule's own.
pub(super) fn is_tick() -> String {
    format!("$exists({TICK_ARN})")
}

/// The attribute of the item that remembers the latest tick of a schedule.
pub(super) fn tick_attribute() -> String {
    format!("'tick:' & ({} ? {TICK_ARN} : 'manual')", is_tick())
}

/// What distinguishes the permits that one execution has by one lock: the place of a section, and the item of its Map.
fn place(section: Option<&str>) -> Option<String> {
    section.map(|name| format!("'{name}/' & $states.context.Map.Item.Index"))
}

/// The token of this execution in its present generation.
pub(super) fn token(guard: &Guard, section: Option<&str>) -> String {
    if guard.liveness == Liveness::Lease {
        return "$guard_token".to_owned();
    }
    let token = format!("{START} & '|' & {ID} & '|' & {GENERATION}");
    match place(section) {
        Some(place) => format!("{token} & '||' & {place}"),
        None => token,
    }
}

/// The tokens of this execution in its generations up to the present one.
pub(super) fn tokens(guard: &Guard, section: Option<&str>) -> String {
    if guard.liveness == Liveness::Lease {
        return "[$guard_token]".to_owned();
    }
    let place = place(section).map(|place| format!(" & '||' & {place}")).unwrap_or_default();
    format!("[$map([0..{GENERATION}], function($g) {{ {START} & '|' & {ID} & '|' & $g{place} }})]")
}

/// Of a list of tokens, those of this execution.
pub(super) fn own(list: &str, section: Option<&str>) -> String {
    let same = match place(section) {
        Some(place) => format!(" and $split($t, '|')[4] = ({place})"),
        None => String::new(),
    };
    format!("$filter({list}, function($t) {{ $split($t, '|')[1] = {ID}{same} }})")
}

fn part(token: &str, number: usize) -> String {
    format!("$split({token}, '|')[{number}]")
}

/// The execution of a token.
pub(super) fn execution(token: &str) -> String {
    part(token, 1)
}

/// Whether the execution of a token has ended, by what `DescribeExecution` answered, which may be of long ago.
pub(super) fn is_dead(guard: &Guard, token: &str) -> String {
    let status = "$states.result.Status";
    let (generation, taken) = (part(token, 2), part(token, 3));
    // A later generation belongs to a redrive that this answer does not know yet. How often the execution was redriven says
    // nothing of a permit that a redrive took: whoever took it may have been told of an earlier generation.
    let known = format!("$sum([0, $states.result.RedriveCount]) >= $number({generation})");
    let given_up = format!("$toMillis({NOW}) - $toMillis({taken}) > {REDRIVE_MILLIS}");
    let mut failed =
        format!("{status} in ['FAILED', 'TIMED_OUT', 'ABORTED'] and ({taken} != '' ? {given_up} : {known})");
    if guard.after_failure == AfterFailure::Hold {
        // What can be redriven keeps its permit.
        failed += " and $states.result.RedriveStatus = 'NOT_REDRIVABLE'";
    }
    if guard.settle_seconds > 0 {
        let settle = guard.settle_seconds * 1_000;
        failed += &format!(" and $toMillis({NOW}) - $toMillis($states.result.StopDate) > {settle}");
    }
    format!("({status} = 'SUCCEEDED' or ({failed}))")
}

/// The same if there is no such execution.
pub(super) fn is_gone(token: &str) -> String {
    format!("$toMillis({NOW}) - $toMillis({}) > {UNSEEN_MILLIS}", part(token, 0))
}

/// Of a list of tokens, those that are too old for an Express execution.
pub(super) fn expired(list: &str) -> String {
    let start = part("$t", 0);
    format!("[$filter({list}, function($t) {{ $toMillis({NOW}) - $toMillis({start}) > {LEASE_MILLIS} }})]")
}

/// What the item says of the latest tick: its time, and which execution has it, so that this one can take it again when it is
/// redriven. A time alone is less than the same time with an execution.
pub(super) fn tick_mark() -> String {
    format!("{TICK_TIME} & '|' & {ID}")
}

/// Whether the tick of this run has been taken by another one, by what `GetItem` answered.
pub(super) fn is_duplicate() -> String {
    let taken = format!("$lookup($states.result.Item, {}).S", tick_attribute());
    format!("{} and {taken} >= {TICK_TIME} and {taken} != {}", is_tick(), format_args!("({})", tick_mark()))
}
