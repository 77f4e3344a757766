//! How compiling grows with one state machine: long, wide, deep, and with values that are read far away.
//! `cargo bench -p statewright --bench growth`.

use statewright::prelude::*;

fn main() {
    divan::main();
}

const STATES: [usize; 4] = [1_250, 2_500, 5_000, 10_000];
const TOPIC: sns::Topic = sns::Topic::named("topic");

fn job() -> glue::StartJobRun {
    glue::StartJobRun::new("job")
}

fn states(workflow: &Workflow) -> usize {
    let mut states = 0;
    workflow.compile("app").bundle.state_machine.definition.walk(&mut |_| states += 1);
    states
}

/// One after another, each with what the first gave, and what the one before gave.
#[divan::bench(args = STATES, sample_count = 3)]
fn sequence(count: usize) -> usize {
    states(&Workflow::new("sequence", |w, _: Value<()>| {
        let first = w.run("First", job()).id;
        (1..count).fold(first, |before, number| {
            let step = job().argument_value("--first", first).argument_value("--before", before);
            w.run(format!("State{number}"), step).id
        });
    }))
}

/// Each value is read as far behind as there are states before it: the first by the last, and so on.
#[divan::bench(args = STATES, sample_count = 3)]
fn read_far_away(count: usize) -> usize {
    states(&Workflow::new("far", |w, _: Value<()>| {
        let mut made = Vec::new();
        for number in 0..count / 2 {
            made.push(w.run(format!("Make{number}"), job()).id);
        }
        while let Some(value) = made.pop() {
            w.run(format!("Read{}", made.len()), job().argument_value("--id", value));
        }
    }))
}

/// Choices one after another, whose results are read by the next one, and handlers.
#[divan::bench(args = STATES, sample_count = 3)]
fn choices(count: usize) -> usize {
    states(&Workflow::new("choices", |w, flag: Value<bool>| {
        let first = w.run("First", job()).id;
        (0..count / 3).fold(first, |before, number| {
            let tried = w.attempt(format!("Try{number}"), |w| w.run(format!("Run{number}"), job()).id);
            let tried = tried.recover(|w, error| {
                w.run(format!("Tell{number}"), sns::Publish::new(TOPIC, error.cause));
                before
            });
            w.when(format!("If{number}"), flag, |_| tried).otherwise(|_| before)
        });
    }))
}

/// Branches of one Parallel, of which the next state reads each.
#[divan::bench(args = STATES, sample_count = 3)]
fn branches(count: usize) -> usize {
    states(&Workflow::new("branches", |w, _: Value<()>| {
        w.run("First", job());
        let ids = w.parallel_each("Wide", 1..count - 1, |w, number| w.run(format!("Run{number}"), job()).id);
        w.run("Last", sns::Publish::new(TOPIC, ids.typed()));
    }))
}

/// Parallels inside of each other, with a value that goes in and one that comes out.
#[divan::bench(args = [6, 12, 24], sample_count = 3)]
fn nested(depth: usize) -> usize {
    fn nest(w: &mut Scope, depth: usize, id: Value<String>) -> Value<String> {
        let inner = w.run(format!("Run{depth}"), job().argument_value("--id", id)).id;
        if depth == 0 {
            return inner;
        }
        w.parallel(format!("Nest{depth}")).branch(|w| nest(w, depth - 1, inner)).join().0
    }
    states(&Workflow::new("nested", |w, _: Value<()>| {
        let id = w.run("First", job()).id;
        nest(w, depth, id)
    }))
}

/// A DAG of chains that meet every now and then.
#[divan::bench(args = STATES, sample_count = 3)]
fn dag(count: usize) -> usize {
    states(&Workflow::new("dag", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            let mut before = d.task("First", job());
            for stage in 0..count / 10 {
                let task = |number: usize| d.task(format!("Stage{stage} task{number}"), job());
                let chains: Vec<_> = (0..4)
                    .map(|chain| {
                        let first = task(chain).after(before);
                        task(chain + 4).after(first)
                    })
                    .collect();
                let step = job().argument_value("--id", chains[1].output().id);
                before = d.task(format!("Stage{stage}"), step).after(chains);
            }
        });
    }))
}
