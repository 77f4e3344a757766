//! DAGs: tasks with dependencies in place of an order, as in Airflow and Argo; see [`Scope::dag`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::Location;

use crate::diag::{Diagnostic, Diagnostics, codes};
use crate::ir::expr::{Expr, Kind, ValueId};
use crate::ir::{BlockId, Origin, Recording, StepKind, Yield};
use crate::lower::path;
use crate::scope::Scope;
use crate::service::Step;
use crate::value::Value;

mod order;
mod plan;
mod read;
mod set;
mod tasks;
mod write;

use read::Reads;

pub use tasks::{Outputs, TaskOutput, Tasks};

impl Scope {
    /// Tasks with dependencies in place of an order: each runs as soon as the states of the language allow after those that it
    /// needs.
    ///
    /// A task waits for those in its [`after`](Task::after), and for those whose [`output`](Task::output) it reads. What the
    /// closure returns is readable behind the DAG: the output of a task, something made of outputs, a tuple of those, or nothing.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// #[derive(Shape)]
    /// struct Extracted { path: String }
    /// #[derive(Shape)]
    /// struct Loaded { rows: i64 }
    ///
    /// const EXTRACT: lambda::Function<String, Extracted> = lambda::Function::named("extract");
    /// const LOAD: lambda::Function<String, Loaded> = lambda::Function::named("load");
    /// const REPORTS: sns::Topic = sns::Topic::named("reports");
    ///
    /// let nightly = Workflow::new("nightly", |w, day: Value<String>| {
    ///     let rows = w.dag("Nightly", |d| {
    ///         let orders = d.task("ExtractOrders", EXTRACT.invoke(day));
    ///         let prices = d.task("ExtractPrices", EXTRACT.invoke(day));
    ///         // Waits for one of the two, since it reads what that gives.
    ///         let load = d.task("LoadOrders", LOAD.invoke(orders.output().path));
    ///         // Waits for the other, and reads nothing.
    ///         let check = d.task("CheckPrices", glue::StartJobRun::new("check-prices")).after(prices);
    ///         d.task("Report", sns::Publish::new(REPORTS, text!("{} rows", load.output().rows))).after((load, check));
    ///         load.output().rows
    ///     });
    ///     w.value(text!("{rows} rows of {day}"))
    /// });
    ///
    /// let compiled = nightly.compile("shop");
    /// assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    /// let states = compiled.bundle.state_machine.definition.states;
    /// let names: Vec<_> = states.iter().map(|(name, _)| name.as_str()).collect();
    /// assert_eq!(names, ["Nightly ExtractOrders and ExtractPrices", "Report"]);
    /// ```
    ///
    /// A task can be more than one state: [`Dag::block`].
    ///
    /// # What is guaranteed
    ///
    /// - Every dependency holds: a task starts when all that it waits for have ended.
    /// - Where the dependencies are *series-parallel* (they can be said by sequences and branches, as most can), two tasks are
    ///   ordered in the state machine if and only if they are ordered by the dependencies. A dependency that follows from others
    ///   changes nothing.
    /// - Others need some more order: with `a` before `c`, and `b` before `c` and `d`, ASL can't let `d` start before `a` has ended
    ///   and `c` wait for both. The pairs that are added are named by a warning, SW0233. They are the fewest possible, and of
    ///   several such answers one with the shortest longest way, where no part that can't be taken apart has more than 32 tasks or
    ///   takes the search more than 262,144 steps: enough for nearly every DAG that a person writes. Above that such a part is cut
    ///   in two where it adds few pairs for the many that it separates, and its halves are looked at in the same way.
    /// - The same DAG gives the same states on every machine.
    ///
    /// A branch waits for its longest way, so a task that runs long may keep others waiting that the dependencies keep apart from
    /// it; the warning says which.
    ///
    /// # In the words of Airflow and Argo
    ///
    /// | there | here |
    /// |---|---|
    /// | `a >> b`, `b.set_upstream(a)`, `depends: "a"` | `b.after(a)` |
    /// | `[a, b] >> c`, `depends: "a && b"` | `c.after((a, b))`, or `c.after([a, b])` if both give the same |
    /// | XCom, `{{tasks.a.outputs.parameters.x}}` | `a.output().x`, which is a dependency at once |
    /// | `@task_group`, a template of steps | [`Dag::block`] |
    /// | dynamic task mapping (`expand`), `withItems`, `withParam` | `d.block("Each", \|w\| w.map("EachShop", shops).each(…))` |
    /// | `retries`, `retryStrategy` | `.retry(…)` of the step |
    /// | `execution_timeout`, `activeDeadlineSeconds` | `.timeout(…)` of the step, or of the workflow |
    /// | trigger rule `all_success`, Argo's default | what is always so |
    /// | `all_done`, `one_failed`, `continueOn` | an [`attempt`](Scope::attempt) in the block: the task that others wait for is then one that always ends |
    /// | `BranchPythonOperator`, `when:` | a [`when`](Scope::when) in a block; a task whose turn it isn't does nothing and counts as ended |
    /// | `none_failed`, `none_skipped`, `skipped` | no such thing: a task ends, or fails the workflow |
    /// | `one_success`, `depends: "a \|\| b"` | no such thing: a branch waits for all |
    /// | `on_failure_callback`, `onExit` | [`Workflow::on_error`](crate::Workflow::on_error) |
    /// | `pool`, `synchronization` | [`guarded`](Scope::guarded) |
    /// | `max_active_tasks`, `parallelism` | no such thing for branches: those that are ready run |
    /// | a failed task lets the tasks that don't need it run on | it doesn't: the first failure stops the branches beside it (`failFast` in Argo) |
    #[track_caller]
    pub fn dag<R: Outputs>(&mut self, name: impl Into<String>, body: impl FnOnce(&Dag) -> R) -> R {
        let at = Location::caller();
        let name = name.into();
        let scope = self.child(&self.full_name(name.as_str()));
        let dag = Dag { name, at, scope, nodes: RefCell::default(), edges: RefCell::default() };
        let outputs = body(&dag);
        dag.finish(self, outputs)
    }
}

