//! Something that is no step.

use statewright::prelude::*;

fn main() {
    let _ = Workflow::new("feed", |w, _: Value<()>| {
        w.run("X", "hello");
    });
}
