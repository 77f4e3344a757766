//! The results of child executions: what is exported, and what the state's output is.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>

use serde_json::{Map, Value as Json, json};

use super::reader::names;

/// Where and how results are written. The fields are evaluated already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// The bucket.
    pub bucket: String,
    /// What the keys begin with.
    pub prefix: Option<String>,
    /// What is written of each child.
    pub transformation: Transform,
    /// The format of the files.
    pub output_type: OutputType,
}

names! {
    /// What is told of each child that succeeded. Of others everything is told.
    Transform {
        /// Everything that is known of it.
        None = "NONE",
        /// Its output.
        Compact = "COMPACT",
        /// Its output; if that is an array, its items.
        Flatten = "FLATTEN",
    }

    /// The format of the files.
    OutputType {
        /// An array.
        Json = "JSON",
        /// A JSON text a line.
        Jsonl = "JSONL",
    }

    /// How a child ended.
    Status {
        /// It succeeded.
        Succeeded = "SUCCEEDED",
        /// It failed.
        Failed = "FAILED",
        /// It took too long.
        TimedOut = "TIMED_OUT",
        /// It was aborted.
        Aborted = "ABORTED",
        /// It was not started, since the Map Run ended before.
        Pending = "PENDING",
    }
}

/// A child execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Its ARN.
    pub execution_arn: String,
    /// Its name.
    pub name: String,
    /// The ARN of its state machine, which names the Map.
    pub state_machine_arn: String,
    /// How it ended.
    pub status: Status,
    /// What it got.
    pub input: Json,
    /// What it gave, if it succeeded.
    pub output: Option<Json>,
    /// Why it failed.
    pub error: Option<String>,
    /// More on why it failed.
    pub cause: Option<String>,
    /// When it was started, in milliseconds since 1970.
    pub start_millis: Option<i64>,
    /// When it ended, in milliseconds since 1970.
    pub stop_millis: Option<i64>,
    /// How often it was redriven.
    pub redrive_count: u64,
}

impl Child {
    /// Everything that is known of it.
    fn record(&self) -> Json {
        let mut record = Map::new();
        let mut field = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                record.insert(name.to_owned(), value);
            }
        };
        let included = || Some(json!({ "Included": true }));
        field("Cause", self.cause.as_deref().map(Json::from));
        field("Error", self.error.as_deref().map(Json::from));
        field("ExecutionArn", Some(self.execution_arn.as_str().into()));
        field("Input", Some(self.input.to_string().into()));
        field("InputDetails", included());
        field("Name", Some(self.name.as_str().into()));
        field("Output", self.output.as_ref().map(|output| output.to_string().into()));
        field("OutputDetails", self.output.as_ref().and_then(|_| included()));
        field("RedriveCount", Some(self.redrive_count.into()));
        let succeeded = self.status == Status::Succeeded;
        field("RedriveStatus", Some(if succeeded { "NOT_REDRIVABLE" } else { "REDRIVABLE" }.into()));
        field("RedriveStatusReason", succeeded.then(|| "Execution is SUCCEEDED and cannot be redriven".into()));
        field("StartDate", self.start_millis.map(|millis| time(millis).into()));
        field("StateMachineArn", Some(self.state_machine_arn.as_str().into()));
        field("Status", Some(self.status.name().into()));
        field("StopDate", self.stop_millis.map(|millis| time(millis).into()));
        record.into()
    }
}

/// What is to be put into the bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Keys and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// The key of the file that names the others.
    pub manifest_key: String,
}

impl Written {
    /// What a state that exports its results gives.
    ///
    /// ```
    /// use serde_json::json;
    /// use statewright_simulate::items::{self, OutputType, Transform, Writer};
    ///
    /// let arn = "arn:aws:states:eu-west-1:111111111111:mapRun:Orders/Map:6dbfba93";
    /// let (transformation, output_type) = (Transform::None, OutputType::Json);
    /// let writer = Writer { bucket: "out".to_owned(), prefix: Some("jobs".to_owned()), transformation, output_type };
    /// let details = json!({ "Bucket": "out", "Key": "jobs/6dbfba93/manifest.json" });
    /// let output = items::write(&writer, arn, &[]).output(&writer, arn);
    /// assert_eq!(output, json!({ "MapRunArn": arn, "ResultWriterDetails": details }));
    /// ```
    #[must_use]
    pub fn output(&self, writer: &Writer, map_run_arn: &str) -> Json {
        let details = json!({ "Bucket": writer.bucket, "Key": self.manifest_key });
        json!({ "MapRunArn": map_run_arn, "ResultWriterDetails": details })
    }
}

