//! What an execution may do next.

use super::Model;
use super::bench::{Answer, Landing, Visit};
use super::clock::Reading;
use super::machine::Work;
use super::step::Step;
use super::text::Text;
use super::world::{Execution, Status, World};

/// Of a write whose condition did not hold.
const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";
/// Of a write whose answer does not come.
const LOST: &str = "DynamoDB.AmazonDynamoDBException";

/// States of the model that may come next, and what happens before them.
pub(super) type Next = Vec<(Step, World)>;

impl Model {
    /// The start of the next execution.
    pub(super) fn starts(&mut self, world: &World, next: &mut Next) {
        let absent = |execution: &Execution| execution.status == Status::Absent;
        let found = world.executions.iter().take(self.scenario.executions()).position(absent);
        if let Some(number) = found.and_then(|number| u8::try_from(number).ok()) {
            let started = self.started(number);
            next.push((Step::Starts(number), world.with(number, started)));
        }
    }

    /// An execution at the start of its machine.
    pub(super) fn started(&mut self, number: u8) -> Execution {
        let at = self.scenario.machine(number).1.start;
        let input = self.scenario.inputs[usize::from(number)].to_string();
        Execution {
            status: Status::Running,
            generation: 0,
            at,
            variables: self.texts.number("{}"),
            data: self.texts.number(&input),
            entered: false,
        }
    }

    /// What an execution that runs may do. `fresh` is whether everything goes well, and all answers are of now.
    pub(super) fn moves(&mut self, world: &World, number: u8, fresh: bool, next: &mut Next) -> Result<(), String> {
        let visit = self.visit(world, number);
        let step = Step::Moves(number);
        match self.scenario.machine(number).1.site(visit.at).work.clone() {
            Work::Nothing => self.lands(world, visit, Answer::Nothing, step, next),
            Work::Call => {
                let answer = Answer::Result(self.texts.number("{}"));
                self.lands(world, visit, answer, step, next)
            }
            Work::Choice => self.chooses(world, visit, fresh, next),
            Work::Write(action) => self.writes(world, visit, &action, fresh, next),
            Work::Read => {
                let request = self.request(visit, "getItem")?;
                let effect = self.table.effect(&mut self.texts, world.table, request)?;
                let answer = effect.result.map_or(Answer::Error(LOST), Answer::Result);
                self.lands(world, visit, answer, step, next)
            }
            Work::Describe => {
                let request = self.request(visit, "")?;
                for (answer, reading) in self.descriptions(world, visit, request, fresh) {
                    self.lands(world, Visit { reading, ..visit }, answer, step, next)?;
                }
                Ok(())
            }
            Work::List => {
                for answer in self.lists(world, number, fresh) {
                    self.lands(world, visit, answer, step, next)?;
                }
                Ok(())
            }
            Work::Stop => {
                let request = self.request(visit, "")?;
                for (stopped, answer) in self.stops(world, request, fresh) {
                    let mut after = *world;
                    if let Some(stopped) = stopped {
                        after.executions[usize::from(stopped)].status = Status::Failed;
                    }
                    self.lands(&after, visit, answer, step, next)?;
                }
                Ok(())
            }
            Work::Map(start) => {
                let machine = self.scenario.machine(number);
                let input = &self.scenario.inputs[usize::from(number)];
                let items = self.bench.items(&mut self.texts, machine, input, visit)?;
                let mut results = vec![String::new()];
                for data in items {
                    let mut outputs = Vec::new();
                    self.iteration(world, Visit { at: start, data, ..visit }, fresh, &mut outputs)?;
                    let outputs: Vec<_> = outputs.into_iter().map(|output| self.texts.get(output)).collect();
                    let longer = |result: &String| {
                        let comma = if result.is_empty() { "" } else { "," };
                        outputs
                            .iter()
                            .map(move |output| format!("{comma}{output}"))
                            .map(|end| format!("{result}{end}"))
                            .collect::<Vec<_>>()
                    };
                    results = results.iter().flat_map(longer).collect();
                }
                for result in results {
                    let answer = Answer::Result(self.texts.number(&format!("[{result}]")));
                    self.lands(world, visit, answer, step, next)?;
                }
                Ok(())
            }
        }
    }

    pub(super) fn visit(&self, world: &World, number: u8) -> Visit {
        let Execution { generation, at, variables, data, .. } = world.executions[usize::from(number)];
        Visit { execution: number, generation, at, variables, data, reading: Reading::Young }
    }

    /// What a Task asks for, behind an action.
    fn request(&mut self, visit: Visit, action: &str) -> Result<Text, String> {
        let machine = self.scenario.machine(visit.execution);
        let input = &self.scenario.inputs[usize::from(visit.execution)];
        let request = self.bench.request(&mut self.texts, machine, input, visit)?;
        if action.is_empty() {
            return Ok(request);
        }
        if let Some(known) = self.behind.get(&request) {
            return Ok(*known);
        }
        let text = format!("{action} {}", self.texts.get(request));
        let text = self.texts.number(&text);
        self.behind.insert(request, text);
        Ok(text)
    }

