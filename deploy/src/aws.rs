//! AWS through its SDK. Nothing outside this module names the SDK.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::{Builder, tls};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value as Json;
use statewright::bundle::{Manifest, Target};

use crate::error::{Error, Exit, Result};
use crate::resource::{self, APP_TAG, Key, Kind, Resources, WORKFLOW_TAG};

mod execution;
mod lock;
mod log_group;
mod machine;
mod redrive;
mod refusal;
mod role;
mod schedule;
mod schedule_group;
mod table;

pub use execution::{End, Event, Look, Started};
pub use lock::Item;
pub use redrive::{Answer, Trace};
use refusal::refused;

/// So many calls at the same time: enough to be quick, few enough for IAM.
const CONCURRENCY: usize = 5;

/// So many state machines of others are asked whose they are in any case.
const FEW: usize = 50;

/// Where and as whom AWS is called; what is `None` is found as the SDK finds it.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A profile of the shared configuration.
    pub profile: Option<String>,
    /// A region.
    pub region: Option<String>,
    /// Another endpoint than AWS's own, for all services.
    pub endpoint_url: Option<String>,
}

/// The services, as one identity in one account and region.
#[derive(Clone, Debug)]
pub struct Aws {
    sfn: aws_sdk_sfn::Client,
    scheduler: aws_sdk_scheduler::Client,
    iam: aws_sdk_iam::Client,
    logs: aws_sdk_cloudwatchlogs::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    /// Account, region and partition.
    pub target: Target,
}

