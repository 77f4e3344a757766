//! Amazon SageMaker. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html>
//!
//! What a request has inside its members is given as an object, with the names of the API. A role that SageMaker works
//! with is given by its name or ARN; the execution role is allowed to pass it on.

use std::marker::PhantomData;

use super::{Suffix, Task, role_arn, step};
use crate::ir::expr::Expr;
use crate::value::{Arg, Typed};

mod answer;

pub use answer::*;

step! {
    /// Trains a model and waits for its end: `sagemaker:createTrainingJob.sync`. Stopping the execution stops the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("train", |w, name: Value<String>| {
    ///     let job = sagemaker::CreateTrainingJob::new(text!("shop-{name}"), "training", json!({ "S3OutputPath": "s3://shop/out" }))
    ///         .argument("AlgorithmSpecification", json!({
    ///             "TrainingImage": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/train:1", "TrainingInputMode": "File",
    ///         }))
    ///         .argument("ResourceConfig", json!({ "InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20 }))
    ///         .argument("StoppingCondition", json!({ "MaxRuntimeInSeconds": 3600 }))
    ///         .hyper_parameter("epochs", "10");
    ///     w.run("Train", job).model_artifacts.s3_model_artifacts
    /// });
    /// ```
    CreateTrainingJob = "sagemaker:createTrainingJob", RunJob {
        RunJob(Sync) -> TrainingJob;
        RequestResponse -> CreatedTrainingJob;
    }
}

step! {
    /// Runs a model over a set of data and waits for its end: `sagemaker:createTransformJob.sync`. Stopping the execution
    /// stops the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("score", |w, name: Value<String>| {
    ///     let source = json!({ "DataSource": { "S3DataSource": { "S3DataType": "S3Prefix", "S3Uri": "s3://shop/in" } } });
    ///     let resources = json!({ "InstanceType": "ml.m5.large", "InstanceCount": 1 });
    ///     let out = json!({ "S3OutputPath": "s3://shop/out" });
    ///     let job = sagemaker::CreateTransformJob::new(text!("score-{name}"), "shop", source, out, resources);
    ///     w.run("Score", job).transform_job_arn
    /// });
    /// ```
    CreateTransformJob = "sagemaker:createTransformJob", RunJob {
        RunJob(Sync) -> TransformJob;
        RequestResponse -> CreatedTransformJob;
    }
}

step! {
    /// Runs a container over data and waits for its end: `sagemaker:createProcessingJob.sync`. Stopping the execution stops
    /// the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("prepare", |w, name: Value<String>| {
    ///     let image = json!({ "ImageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/prepare:1" });
    ///     let cluster = json!({ "InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20 });
    ///     let resources = json!({ "ClusterConfig": cluster });
    ///     let job = sagemaker::CreateProcessingJob::new(text!("prepare-{name}"), "processing", image, resources);
    ///     w.run("Prepare", job.environment("LEVEL", "info")).processing_job_arn
    /// });
    /// ```
    CreateProcessingJob = "sagemaker:createProcessingJob", RunJob {
        RunJob(Sync) -> ProcessingJob;
        RequestResponse -> CreatedProcessingJob;
    }
}

step! {
    /// Looks for the best parameters by training many times, and waits for its end:
    /// `sagemaker:createHyperParameterTuningJob.sync`. Stopping the execution stops the job. The role of the training jobs is in
    /// their definition.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("tune", |w, name: Value<String>| {
    ///     let limits = json!({ "MaxNumberOfTrainingJobs": 10, "MaxParallelTrainingJobs": 2 });
    ///     let job = sagemaker::CreateHyperParameterTuningJob::new(
    ///         text!("tune-{name}"),
    ///         json!({ "Strategy": "Bayesian", "ResourceLimits": limits }),
    ///     );
    ///     let training = json!({ "RoleArn": "arn:aws:iam::123456789012:role/training" });
    ///     w.run("Tune", job.training_job(training)).best_training_job
    /// });
    /// ```
    CreateHyperParameterTuningJob = "sagemaker:createHyperParameterTuningJob", RunJob {
        RunJob(Sync) -> TuningJob;
        RequestResponse -> CreatedTuningJob;
    }
}

step! {
    /// Has people label data and waits for its end: `sagemaker:createLabelingJob.sync`. Stopping the execution stops the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("label", |w, name: Value<String>| {
    ///     let input = json!({ "DataSource": { "S3DataSource": { "ManifestS3Uri": "s3://shop/in.json" } } });
    ///     let output = json!({ "S3OutputPath": "s3://shop/out" });
    ///     let people = json!({ "TaskTitle": "Is it a shoe?" });
    ///     let job = sagemaker::CreateLabelingJob::new(text!("label-{name}"), "labeling", "shoe", input, output, people);
    ///     w.run("Label", job).labeling_job_arn
    /// });
    /// ```
    CreateLabelingJob = "sagemaker:createLabelingJob", RunJob {
        RunJob(Sync) -> LabelingJob;
        RequestResponse -> CreatedLabelingJob;
    }
}

