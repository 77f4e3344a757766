//! DAGs become states that keep every dependency and add as little order as they can.

use proptest::prelude::*;
use serde_json::Value as Json;
use statewright::diag::{Diagnostics, Severity};
use statewright::prelude::*;

type Pairs = Vec<(usize, usize)>;

fn compiled(name: &str, workflow: &Workflow) -> (Json, Diagnostics) {
    let compiled = workflow.compile(name);
    let text = compiled.bundle.state_machine.definition.to_text();
    (serde_json::from_str(&text).unwrap_or_default(), compiled.diagnostics)
}

/// Tasks called by their numbers, with an edge each.
fn workflow(tasks: usize, edges: &[(usize, usize)]) -> Workflow {
    Workflow::new("w", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            let tasks: Vec<_> =
                (0..tasks).map(|number| d.task(number.to_string(), glue::StartJobRun::new("job"))).collect();
            for (first, then) in edges {
                tasks[*then].after(tasks[*first]);
            }
        });
    })
}

/// Which task is before which in a state machine; the tasks that it has.
fn ordered(machine: &Json, pairs: &mut Pairs) -> Vec<usize> {
    let mut all: Vec<usize> = Vec::new();
    let mut at = machine["StartAt"].as_str();
    while let Some(name) = at {
        let state = &machine["States"][name];
        let here: Vec<usize> = match state["Branches"].as_array() {
            Some(branches) => branches.iter().flat_map(|branch| ordered(branch, pairs)).collect(),
            None => name.parse().into_iter().collect(),
        };
        pairs.extend(all.iter().flat_map(|first| here.iter().map(|then| (*first, *then))));
        all.extend(here);
        at = state["Next"].as_str();
    }
    all
}

fn order_of(tasks: usize, edges: &[(usize, usize)]) -> (Matrix, Diagnostics) {
    let (machine, diagnostics) = compiled("app", &workflow(tasks, edges));
    let mut pairs = Vec::new();
    let mut found = ordered(&machine, &mut pairs);
    found.sort_unstable();
    assert_eq!(found, (0..tasks).collect::<Vec<_>>(), "every task once");
    (Matrix::of(tasks, &pairs), diagnostics)
}

/// A partial order, by hand: no code of the compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Matrix(Vec<Vec<bool>>);

impl Matrix {
    fn of(tasks: usize, pairs: &[(usize, usize)]) -> Self {
        let mut matrix = vec![vec![false; tasks]; tasks];
        pairs.iter().for_each(|(first, then)| matrix[*first][*then] = true);
        let mut matrix = Self(matrix);
        matrix.close();
        matrix
    }

    fn close(&mut self) {
        let tasks = self.0.len();
        for by in 0..tasks {
            for first in 0..tasks {
                if self.0[first][by] {
                    for then in 0..tasks {
                        self.0[first][then] |= self.0[by][then];
                    }
                }
            }
        }
    }

    fn pairs(&self) -> usize {
        self.0.iter().flatten().filter(|ordered| **ordered).count()
    }

    fn contains(&self, other: &Self) -> bool {
        self.0.iter().flatten().zip(other.0.iter().flatten()).all(|(mine, its)| *mine || !its)
    }

    /// `[a, b, c, d]` with `a` before `c`, `b` before `c` and `d`, and nothing else.
    fn n(&self) -> Option<[usize; 4]> {
        let tasks = 0..self.0.len();
        let open = |one: usize, two: usize| one != two && !self.0[one][two] && !self.0[two][one];
        for a in tasks.clone() {
            for c in tasks.clone().filter(|c| self.0[a][*c]) {
                for b in tasks.clone().filter(|b| self.0[*b][c] && open(a, *b)) {
                    let d = tasks.clone().find(|d| self.0[b][*d] && open(*d, a) && open(*d, c));
                    if let Some(d) = d {
                        return Some([a, b, c, d]);
                    }
                }
            }
        }
        None
    }

    /// The fewest pairs of a series-parallel order around this one: whatever is added, one of the open pairs of an N is.
    fn fewest(&self, best: &mut usize) {
        if self.pairs() >= *best {
            return;
        }
        let Some([a, b, c, d]) = self.n() else {
            *best = self.pairs();
            return;
        };
        for (first, then) in [(a, b), (b, a), (a, d), (d, a), (c, d), (d, c)] {
            let mut more = self.clone();
            more.0[first][then] = true;
            more.close();
            if !(0..more.0.len()).any(|task| more.0[task][task]) {
                more.fewest(best);
            }
        }
    }
}