/// Where the tasks of a DAG are recorded; see [`Scope::dag`].
#[derive(Debug)]
pub struct Dag {
    name: String,
    at: &'static Location<'static>,
    /// Around the tasks, and nothing but them.
    scope: Scope,
    nodes: RefCell<Vec<Node>>,
    edges: RefCell<Vec<Edge>>,
}

/// A task as it was recorded.
#[derive(Debug)]
struct Node {
    /// Without the prefix of a section around the DAG.
    name: String,
    at: &'static Location<'static>,
    block: BlockId,
    /// What others read of it.
    output: ValueId,
    /// Whether it is a state of that name.
    is_state: bool,
    reads: Reads,
}

/// That a task waits for another one.
#[derive(Clone, Copy, Debug)]
struct Edge {
    first: usize,
    then: usize,
    at: &'static Location<'static>,
}

/// A task of a [`Dag`].
#[derive(Debug)]
pub struct Task<'d, T> {
    dag: &'d Dag,
    index: usize,
    output: T,
}

impl<T: Copy> Clone for Task<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Copy> Copy for Task<'_, T> {}

impl<'d, T: TaskOutput> Task<'d, T> {
    /// What it gives. A task that reads this waits for it.
    #[must_use]
    pub const fn output(self) -> T {
        self.output
    }

    /// Waits for other tasks: one, an array or a `Vec` of those that give the same, or a tuple of any.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// Workflow::new("tables", |w, _: Value<()>| {
    ///     w.dag("Tables", |d| {
    ///         let job = |name: &str| glue::StartJobRun::new(name);
    ///         let prepare = d.task("Prepare", job("prepare"));
    ///         let tables: Vec<_> = ["a", "b", "c"].map(|table| d.task(table, job(table)).after(prepare)).into();
    ///         let wait = d.block("Wait", |w| w.wait("WaitForFiles", Duration::from_secs(600)));
    ///         d.task("Finish", job("finish")).after((tables, wait));
    ///     });
    /// });
    /// ```
    #[track_caller]
    pub fn after(self, tasks: impl Tasks<'d>) -> Self {
        let at = Location::caller();
        tasks.each(&mut |dag, first| self.dag.order(dag, first, self.index, at));
        self
    }
}

