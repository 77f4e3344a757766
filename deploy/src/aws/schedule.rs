//! Schedules of EventBridge Scheduler.

use std::time::SystemTime;

use aws_sdk_scheduler::operation::get_schedule::GetScheduleOutput;
use aws_sdk_scheduler::primitives::{DateTime, DateTimeFormat};
use aws_sdk_scheduler::types as aws;
use serde_json::{Value as Json, json};
use statewright::bundle::{
    DeadLetterConfig, FlexibleTimeWindow, RetryPolicy, ScheduleSpec, ScheduleState, ScheduleTarget,
};

use super::refusal::patient;
use super::{Aws, refused, text};
use crate::error::{Error, Exit, Result};

/// A request with all of a schedule: the SDK has a type of its own for each call.
macro_rules! described {
    ($request:expr, $spec:expr) => {
        $request
            .name(&$spec.name)
            .group_name(&$spec.group_name)
            .schedule_expression(&$spec.schedule_expression)
            .schedule_expression_timezone(&$spec.schedule_expression_timezone)
            .set_start_date(date($spec.start_date.as_deref()))
            .set_end_date(date($spec.end_date.as_deref()))
            .set_description($spec.description.clone())
            .state(state($spec.state))
            .flexible_time_window(window(&$spec.flexible_time_window)?)
            .target(target(&$spec.target)?)
    };
}

impl Aws {
    pub(super) async fn read_schedule(&self, name: &str, group: &str) -> Result<Option<Json>> {
        match self.scheduler.get_schedule().name(name).group_name(group).send().await {
            Ok(found) => {
                let mut attributes = json!(spec(&found));
                if let Some(fields) = attributes.as_object_mut() {
                    fields.shift_remove("Name");
                }
                drop_past_start(&mut attributes);
                Ok(Some(attributes))
            }
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => Ok(None),
            Err(error) => Err(refused(&format!("read the schedule `{name}`"), error)),
        }
    }

    pub(super) async fn create_schedule(&self, name: &str, attributes: &Json) -> Result<()> {
        let spec = wanted(name, attributes)?;
        patient(|| async {
            let create = described!(self.scheduler.create_schedule(), spec);
            create.send().await.map_err(|error| refused(&format!("create the schedule `{name}`"), error))?;
            Ok(())
        })
        .await
    }

    /// `UpdateSchedule` resets what is left out, so all of it is sent.
    pub(super) async fn update_schedule(&self, name: &str, attributes: &Json) -> Result<()> {
        let spec = wanted(name, attributes)?;
        patient(|| async {
            let update = described!(self.scheduler.update_schedule(), spec);
            update.send().await.map_err(|error| refused(&format!("change the schedule `{name}`"), error))?;
            Ok(())
        })
        .await
    }

    /// Lets a schedule fire or not, and leaves everything else of it as it is; gives the state that it had.
    ///
    /// # Errors
    ///
    /// If there is none, or AWS refuses it.
    pub async fn set_schedule_state(&self, name: &str, group: &str, wanted: ScheduleState) -> Result<ScheduleState> {
        let found = match self.scheduler.get_schedule().name(name).group_name(group).send().await {
            Ok(found) => found,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                let message = format!("expected the schedule `{name}` in the group `{group}`, and it is not there");
                return Err(Error::new(Exit::Refused, message, "run `statewright deploy` first"));
            }
            Err(error) => return Err(refused(&format!("read the schedule `{name}`"), error)),
        };
        let before = spec(&found).state;
        if before == wanted {
            return Ok(before);
        }
        let mut attributes = json!(spec(&found));
        drop_past_start(&mut attributes);
        let update = self
            .scheduler
            .update_schedule()
            .name(name)
            .group_name(group)
            .state(state(wanted))
            .set_schedule_expression(found.schedule_expression)
            .set_schedule_expression_timezone(found.schedule_expression_timezone)
            .set_start_date(date(attributes["StartDate"].as_str()))
            .set_end_date(found.end_date)
            .set_description(found.description)
            .set_flexible_time_window(found.flexible_time_window)
            .set_target(found.target)
            .set_kms_key_arn(found.kms_key_arn)
            .set_action_after_completion(found.action_after_completion);
        update.send().await.map_err(|error| refused(&format!("change the schedule `{name}`"), error))?;
        Ok(before)
    }

    pub(super) async fn delete_schedule(&self, name: &str, attributes: &Json) -> Result<()> {
        let delete = self.scheduler.delete_schedule().name(name).group_name(text(attributes, "GroupName"));
        match delete.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => Ok(()),
            Err(error) => Err(refused(&format!("delete the schedule `{name}`"), error)),
        }
    }
}

