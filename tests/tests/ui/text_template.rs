//! Mistakes in a `text!` are all told, at their places.

use statewright::prelude::*;

fn main() {
    let _ = Workflow::new("feed", |w, name: Value<String>| {
        let one = text!("{} and {}", name);
        let two = text!("nothing", name);
        let three = text!("{name.len()}");
        w.succeed("Done")
    });
}
