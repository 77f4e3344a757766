//! AWS Elemental MediaConvert. <https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html>

use std::marker::PhantomData;

use super::{Suffix, Task, arn, choice, response, role_arn, step};
use crate::ir::expr::Expr;
use crate::value::{Arg, Typed};

step! {
    /// Converts a video and waits for its end: `mediaconvert:createJob.sync`. Stopping the execution cancels the job.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Settings {
    ///     #[serde(rename = "Inputs")]
    ///     inputs: Vec<Input>,
    /// }
    /// #[derive(Shape)]
    /// struct Input {
    ///     #[serde(rename = "FileInput")]
    ///     file_input: String,
    /// }
    ///
    /// Workflow::new("convert", |w, video: Value<String>| {
    ///     let settings = SettingsFields { inputs: [InputFields { file_input: video }].into() };
    ///     let job = mediaconvert::CreateJob::new("video-convert", settings).job_template("web").queue("videos");
    ///     w.run("Convert", job).id
    /// });
    /// ```
    CreateJob = "mediaconvert:createJob", RunJob {
        RunJob(Sync) -> Job;
        RequestResponse -> Job;
    }
}

response! {
    /// A job.
    Job => JobFields {
        /// Its id.
        id: String = "Id",
        /// Its ARN.
        arn: String = "Arn",
        /// `COMPLETE` at the end: any other end fails the state.
        status: String = "Status",
    }
}

choice! {
    /// Whether a job may be converted in parallel, which is faster and dearer.
    Acceleration {
        /// No.
        Disabled = "DISABLED",
        /// Yes; a job that can't be fails.
        Enabled = "ENABLED",
        /// If it can be.
        Preferred = "PREFERRED",
    }
}

impl CreateJob {
    /// A job with these settings: an object with `Inputs` and `OutputGroups`, of which a template may give what is
    /// missing. The role, by its name or ARN, is that of MediaConvert for reading and writing the videos; the execution
    /// role is allowed to pass it on.
    pub fn new(role: &str, settings: impl Typed) -> Self {
        let mut task = Task::new("mediaconvert:createJob", Suffix::Sync);
        task.set("Role", Expr::literal(role_arn(role)));
        task.set("Settings", settings.typed().expr());
        task.envelope = &["Job"];
        Self { task, pattern: PhantomData }
    }
}

impl<P> CreateJob<P> {
    /// The queue of that name or ARN; the default one if nothing is said.
    pub fn queue(mut self, queue: &str) -> Self {
        self.task.set("Queue", Expr::literal(arn("mediaconvert", "queues/", queue)));
        self
    }

    /// The template of that name, for what the settings don't say. The execution role may then use any preset, since those
    /// of the template are not known.
    pub fn job_template(mut self, name: impl Arg<String>) -> Self {
        self.task.set("JobTemplate", name.into_value().expr());
        self
    }

    /// Its priority in the queue, -50 to 50.
    pub fn priority(mut self, priority: impl Arg<i64>) -> Self {
        self.task.set("Priority", priority.into_value().expr());
        self
    }

    /// Whether it may be converted in parallel; [`Acceleration::Disabled`] if nothing is said.
    pub fn acceleration(mut self, acceleration: Acceleration) -> Self {
        self.task.insert("AccelerationSettings", "Mode", acceleration.expr());
        self
    }

    /// Something that goes with the job, into its events too.
    pub fn user_metadata(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("UserMetadata", key, value.into_value().expr());
        self
    }

    /// A tag of the job.
    pub fn tag(mut self, key: &str, value: impl Arg<String>) -> Self {
        self.task.insert("Tags", key, value.into_value().expr());
        self
    }

    /// What makes a call that is sent twice start one job.
    pub fn client_request_token(mut self, token: impl Arg<String>) -> Self {
        self.task.set("ClientRequestToken", token.into_value().expr());
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::ran;

    const PASS: (&str, &str) = ("iam:PassRole", "iam::${AWS::AccountId}:role/convert");

    #[test]
    fn a_video_is_converted_and_its_job_cancelled_with_the_execution() {
        let settings = json!({ "OutputGroups": [{ "Outputs": [{ "Preset": "small" }] }] });
        let step = CreateJob::new("convert", settings.clone())
            .queue("videos")
            .priority(5)
            .acceleration(Acceleration::Preferred)
            .user_metadata("order", "1")
            .tag("team", "shop");
        let found = ran(step);
        assert_eq!(found.resource, "mediaconvert:createJob.sync");
        let queue = "arn:${AWS::Partition}:mediaconvert:${AWS::Region}:${AWS::AccountId}:queues/videos";
        let expected = json!({
            "Role": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/convert",
            "Settings": settings,
            "Queue": queue,
            "Priority": 5,
            "AccelerationSettings": { "Mode": "PREFERRED" },
            "UserMetadata": { "order": "1" },
            "Tags": { "team": "shop" },
        });
        assert_eq!(found.arguments, expected);
        let rule = "events:rule/StepFunctionsGetEventsForMediaConvertJobRule";
        assert_eq!(
            found.rights(),
            [
                ("events:DescribeRule events:PutRule events:PutTargets", rule),
                ("mediaconvert:CreateJob", "mediaconvert:presets/small mediaconvert:queues/videos"),
                ("mediaconvert:CancelJob mediaconvert:GetJob", "mediaconvert:jobs/*"),
                PASS,
                ("mediaconvert:TagResource", "mediaconvert:jobs/*"),
            ]
        );
    }

    #[test]
    fn what_is_not_waited_for_needs_no_more_than_to_be_created() {
        let found = ran(CreateJob::new("convert", json!({})).request_response());
        assert_eq!(found.resource, "mediaconvert:createJob");
        assert_eq!(found.rights(), [("mediaconvert:CreateJob", "mediaconvert:queues/Default"), PASS]);
    }

    #[test]
    fn a_template_has_presets_of_its_own() {
        let found = ran(CreateJob::new("convert", json!({})).job_template("web").request_response());
        let resources = "mediaconvert:jobTemplates/web mediaconvert:presets/* mediaconvert:queues/Default";
        assert_eq!(found.rights(), [("mediaconvert:CreateJob", resources), PASS]);
    }
}