impl Aws {
    /// Finds credentials and region, and asks AWS who that is.
    ///
    /// # Errors
    ///
    /// If there are none, if AWS does not know them, or if it can't be reached.
    pub async fn connect(options: &Options) -> Result<Self> {
        let http =
            Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .operation_attempt_timeout(Duration::from_secs(30))
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(5));
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(url) = &options.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let config = loader.load().await;
        let region = config.region().map(ToString::to_string).ok_or_else(|| {
            Error::new(Exit::Credentials, "no region is set", "set AWS_REGION, or give `--region eu-central-1`, say")
        })?;
        let identity = aws_sdk_sts::Client::new(&config)
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| refused("find out whose credentials these are", error))?;
        let arn = identity.arn().unwrap_or_default();
        let target = Target {
            partition: arn.split(':').nth(1).unwrap_or("aws").to_owned(),
            region,
            account_id: identity.account().unwrap_or_default().to_owned(),
        };
        Ok(Self {
            sfn: aws_sdk_sfn::Client::new(&config),
            scheduler: aws_sdk_scheduler::Client::new(&config),
            iam: aws_sdk_iam::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            target,
        })
    }

    /// Reads what there is of what is wanted, what else there is of the same workflows, and, if the search is `thorough`,
    /// what there is of workflows that are gone. That asks each other state machine of the account whose it is, of
    /// which AWS answers a hundred at once and then one a second.
    ///
    /// # Errors
    ///
    /// If a call is refused.
    pub async fn live(&self, app: &str, wanted: &Resources, thorough: bool) -> Result<Resources> {
        let mut found = self.read_all(app, wanted.keys().cloned().collect()).await?;
        let group = Key::new(Kind::ScheduleGroup, app);
        if !wanted.contains_key(&group) {
            found.extend(self.read_all(app, vec![group.clone()]).await?);
        }
        let mut others = Vec::new();
        if found.contains_key(&group) {
            others.extend(self.schedules_in(app).await?.into_iter().map(|name| Key::new(Kind::Schedule, name)));
        }
        let machines = |key: &&Key| key.kind == Kind::StateMachine;
        others.extend(wanted.keys().filter(machines).flat_map(|key| self.keys_of(&key.name)));
        let mut unknown = self.machines().await?;
        unknown.retain(|name| !wanted.contains_key(&Key::new(Kind::StateMachine, name)));
        if thorough || unknown.len() <= FEW {
            let reads = stream::iter(unknown).map(|name| async move { Ok((self.machine_tags(&name).await, name)) });
            let found: Vec<(Result<Json>, String)> = reads.buffer_unordered(CONCURRENCY).try_collect().await?;
            for (tags, name) in found {
                let tags = match tags {
                    // Somebody else's, since our own can be read.
                    Err(error) if error.exit == Exit::Permission => continue,
                    tags => tags?,
                };
                if tags[APP_TAG].as_str() == Some(app) && tags[WORKFLOW_TAG].as_str() == Some(&name) {
                    others.extend(self.keys_of(&name));
                }
            }
        }
        others.retain(|key| !wanted.contains_key(key));
        found.extend(self.read_all(app, others).await?);
        Ok(found)
    }

    /// Everything but its schedules that a workflow could have been deployed with.
    fn keys_of(&self, workflow: &str) -> Vec<Key> {
        use statewright::bundle::{log_group_name, role_name};
        let role = |kind| Key::new(Kind::Role, self.target.fill(&role_name(workflow, kind)));
        vec![
            Key::new(Kind::LogGroup, log_group_name(workflow)),
            role("execution"),
            role("scheduler"),
            Key::new(Kind::StateMachine, workflow),
        ]
    }

    async fn read_all(&self, app: &str, keys: Vec<Key>) -> Result<Resources> {
        let reads = stream::iter(keys).map(|key| async move { Ok((self.read(app, &key).await?, key)) });
        let found: Vec<(Option<Json>, Key)> = reads.buffer_unordered(CONCURRENCY).try_collect().await?;
        Ok(found.into_iter().filter_map(|(attributes, key)| Some((key, attributes?))).collect())
    }

    async fn read(&self, app: &str, key: &Key) -> Result<Option<Json>> {
        match key.kind {
            Kind::ScheduleGroup => self.read_schedule_group(&key.name).await,
            Kind::LogGroup => self.read_log_group(&key.name).await,
            Kind::Table => self.read_table(&key.name).await,
            Kind::Role => self.read_role(&key.name).await,
            Kind::StateMachine => self.read_machine(&key.name).await,
            Kind::Schedule => self.read_schedule(&key.name, app).await,
        }
    }

    /// Creates a resource.
    ///
    /// # Errors
    ///
    /// If a call is refused.
    pub async fn create(&self, key: &Key, attributes: &Json) -> Result<()> {
        match key.kind {
            Kind::ScheduleGroup => self.create_schedule_group(&key.name, attributes).await,
            Kind::LogGroup => self.create_log_group(&key.name, attributes).await,
            Kind::Table => self.create_table(&key.name, attributes).await,
            Kind::Role => self.create_role(&key.name, attributes).await,
            Kind::StateMachine => self.create_machine(&key.name, attributes).await,
            Kind::Schedule => self.create_schedule(&key.name, attributes).await,
        }
    }

    /// Brings a resource from what it is to what is wanted.
    ///
    /// # Errors
    ///
    /// If a call is refused.
    pub async fn update(&self, key: &Key, before: &Json, attributes: &Json) -> Result<()> {
        match key.kind {
            Kind::ScheduleGroup => self.tag_schedule_group(&key.name, attributes).await,
            Kind::LogGroup => self.update_log_group(&key.name, attributes).await,
            Kind::Table => self.update_table(&key.name, before, attributes).await,
            Kind::Role => self.update_role(&key.name, before, attributes).await,
            Kind::StateMachine => self.update_machine(&key.name, before, attributes).await,
            Kind::Schedule => self.update_schedule(&key.name, attributes).await,
        }
    }

    /// Deletes a resource; one that is gone already is fine.
    ///
    /// # Errors
    ///
    /// If a call is refused.
    pub async fn delete(&self, key: &Key, before: &Json) -> Result<()> {
        match key.kind {
            Kind::ScheduleGroup => self.delete_schedule_group(&key.name).await,
            Kind::LogGroup => self.delete_log_group(&key.name).await,
            // It is shared, and no plan deletes it.
            Kind::Table => Ok(()),
            Kind::Role => self.delete_role(&key.name, before).await,
            Kind::StateMachine => self.delete_machine(&key.name).await,
            Kind::Schedule => self.delete_schedule(&key.name, before).await,
        }
    }

    /// Everything that a manifest wants here and now.
    #[must_use]
    pub fn wanted(&self, manifest: &Manifest) -> Resources {
        let mut wanted = resource::wanted(manifest, &self.target);
        let schedules = wanted.iter_mut().filter(|(key, _)| key.kind == Kind::Schedule);
        schedules.for_each(|(_, attributes)| schedule::drop_past_start(attributes));
        wanted
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let Target { partition, region, account_id } = &self.target;
        format!("arn:{partition}:{service}:{region}:{account_id}:{resource}")
    }
}

/// Tags as an object.
fn tags<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Json {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), Json::from(value))).collect()
}

/// The pairs of an object of tags.
fn tag_pairs(attributes: &Json) -> Vec<(String, String)> {
    let tags = attributes["Tags"].as_object().into_iter().flatten();
    tags.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

/// A text among the attributes, which a plan has made.
fn text<'a>(attributes: &'a Json, name: &str) -> &'a str {
    attributes[name].as_str().unwrap_or_default()
}
