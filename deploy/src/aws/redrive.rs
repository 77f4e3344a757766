//! Redriving an execution, and what its history says of the permits that it took.

use aws_sdk_sfn::error::SdkError;
use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType};

use super::{Aws, refused};
use crate::error::{Error, Exit, Result};

/// What AWS answered to a redrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It goes on.
    Redriven,
    /// It was not done.
    Refused(Error),
    /// It may have been done.
    Unknown(Error),
}

/// An event of a history, with what was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its number.
    pub id: i64,
    /// The number of the event that led to it.
    pub previous: i64,
    /// Its type, as AWS spells it.
    pub r#type: String,
    /// The state that was entered or left.
    pub state: Option<String>,
    /// The arguments of a call, as JSON text.
    pub parameters: Option<String>,
}

impl Aws {
    /// Lets an execution go on. With a token of the client, the same request once more does nothing.
    pub async fn redrive(&self, arn: &str, client_token: Option<&str>) -> Answer {
        let redrive = self.sfn.redrive_execution().execution_arn(arn);
        let Err(error) = redrive.set_client_token(client_token.map(str::to_owned)).send().await else {
            return Answer::Redriven;
        };
        let definite = match &error {
            SdkError::ConstructionFailure(_) => true,
            SdkError::ServiceError(answer) => answer.raw().status().is_client_error(),
            _ => false,
        };
        let error = refused(&format!("redrive `{arn}`"), error);
        // What is refused for its haste may have been done by an attempt before, whose answer was lost.
        if definite && error.exit != Exit::Throttled { Answer::Refused(error) } else { Answer::Unknown(error) }
    }

    /// The whole history of an execution, as far as it tells of states and of calls.
    ///
    /// # Errors
    ///
    /// If AWS refuses to say.
    pub async fn trace(&self, arn: &str) -> Result<Vec<Trace>> {
        let read = self.sfn.get_execution_history().execution_arn(arn).max_results(1_000).include_execution_data(true);
        let (mut events, mut pages) = (Vec::new(), read.into_paginator().send());
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refused("read the history of the execution", error))?;
            events.extend(page.events().iter().map(trace));
        }
        Ok(events)
    }
}

fn trace(event: &HistoryEvent) -> Trace {
    let entered = event.state_entered_event_details().map(|details| details.name());
    let left = event.state_exited_event_details().map(|details| details.name());
    let parameters = event.task_scheduled_event_details().map(|details| details.parameters().to_owned());
    Trace {
        id: event.id(),
        previous: event.previous_event_id(),
        r#type: HistoryEventType::as_str(event.r#type()).to_owned(),
        state: entered.or(left).map(str::to_owned),
        parameters,
    }
}
