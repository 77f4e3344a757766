//! Each operator on values does what its documentation says: workflows with one expression, run by the simulator.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright::value::{HashAlgorithm, Pattern, TimePart};
use statewright_simulate::execution::Status;
use statewright_simulate::simulate;

#[path = "values/context.rs"]
mod context;
#[path = "values/list.rs"]
mod list;
#[path = "values/object.rs"]
mod object;
#[path = "values/option.rs"]
mod option;
#[path = "values/raw.rs"]
mod raw;
#[path = "values/scalar.rs"]
mod scalar;
#[path = "values/time.rs"]
mod time;

/// What a workflow of one expression gives for each input: as the output of its one state, inside of a list, and through a
/// variable that the state behind it reads.
#[track_caller]
fn gives<T: Shape, U: Shape>(compute: impl Fn(Value<T>) -> Value<U>, table: &[(Json, Json)]) {
    let at_once = Workflow::new("at-once", |w, input: Value<T>| w.value(compute(input)));
    let in_a_list = Workflow::new("in-a-list", |w, input: Value<T>| {
        w.value(Value::<Vec<i64>>::range(0, 1).map(|_| compute(input)))
    });
    let through_a_variable = Workflow::new("through-a-variable", |w, input: Value<T>| {
        let first = w.set("Input", input);
        w.wait("First", Duration::from_secs(1));
        let computed = w.set("Computed", compute(first));
        w.wait("Second", Duration::from_secs(1));
        w.value(computed)
    });
    for (input, expected) in table {
        let run = |workflow: &Workflow| {
            let compiled = workflow.compile("app");
            assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
            let run = simulate(workflow).input(input.clone()).run().unwrap();
            let text = compiled.bundle.state_machine.definition.to_text();
            assert_eq!(run.status(), Status::Succeeded, "{input}: {}\n{text}", run.failure());
            (run.output().unwrap(), text)
        };
        for (workflow, expected) in
            [(&at_once, expected.clone()), (&through_a_variable, expected.clone()), (&in_a_list, json!([expected]))]
        {
            let (output, text) = run(workflow);
            assert!(same(&output, &expected), "for {input} expected {expected}, got {output}\n{text}");
        }
    }
}

/// JSON that is the same; numbers by their value.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// A row of a table.
macro_rules! table {
    ($($input:tt => $expected:tt),* $(,)?) => { &[$((json!($input), json!($expected))),*] };
}
pub(crate) use table;
