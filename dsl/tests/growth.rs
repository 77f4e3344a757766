//! Large workflows are compiled, and nothing overflows.

use statewright::prelude::*;

fn job() -> glue::StartJobRun {
    glue::StartJobRun::new("job")
}

#[test]
fn ten_thousand_states_one_after_another() {
    let workflow = Workflow::new("sequence", |w, _: Value<()>| {
        let first = w.run("First", job()).id;
        (1..10_000).fold(first, |before, number| {
            let step = job().argument_value("--first", first).argument_value("--before", before);
            w.run(format!("State{number}"), step).id
        });
    });
    let compiled = workflow.compile("app");
    assert_eq!(compiled.bundle.state_machine.definition.states.iter().count(), 10_000);
    // All that there is to say is that AWS takes no definition of that size.
    let codes: Vec<_> = compiled.diagnostics.iter().map(|d| d.code.id).collect();
    assert_eq!(codes, ["SW0603"]);
}

fn nest(w: &mut Scope, depth: usize, id: Value<String>) -> Value<String> {
    let inner = w.run(format!("Run{depth}"), job().argument_value("--id", id)).id;
    if depth == 0 {
        return inner;
    }
    w.parallel(format!("Nest{depth}")).branch(|w| nest(w, depth - 1, inner)).join().0
}

fn nested(depth: usize) -> Vec<&'static str> {
    let workflow = Workflow::new("nested", |w, _: Value<()>| {
        let id = w.run("First", job()).id;
        nest(w, depth, id)
    });
    workflow.compile("app").diagnostics.iter().map(|d| d.code.id).collect()
}

#[test]
fn hundreds_of_scopes_inside_of_each_other_are_too_many() {
    assert_eq!(nested(20), [""; 0]);
    assert_eq!(nested(200), ["SW0235"]);
    let choices = |depth: usize| {
        fn choose(w: &mut Scope, depth: usize, flag: Value<bool>) {
            if depth > 0 {
                w.when(format!("If{depth}"), flag, |w| choose(w, depth - 1, flag)).otherwise(|_| ());
            } else {
                w.run("Last", job());
            }
        }
        let workflow = Workflow::new("choices", |w, flag: Value<bool>| choose(w, depth, flag));
        workflow.compile("app").diagnostics.iter().map(|d| d.code.id).collect::<Vec<_>>()
    };
    assert_eq!(choices(90), [""; 0]);
    assert_eq!(choices(200), ["SW0235"]);
}

/// What is read of a definition is what was written, as deep as it may be.
#[test]
fn the_deepest_definition_can_be_read() {
    let workflow = Workflow::new("nested", |w, _: Value<()>| {
        let id = w.run("First", job()).id;
        nest(w, 24, id)
    });
    let app = App::new("app").workflow(workflow);
    let (manifest, diagnostics) = app.compile();
    assert!(diagnostics.is_empty(), "{diagnostics}");
    let text = serde_json::to_string(&manifest).unwrap_or_default();
    assert!(serde_json::from_str::<statewright::bundle::Manifest>(&text).is_ok());
}
