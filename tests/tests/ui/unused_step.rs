//! A step that is described and never run.

#![deny(unused_must_use)]

use statewright::prelude::*;

fn main() {
    let _ = Workflow::new("feed", |w, _: Value<()>| {
        glue::StartJobRun::new("load");
        w.succeed("Done")
    });
}