/// Edges from lower numbers to higher ones, under other names.
fn dags(most: usize) -> impl Strategy<Value = (usize, Pairs)> {
    (1..=most, 1_u32..6).prop_flat_map(|(tasks, sparse)| {
        let names = Just((0..tasks).collect::<Vec<_>>()).prop_shuffle();
        let edges = prop::collection::vec(0..sparse, tasks * tasks);
        (names, edges).prop_map(move |(names, edges)| {
            let pairs = (0..tasks).flat_map(|first| (first + 1..tasks).map(move |then| (first, then)));
            let kept = pairs.filter(|(first, then)| edges[first * tasks + then] == 0);
            (tasks, kept.map(|(first, then)| (names[first], names[then])).collect())
        })
    })
}

#[derive(Clone, Debug)]
enum Shaped {
    Task,
    Series(Vec<Shaped>),
    Parallel(Vec<Shaped>),
}

impl Shaped {
    /// Numbers its tasks, and gives its pairs: all of them, so that most follow from others.
    fn pairs(&self, tasks: &mut usize, pairs: &mut Pairs) -> Vec<usize> {
        let (Self::Series(parts) | Self::Parallel(parts)) = self else {
            *tasks += 1;
            return vec![*tasks - 1];
        };
        let mut all: Vec<usize> = Vec::new();
        for part in parts {
            let here = part.pairs(tasks, pairs);
            if matches!(self, Self::Series(_)) {
                pairs.extend(all.iter().flat_map(|first| here.iter().map(|then| (*first, *then))));
            }
            all.extend(here);
        }
        all
    }
}

fn series_parallel() -> impl Strategy<Value = Shaped> {
    Just(Shaped::Task).prop_recursive(6, 40, 4, |inner| {
        let parts = prop::collection::vec(inner, 1..5);
        prop_oneof![parts.clone().prop_map(Shaped::Series), parts.prop_map(Shaped::Parallel)]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_dependency_holds((tasks, edges) in dags(16)) {
        let (order, diagnostics) = order_of(tasks, &edges);
        let wanted = Matrix::of(tasks, &edges);
        prop_assert!(order.contains(&wanted));
        prop_assert!(order.n().is_none());
        // A warning exactly where something was added.
        prop_assert_eq!(order == wanted, diagnostics.is_empty(), "{}", diagnostics);
        prop_assert!(diagnostics.iter().all(|d| d.code.id == "SW0233" && d.severity == Severity::Warning));
    }

    #[test]
    fn what_is_series_parallel_gets_no_more_order(shaped in series_parallel(), numbers in any::<u64>()) {
        let (mut tasks, mut edges) = (0, Vec::new());
        shaped.pairs(&mut tasks, &mut edges);
        // Under other numbers.
        let mut names: Vec<usize> = (0..tasks).collect();
        names.sort_by_key(|name| (*name as u64 + 1).wrapping_mul(numbers | 1).rotate_left(17));
        let edges: Pairs = edges.into_iter().map(|(first, then)| (names[first], names[then])).collect();
        let (order, diagnostics) = order_of(tasks, &edges);
        prop_assert_eq!(order, Matrix::of(tasks, &edges));
        prop_assert!(diagnostics.is_empty(), "{}", diagnostics);
    }

    #[test]
    fn as_few_pairs_are_added_as_can_be((tasks, edges) in dags(8)) {
        let wanted = Matrix::of(tasks, &edges);
        let mut fewest = usize::MAX;
        wanted.fewest(&mut fewest);
        prop_assert_eq!(order_of(tasks, &edges).0.pairs(), fewest);
    }

    /// What the warning names is all that was added: who writes it gets the same states, and no warning.
    #[test]
    fn the_warning_names_what_was_added((tasks, mut edges) in dags(12)) {
        let (machine, diagnostics) = compiled("app", &workflow(tasks, &edges));
        for told in diagnostics.iter() {
            let Some((_, pairs)) = told.message.split_once("more of it: ") else { continue };
            for pair in pairs.split(", ") {
                let mut numbers = pair.split('`').filter_map(|part| part.parse::<usize>().ok());
                edges.extend(numbers.next().zip(numbers.next()).map(|(then, first)| (first, then)));
            }
        }
        let (again, diagnostics) = compiled("app", &workflow(tasks, &edges));
        prop_assert_eq!(again, machine);
        prop_assert!(diagnostics.is_empty(), "{}", diagnostics);
    }

    #[test]
    fn no_cycle_is_accepted((tasks, mut edges) in dags(12), from in any::<prop::sample::Index>()) {
        let order = Matrix::of(tasks, &edges);
        let pairs: Pairs =
            (0..tasks).flat_map(|a| (0..tasks).map(move |b| (a, b))).filter(|(a, b)| a == b || order.0[*a][*b]).collect();
        let (first, then) = pairs[from.index(pairs.len())];
        edges.push((then, first));
        let (_, diagnostics) = compiled("app", &workflow(tasks, &edges));
        let codes: Vec<_> = diagnostics.iter().map(|d| d.code.id).collect();
        prop_assert_eq!(codes, ["SW0231"]);
    }
}

fn job(name: &str) -> glue::StartJobRun {
    glue::StartJobRun::new(name)
}

fn told(workflow: &Workflow) -> Vec<(&'static str, String)> {
    workflow.compile("app").diagnostics.iter().map(|d| (d.code.id, d.message.clone())).collect()
}

#[test]
fn a_cycle_is_named_with_its_lines() {
    let line = line!();
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            let a = d.task("A", job("a"));
            let b = d.task("B", job("b").argument_value("--after", a.output().id));
            let c = d.task("C", job("c")).after(b);
            a.after(c);
        });
    });
    let found = workflow.compile("app").diagnostics;
    let found: Vec<_> = found.iter().collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.id, "SW0231");
    assert_eq!(found[0].message, "`A` waits for `C`, which waits for `B`, which waits for `A`");
    let labels: Vec<_> = found[0].labels.iter().map(|label| (label.text.as_str(), label.place.to_string())).collect();
    let at = |by: u32, column: u32| format!("dsl/tests/dag.rs:{}:{column}", line + by);
    assert_eq!(
        labels,
        [
            ("", at(2, 11)),
            ("`A` waits for `C`", at(6, 15)),
            ("`C` waits for `B`", at(5, 43)),
            ("`B` reads the output of `A`", at(4, 23)),
        ]
    );
}

