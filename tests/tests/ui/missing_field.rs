//! A request without one of its fields.

use statewright::prelude::*;

#[derive(Shape)]
struct Manifest {
    date: String,
    bucket: String,
}

const PUBLISH: lambda::Function<Manifest, ()> = lambda::Function::named("publish");

fn main() {
    let _ = Workflow::new("feed", |w, _: Value<()>| {
        w.run("Publish", PUBLISH.invoke(ManifestFields { bucket: "b".into() }));
    });
}