step! {
    /// Creates a model out of a container and what has been trained: `sagemaker:createModel`.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("model", |w, name: Value<String>| {
    ///     let container = json!({ "Image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/serve:1" });
    ///     let model = sagemaker::CreateModel::new(text!("shop-{name}"), "serving");
    ///     w.run("CreateModel", model.primary_container(container)).model_arn
    /// });
    /// ```
    CreateModel = "sagemaker:createModel", RequestResponse {
        RequestResponse -> CreatedModel;
    }
}

step! {
    /// Describes which models an endpoint has and on what: `sagemaker:createEndpointConfig`.
    ///
    /// ```
    /// use statewright::prelude::*;
    /// use serde_json::json;
    ///
    /// Workflow::new("config", |w, name: Value<String>| {
    ///     let variant = json!({ "VariantName": "all", "ModelName": "shop", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1 });
    ///     let config = sagemaker::CreateEndpointConfig::new(text!("shop-{name}"), variant);
    ///     w.run("CreateConfig", config).endpoint_config_arn
    /// });
    /// ```
    CreateEndpointConfig = "sagemaker:createEndpointConfig", RequestResponse {
        RequestResponse -> CreatedEndpointConfig;
    }
}

step! {
    /// Creates an endpoint, and doesn't wait for it: `sagemaker:createEndpoint`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("endpoint", |w, version: Value<String>| {
    ///     let endpoint = sagemaker::CreateEndpoint::new("shop", text!("shop-{version}"));
    ///     w.run("Create", endpoint).endpoint_arn
    /// });
    /// ```
    CreateEndpoint = "sagemaker:createEndpoint", RequestResponse {
        RequestResponse -> Endpoint;
    }
}

step! {
    /// Gives an endpoint another configuration, and doesn't wait for it: `sagemaker:updateEndpoint`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("endpoint", |w, version: Value<String>| {
    ///     let endpoint = sagemaker::UpdateEndpoint::new("shop", text!("shop-{version}"));
    ///     w.run("Update", endpoint.argument("RetainDeploymentConfig", true)).endpoint_arn
    /// });
    /// ```
    UpdateEndpoint = "sagemaker:updateEndpoint", RequestResponse {
        RequestResponse -> Endpoint;
    }
}

impl CreateTrainingJob {
    /// A job of that name with that role, which writes the model to a place such as `{ "S3OutputPath": … }`.
    pub fn new(name: impl Arg<String>, role: &str, output: impl Typed) -> Self {
        let mut task = Task::new("sagemaker:createTrainingJob", Suffix::Sync);
        task.set("TrainingJobName", name.into_value().expr());
        task.set("RoleArn", Expr::literal(role_arn(role)));
        task.set("OutputDataConfig", output.typed().expr());
        Self { task, pattern: PhantomData }
    }
}

impl CreateTransformJob {
    /// A job of that name with the model of that name: `TransformInput`, `TransformOutput` and `TransformResources`.
    pub fn new(
        name: impl Arg<String>,
        model: impl Arg<String>,
        input: impl Typed,
        output: impl Typed,
        resources: impl Typed,
    ) -> Self {
        let mut task = Task::new("sagemaker:createTransformJob", Suffix::Sync);
        task.set("TransformJobName", name.into_value().expr());
        task.set("ModelName", model.into_value().expr());
        task.set("TransformInput", input.typed().expr());
        task.set("TransformOutput", output.typed().expr());
        task.set("TransformResources", resources.typed().expr());
        Self { task, pattern: PhantomData }
    }
}

impl CreateProcessingJob {
    /// A job of that name with that role: `AppSpecification` and `ProcessingResources`.
    pub fn new(name: impl Arg<String>, role: &str, app: impl Typed, resources: impl Typed) -> Self {
        let mut task = Task::new("sagemaker:createProcessingJob", Suffix::Sync);
        task.set("ProcessingJobName", name.into_value().expr());
        task.set("RoleArn", Expr::literal(role_arn(role)));
        task.set("AppSpecification", app.typed().expr());
        task.set("ProcessingResources", resources.typed().expr());
        Self { task, pattern: PhantomData }
    }
}

impl CreateHyperParameterTuningJob {
    /// A job of that name: `HyperParameterTuningJobConfig`.
    pub fn new(name: impl Arg<String>, config: impl Typed) -> Self {
        let mut task = Task::new("sagemaker:createHyperParameterTuningJob", Suffix::Sync);
        task.set("HyperParameterTuningJobName", name.into_value().expr());
        task.set("HyperParameterTuningJobConfig", config.typed().expr());
        Self { task, pattern: PhantomData }
    }
}