impl Dag {
    /// A task of one step, and one state.
    #[track_caller]
    pub fn task<S: Step>(&self, name: impl Into<String>, step: S) -> Task<'_, Value<S::Output>> {
        let (at, name) = (Location::caller(), name.into());
        let state = name.clone();
        self.add(at, name, true, |w| w.run_at(at, state, step))
    }

    /// A task of as many states as it takes, with all that a scope can write. The name becomes no state.
    ///
    /// What the block returns is the task's output. It can `fail`, which fails what is around the DAG; it can't `succeed`.
    ///
    /// ```
    /// use statewright::prelude::*;
    ///
    /// const LOAD: lambda::Function<String, i64> = lambda::Function::named("load");
    ///
    /// Workflow::new("load", |w, shops: Value<Vec<String>>| {
    ///     w.dag("Load", |d| {
    ///         let prepare = d.task("Prepare", glue::StartJobRun::new("prepare"));
    ///         let load = d.block("Shops", |w| w.map("EachShop", shops).each(|w, shop| w.run("LoadShop", LOAD.invoke(shop))));
    ///         load.after(prepare);
    ///         load.output().sum()
    ///     })
    /// });
    /// ```
    #[track_caller]
    pub fn block<T: TaskOutput>(&self, name: impl Into<String>, body: impl FnOnce(&mut Scope) -> T) -> Task<'_, T> {
        self.add(Location::caller(), name.into(), false, body)
    }

    fn add<T: TaskOutput>(
        &self,
        at: &'static Location<'static>,
        name: String,
        is_state: bool,
        body: impl FnOnce(&mut Scope) -> T,
    ) -> Task<'_, T> {
        let full_name = self.scope.full_name(name.as_str());
        let output = self.scope.new_value(&full_name, at, Origin::Result, &[]);
        let mut scope = self.scope.child(&full_name);
        // Where a task stands is decided later, so a jump stays inside of it.
        self.scope.recording.borrow_mut().blocks[scope.block.0].is_machine = true;
        let yields = body(&mut scope).into_yield();
        scope.finish(yields.clone(), at);
        let mut recording = self.scope.recording.borrow_mut();
        if let Yield::Value(expr) = &yields {
            recording.values[output.index].origin = origin(expr, &recording);
        }
        let reads = read::of_block(&recording, scope.block);
        check_end(&name, scope.block, &mut recording);
        drop(recording);
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { name, at, block: scope.block, output, is_state, reads });
        Task { dag: self, index: nodes.len() - 1, output: T::from_expr(Kind::Value(output).into()) }
    }

    fn order(&self, of: &Self, first: usize, then: usize, at: &'static Location<'static>) {
        if std::ptr::eq(self, of) {
            self.edges.borrow_mut().push(Edge { first, then, at });
            return;
        }
        let message = format!(
            "`{}` can't wait for `{}`, which is a task of the DAG `{}`",
            self.nodes.borrow()[then].name,
            of.nodes.borrow()[first].name,
            of.name
        );
        let help = "wait for the task in whose block the other DAG is";
        self.scope
            .recording
            .borrow_mut()
            .diagnostics
            .push(Diagnostic::error(codes::TASK_OF_ANOTHER_DAG, message, at).help(help));
    }

    /// Orders the tasks, and writes them into the scope around the DAG.
    fn finish<R: Outputs>(self, around: &Scope, outputs: R) -> R {
        let Self { name, at, scope, nodes, edges } = self;
        let nodes = nodes.into_inner();
        let returned = outputs.exprs();
        let mut recording = scope.recording.borrow_mut();
        for expr in &returned {
            recording.reads(scope.block, expr, &at.into());
        }
        let mut found = Diagnostics::new();
        check_names(&nodes, &mut found);
        let order = ordered(&nodes, &edges.into_inner(), at, &mut found);
        let (plan, known) = match &order {
            Some(order) => (plan::plan(order), order),
            None => (plan::Plan::Series((0..nodes.len()).map(plan::Plan::Task).collect()), &order::Order::default()),
        };
        if order.is_some() {
            tell(&name, at, &plan.links(), &nodes, known, &mut found);
        }
        recording.diagnostics.extend(found);
        let writer = write::Writer::new(&name, at, around, &nodes, &plan, &returned);
        writer.write(&plan, around.block, &mut recording);
        let bound = writer.outputs(returned, &mut recording);
        drop(recording);
        R::bound(&mut bound.into_iter())
    }
}

