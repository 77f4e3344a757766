//! Breadth first through everything that may happen, so that the first violation has a shortest trace.

use super::Model;
use super::execution::Next;
use super::scenario::Scenario;
use super::seen::Seen;
use super::step::Step;
use super::text::NONE;
use super::world::{Execution, FLYING, Left, Status, World};

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// More run in the region than may.
    Limit,
    /// A tick runs twice, or behind a younger one.
    Tick,
    /// Nobody runs, and a new execution does not get in.
    Leak,
    /// An execution is told that its tick has run, and it is the only one of this tick.
    Lost,
    /// Nothing went wrong, and yet nobody ran.
    Nobody,
    /// Not everybody comes to an end, unless something goes wrong or somebody gives up.
    Trap,
}

/// How a search ends.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How many states were looked at.
    pub states: usize,
    /// What does not hold, and how it comes to that.
    pub broken: Option<(Broken, String)>,
}

impl Verdict {
    /// What does not hold.
    #[must_use]
    pub fn what(&self) -> Option<Broken> {
        self.broken.as_ref().map(|(what, _)| *what)
    }
}

impl Scenario {
    /// Looks at everything that may happen.
    ///
    /// # Errors
    ///
    /// If a state of the machine can't run, or there are more states than that.
    pub fn check(self, most: usize) -> Result<Verdict, String> {
        Model::new(self).search(most)
    }
}

impl Model {
    fn search(mut self, most: usize) -> Result<Verdict, String> {
        let mut seen = Seen::new();
        let mut parents = vec![0];
        // Of steps that happen by themselves, from which state to which.
        let mut edges: Vec<(u32, u32)> = Vec::new();
        let first = World { table: self.texts.number("[]"), left: self.scenario.left, ..World::default() };
        seen.insert(&first);
        let (mut number, mut next) = (0, Next::new());
        while let Some(world) = seen.worlds.get(number).copied() {
            let from = u32::try_from(number).map_err(|_| "too many states".to_owned())?;
            if world.is_quiet() && !self.lets_in(&world)? {
                return Ok(self.verdict(&seen, &parents, from, Broken::Leak));
            }
            if self.nobody_ran(&world) {
                return Ok(self.verdict(&seen, &parents, from, Broken::Nobody));
            }
            next.clear();
            self.successors(&world, &mut next)?;
            for (step, after) in next.drain(..) {
                if after == world {
                    continue;
                }
                let (broken, after) = self.entered(&world, after);
                let found = seen.insert(&after);
                if found.is_some() {
                    parents.push(from);
                }
                let to = found.or_else(|| seen.number(&after)).unwrap_or_default();
                if let Some(broken) = broken {
                    return Ok(self.verdict(&seen, &parents, to, broken));
                }
                if step.is_progress() {
                    edges.push((from, to));
                }
            }
            number += 1;
            if number > most {
                return Err(format!("{}: more than {most} states", self.scenario.name));
            }
        }
        match self.trap(&seen, &edges) {
            Some(trap) => Ok(self.verdict(&seen, &parents, trap, Broken::Trap)),
            None => Ok(Verdict { states: seen.worlds.len(), broken: None }),
        }
    }

    /// Everything that may happen next.
    fn successors(&mut self, world: &World, next: &mut Next) -> Result<(), String> {
        self.starts(world, next);
        for number in self.numbers() {
            let execution = world.executions[usize::from(number)];
            if execution.status == Status::Running {
                self.moves(world, number, false, next)?;
                let crashed = Execution { status: Status::Failed, ..execution };
                let spent = world.spent(|left| &mut left.crashes);
                next.extend(spent.map(|world| (Step::Crashes(number), world.with(number, crashed))));
            } else if execution.status.is_over() && execution.status != Status::Purged {
                let Some(spent) = world.spent(|left| &mut left.expiries) else { continue };
                let aged = |status| spent.with(number, Execution { status, ..execution });
                if execution.status == Status::Failed {
                    next.push((Step::Expires(number), aged(Status::Expired)));
                }
                next.push((Step::Forgotten(number), aged(Status::Purged)));
            }
        }
        for flying in 0..FLYING {
            let request = world.flying[flying];
            if request != NONE {
                let effect = self.table.effect(&mut self.texts, world.table, request)?;
                let mut after = World { table: effect.table, ..*world };
                after.flying[flying] = NONE;
                after.flying.sort_unstable_by(|a, b| b.cmp(a));
                next.push((Step::Arrives, after));
            }
        }
        self.redrives(world, next);
        self.commands(world, next)
    }

