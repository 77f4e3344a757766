//! A definition made ready to run: targets are found, paths and expressions parsed, once.

use std::rc::Rc;

use statewright::asl::{QueryLanguage, StateMachine};
use statewright::diag::Diagnostic;

use crate::jsonpath::Path;
use crate::reference::Reference;
use crate::scope::Payload;
use crate::template::{Jsonata, Template};

mod compile;
mod map;
mod rule;
mod task;

pub(crate) use map::{Batcher, Items, MapCode, ReaderCode, WriterCode};
pub(crate) use rule::{Condition, RuleCode, timestamp};
pub(crate) use task::{Call, TaskCode, Wire};

/// A state machine, a branch, or an item processor, made ready to run.
///
/// ```
/// use statewright::asl::StateMachine;
/// use statewright_simulate::program::Program;
///
/// let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#;
/// let problems = Program::compile(&StateMachine::from_text(text, "a.json")?, "a.json").unwrap_err();
/// assert_eq!(problems[0].code.id, "SW0901");
/// assert_eq!(problems[0].message, "`Next` of `A` names `B`, which is no state here");
/// # Ok::<(), statewright::diag::Diagnostic>(())
/// ```
#[derive(Debug)]
pub struct Program {
    pub(crate) states: Vec<Code>,
    pub(crate) start: usize,
    /// Of the whole execution, in seconds.
    pub(crate) timeout: Option<u64>,
    /// What can be reached in it and in the machines inside it, in the order of the definition.
    sites: Rc<[Site]>,
}

impl Program {
    /// Makes a definition ready to run.
    ///
    /// # Errors
    ///
    /// Everything that keeps it from running, with its place: `SW0901` a target that is no state, `SW0902` a path, an
    /// intrinsic function or an expression that is malformed, `SW0903` a field that is missing.
    pub fn compile(machine: &StateMachine, file: &str) -> Result<Rc<Self>, Vec<Diagnostic>> {
        compile::compile(machine, file)
    }

    /// The states of the whole definition, for coverage.
    #[must_use]
    pub fn sites(&self) -> &Rc<[Site]> {
        &self.sites
    }
}

/// A state of a definition, and how many ways there are through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The state's name.
    pub name: String,
    /// Its `Type`.
    pub kind: &'static str,
    /// A JSON pointer to it.
    pub pointer: String,
    /// For each rule of a Choice, and for its default, where it leads.
    pub choices: Vec<String>,
    /// For each Retrier, its errors.
    pub retriers: Vec<String>,
    /// For each Catcher, its errors.
    pub catchers: Vec<String>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct Code {
    pub name: Rc<str>,
    /// Its number among the sites.
    pub site: usize,
    pub language: QueryLanguage,
    pub kind: Kind,
    pub input_path: Selected,
    pub output_path: Selected,
    pub result_selector: Option<Template>,
    pub result_path: Place,
    pub assign: Option<Template>,
    pub output: Option<Template>,
    /// The state behind it; `None` if the machine ends there.
    pub next: Option<usize>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

impl Code {
    pub(crate) fn is_jsonata(&self) -> bool {
        self.language == QueryLanguage::Jsonata
    }
}

#[derive(Debug)]
pub(crate) enum Kind {
    Pass { result: Option<Payload>, parameters: Option<Template> },
    Task(Box<TaskCode>),
    Choice { rules: Vec<RuleCode>, default: Option<usize> },
    Wait(Until),
    Succeed,
    Fail { error: Option<Text>, cause: Option<Text> },
    Parallel { arguments: Option<Template>, branches: Vec<Rc<Program>> },
    Map(Box<MapCode>),
}

impl Kind {
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Pass { .. } => "Pass",
            Self::Task(_) => "Task",
            Self::Choice { .. } => "Choice",
            Self::Wait(_) => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail { .. } => "Fail",
            Self::Parallel { .. } => "Parallel",
            Self::Map(_) => "Map",
        }
    }
}

/// `InputPath`, `OutputPath`.
#[derive(Debug)]
pub(crate) enum Selected {
    All,
    /// `null`: `{}`.
    Nothing,
    At(Reference),
}

/// `ResultPath`.
#[derive(Debug)]
pub(crate) enum Place {
    All,
    /// `null`: the result is discarded.
    Discard,
    /// With the path as it is written.
    At(String, Path),
}

/// How long a Wait waits.
#[derive(Debug)]
pub(crate) enum Until {
    Seconds(Quantity),
    Timestamp(String),
    TimestampPath(Reference),
    TimestampExpression(Jsonata),
}

/// A number in one of its three spellings.
#[derive(Debug)]
pub(crate) enum Quantity {
    Number(f64),
    /// With the field, such as `SecondsPath`.
    Path(&'static str, Reference),
    Expression(Jsonata),
}

/// A text in one of its three spellings.
#[derive(Debug)]
pub(crate) enum Text {
    Constant(String),
    /// A path or an intrinsic function.
    Path(Template),
    Expression(Jsonata),
}

#[derive(Debug)]
pub(crate) struct Retrier {
    pub errors: Vec<String>,
    pub interval: f64,
    pub max_attempts: u64,
    pub backoff: f64,
    pub max_delay: Option<f64>,
    pub jitter: bool,
}

impl Retrier {
    /// The wait before a retry, from 1, in seconds and without jitter.
    pub(crate) fn delay(&self, attempt: u64) -> f64 {
        let times = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let delay = self.interval * self.backoff.powi(times);
        delay.min(self.max_delay.unwrap_or(f64::INFINITY)).min(99_999_999.0)
    }
}

#[derive(Debug)]
pub(crate) struct Catcher {
    pub errors: Vec<String>,
    pub result_path: Place,
    pub assign: Option<Template>,
    pub output: Option<Template>,
    pub next: usize,
}
