//! The states around a guarded region.

use serde_json::{Map, Value as Json, json};

use super::conflict::Outcome;
use super::expression::{self as expr, ID, NOW, START, TICK_ARN, TICK_TIME, braced, is_duplicate, without_schedule};
use super::{Dedupe, Guard, Liveness, OnConflict, STATES, VARIABLES, list, queue};
use crate::asl::{Kind, Part as _, Rest, State, States};

pub(super) const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";
pub(super) const NO_EXECUTION: &str = "Sfn.ExecutionDoesNotExistException";
const UPDATE_ITEM: &str = "dynamodb:updateItem";

/// Everything passes its input on: a guard changes nothing of what flows.
pub(super) const INPUT: &str = "{% $states.input %}";

/// So long what marks a tick is kept: no tick is delivered later than a day.
const TICK_SECONDS: u64 = 7 * 86_400;

/// A region, and the states around it.
pub(super) struct Region<'a> {
    pub guard: &'a Guard,
    /// The name of the section, if it is not the whole machine.
    pub section: Option<&'a str>,
    /// The first state inside.
    pub inside: &'a str,
    /// Whether states have to say that they are in JSONata.
    pub in_jsonpath: bool,
    pub states: States,
}

impl Region<'_> {
    pub(super) fn name(&self, part: &str) -> String {
        match self.section {
            Some(section) => format!("{STATES}{section}/{part}"),
            None => format!("{STATES}{part}"),
        }
    }

    /// A variable, without its `$`.
    pub(super) fn variable(&self, part: &str) -> String {
        match self.section {
            Some(section) => {
                let section = section.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
                format!("{VARIABLES}{section}_{part}")
            }
            None => format!("{VARIABLES}{part}"),
        }
    }

    pub(super) fn add(&mut self, part: &str, mut state: Json) {
        if let (true, Some(fields)) = (self.in_jsonpath, state.as_object_mut()) {
            fields.insert("QueryLanguage".to_owned(), "JSONata".into());
        }
        // A state is read from any JSON.
        if let Ok(mut state) = State::read(state) {
            in_usual_order(&mut state);
            self.states.insert(self.name(part), state);
        }
    }

    /// The states before the region; gives the name of the first.
    pub(super) fn before(&mut self) -> String {
        let mut first = self.name("acquire");
        if self.guard.liveness == Liveness::List {
            return list::before(self);
        }
        let claims = self.guard.dedupe == Dedupe::PerTick;
        let entry = if claims { self.name("claim") } else { first.clone() };
        if self.guard.liveness == Liveness::Lease {
            // An asynchronous Express execution may run twice with one ARN.
            let token = format!("{START} & '|' & {ID} & '|' & $uuid()");
            let assign = json!({ self.variable("token"): braced(&token) });
            self.add("token", json!({ "Type": "Pass", "Assign": assign, "Next": entry }));
            first = self.name("token");
        } else if claims {
            first.clone_from(&entry);
        }
        if claims {
            self.claim();
        }
        let acquire = self.acquire(None);
        self.add("acquire", acquire);
        first
    }

    /// The states behind the region that end the machine.
    pub(super) fn behind(&mut self) -> Option<String> {
        if self.guard.liveness == Liveness::List {
            return None;
        }
        let mut release = self.release_state(&self.name("done"));
        release["End"] = true.into();
        self.add("release", release);
        self.add("done", json!({ "Type": "Succeed" }));
        Some(self.name("release"))
    }

    /// A state that gives the permit back and leads on; gives its name.
    pub(super) fn release_to(&mut self, part: &str, next: &str) -> String {
        let mut release = self.release_state(next);
        release["Next"] = next.into();
        self.add(part, release);
        self.name(part)
    }

    /// The states that are entered when there is no permit.
    pub(super) fn aside(&mut self) {
        if self.guard.liveness == Liveness::List {
            if self.guard.on_conflict != OnConflict::Fail {
                self.ended(Outcome::Skipped);
            }
            return;
        }
        self.read();
        self.route();
        if self.guard.liveness == Liveness::Described {
            self.inspect();
        }
        let conflict = self.on_conflict();
        let (dead, reap) = (self.variable("dead"), self.name("reap"));
        let rule = json!({ "Condition": braced(&format!("$count(${dead}) > 0")), "Next": reap });
        self.add("decide", json!({ "Type": "Choice", "Choices": [rule], "Default": self.name(conflict) }));
        let reap = self.update("DELETE holders :dead", None, json!({ ":dead": { "SS": braced(&format!("${dead}")) } }));
        let comment = "frees the permit of an execution that has ended";
        let next = self.name("acquire");
        self.add("reap", self.task(UPDATE_ITEM, reap, json!({ "Comment": comment, "Next": next })));
        if self.guard.dedupe != Dedupe::Off {
            self.ended(Outcome::Duplicate);
        }
    }

    /// Marks the tick in an item of its own.
    fn claim(&mut self) {
        let manual = format!("{} ? {TICK_ARN} & '|' & {TICK_TIME} : 'manual|' & {ID}", expr::is_tick());
        let key = braced(&format!("{} & '|tick|' & ({manual})", self.guard.lock.expression()));
        let ttl = braced(&format!("$string($floor($toMillis({NOW}) / 1000) + {TICK_SECONDS})"));
        let arguments = json!({
            "TableName": self.guard.table_name,
            "Item": { "pk": { "S": key }, "owner": { "S": braced(ID) }, "ttl": { "N": ttl } },
            "ConditionExpression": "attribute_not_exists(pk) OR #owner = :me",
            "ExpressionAttributeNames": { "#owner": "owner" },
            "ExpressionAttributeValues": { ":me": { "S": braced(ID) } },
        });
        let taken = self.name(self.way_to(Outcome::Duplicate));
        let fields = json!({
            "Comment": "marks the tick of the schedule, so that it runs once",
            "Retry": retry(&json!([{ "ErrorEquals": [CONDITION_FAILED], "MaxAttempts": 0 }])),
            "Catch": [{ "ErrorEquals": [CONDITION_FAILED], "Output": INPUT, "Next": taken }],
            "Next": self.name("acquire"),
        });
        self.add("claim", self.task("dynamodb:putItem", arguments, fields));
    }

    /// The state that takes a permit: once, or every so many seconds so many times.
    pub(super) fn acquire(&self, again: Option<(u64, u64)>) -> Json {
        let Guard { limit, dedupe, on_conflict, .. } = self.guard;
        let queues = *on_conflict == OnConflict::BufferOne;
        let mut update = "ADD holders :me".to_owned();
        let mut condition = "(attribute_not_exists(holders) OR size(holders) < :n)".to_owned();
        let mut values = json!({ ":me": { "SS": [self.token()] }, ":n": { "N": limit.to_string() } });
        let mut names = Map::new();
        if *dedupe == Dedupe::LatestTick {
            update += " SET #tick = :tick";
            condition += " AND (attribute_not_exists(#tick) OR #tick < :before OR #tick = :tick)";
            names.insert("#tick".to_owned(), braced(&expr::tick_attribute()).into());
            values[":tick"] = json!({ "S": braced(&format!("{} ? {} : {START}", expr::is_tick(), expr::tick_mark())) });
            // No time is later than `~`: a run that is no tick is always new.
            values[":before"] = json!({ "S": braced(&format!("{} ? {TICK_TIME} : '~'", expr::is_tick())) });
        }
        if queues {
            update += " DELETE pending :me";
            condition += " AND (attribute_not_exists(pending) OR contains(pending, :token))";
            values[":token"] = json!({ "S": self.token() });
        }
        let mut arguments = self.update(&update, Some(&condition), values);
        if !names.is_empty() {
            arguments["ExpressionAttributeNames"] = names.into();
        }
        let mut catcher = json!({ "ErrorEquals": [CONDITION_FAILED], "Output": INPUT, "Next": self.name("read") });
        if again.is_none() && matches!(on_conflict, OnConflict::Wait { .. }) {
            catcher["Assign"] = json!({ self.variable("since"): braced(NOW) });
        }
        let permits = if *limit == 1 { "the permit".to_owned() } else { format!("one of {limit} permits") };
        let lock = self.guard.lock.shown();
        let (comment, retrier) = match again {
            None => (format!("takes {permits} of {lock}"), json!({ "MaxAttempts": 0 })),
            Some((every, times)) => (
                format!("asks for {permits} of {lock}, a transition each time"),
                json!({ "IntervalSeconds": every, "BackoffRate": 1, "MaxAttempts": times }),
            ),
        };
        let mut retriers = json!([{ "ErrorEquals": [CONDITION_FAILED] }]);
        if let (Some(first), Json::Object(fields)) = (retriers[0].as_object_mut(), retrier) {
            first.extend(fields);
        }
        let fields = json!({ "Comment": comment, "Output": self.entering(), "Retry": retry(&retriers),
            "Catch": [catcher], "Next": self.inside });
        self.task(UPDATE_ITEM, arguments, fields)
    }

    fn read(&mut self) {
        let holders = "[$states.result.Item.holders.SS]";
        let mut assign = Map::new();
        assign.insert(self.variable("holders"), braced(holders).into());
        if self.guard.dedupe == Dedupe::LatestTick {
            assign.insert(self.variable("duplicate"), braced(&is_duplicate()).into());
        }
        if self.guard.on_conflict == OnConflict::BufferOne {
            assign.insert(self.variable("pending"), braced("[$states.result.Item.pending.SS]").into());
        }
        if self.guard.liveness == Liveness::Lease {
            assign.insert(self.variable("dead"), braced(&expr::expired(holders)).into());
        }
        let read = self.get_item(assign, &self.name("route"));
        self.add("read", read);
    }

    pub(super) fn get_item(&self, assign: Map<String, Json>, next: &str) -> Json {
        let key = json!({ "pk": { "S": self.guard.lock.field() } });
        let arguments = json!({ "TableName": self.guard.table_name, "Key": key, "ConsistentRead": true });
        self.task("dynamodb:getItem", arguments, json!({ "Assign": assign, "Next": next }))
    }

    /// What is the case, in an order that matters.
    fn route(&mut self) {
        let (holders, token) = (format!("${}", self.variable("holders")), self.bare_token());
        // The write had succeeded: its answer was lost, or wrong.
        let mut rules =
            vec![json!({ "Condition": braced(&format!("({token}) in {holders}")), "Output": self.entering(),
            "Next": self.inside })];
        if self.guard.liveness == Liveness::Described {
            // A permit of an earlier generation of this execution, which is redriven.
            let own = expr::own(&holders, self.section);
            let assign = json!({ self.variable("dead"): braced(&format!("[{own}]")) });
            rules.push(json!({ "Condition": braced(&format!("$count({own}) > 0")), "Assign": assign,
                "Next": self.name("reap") }));
        }
        if self.guard.dedupe == Dedupe::LatestTick {
            let duplicate = braced(&format!("${}", self.variable("duplicate")));
            rules.push(json!({ "Condition": duplicate, "Next": self.name(self.way_to(Outcome::Duplicate)) }));
        }
        let free = format!("$count({holders}) < {}", self.guard.limit);
        if self.guard.on_conflict == OnConflict::BufferOne {
            rules.extend(queue::rules(self, &free));
        }
        rules.push(json!({ "Condition": braced(&free), "Next": self.name("acquire") }));
        let default = if self.guard.liveness == Liveness::Described { "inspect" } else { "decide" };
        self.add("route", json!({ "Type": "Choice", "Choices": rules, "Default": self.name(default) }));
    }

    fn release_state(&self, otherwise: &str) -> Json {
        let mine = braced(&expr::tokens(self.guard, self.section));
        let update = self.update("DELETE holders :mine", None, json!({ ":mine": { "SS": mine } }));
        let fields = json!({
            "Comment": "gives the permit back; if that fails, the next execution takes it away",
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Output": INPUT, "Next": otherwise }],
        });
        self.task(UPDATE_ITEM, update, fields)
    }

    /// Arguments that change the item.
    pub(super) fn update(&self, update: &str, condition: Option<&str>, values: Json) -> Json {
        let key = json!({ "pk": { "S": self.guard.lock.field() } });
        let mut arguments = json!({ "TableName": self.guard.table_name, "Key": key, "UpdateExpression": update });
        if let Some(condition) = condition {
            arguments["ConditionExpression"] = condition.into();
        }
        arguments["ExpressionAttributeValues"] = values;
        arguments
    }

    /// A Task that passes its input on and is patient, unless `fields` say otherwise.
    pub(super) fn task(&self, integration: &str, arguments: Json, fields: Json) -> Json {
        let resource = self.resource(integration);
        let mut task = json!({ "Type": "Task", "Resource": resource, "Arguments": arguments, "Output": INPUT,
            "Retry": retry(&json!([])) });
        if let (Some(task), Json::Object(fields)) = (task.as_object_mut(), fields) {
            task.extend(fields);
        }
        task
    }

    pub(super) fn resource(&self, integration: &str) -> String {
        format!("arn:{}:states:::{integration}", self.guard.partition)
    }

    fn bare_token(&self) -> String {
        expr::token(self.guard, self.section)
    }

    /// The token, as a field.
    pub(super) fn token(&self) -> Json {
        braced(&self.bare_token()).into()
    }

    /// What the region gets.
    fn entering(&self) -> String {
        if !self.guard.hides_schedule || self.section.is_some() {
            return INPUT.to_owned();
        }
        // Who starts it by hand may give it anything.
        let own = without_schedule("$states.input");
        braced(&format!("$type($states.input) = 'object' ? {own} : $states.input"))
    }
}

/// Keys stand where they usually do, not in the order in which they were put here.
fn in_usual_order(state: &mut State) {
    state.rest = Rest::default();
    if let Kind::Task(task) = &mut state.kind {
        task.catch.iter_mut().flatten().for_each(|catcher| catcher.rest = Rest::default());
    }
}

/// Retriers, with a patient one for everything that they don't name.
pub(super) fn retry(first: &Json) -> Json {
    let mut retriers = first.as_array().cloned().unwrap_or_default();
    retriers.push(json!({ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 6,
        "MaxDelaySeconds": 20, "JitterStrategy": "FULL" }));
    retriers.into()
}
