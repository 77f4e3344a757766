//! Amazon Bedrock. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html>

use std::marker::PhantomData;

use super::{Suffix, Task, choice, response, role_arn, step};
use crate::ir::expr::Expr;
use crate::shape::Shape;
use crate::value::{Arg, Typed, Value};

step! {
    /// Invokes a model and gives its answer, whose body has the shape `T`: `bedrock:invokeModel`. Request and answer have
    /// up to 256 KiB; larger ones are in S3.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Request {
    ///     #[serde(rename = "inputText")]
    ///     input_text: String,
    /// }
    /// #[derive(Shape)]
    /// struct Answer { embedding: Vec<f64> }
    ///
    /// Workflow::new("embed", |w, text: Value<String>| {
    ///     let request = RequestFields { input_text: text };
    ///     let step = bedrock::InvokeModel::<Answer>::new("amazon.titan-embed-text-v2:0", request);
    ///     w.run("Embed", step).body.embedding
    /// });
    /// ```
    InvokeModel<T> = "bedrock:invokeModel", RequestResponse {
        RequestResponse -> Reply<T>;
    }
}

step! {
    /// Makes a model of one's own out of another and waits for it: `bedrock:createModelCustomizationJob.sync`. Stopping
    /// the execution stops the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("tune", |w, name: Value<String>| {
    ///     let job = bedrock::CreateModelCustomizationJob::new(
    ///         text!("tune-{name}"), "amazon.titan-text-express-v1", name, "bedrock-tuning",
    ///         "s3://shop-training/in.jsonl", "s3://shop-training/out/",
    ///     );
    ///     w.run("Tune", job.hyper_parameter("epochCount", "2")).job_arn
    /// });
    /// ```
    CreateModelCustomizationJob = "bedrock:createModelCustomizationJob", RunJob {
        RunJob(Sync) -> CustomizationJob;
        RequestResponse -> CustomizationJob;
    }
}

/// The answer of a model.
#[derive(Clone, Copy, Debug)]
pub struct Reply<T>(PhantomData<fn() -> T>);

/// The fields of a [`Reply`].
#[derive(Clone, Copy, Debug)]
pub struct ReplyFields<T> {
    /// The body, or where it is in S3.
    pub body: Value<T>,
    /// Its type, such as `application/json`.
    pub content_type: Value<String>,
}

impl<T: Shape> Shape for Reply<T> {
    type Fields = ReplyFields<T>;

    fn fields(of: &Expr) -> ReplyFields<T> {
        ReplyFields { body: Value::of(of.field("Body")), content_type: Value::of(of.field("ContentType")) }
    }
}

response! {
    /// A job that makes a model. AWS doesn't document what else there is at the end of one.
    CustomizationJob => CustomizationJobFields {
        /// The job's ARN.
        job_arn: String = "JobArn",
    }
}

choice! {
    /// What is shown of how a guardrail has decided.
    Trace {
        /// What it has done.
        Enabled = "ENABLED",
        /// What it has done and what it has let pass.
        EnabledFull = "ENABLED_FULL",
        /// Nothing.
        Disabled = "DISABLED",
    }
}

choice! {
    /// How a model is made.
    CustomizationType {
        /// With requests and the answers that are wanted.
        FineTuning = "FINE_TUNING",
        /// With more text to read.
        ContinuedPreTraining = "CONTINUED_PRE_TRAINING",
        /// With the answers of a larger model.
        Distillation = "DISTILLATION",
        /// With marks for its answers.
        ReinforcementFineTuning = "REINFORCEMENT_FINE_TUNING",
    }
}

impl<T: Shape> InvokeModel<T> {
    /// A request to the model, or inference profile, of that id or ARN. What is in it depends on the model.
    pub fn new(model_id: impl Arg<String>, body: impl Typed) -> Self {
        Self::with(model_id, "Body", body.typed().expr())
    }

    /// A request that is an object of S3, by its URI: `s3://bucket/key`.
    pub fn from_s3(model_id: impl Arg<String>, uri: impl Arg<String>) -> Self {
        Self::with(model_id, "Input", s3(uri))
    }

    fn with(model_id: impl Arg<String>, member: &str, request: Expr) -> Self {
        let mut task = Task::new("bedrock:invokeModel", Suffix::None);
        task.set("ModelId", model_id.into_value().expr());
        task.set(member, request);
        Self { task, pattern: PhantomData }
    }
}

