//! How many states a machine has, and how many there are on its ways.

use statewright::asl::{Kind, State, StateMachine};

/// States, and how many are entered on the shortest and on the longest way that enters none of them twice. All branches
/// of a Parallel count, and one item of a Map.
#[derive(Debug)]
pub(crate) struct Measure {
    pub(crate) states: usize,
    pub(crate) shortest: usize,
    pub(crate) longest: usize,
}

pub(crate) fn measure(machine: &StateMachine) -> Measure {
    let mut states = 0;
    machine.walk(&mut |_| states += 1);
    let mut ways = Vec::new();
    let start = machine.start_at.as_deref().unwrap_or_default();
    follow(machine, start, &mut Vec::new(), (0, 0), &mut ways);
    Measure {
        states,
        shortest: ways.iter().map(|(shortest, _)| *shortest).min().unwrap_or_default(),
        longest: ways.iter().map(|(_, longest)| *longest).max().unwrap_or_default(),
    }
}

/// Notes what each way from a state on enters, at least and at most.
fn follow<'m>(
    machine: &'m StateMachine,
    name: &'m str,
    seen: &mut Vec<&'m str>,
    so_far: (usize, usize),
    ways: &mut Vec<(usize, usize)>,
) {
    let Some(state) = machine.states.get(name).filter(|_| !seen.contains(&name)) else { return };
    let inner: Vec<Measure> = state.machines().iter().map(measure).collect();
    let here = (
        so_far.0 + 1 + inner.iter().map(|inner| inner.shortest).sum::<usize>(),
        so_far.1 + 1 + inner.iter().map(|inner| inner.longest).sum::<usize>(),
    );
    let next = targets(state);
    if next.is_empty() || state.end == Some(true) {
        ways.push(here);
    }
    seen.push(name);
    next.into_iter().for_each(|next| follow(machine, next, seen, here, ways));
    seen.pop();
}

fn targets(state: &State) -> Vec<&str> {
    let mut found: Vec<&str> = state.next.as_deref().into_iter().collect();
    found.extend(state.catch().iter().filter_map(|catcher| catcher.next.as_deref()));
    if let Kind::Choice(choice) = &state.kind {
        found.extend(choice.choices.iter().flatten().filter_map(|rule| rule.next.as_deref()));
        found.extend(choice.default.as_deref());
    }
    found.sort_unstable();
    found.dedup();
    found
}
