//! The results of a distributed Map: in its output, or in S3.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>

use serde_json::{Value as Json, json};

use crate::execution::{Runner, Visit};
use crate::fault::{Fault, Origin};
use crate::items::{Child, OutputType, Status, Transform, Writer, transform, write};
use crate::program::{MapCode, Text};
use crate::scope::{Payload, Scope};

impl Runner {
    /// What the Map gives, after its results have been written where it writes them.
    pub(super) fn write(
        &self,
        visit: &Visit<'_>,
        map: &MapCode,
        input: &Payload,
        run: &str,
        children: &[Child],
    ) -> Result<Json, Fault> {
        let scope = self.scope(visit);
        let scope = scope.with_input(input);
        let Some(code) = &map.writer else { return Ok(children.iter().map(output).collect()) };
        let named = |text: &Option<Text>, scope: &Scope<'_>| text.as_ref().map(|text| text.resolve(scope)).transpose();
        let transformation = named(&code.transformation, &scope)?.and_then(|name| Transform::named(&name));
        let output_type = named(&code.output_type, &scope)?.and_then(|name| OutputType::named(&name));
        let Some(arguments) = &code.arguments else {
            return Ok(transform(transformation.unwrap_or(Transform::None), children));
        };
        let arguments = arguments.resolve(&scope)?;
        let text = |name: &str| arguments.get(name).and_then(Json::as_str).map(str::to_owned);
        let writer = Writer {
            bucket: text("Bucket").unwrap_or_default(),
            prefix: text("Prefix"),
            transformation: transformation.unwrap_or(Transform::None),
            output_type: output_type.unwrap_or(OutputType::Json),
        };
        let Some(buckets) = self.world.buckets() else {
            let cause = "there are no buckets here: give the simulation some, or a folder for one";
            return Err(Fault::new("States.ResultWriterFailed", cause, Origin::Task));
        };
        let written = write(&writer, run, children);
        for (key, bytes) in &written.files {
            buckets.0.borrow_mut().put(&writer.bucket, key, bytes.clone());
        }
        Ok(written.output(&writer, run))
    }
}

/// What a child adds to the output; one that failed, its error.
fn output(child: &Child) -> Json {
    match (&child.output, child.status) {
        (Some(output), Status::Succeeded) => output.clone(),
        _ => json!({ "Error": child.error, "Cause": child.cause }),
    }
}