    fn chooses(&mut self, world: &World, visit: Visit, fresh: bool, next: &mut Next) -> Result<(), String> {
        let number = visit.execution;
        let young = self.landing(visit, Answer::Nothing, true)?;
        next.push((Step::Moves(number), Self::landed(world, number, young)));
        let late = self.landing(Visit { reading: Reading::Late, ..visit }, Answer::Nothing, true)?;
        if late != young && !fresh {
            next.push((Step::GivesUp(number), Self::landed(world, number, late)));
        }
        Ok(())
    }

    fn writes(
        &mut self,
        world: &World,
        visit: Visit,
        action: &str,
        fresh: bool,
        next: &mut Next,
    ) -> Result<(), String> {
        let number = visit.execution;
        let request = self.request(visit, action)?;
        let effect = self.table.effect(&mut self.texts, world.table, request)?;
        let applied = World { table: effect.table, ..*world };
        let answer = effect.result.map_or(Answer::Error(CONDITION_FAILED), Answer::Result);
        self.lands(&applied, visit, answer, Step::Moves(number), next)?;
        let Some(world) = world.spent(|left| &mut left.lost).filter(|_| !fresh) else { return Ok(()) };
        let applied = World { table: effect.table, ..world };
        if effect.result.is_some() {
            self.lands(&applied, visit, Answer::Error(LOST), Step::LosesAnswer(number), next)?;
            if self.may_lie(action, effect.table, request)? {
                self.lands(&applied, visit, Answer::Error(CONDITION_FAILED), Step::IsLiedTo(number), next)?;
            }
        }
        if let Some(sent) = world.send(request) {
            self.lands(&sent, visit, Answer::Error(LOST), Step::Delays(number), next)?;
        }
        Ok(())
    }

    /// Whether a write that was applied may be answered as if it was not: DynamoDB tries it again, and finds that its
    /// condition does not hold any more. Others write to the item of the lock meanwhile, but not to one that is put.
    fn may_lie(&mut self, action: &str, table: Text, request: Text) -> Result<bool, String> {
        let again = self.table.effect(&mut self.texts, table, request)?;
        let has_condition = self.texts.get(request).contains("ConditionExpression");
        Ok(has_condition && (action != "putItem" || again.result.is_none()))
    }

    /// The outputs of the states in a Map, which run for one item.
    fn iteration(&mut self, world: &World, visit: Visit, fresh: bool, outputs: &mut Vec<Text>) -> Result<(), String> {
        let answers = match self.scenario.machine(visit.execution).1.site(visit.at).work {
            Work::Describe => {
                let request = self.request(visit, "")?;
                self.descriptions(world, visit, request, fresh)
            }
            _ => vec![(Answer::Nothing, visit.reading)],
        };
        for (answer, reading) in answers {
            match self.landing(Visit { reading, ..visit }, answer, false)? {
                Landing::Next { at, variables, data } => {
                    let visit = Visit { at, variables, data, reading: Reading::Young, ..visit };
                    self.iteration(world, visit, fresh, outputs)?;
                }
                Landing::Ended { data } if !outputs.contains(&data) => outputs.push(data),
                Landing::Ended { .. } | Landing::Again => {}
                Landing::Failed => return Err("a state in a Map fails".to_owned()),
            }
        }
        Ok(())
    }

    fn landing(&mut self, visit: Visit, answer: Answer, patient: bool) -> Result<Landing, String> {
        let machine = self.scenario.machine(visit.execution);
        let input = &self.scenario.inputs[usize::from(visit.execution)];
        self.bench.run(&mut self.texts, machine, input, visit, answer, patient)
    }

    /// What comes of an answer: of an error, with tries left and without.
    fn lands(
        &mut self,
        world: &World,
        visit: Visit,
        answer: Answer,
        step: Step,
        next: &mut Next,
    ) -> Result<(), String> {
        let landing = self.landing(visit, answer, true)?;
        next.push((step, Self::landed(world, visit.execution, landing)));
        if matches!(answer, Answer::Error(_)) {
            let at_last = self.landing(visit, answer, false)?;
            if at_last != landing {
                next.push((step, Self::landed(world, visit.execution, at_last)));
            }
        }
        Ok(())
    }

    fn landed(world: &World, number: u8, landing: Landing) -> World {
        let before = world.executions[usize::from(number)];
        let after = match landing {
            Landing::Next { at, variables, data } => Execution { at, variables, data, ..before },
            Landing::Ended { data } => Execution { status: Status::Succeeded, data, ..before },
            Landing::Failed => Execution { status: Status::Failed, ..before },
            Landing::Again => before,
        };
        world.with(number, after)
    }
}