/// The files that a Map Run exports: one for the children that succeeded, one for those that failed, timed out or were
/// aborted, one for those that were not started, and the manifest. A file that would have no child is left out.
#[must_use]
pub fn write(writer: &Writer, map_run_arn: &str, children: &[Child]) -> Written {
    let run = map_run_arn.rsplit(':').next().unwrap_or(map_run_arn);
    let folder = match writer.prefix.as_deref().map(|prefix| prefix.trim_end_matches('/')) {
        None | Some("") => run.to_owned(),
        Some(prefix) => format!("{prefix}/{run}"),
    };
    let (mut files, mut named) = (Vec::new(), Map::new());
    for group in ["FAILED", "PENDING", "SUCCEEDED"] {
        let of_group = children.iter().filter(|child| match child.status {
            Status::Succeeded => group == "SUCCEEDED",
            Status::Pending => group == "PENDING",
            Status::Failed | Status::TimedOut | Status::Aborted => group == "FAILED",
        });
        let results = told(writer.transformation, of_group.clone());
        let mut listed = Vec::new();
        if of_group.count() > 0 {
            let key = format!("{folder}/{group}_0.json");
            let bytes = match writer.output_type {
                OutputType::Json => Json::from(results).to_string(),
                OutputType::Jsonl => results.iter().map(|result| format!("{result}\n")).collect(),
            };
            listed.push(json!({ "Key": key, "Size": bytes.len() }));
            files.push((key, bytes.into_bytes()));
        }
        named.insert(group.to_owned(), listed.into());
    }
    let manifest = json!({ "DestinationBucket": writer.bucket, "MapRunArn": map_run_arn, "ResultFiles": named });
    let manifest_key = format!("{folder}/manifest.json");
    files.push((manifest_key.clone(), manifest.to_string().into_bytes()));
    Written { files, manifest_key }
}

/// The state's output if results are not exported.
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::items::{Child, Status, Transform, transform};
///
/// let child = |output| Child {
///     execution_arn: "arn:aws:states:eu-west-1:111111111111:execution:Orders/Map:a".to_owned(),
///     name: "a".to_owned(),
///     state_machine_arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:Orders/Map".to_owned(),
///     status: Status::Succeeded,
///     input: json!({}),
///     output: Some(output),
///     error: None,
///     cause: None,
///     start_millis: Some(0),
///     stop_millis: Some(1),
///     redrive_count: 0,
/// };
/// let children = [child(json!([1, 2])), child(json!(3))];
/// assert_eq!(transform(Transform::Compact, &children), json!([[1, 2], 3]));
/// assert_eq!(transform(Transform::Flatten, &children), json!([1, 2, 3]));
/// assert_eq!(transform(Transform::None, &children)[1]["Output"], "3");
/// ```
#[must_use]
pub fn transform(transformation: Transform, children: &[Child]) -> Json {
    told(transformation, children.iter()).into()
}

fn told<'c>(transformation: Transform, children: impl Iterator<Item = &'c Child>) -> Vec<Json> {
    let mut results = Vec::new();
    for child in children {
        match (transformation, &child.output, child.status) {
            (Transform::Flatten, Some(Json::Array(items)), Status::Succeeded) => results.extend(items.iter().cloned()),
            (Transform::Flatten | Transform::Compact, Some(output), Status::Succeeded) => results.push(output.clone()),
            _ => results.push(child.record()),
        }
    }
    results
}