/// AWS refuses a start that is past, and what has started needs none.
pub(super) fn drop_past_start(attributes: &mut Json) {
    let start = attributes["StartDate"].as_str().and_then(|text| date(Some(text)));
    let is_past = start.is_some_and(|start| start.as_secs_f64() <= DateTime::from(SystemTime::now()).as_secs_f64());
    if let (true, Some(fields)) = (is_past, attributes.as_object_mut()) {
        fields.shift_remove("StartDate");
    }
}

/// A schedule as the bundle describes it.
fn wanted(name: &str, attributes: &Json) -> Result<ScheduleSpec> {
    let mut attributes = attributes.clone();
    attributes["Name"] = name.into();
    serde_json::from_value(attributes).map_err(|error| impossible(&error))
}

fn impossible(error: &dyn std::error::Error) -> Error {
    Error::new(Exit::File, format!("the manifest describes an impossible schedule: {error}"), "run `cargo run synth`")
}

fn spec(found: &GetScheduleOutput) -> ScheduleSpec {
    let own = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let time = |time: Option<&DateTime>| time.and_then(|time| time.fmt(DateTimeFormat::DateTime).ok());
    let target = found.target();
    let retry = target.and_then(aws::Target::retry_policy);
    let number = |number: Option<i32>, default: u32| number.and_then(|n| u32::try_from(n).ok()).unwrap_or(default);
    let window = found.flexible_time_window();
    ScheduleSpec {
        name: own(found.name()),
        group_name: own(found.group_name()),
        schedule_expression: own(found.schedule_expression()),
        schedule_expression_timezone: found.schedule_expression_timezone().unwrap_or("UTC").to_owned(),
        start_date: time(found.start_date()),
        end_date: time(found.end_date()),
        state: match found.state() {
            Some(aws::ScheduleState::Disabled) => ScheduleState::Disabled,
            _ => ScheduleState::Enabled,
        },
        flexible_time_window: match window.and_then(aws::FlexibleTimeWindow::maximum_window_in_minutes) {
            Some(minutes) => FlexibleTimeWindow::Flexible { maximum_window_in_minutes: number(Some(minutes), 0) },
            None => FlexibleTimeWindow::Off,
        },
        target: ScheduleTarget {
            arn: own(target.map(aws::Target::arn)),
            role_arn: own(target.map(aws::Target::role_arn)),
            input: own(target.and_then(aws::Target::input)),
            retry_policy: RetryPolicy {
                maximum_event_age_in_seconds: number(retry.and_then(|r| r.maximum_event_age_in_seconds()), 86_400),
                maximum_retry_attempts: number(retry.and_then(|r| r.maximum_retry_attempts()), 185),
            },
            dead_letter_config: target
                .and_then(aws::Target::dead_letter_config)
                .and_then(aws::DeadLetterConfig::arn)
                .map(|arn| DeadLetterConfig { arn: arn.to_owned() }),
        },
        description: found.description().filter(|text| !text.is_empty()).map(str::to_owned),
    }
}

fn date(text: Option<&str>) -> Option<DateTime> {
    text.and_then(|text| DateTime::from_str(text, DateTimeFormat::DateTime).ok())
}

const fn state(state: ScheduleState) -> aws::ScheduleState {
    match state {
        ScheduleState::Enabled => aws::ScheduleState::Enabled,
        ScheduleState::Disabled => aws::ScheduleState::Disabled,
    }
}

fn window(window: &FlexibleTimeWindow) -> Result<aws::FlexibleTimeWindow> {
    let builder = aws::FlexibleTimeWindow::builder();
    match window {
        FlexibleTimeWindow::Off => builder.mode(aws::FlexibleTimeWindowMode::Off),
        FlexibleTimeWindow::Flexible { maximum_window_in_minutes } => builder
            .mode(aws::FlexibleTimeWindowMode::Flexible)
            .set_maximum_window_in_minutes(i32::try_from(*maximum_window_in_minutes).ok()),
    }
    .build()
    .map_err(|error| impossible(&error))
}

fn target(target: &ScheduleTarget) -> Result<aws::Target> {
    let retry = aws::RetryPolicy::builder()
        .set_maximum_event_age_in_seconds(i32::try_from(target.retry_policy.maximum_event_age_in_seconds).ok())
        .set_maximum_retry_attempts(i32::try_from(target.retry_policy.maximum_retry_attempts).ok())
        .build();
    let queue =
        target.dead_letter_config.as_ref().map(|queue| aws::DeadLetterConfig::builder().arn(&queue.arn).build());
    aws::Target::builder()
        .arn(&target.arn)
        .role_arn(&target.role_arn)
        .input(&target.input)
        .retry_policy(retry)
        .set_dead_letter_config(queue)
        .build()
        .map_err(|error| impossible(&error))
}
