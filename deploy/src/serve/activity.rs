//! Activities, their workers, and tasks that are reported with a token.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html>

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use statewright_simulate::fault::Failure;
use statewright_simulate::task::{Answer as Outcome, Request};

use super::account::{Account, Reply, time};
use super::input::Input;
use super::name;
use super::page::page;
use super::refusal::{Answer, Refusal};
use super::tag::Tags;

/// So long a worker waits for a task.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a token begins.
const TOKEN: &str = "AQCEAAAAKgAAAAMAAAAA";

/// An activity.
pub(super) struct Activity {
    name: String,
    created: i64,
    pub tags: Tags,
}

/// The tasks that wait for a worker, by the ARN of their activity, and all tokens that there have been.
#[derive(Default)]
pub(super) struct Queue {
    tasks: HashMap<String, VecDeque<(String, Json)>>,
    tokens: HashSet<String>,
}

/// A worker who waits for a task.
pub(super) struct Poll {
    activity: String,
    worker: Option<String>,
    reply: Reply,
    /// When it is told that there is none.
    pub until: Instant,
}

impl Queue {
    /// Remembers a call that somebody outside is to answer; answers one that nobody can.
    pub(super) fn hear(&mut self, request: &Request) -> Option<Outcome> {
        let token = request.token.as_ref()?;
        self.tokens.insert(token.clone());
        name::activity(&request.resource).ok()?;
        let Some(tasks) = self.tasks.get_mut(&request.resource) else {
            let cause = format!("the activity {} does not exist: create it first", request.resource);
            return Some(Outcome::fails("States.TaskFailed", cause));
        };
        tasks.push_back((token.clone(), request.parameters.clone()));
        None
    }
}

impl Poll {
    pub(super) fn new(activity: String, worker: Option<String>, reply: Reply) -> Self {
        Self { activity, worker, reply, until: Instant::now() + PATIENCE }
    }
}

impl Account {
    pub(super) fn create_activity(&mut self, input: &Input) -> Answer {
        let name = input.required("name")?;
        name::check(name)?;
        let tags = Tags::default().with(input)?;
        let (arn, now) = (self.world.arn("activity", name), self.world.now());
        let new = || Activity { name: name.to_owned(), created: now, tags };
        let activity = self.activities.entry(arn.clone()).or_insert_with(new);
        self.queue.borrow_mut().tasks.entry(arn.clone()).or_default();
        Ok(json!({ "activityArn": arn, "creationDate": time(activity.created) }))
    }

    pub(super) fn describe_activity(&self, input: &Input) -> Answer {
        let arn = name::activity(input.required("activityArn")?)?;
        let activity = self.activities.get(arn).ok_or_else(|| Refusal::no_activity(arn))?;
        Ok(json!({ "activityArn": arn, "name": activity.name, "creationDate": time(activity.created),
            "encryptionConfiguration": { "type": "AWS_OWNED_KEY" } }))
    }

    pub(super) fn list_activities(&self, input: &Input) -> Answer {
        let activities = self.activities.iter().map(|(arn, activity)| {
            let created = time(activity.created);
            (arn.clone(), json!({ "activityArn": arn, "name": activity.name, "creationDate": created }))
        });
        page(input, "activities", activities.collect())
    }

    /// Deletes an activity; one that is gone already is fine.
    pub(super) fn delete_activity(&mut self, input: &Input) -> Answer {
        let arn = name::activity(input.required("activityArn")?)?;
        self.activities.remove(arn);
        self.queue.borrow_mut().tasks.remove(arn);
        Ok(json!({}))
    }

    /// The activity and the worker of a request for a task.
    pub(super) fn get_activity_task(&self, input: &Input) -> Answer<(String, Option<String>)> {
        let arn = name::activity(input.required("activityArn")?)?;
        let worker = input.text("workerName")?;
        worker.map_or(Ok(()), name::check)?;
        if self.activities.contains_key(arn) {
            Ok((arn.to_owned(), worker.map(str::to_owned)))
        } else {
            Err(Refusal::no_activity(arn))
        }
    }

    /// Hands out tasks to workers who wait, in the order in which they came; whether there was one.
    pub(super) fn hand_out(&mut self) -> bool {
        let mut any = false;
        for poll in std::mem::take(&mut self.polls) {
            // Who has hung up must not get a task.
            if poll.reply.is_closed() {
                continue;
            }
            let next = || self.queue.borrow_mut().tasks.get_mut(&poll.activity)?.pop_front();
            // Some of them have ended meanwhile: by their timeout, or with their execution.
            let mut waiting = std::iter::from_fn(next);
            let taken = waiting.find(|(token, _)| self.world.take_task(token, poll.worker.as_deref()));
            if let Some((token, input)) = taken {
                any = true;
                let _ = poll.reply.send(Ok(json!({ "taskToken": token, "input": input.to_string() })));
            } else if poll.until <= Instant::now() {
                let _ = poll.reply.send(Ok(json!({})));
            } else {
                self.polls.push(poll);
            }
        }
        any
    }

    /// What a report with this token is answered, once it is known whether a task waits for it.
    fn reported(&self, token: &str, heard: bool) -> Answer {
        if heard {
            Ok(json!({}))
        } else if self.queue.borrow().tokens.contains(token) {
            Err(Refusal::new("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"))
        } else if token.starts_with(TOKEN) {
            Err(Refusal::new("TaskDoesNotExist", "Task does not exist: no task has had this token"))
        } else {
            Err(Refusal::token())
        }
    }

    pub(super) fn send_task_success(&self, input: &Input) -> Answer {
        let (token, output) = (input.required("taskToken")?, input.required("output")?);
        let output: Json = serde_json::from_str(output)
            .map_err(|error| Refusal::new("InvalidOutput", format!("Invalid Output: '{error}'")))?;
        self.reported(token, self.world.send_task_success(token, output))
    }

    pub(super) fn send_task_failure(&self, input: &Input) -> Answer {
        let token = input.required("taskToken")?;
        let text = |name| Ok(input.text(name)?.map(str::to_owned));
        let failure = Failure { error: text("error")?, cause: text("cause")? };
        self.reported(token, self.world.send_task_failure(token, failure))
    }

    pub(super) fn send_task_heartbeat(&self, input: &Input) -> Answer {
        let token = input.required("taskToken")?;
        self.reported(token, self.world.send_task_heartbeat(token))
    }
}
