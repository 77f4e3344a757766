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
    println!("{codes:?} {}", compiled.diagnostics);
}

fn nest(w: &mut Scope, depth: usize, id: Value<String>) -> Value<String> {
    let inner = w.run(format!("Run{depth}"), job().argument_value("--id", id)).id;
    if depth == 0 {
        return inner;
    }
    w.parallel(format!("Nest{depth}")).branch(|w| nest(w, depth - 1, inner)).join().0
}

#[test]
fn a_thousand_scopes_inside_of_each_other() {
    let workflow = Workflow::new("nested", |w, _: Value<()>| {
        let id = w.run("First", job()).id;
        nest(w, 1_000, id)
    });
    let compiled = workflow.compile("app");
    let codes: Vec<_> = compiled.diagnostics.iter().map(|d| d.code.id).collect();
    println!("{codes:?} {}", compiled.diagnostics);
}