#[test]
fn a_task_that_waits_for_itself_is_a_cycle() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            let a = d.task("A", job("a"));
            a.after(a);
        });
    });
    assert_eq!(told(&workflow), [("SW0231", "`A` waits for `A`".to_owned())]);
}

#[test]
fn the_added_order_is_named() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            let a = d.task("A", job("a"));
            let b = d.task("B", job("b"));
            d.task("C", job("c")).after((a, b));
            d.task("D", job("d")).after(b);
        });
    });
    let message = "branches can't say the order of `Dag`, so there is more of it: `D` after `A`";
    assert_eq!(told(&workflow), [("SW0233", message.to_owned())]);
}

#[test]
fn tasks_have_names_of_their_own() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            d.task("Load", job("a"));
            d.block("Load", |w| {
                w.run("LoadMore", job("b"));
            });
            d.task("Twice", job("a"));
            d.task("Twice", job("a"));
        });
    });
    let codes: Vec<_> = told(&workflow).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["SW0230", "SW0101"]);
}

#[test]
fn a_task_of_another_dag_is_none_of_this_one() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.dag("Outer", |d| {
            let outer = d.task("A", job("a"));
            d.block("Block", |w| {
                w.dag("Inner", |inner| {
                    inner.task("B", job("b")).after(outer);
                });
            });
        });
    });
    let message = "`B` can't wait for `A`, which is a task of the DAG `Outer`";
    assert_eq!(told(&workflow), [("SW0232", message.to_owned())]);
}

/// A `succeed` ends a branch or the workflow, whichever is around the task; in a branch of the task's own it ends that.
#[test]
fn a_task_ends_nothing_but_itself() {
    let workflow = |outside: bool| {
        Workflow::new("w", move |w, flag: Value<bool>| {
            w.dag("Dag", |d| {
                d.block("Block", |w| {
                    w.map("Each", [1]).each(|w, _| {
                        w.when("Inner", flag, |w| w.succeed("EndItem")).otherwise(|w| w.wait("Wait", Duration::ZERO));
                    });
                    if outside {
                        w.when("Flag", flag, |w| w.succeed("End")).otherwise(|_| ());
                    }
                });
            });
        })
    };
    assert_eq!(told(&workflow(false)), []);
    assert_eq!(told(&workflow(true)), [("SW0234", "`End` would end more than the task `Block`".to_owned())]);
}

