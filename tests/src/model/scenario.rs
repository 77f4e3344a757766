//! What is checked: a guard, the executions that it guards, and what goes wrong.

use serde_json::{Value as Json, json};
use statewright::asl::StateMachine;
use statewright::guard::{AfterFailure, Dedupe, Guard, weave};

use super::clock::{SCHEDULE, TABLE, WORKFLOW, tick};
use super::machine::Machine;
use super::world::{EXECUTIONS, Left, PROBES};

/// How executions that failed are redriven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redrive {
    /// As the console does it: at once, without a permit.
    Plain,
    /// As the guard's command does it: it takes a permit for the next generation first.
    Command {
        /// Whether tokens say of which generation they are.
        generations: bool,
        /// Whether no two commands are about one execution at once, and each knows how often it was redriven. Otherwise
        /// they believe answers that may be of long ago.
        careful: bool,
    },
}

/// A guard, the executions that it guards, and what goes wrong.
///
/// Executions start in the order of their numbers, whenever they like. All run a machine with one state, around which
/// the guard is woven.
pub struct Scenario {
    /// What it is called.
    pub name: String,
    pub(super) machines: Vec<Machine>,
    /// Which machine each execution runs; the last ones are probes.
    pub(super) of: Vec<usize>,
    /// What each gets as its input.
    pub(super) inputs: Vec<Json>,
    pub(super) ticks: Vec<Option<u8>>,
    pub(super) left: Left,
    pub(super) redrive: Redrive,
    pub(super) lock: String,
    pub(super) holds: bool,
    /// Whether a tick that is older than one that has run counts as one that has.
    pub(super) latest: bool,
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scenario({})", self.name)
    }
}

/// What goes through every text of a machine: the name of an edit says what breaks.
pub type Edit<'a> = &'a dyn Fn(StateMachine) -> StateMachine;

impl Scenario {
    /// So many executions, no faults.
    ///
    /// # Errors
    ///
    /// If the guard can't be woven, or one of its states can't run.
    pub fn new(name: &str, guard: &Guard, executions: usize) -> Result<Self, String> {
        Self::edited(name, guard, executions, &|machine| machine)
    }

    /// The same with a machine that is changed once it is woven.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn edited(name: &str, guard: &Guard, executions: usize, edit: Edit<'_>) -> Result<Self, String> {
        let executions = executions.min(EXECUTIONS);
        let mut scenario = Self {
            name: name.to_owned(),
            machines: vec![machine(guard, edit)?],
            of: vec![0; executions + PROBES],
            inputs: Vec::new(),
            ticks: Vec::new(),
            left: Left::default(),
            redrive: Redrive::Plain,
            lock: format!("workflow:{WORKFLOW}"),
            holds: guard.after_failure == AfterFailure::Hold,
            latest: guard.dedupe == Dedupe::LatestTick,
        };
        scenario = scenario.ticks(&[]);
        Ok(scenario)
    }

    /// What an exclusive guard is in a model.
    #[must_use]
    pub fn exclusive() -> Guard {
        Guard { table_name: TABLE.to_owned(), dedupe: Dedupe::Off, ..Guard::exclusive(WORKFLOW) }
    }

    /// How much goes wrong.
    #[must_use]
    pub const fn faults(mut self, left: Left) -> Self {
        self.left = left;
        self
    }

    /// The ticks that start the executions: 1 to 7. Those that are not told are started by hand.
    #[must_use]
    pub fn ticks(mut self, ticks: &[u8]) -> Self {
        self.ticks = (0..self.of.len()).map(|number| ticks.get(number).copied()).collect();
        self.inputs = self.ticks.iter().map(|number| number.map_or_else(|| json!({}), envelope)).collect();
        // Ticks that nobody has seen, if there are ticks.
        if !ticks.is_empty() {
            self.inputs.iter_mut().rev().take(PROBES).zip([9, 8]).for_each(|(input, tick)| *input = envelope(tick));
        }
        self
    }

    /// How executions are redriven.
    #[must_use]
    pub const fn redriven(mut self, redrive: Redrive) -> Self {
        self.redrive = redrive;
        self
    }

    /// From that execution on they run a machine with another guard: it was deployed meanwhile.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn deployed(mut self, guard: &Guard, from: usize) -> Result<Self, String> {
        self.machines.push(machine(guard, &|machine| machine)?);
        let last = self.machines.len() - 1;
        self.of.iter_mut().skip(from).for_each(|of| *of = last);
        Ok(self)
    }

    /// How many executions there are without the probes.
    pub(super) fn executions(&self) -> usize {
        self.of.len() - PROBES
    }

    pub(super) fn machine(&self, execution: u8) -> (usize, &Machine) {
        let number = self.of[usize::from(execution)];
        (number, &self.machines[number])
    }
}

fn envelope(number: u8) -> Json {
    json!({ "_schedule": { "arn": SCHEDULE, "time": tick(number) } })
}

/// The guard woven around one state.
fn machine(guard: &Guard, edit: Edit<'_>) -> Result<Machine, String> {
    let text = r#"{ "StartAt": "Body", "States": { "Body": { "Type": "Pass", "End": true } } }"#;
    let body = StateMachine::from_text(text, "body").map_err(|problem| problem.message)?;
    let woven = weave(&body, guard).map_err(|problem| problem.message)?;
    Machine::new(&edit(woven), usize::try_from(guard.limit).unwrap_or(usize::MAX))
}
