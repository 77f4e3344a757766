//! The states around a guarded region.

use serde_json::{Map, Value as Json, json};

use super::expression::{
    self as expr, ID, NOW, START, TICK_ARN, TICK_TIME, braced, execution, is_dead, is_duplicate, is_gone,
};
use super::{Dedupe, Guard, Liveness, OnConflict, STATES, VARIABLES, list, queue};
use crate::asl::{Part as _, State, States};

const CONDITION_FAILED: &str = "DynamoDB.ConditionalCheckFailedException";
const NO_EXECUTION: &str = "Sfn.ExecutionDoesNotExistException";
const UPDATE_ITEM: &str = "dynamodb:updateItem";
const DESCRIBE: &str = "aws-sdk:sfn:describeExecution";

/// Everything passes its input on: a guard changes nothing of what flows.
pub(super) const INPUT: &str = "{% $states.input %}";
/// The same without what the schedule has added.
const INPUT_WITHOUT_SCHEDULE: &str = "{% $type($states.input) = 'object' ? \
    $merge([{}, $sift($states.input, function($v, $k) { $k != '_schedule' })]) : $states.input %}";

/// How often a waiting execution asks before it looks at the holders again. A question is one transition, a look is five.
const QUESTIONS: u64 = 20;
/// How often those of the queue ask.
const QUEUE_SECONDS: u64 = 30;
/// How long a stopped execution takes to be seen as such.
const STOP_SECONDS: u64 = 2;
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
        let (name, json) = (self.name(part), state);
        // A state is read from any JSON.
        if let Ok(state) = State::read(json) {
            self.states.insert(name, state);
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
        let acquire = self.acquire(&json!([{ "ErrorEquals": [CONDITION_FAILED], "MaxAttempts": 0 }]));
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
            return self.ended("skipped");
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
            self.ended("duplicate");
        }
    }

    /// What happens to a run that is one too many; gives the part of the name of its first state.
    fn on_conflict(&mut self) -> &'static str {
        match self.guard.on_conflict {
            OnConflict::Skip => {
                self.ended("skipped");
                self.notice("skipped")
            }
            OnConflict::Fail => {
                let (lock, holders) = (self.guard.lock.expression(), self.variable("holders"));
                let cause = braced(&format!("'the lock ' & {lock} & ' is held by ' & $join(${holders}, ', ')"));
                self.add("conflict", json!({ "Type": "Fail", "Error": "Guard.Conflict", "Cause": cause }));
                "conflict"
            }
            OnConflict::Wait { up_to, poll_every } => {
                let (up_to, every) = (up_to.as_secs(), poll_every.as_secs().max(1));
                let (since, millis) = (self.variable("since"), up_to * 1_000);
                let late = braced(&format!("$toMillis({NOW}) - $toMillis(${since}) > {millis}"));
                let rule = json!({ "Condition": late, "Next": self.name("gave-up") });
                self.add("deadline", json!({ "Type": "Choice", "Choices": [rule], "Default": self.name("wait") }));
                let cause =
                    braced(&format!("'waited longer than {up_to} s for the lock ' & {}", self.guard.lock.expression()));
                self.wait(every, (up_to / every).clamp(1, QUESTIONS));
                self.add("gave-up", json!({ "Type": "Fail", "Error": "Guard.WaitTimeout", "Cause": cause }));
                "deadline"
            }
            OnConflict::BufferOne => {
                queue::add(self);
                self.wait(QUEUE_SECONDS, QUESTIONS);
                self.ended("skipped");
                "enqueue"
            }
            OnConflict::Replace => {
                let first = format!("$sort(${})[0]", self.variable("holders"));
                let arguments = json!({ "ExecutionArn": braced(&execution(&first)), "Error": "Guard.Replaced",
                    "Cause": braced(&format!("'replaced by ' & {ID}")) });
                let settle = self.name("settle");
                let fields = json!({
                    "Comment": "stops the execution that began first",
                    "Catch": [{ "ErrorEquals": [NO_EXECUTION], "Output": INPUT, "Next": settle }],
                    "Next": settle,
                });
                let stop = self.task("aws-sdk:sfn:stopExecution", arguments, fields);
                self.add("stop", stop);
                let seconds = STOP_SECONDS.max(self.guard.settle_seconds + 1);
                self.add("settle", json!({ "Type": "Wait", "Seconds": seconds, "Next": self.name("acquire") }));
                "stop"
            }
        }
    }

    /// A run that ends without having run, and says why.
    pub(super) fn ended(&mut self, outcome: &str) {
        let mut told = Map::new();
        told.insert("lock".to_owned(), self.guard.lock.field().into());
        told.insert("outcome".to_owned(), outcome.into());
        let holders = self.variable("holders");
        match outcome {
            "duplicate" => told.insert("tick".to_owned(), braced(TICK_TIME).into()),
            _ if self.guard.liveness == Liveness::List => None,
            _ => told.insert("holders".to_owned(), braced(&format!("${holders}")).into()),
        };
        if let Some(notice) = &self.guard.notice {
            let detail = format!(
                "{{'execution': {ID}, 'lock': {}, 'outcome': '{outcome}', 'tick': {TICK_TIME}}}",
                self.guard.lock.expression()
            );
            let (resource, arguments) = notice.call(&detail);
            // Whether somebody hears of it changes nothing.
            let catch = json!([{ "ErrorEquals": ["States.ALL"], "Output": INPUT, "Next": self.name(outcome) }]);
            let state = self.task(resource, arguments, json!({ "Catch": catch, "Next": self.name(outcome) }));
            self.add(if outcome == "skipped" { "tell-skipped" } else { "tell-duplicate" }, state);
        }
        self.add(outcome, json!({ "Type": "Succeed", "Output": { "guard": told } }));
    }

    /// Where a run goes that ends so: to its notice, if there is one.
    pub(super) const fn notice(&self, outcome: &'static str) -> &'static str {
        match (&self.guard.notice, outcome.as_bytes()) {
            (Some(_), b"skipped") => "tell-skipped",
            (Some(_), b"duplicate") => "tell-duplicate",
            _ => outcome,
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
        let taken = self.name(self.notice("duplicate"));
        let fields = json!({
            "Comment": "marks the tick of the schedule, so that it runs once",
            "Retry": retry(&json!([{ "ErrorEquals": [CONDITION_FAILED], "MaxAttempts": 0 }])),
            "Catch": [{ "ErrorEquals": [CONDITION_FAILED], "Output": INPUT, "Next": taken }],
            "Next": self.name("acquire"),
        });
        self.add("claim", self.task("dynamodb:putItem", arguments, fields));
    }

    /// The state that takes a permit, with the Retriers of its condition.
    fn acquire(&self, retriers: &Json) -> Json {
        let Guard { limit, dedupe, on_conflict, .. } = self.guard;
        let queues = *on_conflict == OnConflict::BufferOne;
        let mut update = "ADD holders :me".to_owned();
        let mut condition = "(attribute_not_exists(holders) OR size(holders) < :n)".to_owned();
        let mut values = json!({ ":me": { "SS": [self.token()] }, ":n": { "N": limit.to_string() } });
        let mut names = Map::new();
        if *dedupe == Dedupe::LatestTick {
            update += " SET #tick = :tick";
            condition += " AND (attribute_not_exists(#tick) OR #tick < :before)";
            names.insert("#tick".to_owned(), braced(&expr::tick_attribute()).into());
            values[":tick"] = json!({ "S": braced(&format!("{} ? {TICK_TIME} : {START}", expr::is_tick())) });
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
        let first = retriers[0]["MaxAttempts"] == 0;
        if first && matches!(on_conflict, OnConflict::Wait { .. }) {
            catcher["Assign"] = json!({ self.variable("since"): braced(NOW) });
        }
        let permits = if *limit == 1 { "the permit".to_owned() } else { format!("one of {limit} permits") };
        let comment = match first {
            true => format!("takes {permits} of {}", self.guard.lock.shown()),
            false => format!("asks for {permits} of {}, a transition each time", self.guard.lock.shown()),
        };
        let fields = json!({ "Comment": comment, "Output": self.entering(), "Retry": retry(retriers),
            "Catch": [catcher], "Next": self.inside });
        self.task(UPDATE_ITEM, arguments, fields)
    }

    /// Asks again and again.
    fn wait(&mut self, every: u64, times: u64) {
        let again = json!([{ "ErrorEquals": [CONDITION_FAILED], "IntervalSeconds": every, "BackoffRate": 1,
            "MaxAttempts": times }]);
        self.add("wait", self.acquire(&again));
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
            rules.push(json!({ "Condition": duplicate, "Next": self.name(self.notice("duplicate")) }));
        }
        let free = format!("$count({holders}) < {}", self.guard.limit);
        if self.guard.on_conflict == OnConflict::BufferOne {
            rules.extend(queue::rules(self, &free));
        }
        rules.push(json!({ "Condition": braced(&free), "Next": self.name("acquire") }));
        let default = if self.guard.liveness == Liveness::Described { "inspect" } else { "decide" };
        self.add("route", json!({ "Type": "Choice", "Choices": rules, "Default": self.name(default) }));
    }

    fn inspect(&mut self) {
        let (holders, dead) = (format!("${}", self.variable("holders")), self.variable("dead"));
        if self.guard.limit == 1 {
            let state = self.describe(&format!("{holders}[0]"), &dead, &self.name("decide"));
            return self.add("inspect", state);
        }
        // Each of them, at the same time.
        let token = "$states.input.token";
        let told = |dead: Json| json!({ "token": braced(token), "dead": dead });
        let described = self.name("described");
        let describe = json!({
            "Type": "Task",
            "Resource": self.resource(DESCRIBE),
            "Arguments": { "ExecutionArn": braced(&execution(token)), "IncludedData": "METADATA_ONLY" },
            "Output": told(braced(&is_dead(self.guard, token)).into()),
            "Retry": retry(&json!([{ "ErrorEquals": [NO_EXECUTION], "MaxAttempts": 0 }])),
            "Catch": [
                { "ErrorEquals": [NO_EXECUTION], "Output": told(braced(&is_gone(token)).into()), "Next": described },
                { "ErrorEquals": ["States.ALL"], "Output": told(false.into()), "Next": described },
            ],
            "End": true,
        });
        let mut states = json!({ self.name("describe"): describe, described: { "Type": "Pass", "End": true } });
        if let (true, Some(states)) = (self.in_jsonpath, states.as_object_mut()) {
            states.values_mut().for_each(|state| state["QueryLanguage"] = "JSONata".into());
        }
        self.add(
            "inspect",
            json!({
                "Type": "Map",
                "Items": braced(&holders),
                "ItemSelector": { "token": "{% $states.context.Map.Item.Value %}" },
                "MaxConcurrency": 10,
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "INLINE" },
                    "StartAt": self.name("describe"),
                    "States": states,
                },
                "Assign": { dead: "{% [$states.result[dead = true].token] %}" },
                "Output": INPUT,
                "Next": self.name("decide"),
            }),
        );
    }

    /// Looks at the execution of one token; `dead` is a list of it, if it has ended.
    pub(super) fn describe(&self, token: &str, dead: &str, next: &str) -> Json {
        let if_dead = |condition: &str| json!({ dead: braced(&format!("{condition} ? [{token}] : []")) });
        let arguments = json!({ "ExecutionArn": braced(&execution(token)), "IncludedData": "METADATA_ONLY" });
        let catch = json!([
            { "ErrorEquals": [NO_EXECUTION], "Assign": if_dead(&is_gone(token)), "Output": INPUT, "Next": next },
            // What can't be looked at is taken to run.
            { "ErrorEquals": ["States.ALL"], "Assign": { dead: [] }, "Output": INPUT, "Next": next },
        ]);
        let fields = json!({
            "Assign": if_dead(&is_dead(self.guard, token)),
            "Retry": retry(&json!([{ "ErrorEquals": [NO_EXECUTION], "MaxAttempts": 0 }])),
            "Catch": catch,
            "Next": next,
        });
        self.task(DESCRIBE, arguments, fields)
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

    fn resource(&self, integration: &str) -> String {
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
    fn entering(&self) -> &'static str {
        if self.guard.hides_schedule && self.section.is_none() { INPUT_WITHOUT_SCHEDULE } else { INPUT }
    }
}

/// Retriers, with a patient one for everything that they don't name.
pub(super) fn retry(first: &Json) -> Json {
    let mut retriers = first.as_array().cloned().unwrap_or_default();
    retriers.push(json!({ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 6,
        "MaxDelaySeconds": 20, "JitterStrategy": "FULL" }));
    retriers.into()
}