/// In UTC, with three digits of a second unless they are zeros.
fn time(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    if millis.rem_euclid(1_000) == 0 { time.to_string() } else { format!("{time:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "arn:aws:states:eu-west-1:111111111111:mapRun:Orders/Map:6dbfba93-bcff";

    fn child(status: Status, output: Option<Json>) -> Child {
        let failed = status == Status::Failed;
        Child {
            execution_arn: "arn:aws:states:eu-west-1:111111111111:execution:Orders/Map:a".to_owned(),
            name: "a".to_owned(),
            state_machine_arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:Orders/Map".to_owned(),
            status,
            input: json!({ "n": 1 }),
            output,
            error: failed.then(|| "Oops".to_owned()),
            cause: failed.then(|| "because".to_owned()),
            start_millis: (status != Status::Pending).then_some(1_738_633_790_099),
            stop_millis: (status != Status::Pending).then_some(1_738_633_791_000),
            redrive_count: 0,
        }
    }

    fn writer(transformation: Transform, output_type: OutputType) -> Writer {
        Writer { bucket: "out".to_owned(), prefix: Some("jobs".to_owned()), transformation, output_type }
    }

    fn file(written: &Written, name: &str) -> String {
        let key = format!("jobs/6dbfba93-bcff/{name}");
        let (_, bytes) = written.files.iter().find(|(of, _)| *of == key).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    }

    #[test]
    fn a_record_is_as_documented() {
        let record = child(Status::Succeeded, Some(json!([1]))).record();
        let expected = json!({
            "ExecutionArn": "arn:aws:states:eu-west-1:111111111111:execution:Orders/Map:a",
            "Input": "{\"n\":1}",
            "InputDetails": { "Included": true },
            "Name": "a",
            "Output": "[1]",
            "OutputDetails": { "Included": true },
            "RedriveCount": 0,
            "RedriveStatus": "NOT_REDRIVABLE",
            "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
            "StartDate": "2025-02-04T01:49:50.099Z",
            "StateMachineArn": "arn:aws:states:eu-west-1:111111111111:stateMachine:Orders/Map",
            "Status": "SUCCEEDED",
            "StopDate": "2025-02-04T01:49:51Z",
        });
        assert_eq!(record.to_string(), expected.to_string());
    }

    #[test]
    fn a_failure_has_its_error_and_no_output() {
        let record = child(Status::Failed, None).record();
        assert_eq!((&record["Error"], &record["Cause"]), (&json!("Oops"), &json!("because")));
        assert_eq!((record.get("Output"), &record["RedriveStatus"]), (None, &json!("REDRIVABLE")));
    }

    #[test]
    fn what_was_not_started_has_no_times() {
        let record = child(Status::Pending, None).record();
        assert_eq!((record.get("StartDate"), record.get("StopDate")), (None, None));
    }

    #[test]
    fn children_are_grouped_by_how_they_ended() {
        let ended = [Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted, Status::Pending];
        let children: Vec<Child> = ended.into_iter().map(|status| child(status, None)).collect();
        let written = write(&writer(Transform::None, OutputType::Json), RUN, &children);
        for (name, statuses) in [
            ("SUCCEEDED_0.json", &["SUCCEEDED"][..]),
            ("FAILED_0.json", &["FAILED", "TIMED_OUT", "ABORTED"]),
            ("PENDING_0.json", &["PENDING"]),
        ] {
            let records: Json = serde_json::from_str(&file(&written, name)).unwrap();
            let found: Vec<&Json> = records.as_array().unwrap().iter().map(|record| &record["Status"]).collect();
            assert_eq!(found, statuses);
        }
    }

    #[test]
    fn the_manifest_names_the_files_that_there_are() {
        let written =
            write(&writer(Transform::Compact, OutputType::Json), RUN, &[child(Status::Succeeded, Some(json!(1)))]);
        let expected = json!({
            "DestinationBucket": "out",
            "MapRunArn": RUN,
            "ResultFiles": {
                "FAILED": [],
                "PENDING": [],
                "SUCCEEDED": [{ "Key": "jobs/6dbfba93-bcff/SUCCEEDED_0.json", "Size": 3 }],
            },
        });
        assert_eq!(file(&written, "manifest.json"), expected.to_string());
        assert_eq!((written.files.len(), &*written.manifest_key), (2, "jobs/6dbfba93-bcff/manifest.json"));
    }

    #[test]
    fn without_a_prefix_the_run_is_the_folder() {
        let writer = Writer { prefix: None, ..writer(Transform::None, OutputType::Json) };
        assert_eq!(write(&writer, RUN, &[]).manifest_key, "6dbfba93-bcff/manifest.json");
    }

    #[test]
    fn lines_have_a_result_each() {
        let children = [child(Status::Succeeded, Some(json!([1, 2]))), child(Status::Succeeded, Some(json!(3)))];
        let written = write(&writer(Transform::Flatten, OutputType::Jsonl), RUN, &children);
        assert_eq!(file(&written, "SUCCEEDED_0.json"), "1\n2\n3\n");
    }

    #[test]
    fn failures_stay_whole_whatever_the_transformation() {
        let children = [child(Status::Succeeded, Some(json!(1))), child(Status::Failed, None)];
        for transformation in [Transform::Compact, Transform::Flatten] {
            let output = transform(transformation, &children);
            assert_eq!((&output[0], &output[1]["Error"]), (&json!(1), &json!("Oops")));
        }
    }
}
