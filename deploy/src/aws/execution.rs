//! Executions: starting one, and reading its history.

use aws_sdk_sfn::types::{ExecutionRedriveStatus, ExecutionStatus, HistoryEvent, HistoryEventType, IncludedData};

use super::{Aws, refused};
use crate::error::Result;

/// Something that happened in an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: i64,
    /// Milliseconds since 1970.
    pub millis: i64,
    /// Its type, as AWS spells it.
    pub r#type: String,
    /// The state that was entered or left.
    pub state: Option<String>,
    /// The error and its cause, of what failed.
    pub error: Option<(String, String)>,
}

/// How an execution stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`, `PENDING_REDRIVE`.
    pub status: String,
    /// The output, of one that succeeded.
    pub output: Option<String>,
    /// The error and its cause, of one that did not.
    pub error: Option<(String, String)>,
}

impl End {
    /// Whether the execution is still running.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status == ExecutionStatus::Running.as_str()
    }

    /// Whether it succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == ExecutionStatus::Succeeded.as_str()
    }
}

/// How an execution stands, without its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// As in [`End`].
    pub status: String,
    /// How often it has been redriven.
    pub redrives: u64,
    /// `REDRIVABLE`, `NOT_REDRIVABLE`, `REDRIVABLE_BY_MAP_RUN`.
    pub redrive_status: Option<String>,
    /// Why it is not redrivable.
    pub redrive_reason: Option<String>,
}

impl Look {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_running(&self) -> bool {
        [ExecutionStatus::Running, ExecutionStatus::PendingRedrive].iter().any(|status| status.as_str() == self.status)
    }

    /// Whether it failed in such a way that it can go on.
    #[must_use]
    pub fn is_redrivable(&self) -> bool {
        let ended_well = self.status == ExecutionStatus::Succeeded.as_str();
        let never = self.redrive_status.as_deref() == Some(ExecutionRedriveStatus::NotRedrivable.as_str());
        !self.is_running() && !ended_well && !never
    }
}

/// What came of a start by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// It runs. An execution of that name and input that runs already counts as started, too.
    New(String),
    /// There has been an execution of that name.
    Before(String),
}

impl Aws {
    /// Starts an execution of that name, unless there has been one; gives its ARN.
    ///
    /// # Errors
    ///
    /// If AWS refuses it for another reason.
    pub async fn start_once(&self, workflow: &str, name: &str, input: &str) -> Result<Started> {
        let start = self.sfn.start_execution().state_machine_arn(self.machine_arn(workflow)).input(input).name(name);
        match start.send().await {
            Ok(started) => Ok(Started::New(started.execution_arn().to_owned())),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_execution_already_exists()) => {
                Ok(Started::Before(self.execution_arn(workflow, name)))
            }
            Err(error) => Err(refused(&format!("start `{workflow}`"), error)),
        }
    }

    /// How an execution stands; `None` if there is none, or none that can be seen yet.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say.
    pub async fn look(&self, arn: &str) -> Result<Option<Look>> {
        let describe = self.sfn.describe_execution().execution_arn(arn).included_data(IncludedData::MetadataOnly);
        match describe.send().await {
            Ok(found) => Ok(Some(Look {
                status: found.status().as_str().to_owned(),
                redrives: found.redrive_count().and_then(|count| u64::try_from(count).ok()).unwrap_or_default(),
                redrive_status: found.redrive_status().map(|status| status.as_str().to_owned()),
                redrive_reason: found.redrive_status_reason().map(str::to_owned),
            })),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_execution_does_not_exist()) => Ok(None),
            Err(error) => Err(refused(&format!("read the execution `{arn}`"), error)),
        }
    }

    /// The ARN of an execution of a workflow, by its name.
    #[must_use]
    pub fn execution_arn(&self, workflow: &str, name: &str) -> String {
        self.arn("states", &format!("execution:{workflow}:{name}"))
    }

    /// Starts an execution, and gives its ARN.
    ///
    /// # Errors
    ///
    /// If AWS refuses it.
    pub async fn start(&self, workflow: &str, name: Option<String>, input: String) -> Result<String> {
        let start =
            self.sfn.start_execution().state_machine_arn(self.machine_arn(workflow)).input(input).set_name(name);
        let started = start.send().await.map_err(|error| refused(&format!("start `{workflow}`"), error))?;
        Ok(started.execution_arn().to_owned())
    }

    /// How an execution stands.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say.
    pub async fn execution(&self, arn: &str) -> Result<End> {
        let found = self.sfn.describe_execution().execution_arn(arn).send().await;
        let found = found.map_err(|error| refused("read the execution", error))?;
        let error = found.error().map(|error| (error.to_owned(), found.cause().unwrap_or_default().to_owned()));
        Ok(End { status: found.status().as_str().to_owned(), output: found.output().map(str::to_owned), error })
    }

    /// The events of an execution behind a certain one. `page` is where to go on reading; it is moved.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say.
    pub async fn history(&self, arn: &str, page: &mut Option<String>, after: i64) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        loop {
            let read = self.sfn.get_execution_history().execution_arn(arn).max_results(1_000);
            let read = read.set_next_token(page.clone()).include_execution_data(false).send().await;
            let read = read.map_err(|error| refused("read the history of the execution", error))?;
            events.extend(read.events().iter().filter(|event| event.id() > after).map(event));
            match read.next_token() {
                // The last page may grow: it is read again, from the same place.
                None => return Ok(events),
                Some(next) => *page = Some(next.to_owned()),
            }
        }
    }
}

fn event(event: &HistoryEvent) -> Event {
    let entered = event.state_entered_event_details().map(|details| details.name());
    let left = event.state_exited_event_details().map(|details| details.name());
    macro_rules! failure {
        ($($details:ident),+) => {
            None$(.or_else(|| {
                let details = event.$details()?;
                Some((details.error().unwrap_or_default().to_owned(), details.cause().unwrap_or_default().to_owned()))
            }))+
        };
    }
    let error = failure!(
        task_failed_event_details,
        task_timed_out_event_details,
        task_start_failed_event_details,
        task_submit_failed_event_details,
        lambda_function_failed_event_details,
        lambda_function_timed_out_event_details,
        activity_failed_event_details,
        activity_timed_out_event_details,
        evaluation_failed_event_details
    );
    Event {
        id: event.id(),
        millis: event.timestamp().to_millis().unwrap_or_default(),
        r#type: HistoryEventType::as_str(event.r#type()).to_owned(),
        state: entered.or(left).map(str::to_owned),
        error,
    }
}
