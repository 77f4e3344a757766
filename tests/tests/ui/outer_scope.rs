//! The scope around a branch, used inside it.

use statewright::prelude::*;

fn main() {
    let _ = Workflow::new("feed", |w, _: Value<()>| {
        w.parallel("Both").branch(|_| w.run("A", glue::StartJobRun::new("a"))).join();
    });
}