    /// What does not hold in a state that follows another; and the state, in which it is noted who was in the region.
    fn entered(&self, before: &World, mut after: World) -> (Option<Broken>, World) {
        let is_inside = |world: &World, number: u8| {
            let execution = world.executions[usize::from(number)];
            execution.status == Status::Running && self.scenario.machine(number).1.site(execution.at).inside
        };
        let mut broken = None;
        for number in self.numbers() {
            if self.is_lost(before, &after, number) {
                broken = Some(Broken::Lost);
            }
            if !is_inside(&after, number) || is_inside(before, number) {
                continue;
            }
            let inside = self.numbers().filter(|other| is_inside(&after, *other));
            let limit = inside.clone().map(|other| self.scenario.machine(other).1.limit).max().unwrap_or_default();
            if inside.count() > limit {
                broken = Some(Broken::Limit);
            }
            if after.executions[usize::from(number)].entered {
                continue;
            }
            after.executions[usize::from(number)].entered = true;
            // Of two that are inside, either may have come first.
            let in_order = self.scenario.latest && limit == 1;
            let mut earlier =
                self.numbers().filter(|other| *other != number && after.executions[usize::from(*other)].entered);
            let clashes = |other: u8| self.has_run(number, other, in_order);
            if broken.is_none() && earlier.any(clashes) {
                broken = Some(Broken::Tick);
            }
        }
        (broken, after)
    }

    /// Whether an execution was just told that its tick has run, though no other could have run it.
    fn is_lost(&self, before: &World, after: &World, number: u8) -> bool {
        let (was, is) = (before.executions[usize::from(number)], after.executions[usize::from(number)]);
        let other_could = |other: u8| {
            let started = other != number && after.executions[usize::from(other)].status != Status::Absent;
            started && self.has_run(number, other, self.scenario.latest)
        };
        was.at != is.at && self.scenario.machine(number).1.site(is.at).duplicate && !self.numbers().any(other_could)
    }

    /// Whether the tick of one execution has run when another has: it is the same, or an older one where order counts.
    fn has_run(&self, number: u8, other: u8, in_order: bool) -> bool {
        let tick = |number: u8| self.scenario.ticks.get(usize::from(number)).copied().flatten();
        match (tick(number), tick(other)) {
            (Some(mine), Some(other)) if in_order => mine <= other,
            (Some(mine), Some(other)) => mine == other,
            _ => false,
        }
    }

    /// Whether everybody has ended, nothing could go wrong, and nobody was in the region.
    fn nobody_ran(&self, world: &World) -> bool {
        let mut executions = self.numbers().map(|number| world.executions[usize::from(number)]);
        self.scenario.left == Left::default()
            && executions.all(|execution| execution.status.is_over() && !execution.entered)
    }

    /// A state from which not everybody comes to an end, unless something goes wrong.
    fn trap(&self, seen: &Seen, edges: &[(u32, u32)]) -> Option<u32> {
        let ends = |world: &World| {
            world.is_quiet() && self.numbers().all(|e| world.executions[usize::from(e)].status.is_over())
        };
        let mut can_end: Vec<bool> = seen.worlds.iter().map(ends).collect();
        loop {
            let mut changed = false;
            for (from, to) in edges.iter().rev() {
                if can_end[*to as usize] && !can_end[*from as usize] {
                    can_end[*from as usize] = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        can_end.iter().position(|can| !can).and_then(|number| u32::try_from(number).ok())
    }

    fn verdict(mut self, seen: &Seen, parents: &[u32], at: u32, broken: Broken) -> Verdict {
        let mut path = vec![at];
        while let Some(number) = path.last().copied().filter(|number| *number != 0) {
            path.push(parents[number as usize]);
        }
        path.reverse();
        let mut lines = Vec::new();
        for pair in path.windows(2) {
            let (before, after) = (seen.worlds[pair[0] as usize], seen.worlds[pair[1] as usize]);
            let mut next = Next::new();
            // It could be done before.
            let _ = self.successors(&before, &mut next);
            let step =
                next.into_iter().find(|(_, world)| self.entered(&before, *world).1 == after).map(|(step, _)| step);
            lines.push(self.told(lines.len() + 1, step, &before, &after));
        }
        Verdict { states: seen.worlds.len(), broken: Some((broken, lines.join("\n"))) }
    }
}
