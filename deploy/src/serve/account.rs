//! The account that is served: its resources, and which operation is done by whom.
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html>

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(super) use statewright_simulate::history::seconds as time;
use statewright_simulate::mock::MockFile;
use statewright_simulate::world::{Settings, World};
use tokio::sync::oneshot;

use super::activity::{Activity, Poll, Queue};
use super::definition;
use super::execution::{Started, Waiting};
use super::input::Input;
use super::machine::Machine;
use super::redrive::Redriven;
use super::refusal::{Answer, Refusal};

/// Where an answer is waited for.
pub(super) type Reply = oneshot::Sender<Answer>;

/// So many states may be entered at the same time: an endless loop must not keep the others waiting for long.
const MOST_AT_ONCE: u64 = 500_000;

/// So long the time of the world may stand still if nothing is to happen in it.
const LONGEST: Duration = Duration::from_secs(3_600);

/// The account that is served.
pub(super) struct Account {
    pub world: World,
    pub region: String,
    /// By their ARNs, as the others.
    pub machines: BTreeMap<String, Machine>,
    pub activities: BTreeMap<String, Activity>,
    pub started: HashMap<String, Started>,
    pub redriven: HashMap<String, Redriven>,
    pub queue: Rc<RefCell<Queue>>,
    /// Executions for whose end something is to be done.
    pub waiting: Vec<Waiting>,
    /// Workers who wait for a task.
    pub polls: Vec<Poll>,
}

impl Account {
    /// An account with nothing in it, in a world whose time is that outside.
    pub(super) fn new(region: String, mocks: Option<MockFile>) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let start = i64::try_from(since.as_millis()).unwrap_or_default();
        let world = World::new(Settings {
            region: region.clone(),
            start,
            seed: start.cast_unsigned(),
            real_time: true,
            waits_for_outside: true,
            fails_on_trouble: true,
            most_at_once: MOST_AT_ONCE,
            ..Settings::default()
        });
        mocks.into_iter().for_each(|mocks| world.add_service(mocks.into_service()));
        let queue = Rc::<RefCell<Queue>>::default();
        world.add_service({
            let queue = queue.clone();
            move |request: &_| queue.borrow_mut().hear(request)
        });
        let (machines, activities) = (BTreeMap::new(), BTreeMap::new());
        let (started, redriven) = (HashMap::new(), HashMap::new());
        Self { world, region, machines, activities, started, redriven, queue, waiting: Vec::new(), polls: Vec::new() }
    }

    /// Lets the time outside have its effects, and answers whom that gives an answer. Gives the time until something
    /// else is to happen.
    pub(super) fn pass_time(&mut self) -> Duration {
        loop {
            match self.world.catch_up() {
                Ok(next) => {
                    // A worker who takes a task makes something happen.
                    if !self.settle() {
                        let patience = self.polls.iter().map(|poll| poll.until.duration_since(Instant::now()));
                        return patience.chain(next).min().unwrap_or(LONGEST);
                    }
                }
                // It has failed what it concerns; the others go on.
                Err(trouble) => eprintln!("warning: {trouble}"),
            }
        }
    }

    /// Answers a request, now or later.
    pub(super) fn hear(&mut self, operation: &str, input: &Input, reply: Reply) {
        let refusal = match operation {
            "StartSyncExecution" => match self.start_sync_execution(input) {
                Ok(execution) => return self.waiting.push(Waiting { execution, reply: Some(reply) }),
                Err(refusal) => refusal,
            },
            "GetActivityTask" => match self.get_activity_task(input) {
                Ok((activity, worker)) => return self.polls.push(Poll::new(activity, worker, reply)),
                Err(refusal) => refusal,
            },
            _ => {
                // Who has hung up gets no answer.
                let _ = reply.send(self.answer(operation, input));
                return;
            }
        };
        let _ = reply.send(Err(refusal));
    }

    fn answer(&mut self, operation: &str, input: &Input) -> Answer {
        match operation {
            "CreateStateMachine" => self.create_state_machine(input),
            "UpdateStateMachine" => self.update_state_machine(input),
            "DescribeStateMachine" => self.describe_state_machine(input),
            "DescribeStateMachineForExecution" => self.describe_state_machine_for_execution(input),
            "ListStateMachines" => self.list_state_machines(input),
            "DeleteStateMachine" => self.delete_state_machine(input),
            "ValidateStateMachineDefinition" => definition::validate(input),
            "PublishStateMachineVersion" => self.publish_state_machine_version(input),
            "ListStateMachineVersions" => self.list_state_machine_versions(input),
            "DeleteStateMachineVersion" => self.delete_state_machine_version(input),
            "CreateStateMachineAlias" => self.create_state_machine_alias(input),
            "UpdateStateMachineAlias" => self.update_state_machine_alias(input),
            "DescribeStateMachineAlias" => self.describe_state_machine_alias(input),
            "ListStateMachineAliases" => self.list_state_machine_aliases(input),
            "DeleteStateMachineAlias" => self.delete_state_machine_alias(input),
            "StartExecution" => self.start_execution(input),
            "DescribeExecution" => self.describe_execution(input),
            "ListExecutions" => self.list_executions(input),
            "StopExecution" => self.stop_execution(input),
            "GetExecutionHistory" => self.get_execution_history(input),
            "RedriveExecution" => self.redrive_execution(input),
            "CreateActivity" => self.create_activity(input),
            "DescribeActivity" => self.describe_activity(input),
            "ListActivities" => self.list_activities(input),
            "DeleteActivity" => self.delete_activity(input),
            "SendTaskSuccess" => self.send_task_success(input),
            "SendTaskFailure" => self.send_task_failure(input),
            "SendTaskHeartbeat" => self.send_task_heartbeat(input),
            "TagResource" => self.tag_resource(input),
            "UntagResource" => self.untag_resource(input),
            "ListTagsForResource" => self.list_tags_for_resource(input),
            "TestState" => self.test_state(input),
            "DescribeMapRun" => self.describe_map_run(input),
            "ListMapRuns" => self.list_map_runs(input),
            "UpdateMapRun" => self.update_map_run(input),
            _ => Err(Refusal::new(
                "UnknownOperationException",
                format!("`{operation}` is no operation of Step Functions: see X-Amz-Target"),
            )),
        }
    }
}
