//! Distributed Maps.

use super::Call;
use crate::asl::Map;
use crate::bundle::PARTITION;
use crate::iam::argument::{Argument, Arguments};
use crate::service::arn;

impl Call<'_> {
    /// A Map whose items are executions of the same state machine, and what it reads and writes.
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
    pub(in crate::iam) fn distributed(&mut self, workflow: &str, map: &Map) {
        let machine = arn("states", "stateMachine:", workflow);
        self.need("MapStartExecution", &["states:StartExecution"], vec![machine], None);
        // AWS's example names the executions of the workflow; the ARN of a child has the label behind the name.
        let own = arn("states", "execution:", &format!("{workflow}:*"));
        let children = arn("states", "execution:", &format!("{workflow}/*"));
        let actions = ["states:DescribeExecution", "states:StopExecution"];
        self.need("MapExecutions", &actions, vec![children.clone(), own], None);
        self.need("MapRedrive", &["states:RedriveExecution"], vec![children], None);
        if let Some(reader) = &map.item_reader {
            let arguments = Arguments::either(reader.arguments.as_ref(), reader.parameters.as_ref());
            let lists = reader.resource.as_deref().is_some_and(|resource| resource.contains("listObjects"));
            let bucket = self.named("Bucket", &arguments.get("Bucket"), |name| vec![bucket_arn(name)]);
            let config = reader.reader_config.as_ref();
            if lists {
                self.need("MapListObjects", &["s3:ListBucket"], bucket.clone(), None);
                if config.is_some_and(|config| config.transformation.as_deref() == Some("LOAD_AND_FLATTEN")) {
                    let objects = self.objects(&bucket, &beginning(arguments.get("Prefix")));
                    self.need("MapReadItems", &["s3:GetObject"], objects, None);
                }
            } else {
                let objects = self.objects(&bucket, &arguments.get("Key"));
                self.need("MapReadItems", &["s3:GetObject"], objects, None);
            }
            if config.is_some_and(|c| c.manifest_type.is_some() || c.input_type.as_deref() == Some("MANIFEST")) {
                // Only the manifest itself knows its files.
                let files = self.named("files", &Argument::Computed, |_| vec![bucket_arn("*")]);
                self.need("MapReadFiles", &["s3:GetObject"], files, None);
            }
        }
        if let Some(writer) = map.result_writer.as_ref().filter(|writer| writer.resource.is_some()) {
            let arguments = Arguments::either(writer.arguments.as_ref(), writer.parameters.as_ref());
            let bucket = self.named("Bucket", &arguments.get("Bucket"), |name| vec![bucket_arn(name)]);
            let objects = self.objects(&bucket, &beginning(arguments.get("Prefix")));
            let actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"];
            self.need("MapWriteResults", &actions, objects, None);
        }
    }

    /// The objects of buckets, as far as their keys are known.
    fn objects(&self, buckets: &[String], key: &Argument<'_>) -> Vec<String> {
        let key = match key {
            Argument::Text(key) => (*key).to_owned(),
            Argument::Prefix(prefix) => format!("{prefix}*"),
            Argument::Computed | Argument::Absent | Argument::Other(_) => "*".to_owned(),
        };
        buckets
            .iter()
            .map(|bucket| if bucket.ends_with('*') { bucket.clone() } else { format!("{bucket}/{key}") })
            .collect()
    }
}

/// What keys begin with.
fn beginning(prefix: Argument<'_>) -> Argument<'_> {
    match prefix {
        Argument::Text(prefix) => Argument::Prefix(prefix.to_owned()),
        other => other,
    }
}

/// A bucket by its name, or an object by both; `*` for any.
pub(super) fn bucket_arn(name: &str) -> String {
    format!("arn:{PARTITION}:s3:::{name}")
}
