//! The context object: what an execution, an item and a task know about themselves.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>

use super::{Timestamp, Value};
use crate::ir::expr::{Context, Expr, Kind, Op};
use crate::shape::Shape;

fn context<T: Shape>(of: Context) -> Value<T> {
    Value::of(Expr::from(Kind::Context(of)))
}

/// What the execution knows about itself: the context object.
pub mod execution {
    use super::{Context, Expr, Op, Shape, Timestamp, Value, context};

    /// Its ARN.
    #[must_use]
    pub fn id() -> Value<String> {
        context(Context::ExecutionId)
    }

    /// Its name.
    #[must_use]
    pub fn name() -> Value<String> {
        context(Context::ExecutionName)
    }

    /// Its input, with the type that the caller knows it has. Items of a distributed Map are executions of their own: there it
    /// is the item.
    #[must_use]
    pub fn input<T: Shape>() -> Value<T> {
        context(Context::ExecutionInput)
    }

    /// The ARN of the role that it runs with.
    #[must_use]
    pub fn role_arn() -> Value<String> {
        context(Context::ExecutionRole)
    }

    /// When it was redriven last; absent if it was not.
    #[must_use]
    pub fn redrive_time() -> Value<Option<Timestamp>> {
        context(Context::RedriveTime)
    }

    /// When it started: the same at every read, after a redrive too.
    #[must_use]
    pub fn start() -> Value<Timestamp> {
        context(Context::ExecutionStart)
    }

    /// How often it has been redriven.
    #[must_use]
    pub fn redrive_count() -> Value<i64> {
        // Not every engine has it before the first redrive.
        Value::call(Op::OrElse, [context::<i64>(Context::RedriveCount).expr(), Expr::literal(0)])
    }

    /// The ARN of its state machine.
    #[must_use]
    pub fn state_machine_id() -> Value<String> {
        context(Context::StateMachineId)
    }

    /// The name of its state machine.
    #[must_use]
    pub fn state_machine_name() -> Value<String> {
        context(Context::StateMachineName)
    }

    /// The name of the state that reads it.
    #[must_use]
    pub fn state_name() -> Value<String> {
        context(Context::StateName)
    }

    /// When the state that reads it was entered.
    #[must_use]
    pub fn state_entered() -> Value<Timestamp> {
        context(Context::StateEntered)
    }

    /// How often the state that reads it has been retried.
    #[must_use]
    pub fn retry_count() -> Value<i64> {
        context(Context::RetryCount)
    }
}

/// What an item of a Map knows.
pub mod map {
    use super::{Context, Shape, Value, context};

    /// Its place in the list, from 0. Only in the block of an item.
    #[must_use]
    pub fn index() -> Value<i64> {
        context(Context::MapIndex)
    }

    /// The item as it is in the list, with the type that the caller knows it has. Only in the block of an item.
    #[must_use]
    pub fn item<T: Shape>() -> Value<T> {
        context(Context::MapValue)
    }

    /// The name of its field, where a Map runs over the fields of an object. Only in the block of an item.
    #[must_use]
    pub fn key() -> Value<Option<String>> {
        context(Context::MapKey)
    }

    /// Where an item of a distributed Map is from: `STATE_DATA`, or the S3 URI of the object that it was read from. Only in
    /// the block of an item.
    #[must_use]
    pub fn source() -> Value<Option<String>> {
        context(Context::MapSource)
    }
}

/// What a task that waits for a callback knows.
pub mod task {
    use super::{Context, Value, context};

    /// The token with which a worker reports the task's end, by `SendTaskSuccess` or `SendTaskFailure`.
    /// Only in the arguments of a step with `wait_for_task_token`.
    #[must_use]
    pub fn token() -> Value<String> {
        context(Context::TaskToken)
    }
}
