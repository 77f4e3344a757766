//! Whether there are permits when everybody has gone: new executions ask, one after the other, and nothing goes wrong.

use std::collections::HashSet;

use super::Model;
use super::world::{Execution, PROBES, Status, World};

impl Model {
    /// Whether as many executions get in as may be inside.
    pub(super) fn lets_in(&mut self, world: &World) -> Result<bool, String> {
        let mut quiet = World { table: world.table, ..World::default() };
        for (after, before) in quiet.executions.iter_mut().zip(&world.executions) {
            // An operator who holds the permits of what failed gives them back, or waits until they are too old.
            let status =
                if self.scenario.holds && before.status == Status::Failed { Status::Expired } else { before.status };
            *after = Execution { status, generation: before.generation, ..Execution::default() };
        }
        if let Some(known) = self.open.get(&quiet) {
            return Ok(*known);
        }
        let key = quiet;
        let first = self.scenario.executions();
        let limit = self.scenario.machine(u8::try_from(first).unwrap_or(u8::MAX)).1.limit;
        let mut is_open = true;
        for number in first..first + limit.min(PROBES) {
            match self.let_in(quiet, u8::try_from(number).unwrap_or(u8::MAX))? {
                Some(inside) => quiet = inside,
                None => is_open = false,
            }
        }
        self.open.insert(key, is_open);
        Ok(is_open)
    }

    /// The state in which an execution is inside that starts now; none if it can't get there.
    fn let_in(&mut self, world: World, number: u8) -> Result<Option<World>, String> {
        let started = self.started(number);
        let mut found = vec![world.with(number, started)];
        let mut seen: HashSet<World> = HashSet::new();
        while let Some(world) = found.pop() {
            let probe = world.executions[usize::from(number)];
            if probe.status == Status::Running && self.scenario.machine(number).1.site(probe.at).inside {
                return Ok(Some(world));
            }
            if probe.status != Status::Running || !seen.insert(world) {
                continue;
            }
            let mut next = Vec::new();
            self.moves(&world, number, true, &mut next)?;
            found.extend(next.into_iter().map(|(_, world)| world));
        }
        Ok(None)
    }
}
