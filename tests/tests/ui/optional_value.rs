//! A value that may be absent, used as if it were there.

use statewright::prelude::*;

#[derive(Shape)]
struct Request {
    note: Option<String>,
}

fn main() {
    let _ = Workflow::new("feed", |w, input: Value<Request>| {
        w.run("Load", glue::StartJobRun::new("load").argument_value("--note", input.note));
    });
}