/// How a value that gets another name is kept: a part of a result in parts, what is computed as a whole.
fn origin(expr: &Expr, recording: &Recording) -> Origin {
    match path(expr) {
        Some((id, _)) if recording.owns(id) && recording.info(id).origin != Origin::Computed => Origin::Result,
        _ => Origin::Computed,
    }
}

/// Tasks of one name. Two states of one name are told of where they are lowered.
fn check_names(nodes: &[Node], found: &mut Diagnostics) {
    let mut names: HashMap<&str, &Node> = HashMap::new();
    for node in nodes {
        if let Some(first) = names.insert(&node.name, node)
            && !(first.is_state && node.is_state)
        {
            found.push(
                Diagnostic::error(codes::DUPLICATE_TASK, format!("two tasks are called `{}`", node.name), first.at)
                    .here("first here")
                    .label(node.at, "again here")
                    .help("rename one of them"),
            );
        }
    }
}

/// What would end more than the task.
fn check_end(task: &str, block: BlockId, recording: &mut Recording) {
    let ends = |step: &&crate::ir::Step| matches!(step.kind, StepKind::Succeed { .. });
    let found = read::steps_of(recording, block).into_iter().filter(ends).map(|step| {
        let message = format!("`{}` would end more than the task `{task}`", step.name);
        Diagnostic::error(codes::SUCCEED_IN_TASK, message, step.at.clone())
            .help("return from the block of the task in place of it")
    });
    let found: Vec<_> = found.collect();
    recording.diagnostics.extend(found);
}

/// The order of the tasks, unless there is a cycle.
fn ordered(
    nodes: &[Node],
    edges: &[Edge],
    at: &'static Location<'static>,
    found: &mut Diagnostics,
) -> Option<order::Order> {
    let numbers: HashMap<ValueId, usize> =
        nodes.iter().enumerate().map(|(number, node)| (node.output, number)).collect();
    let read = nodes.iter().enumerate().flat_map(|(then, node)| {
        let first = node.reads.values().filter_map(|id| numbers.get(&id).copied());
        first.map(move |first| (first, then))
    });
    let mut pairs: Vec<_> = edges.iter().map(|edge| (edge.first, edge.then)).chain(read).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let cycle = match order::Order::of(nodes.len(), &pairs) {
        Ok(order) => return Some(order),
        Err(cycle) => cycle,
    };
    let (first, rest) = cycle.split_first()?;
    let names: Vec<_> = rest.iter().chain([first]).map(|task| format!("`{}`", nodes[*task].name)).collect();
    let message = format!("`{}` waits for {}", nodes[*first].name, names.join(", which waits for "));
    let mut told = Diagnostic::error(codes::DAG_CYCLE, message, at).help("remove one of these dependencies");
    for (then, first) in cycle.iter().zip(rest.iter().chain([first])) {
        let written = edges.iter().find(|edge| (edge.first, edge.then) == (*first, *then));
        let (then, first) = (&nodes[*then], &nodes[*first]);
        told = match written {
            Some(edge) => told.label(edge.at, format!("`{}` waits for `{}`", then.name, first.name)),
            None => told.label(then.at, format!("`{}` reads the output of `{}`", then.name, first.name)),
        };
    }
    found.push(told);
    None
}

/// Tells of the order that was added.
fn tell(
    name: &str,
    at: &'static Location<'static>,
    links: &[(usize, usize)],
    nodes: &[Node],
    order: &order::Order,
    found: &mut Diagnostics,
) {
    let mut added: Vec<_> = links.iter().filter(|(first, then)| !order.is_before(*first, *then)).collect();
    added.sort_unstable_by_key(|(first, then)| (then, first));
    if added.is_empty() {
        return;
    }
    let pairs: Vec<_> =
        added.iter().map(|(first, then)| format!("`{}` after `{}`", nodes[*then].name, nodes[*first].name)).collect();
    let message = format!("branches can't say the order of `{name}`, so there is more of it: {}", pairs.join(", "));
    let mut told = Diagnostic::warning(codes::DAG_ORDER_ADDED, message, at)
        .help("if that will do, write it with `.after(…)`; if not, say what shall wait instead");
    for (first, then) in added {
        told = told.label(nodes[*then].at, format!("waits for `{}` too", nodes[*first].name));
    }
    found.push(told);
}