impl<T: Shape, P> InvokeModel<T, P> {
    /// Writes the answer to an object of S3, by its URI; the body says then where it is.
    pub fn output_s3(mut self, uri: impl Arg<String>) -> Self {
        self.task.set("Output", s3(uri));
        self
    }

    /// Guards request and answer with the guardrail of that id or ARN; the version is a number or `DRAFT`.
    pub fn guardrail(mut self, id: impl Arg<String>, version: impl Arg<String>) -> Self {
        self.task.set("GuardrailIdentifier", id.into_value().expr());
        self.task.set("GuardrailVersion", version.into_value().expr());
        self
    }

    /// What is shown of how the guardrail has decided.
    pub fn trace(mut self, trace: Trace) -> Self {
        self.task.set("Trace", trace.expr());
        self
    }

    /// The type of the request; `application/json` if nothing is said.
    pub fn content_type(mut self, mime: impl Arg<String>) -> Self {
        self.task.set("ContentType", mime.into_value().expr());
        self
    }

    /// The type that the answer shall have; `application/json` if nothing is said.
    pub fn accept(mut self, mime: impl Arg<String>) -> Self {
        self.task.set("Accept", mime.into_value().expr());
        self
    }
}

impl CreateModelCustomizationJob {
    /// A job of that name which makes the custom model out of the base model (an id or ARN), with the training data of an
    /// S3 URI, and writes what it has measured to another. The role, by its name or ARN, is Bedrock's for reading and
    /// writing these; the execution role is allowed to pass it on.
    pub fn new(
        job_name: impl Arg<String>,
        base_model: impl Arg<String>,
        custom_model_name: impl Arg<String>,
        role: &str,
        training_data: impl Arg<String>,
        output_data: impl Arg<String>,
    ) -> Self {
        let mut task = Task::new("bedrock:createModelCustomizationJob", Suffix::Sync);
        task.set("JobName", job_name.into_value().expr());
        task.set("BaseModelIdentifier", base_model.into_value().expr());
        task.set("CustomModelName", custom_model_name.into_value().expr());
        task.set("RoleArn", Expr::literal(role_arn(role)));
        task.set("TrainingDataConfig", s3(training_data));
        task.set("OutputDataConfig", s3(output_data));
        Self { task, pattern: PhantomData }
    }
}

impl<P> CreateModelCustomizationJob<P> {
    /// How the model is made; [`CustomizationType::FineTuning`] if nothing is said.
    pub fn customization_type(mut self, how: CustomizationType) -> Self {
        self.task.set("CustomizationType", how.expr());
        self
    }

    /// A parameter of the training, such as `epochCount`. Bedrock takes text only.
    pub fn hyper_parameter(mut self, name: &str, value: impl Arg<String>) -> Self {
        self.task.insert("HyperParameters", name, value.into_value().expr());
        self
    }

    /// Data to validate the model with, by its S3 URI. Up to ten.
    pub fn validation_data(mut self, uri: impl Arg<String>) -> Self {
        let mut list = Task::new("", Suffix::None);
        if let Some(validators) = self.task.get("ValidationDataConfig").map(|config| config.field("Validators")) {
            list.set("Validators", validators);
        }
        list.push("Validators", s3(uri));
        self.task.set("ValidationDataConfig", Expr::object(list.arguments));
        self
    }

    /// A tag of the job.
    pub fn job_tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.push("JobTags", tag(key, value));
        self
    }

    /// A tag of the new model.
    pub fn model_tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.push("CustomModelTags", tag(key, value));
        self
    }

    /// What makes a call that is sent twice start one job.
    pub fn client_request_token(mut self, token: impl Arg<String>) -> Self {
        self.task.set("ClientRequestToken", token.into_value().expr());
        self
    }
}

fn s3(uri: impl Arg<String>) -> Expr {
    Expr::object(vec![("S3Uri".to_owned(), uri.into_value().expr())])
}