#[test]
fn a_jump_stays_in_its_task() {
    let workflow = |across: bool| {
        Workflow::new("w", move |w, flag: Value<bool>| {
            w.dag("Dag", |d| {
                let mut label = None;
                d.block("A", |w| {
                    let own = w.label("Own");
                    label = Some(own);
                    w.run("Run", job("a"));
                    w.when("Again", flag, |w| w.goto(own));
                });
                d.block("B", |w| {
                    w.run("RunToo", job("b"));
                    if let Some(label) = label.filter(|_| across) {
                        w.when("Back", flag, |w| w.goto(label));
                    }
                });
            });
        })
    };
    assert_eq!(told(&workflow(false)), []);
    let messages: Vec<_> = told(&workflow(true)).into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages, ["a jump to `Own` would lead into `A`"]);
}

#[test]
fn what_a_block_does_not_return_is_not_readable_elsewhere() {
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        w.dag("Dag", |d| {
            let mut kept = None;
            d.block("A", |w| {
                kept = Some(w.run("Run", job("a")).id);
            });
            if let Some(kept) = kept {
                d.task("B", job("b").argument_value("--id", kept));
            }
        });
    });
    assert_eq!(told(&workflow)[0].0, "SW0103");
    let workflow = Workflow::new("w", |w, _: Value<()>| {
        let mut kept = None;
        w.dag("Dag", |d| {
            kept = Some(d.task("A", job("a")).output().id);
        });
        if let Some(kept) = kept {
            w.run("B", job("b").argument_value("--id", kept));
        }
    });
    assert_eq!(told(&workflow)[0].0, "SW0103");
}

#[test]
fn a_dag_of_nothing_is_nothing() {
    let (machine, diagnostics) = compiled(
        "app",
        &Workflow::new("w", |w, _: Value<()>| {
            w.dag("Dag", |_| ());
            w.run("Only", job("a"));
        }),
    );
    assert!(diagnostics.is_empty(), "{diagnostics}");
    assert_eq!(machine["States"].as_object().map(serde_json::Map::len), Some(1));
}

#[derive(Shape)]
struct Extracted {
    path: String,
    rows: i64,
    note: Option<String>,
}

const EXTRACT: lambda::Function<String, Extracted> = lambda::Function::named("extract");
const LOAD: lambda::Function<String, i64> = lambda::Function::named("load");
const REPORTS: sns::Topic = sns::Topic::named("reports");

/// What crosses branches: of a task that isn't the last of its branch, what is read of it and no more.
#[test]
fn outputs_cross_branches_in_parts() {
    let workflow = Workflow::new("nightly", |w, day: Value<String>| {
        w.dag("Nightly", |d| {
            let orders = d.task("ExtractOrders", EXTRACT.invoke(day));
            let load = d.task("LoadOrders", LOAD.invoke(orders.output().path).retry(lambda::transient()));
            let prices = d.block("Prices", |w| {
                w.attempt("PricesOrNone", |w| w.run("ExtractPrices", EXTRACT.invoke(day)).rows)
                    .recover(|w, _| w.value(0))
            });
            let line = text!("{} of {}, {}", load.output(), orders.output().rows, prices.output());
            d.task("Report", sns::Publish::new(REPORTS, line));
            d.task("Note", sns::Publish::new(REPORTS, orders.output().note.or("none"))).after(prices);
            load.output()
        })
    });
    let (machine, diagnostics) = compiled("shop", &workflow);
    let told: Vec<_> = diagnostics.iter().map(|d| (d.code.id, d.message.as_str())).collect();
    let message = "branches can't say the order of `Nightly`, so there is more of it: `Note` after `LoadOrders`";
    assert_eq!(told, [("SW0233", message)]);
    let golden = include_str!("dag/nightly.asl.json");
    let text = serde_json::to_string_pretty(&machine).unwrap_or_default();
    assert_eq!(text.trim(), golden.trim(), "{text}");
}
