//! A value in `format!`, which would run while the workflow is compiled.

use statewright::prelude::*;

fn main() {
    let _ = Workflow::new("feed", |w, name: Value<String>| {
        let greeting = format!("hello {name}");
        w.succeed_with("Done", greeting)
    });
}