impl CreateLabelingJob {
    /// A job of that name with that role, which writes labels as the attribute: `InputConfig`, `OutputConfig` and
    /// `HumanTaskConfig`.
    pub fn new(
        name: impl Arg<String>,
        role: &str,
        attribute: impl Arg<String>,
        input: impl Typed,
        output: impl Typed,
        people: impl Typed,
    ) -> Self {
        let mut task = Task::new("sagemaker:createLabelingJob", Suffix::Sync);
        task.set("LabelingJobName", name.into_value().expr());
        task.set("RoleArn", Expr::literal(role_arn(role)));
        task.set("LabelAttributeName", attribute.into_value().expr());
        task.set("InputConfig", input.typed().expr());
        task.set("OutputConfig", output.typed().expr());
        task.set("HumanTaskConfig", people.typed().expr());
        Self { task, pattern: PhantomData }
    }
}

impl CreateModel {
    /// A model of that name with that role.
    pub fn new(name: impl Arg<String>, role: &str) -> Self {
        let mut task = Task::new("sagemaker:createModel", Suffix::None);
        task.set("ModelName", name.into_value().expr());
        task.set("ExecutionRoleArn", Expr::literal(role_arn(role)));
        Self { task, pattern: PhantomData }
    }
}

impl CreateEndpoint {
    /// An endpoint of that name with the configuration of that name.
    pub fn new(name: impl Arg<String>, config: impl Arg<String>) -> Self {
        let mut task = Task::new("sagemaker:createEndpoint", Suffix::None);
        task.set("EndpointName", name.into_value().expr());
        task.set("EndpointConfigName", config.into_value().expr());
        Self { task, pattern: PhantomData }
    }
}

impl UpdateEndpoint {
    /// The endpoint of that name, with the configuration of that name.
    pub fn new(name: impl Arg<String>, config: impl Arg<String>) -> Self {
        let mut task = Task::new("sagemaker:updateEndpoint", Suffix::None);
        task.set("EndpointName", name.into_value().expr());
        task.set("EndpointConfigName", config.into_value().expr());
        Self { task, pattern: PhantomData }
    }
}

impl CreateEndpointConfig {
    /// A configuration of that name with a variant of a model.
    pub fn new(name: impl Arg<String>, variant: impl Typed) -> Self {
        let mut task = Task::new("sagemaker:createEndpointConfig", Suffix::None);
        task.set("EndpointConfigName", name.into_value().expr());
        Self { task, pattern: PhantomData }.variant(variant)
    }
}

impl<P> CreateEndpointConfig<P> {
    /// One more variant.
    pub fn variant(mut self, variant: impl Typed) -> Self {
        self.task.push("ProductionVariants", variant.typed().expr());
        self
    }
}

impl<P> CreateModel<P> {
    /// Its container: an object with `Image` and `ModelDataUrl`.
    pub fn primary_container(mut self, container: impl Typed) -> Self {
        self.task.set("PrimaryContainer", container.typed().expr());
        self
    }
}

impl<P> CreateHyperParameterTuningJob<P> {
    /// What each training job is like: `TrainingJobDefinition`, with `RoleArn`.
    pub fn training_job(mut self, definition: impl Typed) -> Self {
        self.task.set("TrainingJobDefinition", definition.typed().expr());
        self
    }
}

impl<P> CreateTrainingJob<P> {
    /// A parameter of the algorithm. SageMaker takes text only.
    pub fn hyper_parameter(mut self, name: &str, value: impl Arg<String>) -> Self {
        self.task.insert("HyperParameters", name, value.into_value().expr());
        self
    }

    /// Data to train with: an object with `ChannelName` and `DataSource`.
    pub fn input(mut self, channel: impl Typed) -> Self {
        self.task.push("InputDataConfig", channel.typed().expr());
        self
    }
}

macro_rules! environment {
    ($($name:ident)+) => {
        $(impl<P> $name<P> {
            /// An environment variable of the container.
            pub fn environment(mut self, name: &str, value: impl Arg<String>) -> Self {
                self.task.insert("Environment", name, value.into_value().expr());
                self
            }
        })+
    };
}
environment!(CreateTrainingJob CreateTransformJob CreateProcessingJob);

macro_rules! tags {
    ($($name:ident)+) => {
        $(impl<P> $name<P> {
            /// A tag.
            pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
                let pair = vec![("Key".to_owned(), Expr::literal(key)), ("Value".to_owned(), value.into_value().expr())];
                self.task.push("Tags", Expr::object(pair));
                self
            }
        })+
    };
}
tags!(CreateTrainingJob CreateTransformJob CreateProcessingJob CreateHyperParameterTuningJob CreateLabelingJob);
tags!(CreateModel CreateEndpointConfig CreateEndpoint);

#[cfg(test)]
mod tests;
