//! The services that Step Functions can call.

use std::fmt;

use crate::action::Action;
use crate::blob;
use crate::shape::Shape;

/// Which of the two kinds of integration a service is called through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Integration {
    /// `states:::aws-sdk:SERVICE:ACTION`, spelled as the AWS SDK for Java v2 spells it.
    Sdk,
    /// `states:::SERVICE:API`, where only the first letter of a member is made large.
    Optimized,
}

/// A service with its actions. Copying it copies a reference.
///
/// ```
/// let rds = statewright_model::service("rds").expect("a service");
/// assert_eq!(rds.prefix(), "Rds");
/// let action = rds.action("describeDBInstances").expect("an action");
/// let input = action.input().expect("a request");
/// assert!(input.member("DbInstanceIdentifier").is_some());
/// ```
#[derive(Clone, Copy)]
pub struct Service(&'static Data);

/// What is read of a service at its first use.
#[derive(Debug)]
pub(crate) struct Data {
    integration: Integration,
    name: &'static str,
    head: [&'static str; 3],
    lines: &'static [&'static str],
    errors: usize,
    actions: usize,
}

/// The names of the services of `aws-sdk:` integrations, in order.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html>
///
/// ```
/// assert_eq!(statewright_model::services().count(), 366);
/// ```
pub fn services() -> impl Iterator<Item = &'static str> {
    blob::under("sdk/")
}

/// The names of the optimized integrations' services, in order.
/// <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html>
///
/// ```
/// assert_eq!(statewright_model::optimized_services().next(), Some("apigateway"));
/// ```
pub fn optimized_services() -> impl Iterator<Item = &'static str> {
    blob::under("optimized/")
}

/// The names that stood for a service once, which AWS has ended since.
pub fn retired_services() -> impl Iterator<Item = &'static str> {
    blob::find("retired").into_iter().flat_map(|section| section.lines().iter().copied())
}

/// A service of `aws-sdk:` integrations, by its name in a `Resource`, such as `dynamodb`. Reads its data at the first call.
#[must_use]
pub fn service(name: &str) -> Option<Service> {
    Service::find(Integration::Sdk, name)
}

/// A service of optimized integrations, by its name in a `Resource`, such as `elasticmapreduce`.
///
/// ```
/// let states = statewright_model::optimized("states").expect("a service");
/// assert!(states.action("startExecution").is_some());
/// ```
#[must_use]
pub fn optimized(name: &str) -> Option<Service> {
    Service::find(Integration::Optimized, name)
}

impl Data {
    fn read(integration: Integration, section: &'static blob::Section) -> Option<Self> {
        let lines = section.lines();
        let mut head = lines.first()?.split('\t');
        let mut field = || head.next();
        let (prefix, api, iam) = (field()?, field()?, field()?);
        let (errors, actions) = (field()?.parse().ok()?, field()?.parse().ok()?);
        let name = section.name.split_once('/')?.1;
        Some(Self { integration, name, head: [prefix, api, iam], lines, errors, actions })
    }
}

impl Service {
    /// A service of either kind.
    #[must_use]
    pub fn find(integration: Integration, name: &str) -> Option<Self> {
        let folder = match integration {
            Integration::Sdk => "sdk",
            Integration::Optimized => "optimized",
        };
        let section = blob::find(&format!("{folder}/{name}"))?;
        section.service.get_or_init(|| Data::read(integration, section)).as_ref().map(Self)
    }

    /// Its name in a `Resource`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// The kind of its integrations.
    #[must_use]
    pub fn integration(&self) -> Integration {
        self.0.integration
    }

    /// What stands before the name of its errors: `DynamoDb` here, `DynamoDB` for the optimized integration.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.0.head[0]
    }

    /// Its prefix in IAM actions, where one is known.
    #[must_use]
    pub fn iam_prefix(&self) -> Option<&'static str> {
        Some(self.0.head[2]).filter(|prefix| !prefix.is_empty() && *prefix != "?")
    }

    /// Whether no page of AWS shows an error of the service, so that its [prefix](Self::prefix) is a guess.
    #[must_use]
    pub fn is_prefix_guessed(&self) -> bool {
        self.0.head[2] == "?"
    }

    /// Its actions, in the order of their names.
    pub fn actions(&self) -> impl Iterator<Item = Action> + use<> {
        let service = *self;
        (0..self.0.actions).filter_map(move |index| Action::at(service, index))
    }

    /// An action by its name in a `Resource`, such as `runTask`.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<Action> {
        let lines = self.0.lines.get(1 + self.0.errors..1 + self.0.errors + self.0.actions)?;
        let index = lines.binary_search_by(|line| line.split('\t').next().unwrap_or_default().cmp(name)).ok()?;
        Action::at(*self, index)
    }

    /// The errors of all its actions, without the prefix: as Step Functions spells them, and as the API does.
    pub fn errors(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let lines = self.0.lines.get(1..=self.0.errors).unwrap_or_default();
        lines.iter().map(|line| line.split_once('\t').unwrap_or((line, line)))
    }

    /// An error by its number.
    pub(crate) fn error(self, index: usize) -> Option<&'static str> {
        if index >= self.0.errors {
            return None;
        }
        self.0.lines.get(1 + index)?.split('\t').next()
    }

    /// The line of an action.
    pub(crate) fn action_line(self, index: usize) -> Option<&'static str> {
        if index >= self.0.actions {
            return None;
        }
        self.0.lines.get(1 + self.0.errors + index).copied()
    }

    /// A shape by its number, as text.
    pub(crate) fn shape(self, number: &str) -> Option<Shape> {
        let index: usize = number.parse().ok()?;
        let line = self.0.lines.get(1 + self.0.errors + self.0.actions + index)?;
        Some(Shape::new(self, index, line))
    }

    /// How many shapes there are.
    #[must_use]
    pub fn shapes(&self) -> usize {
        self.0.lines.len().saturating_sub(1 + self.0.errors + self.0.actions)
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("integration", &self.0.integration)
            .field("name", &self.0.name)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Service {
    fn eq(&self, other: &Self) -> bool {
        (self.0.integration, self.0.name) == (other.0.integration, other.0.name)
    }
}

impl Eq for Service {}