fn tag(key: &str, value: impl Arg<String>) -> Expr {
    Expr::object(vec![("Key".to_owned(), Expr::literal(key)), ("Value".to_owned(), value.into_value().expr())])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::Step;
    use crate::service::testing::ran;
    use crate::shape::Json;

    const TITAN: &str = "amazon.titan-text-express-v1";
    const TITAN_ARN: &str = "bedrock:${AWS::Region}::foundation-model/amazon.titan-text-express-v1";

    #[test]
    fn a_model_is_invoked() {
        let step = InvokeModel::<Json>::new(TITAN, json!({ "inputText": "hello" }));
        let found = ran(step.guardrail("abc", "1").trace(Trace::EnabledFull));
        assert_eq!(found.resource, "bedrock:invokeModel");
        let expected = json!({
            "ModelId": TITAN,
            "Body": { "inputText": "hello" },
            "GuardrailIdentifier": "abc",
            "GuardrailVersion": "1",
            "Trace": "ENABLED_FULL",
        });
        assert_eq!(found.arguments, expected);
        let guardrail = ("bedrock:ApplyGuardrail", "bedrock:guardrail/abc");
        assert_eq!(found.rights(), [guardrail, ("bedrock:InvokeModel", TITAN_ARN)]);
    }

    #[test]
    fn objects_of_s3_are_read_and_written() {
        let found = ran(InvokeModel::<Json>::from_s3(TITAN, "s3://in/a.json").output_s3("s3://out/a.json"));
        assert_eq!(found.arguments["Input"], json!({ "S3Uri": "s3://in/a.json" }));
        assert_eq!(found.arguments["Output"], json!({ "S3Uri": "s3://out/a.json" }));
        let invoke = ("bedrock:InvokeModel", TITAN_ARN);
        assert_eq!(found.rights(), [invoke, ("s3:GetObject", "s3:::in/a.json"), ("s3:PutObject", "s3:::out/a.json")]);
    }

    #[test]
    fn computed_arguments_have_the_arns_of_their_kind() {
        let name = crate::value::execution::name();
        let model = "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/abc";
        let step = InvokeModel::<Json>::from_s3(name, name).allow([model, "arn:aws:s3:::in/*"]);
        assert_eq!(ran(step).rights(), [("bedrock:InvokeModel", model), ("s3:GetObject", "arn:aws:s3:::in/*")]);
    }

    fn tune() -> CreateModelCustomizationJob {
        CreateModelCustomizationJob::new("job", TITAN, "shop", "tuning", "s3://in/a.jsonl", "s3://out/")
    }

    #[test]
    fn a_model_is_made_and_its_job_stopped_with_the_execution() {
        let step = tune()
            .customization_type(CustomizationType::FineTuning)
            .hyper_parameter("epochCount", "2")
            .validation_data("s3://in/b.jsonl")
            .validation_data("s3://in/c.jsonl")
            .job_tag("team", "shop");
        let found = ran(step);
        assert_eq!(found.resource, "bedrock:createModelCustomizationJob.sync");
        let expected = json!({
            "JobName": "job",
            "BaseModelIdentifier": TITAN,
            "CustomModelName": "shop",
            "RoleArn": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/tuning",
            "TrainingDataConfig": { "S3Uri": "s3://in/a.jsonl" },
            "OutputDataConfig": { "S3Uri": "s3://out/" },
            "CustomizationType": "FINE_TUNING",
            "HyperParameters": { "epochCount": "2" },
            "ValidationDataConfig": { "Validators": [{ "S3Uri": "s3://in/b.jsonl" }, { "S3Uri": "s3://in/c.jsonl" }] },
            "JobTags": [{ "Key": "team", "Value": "shop" }],
        });
        assert_eq!(found.arguments, expected);
        let jobs = "bedrock:model-customization-job/*";
        let end = "bedrock:GetModelCustomizationJob bedrock:StopModelCustomizationJob";
        let made = format!("bedrock:custom-model/* {jobs} {TITAN_ARN}");
        assert_eq!(
            found.rights(),
            [
                (end, jobs),
                ("bedrock:CreateModelCustomizationJob", made.as_str()),
                ("iam:PassRole", "iam::${AWS::AccountId}:role/tuning"),
                ("bedrock:TagResource", jobs),
            ]
        );
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_made() {
        let found = ran(tune().request_response());
        assert_eq!(found.resource, "bedrock:createModelCustomizationJob");
        let actions: Vec<_> = found.rights().into_iter().map(|(actions, _)| actions).collect();
        assert_eq!(actions, ["bedrock:CreateModelCustomizationJob", "iam:PassRole"]);
    }
}
