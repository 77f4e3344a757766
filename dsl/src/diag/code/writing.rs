//! What is wrong with a workflow as it is written: `SW01`, `SW02`.

codes! {
    /// The names of states are unique in the whole state machine, branches and item processors included.
    ///
    /// Give one of the two another name. A function that is called twice can wrap its states in
    /// `w.section("prefix", |w| …)`, which puts the prefix before each name.
    DUPLICATE_STATE_NAME = "SW0101", "duplicate state name";

    /// A state has a name of 1 to 80 characters; a longer one is shortened, with a hash at its end.
    ///
    /// Write `w.run("LoadOrders", …)`.
    EMPTY_STATE_NAME = "SW0102", "state without a name";

    /// A value made inside a closure of the builder (an arm, a branch, an item, a handler) exists only there: at run
    /// time that closure may not have run, or have run many times.
    ///
    /// Return the value from the closure, and use what the call around it returns:
    /// `let (id,) = w.parallel("Both").branch(|w| w.run("MakeId", step)).join();`
    VALUE_OUT_OF_SCOPE = "SW0103", "value out of scope";

    /// A value belongs to the workflow in whose closure it was made.
    ///
    /// To use it in another workflow, pass it as that workflow's input: `CHILD.start(ChildInputFields { value })`.
    VALUE_OF_ANOTHER_WORKFLOW = "SW0104", "value of another workflow";

    /// Behind a `fail` or a `succeed` nothing runs any more.
    ///
    /// Remove the step, or move it before the `fail`. To end only in some cases, write the `fail` inside
    /// `w.when("Name", condition, |w| w.fail(…))`.
    UNREACHABLE_STEP = "SW0105", "unreachable step";

    /// A Parallel state runs at least one branch.
    ///
    /// Write `w.parallel("Both").branch(|w| …).branch(|w| …).join()`.
    NO_BRANCH = "SW0106", "parallel without a branch";

    /// The name of a workflow is the name of its state machine: 1 to 80 characters out of letters, digits, `-` and
    /// `_`, unique in the app. (AWS allows a few more characters, but not together with logging.)
    ///
    /// Write `Workflow::new("nightly-load", …)`.
    WORKFLOW_NAME = "SW0107", "name of a workflow";

    /// The workflows of an app have different names.
    ///
    /// Rename one of them.
    DUPLICATE_WORKFLOW_NAME = "SW0108", "duplicate name of a workflow";

    /// The name of an app is that of its schedule group and of the tag by which its resources are known: 1 to 64
    /// letters, digits, `-`, `_` and `.`. (`default` is a schedule group that every account has.)
    ///
    /// Write `App::new("shop")`.
    APP_NAME = "SW0109", "name of an app";

    /// AWS counts time in whole seconds.
    ///
    /// Write `Duration::from_secs(…)`.
    FRACTION_OF_A_SECOND = "SW0201", "fraction of a second";

    /// Seconds, numbers of items and the like are whole numbers from 0.
    ///
    /// Write such a number, or compute one: `.round()`, `.floor()`, `.ceil()`.
    NO_WHOLE_NUMBER = "SW0202", "not a whole number";

    /// What a retry says is in the ranges that AWS accepts: at least one error name, `States.ALL` alone and last, an
    /// interval from 1 second, a backoff rate from 1.0, a longest delay over the interval and up to 31,622,400
    /// seconds, up to 99,999,999 attempts.
    ///
    /// Write `Retry::on_any().interval(Duration::from_secs(2)).max_attempts(5)`, say.
    RETRY_OUT_OF_RANGE = "SW0203", "retry out of range";

    /// `States.ALL` names every error, so AWS refuses a list in which it does not stand alone.
    ///
    /// Write `.recover(|w, error| …)` in place of `.recover_on(["States.ALL", …], …)`.
    ALL_NOT_ALONE = "SW0204", "`States.ALL` among others";

    /// A handler names the errors that it handles.
    ///
    /// Write `.recover_on("Lambda.ServiceException", …)`, or `.recover(…)` for every error.
    NO_ERROR_NAME = "SW0205", "handler without an error name";

    /// Handlers are looked at in order, and only states that can fail (Task, Parallel, Map) lead to one.
    ///
    /// Remove the handler, or move it before the one that handles every error.
    HANDLER_NEVER_RUNS = "SW0206", "handler that never runs";

    /// A task's token exists only while a task waits for it.
    ///
    /// Read `task::token()` in the arguments of a step with `.wait_for_task_token()`, and nowhere else.
    TOKEN_OUTSIDE_CALLBACK = "SW0207", "token outside a callback";

    /// A step that waits for its token and tells nobody waits until its timeout.
    ///
    /// Pass `task::token()` on in the step's arguments: in the message, the payload, or the environment.
    CALLBACK_WITHOUT_TOKEN = "SW0208", "callback without a token";

    /// JSONata knows no time zones, only offsets from UTC.
    ///
    /// Write `.date_in("+0900")` or `.date_in(Offset::hours(9))` in place of `.date_in("Asia/Tokyo")`.
    NO_OFFSET = "SW0209", "not an offset from UTC";

    /// A timeout or a heartbeat has 1 to 99,999,999 seconds, the heartbeat less than the timeout; a wait has up to
    /// 99,999,999.
    ///
    /// Write `.timeout(Duration::from_secs(3600)).heartbeat(Duration::from_secs(60))`, say.
    TIME_OUT_OF_RANGE = "SW0210", "time out of range";

    /// A loop runs one time or more, with a second or more between two times, and has a step in it.
    ///
    /// Write `w.poll("Done", Duration::from_secs(30), Duration::from_secs(3600), |w| …)`, or
    /// `w.repeat("MorePages", first, 100, |w, page| …)`, and run a step in the block.
    LOOP_OUT_OF_RANGE = "SW0211", "loop out of range";

    /// `map::index()` is the place of an item in the list of the Map that runs it.
    ///
    /// Read it in the block of an item: `w.map("Each", list).each(|w, item| …)`.
    INDEX_OUTSIDE_MAP = "SW0212", "index outside of a Map";

    /// The label of a distributed Map has 1 to 40 letters, digits, `-` and `_`; of its items, 0 to 100 of a hundred may fail, and
    /// one or more are read.
    ///
    /// Write `.label("orders")`, `.tolerated_failure_percentage(5)`, `S3Items::csv(…).max_items(1_000)`, say.
    DISTRIBUTED_OUT_OF_RANGE = "SW0213", "distributed Map out of range";

    /// A label stands at one place: where it was made, or where `w.place(label)` puts it.
    ///
    /// Write `let end = w.forward_label("End");`, `w.goto(end)` as often as needed, and `w.place(end);` once, in front of a state.
    LABEL_NOT_PLACED = "SW0220", "label that stands nowhere, or twice";

    /// Branches and items are machines of their own: a state of theirs leads to another one of theirs, or ends them. And whoever
    /// enters a guarded section past its beginning would have no permit.
    ///
    /// Return a value from the closure, and decide behind it:
    /// `let (again,) = w.parallel("Both").branch(|w| …).join(); w.when("Again", again, |w| w.goto(label));`
    GOTO_OUT_OF_SCOPE = "SW0221", "jump out of its machine";

    /// A jump can pass by the step that makes a value, and what has no value can't be read.
    ///
    /// Place the label before the value is made, or take the value along: `let (again, value) = w.label_with("Again", first);`
    /// and `w.goto_with(again, next)`.
    VALUE_NOT_ON_EVERY_WAY = "SW0222", "value that some way does not make";

    /// Between two times at a label there is a state; otherwise nothing would ever happen again.
    ///
    /// Run a step in the loop, or wait: `w.wait("Pause", Duration::from_secs(30));`
    GOTO_WITHOUT_STATE = "SW0223", "loop without a state";

    /// `w.comment(…)` is the `Comment` of the next state in the same block.
    ///
    /// Write it right before the `run`, `wait`, `when`, `map` … that it is about.
    COMMENT_WITHOUT_STATE = "SW0224", "comment without a state";

    /// An HTTP Task calls `https://`; what stands behind the `?` are its query parameters.
    ///
    /// Write `http::Call::get("https://api.example.com/orders", CONNECTION).query("open", "yes")`.
    HTTP_ENDPOINT = "SW0225", "not an HTTPS endpoint";

    /// A call of the AWS SDK is named as the SDK for Java names it: the service in lower case, the action in `camelCase`.
    ///
    /// Write `sdk::Call::new("dynamodb:query")`.
    SDK_ACTION = "SW0226", "not a service and action";

    /// A nested workflow takes the input that it was written for, and gives what it was written to give.
    ///
    /// Name the same types in both: `Workflow::new("child", |w, order: Value<Order>| …)` and
    /// `states::StateMachine::<Order, Receipt>::of(&child)`.
    CHILD_SHAPE = "SW0227", "child of another shape";

    /// A raw state is a Task, Pass, Wait, Parallel or Map in JSON, and its Catchers lead to states beside it.
    ///
    /// Write `w.state("Name", RawState::from(json!({ "Type": "Pass" })))`, and `w.when(…)`, `w.succeed(…)` or `w.fail(…)` for the other
    /// types.
    RAW_STATE = "SW0228", "raw state that can't be placed";

    /// An activity is performed by a worker with its own rights, so AWS refuses `Credentials` on its task.
    ///
    /// Remove `.credentials(…)`: what the worker may do is for the worker's own role to say.
    ACTIVITY_CREDENTIALS = "SW0229", "credentials of an activity";

    /// The tasks of a DAG have different names.
    ///
    /// Rename one of them.
    DUPLICATE_TASK = "SW0230", "duplicate task of a DAG";

    /// A task that waits, by way of others or at once, for itself never starts. A task waits for those in its `.after(…)`, and for
    /// those whose output it reads.
    ///
    /// Remove one of the `.after(…)` that the message names.
    DAG_CYCLE = "SW0231", "cycle in a DAG";

    /// A task waits for tasks of its own DAG. What is around a DAG has happened before it begins, and what is inside of a block
    /// that is a task is a part of that task.
    ///
    /// Let the task wait for the one whose block the inner DAG is in.
    TASK_OF_ANOTHER_DAG = "SW0232", "task of another DAG";

    /// ASL runs branches of sequences of branches and so on. Some orders can't be said like that: with `a` before `c`, and `b`
    /// before `c` and `d`, `d` has to wait for `a` too, or `b` for `a`, or `c` for `d`. The compiler has added as few pairs as it
    /// could, and the message names them.
    ///
    /// If that will do, write the pairs yourself, and the warning is gone: `d.after(a)`. If not, write them so that the task that
    /// takes long waits for nothing that it doesn't need, or split the task that has dependencies in common with others.
    DAG_ORDER_ADDED = "SW0233", "order added to a DAG";

    /// Tasks that are ready at the same time are in branches, so a `succeed` would end a branch, or the whole workflow, depending
    /// on the tasks around it.
    ///
    /// Return from the block in place of it: `w.when("Nothing", empty, |_| ()).otherwise(|w| { … })`.
    SUCCEED_IN_TASK = "SW0234", "`succeed` in a task of a DAG";

    /// Blocks are up to 100 deep inside of each other, and Parallels and Maps up to 25: a definition that is deeper is one that
    /// many programs can't read.
    ///
    /// Start another workflow for the inner part: `CHILD.start(input)`. A `match` on many values is a `w.switch(…)`, not a `when`
    /// inside of an `otherwise`.
    NESTED_TOO_DEEP = "SW0235", "nested too deep";

    /// JSONata that is written by hand is one expression, without `{%` and `%}`. It reads `$states.context`, the
    /// functions of JSONata and Step Functions, and the values that are bound to names; every other name would be nothing.
    /// Here its quotes, brackets and names are checked; its grammar is in the simulator and in AWS.
    ///
    /// Write `Value::<f64>::jsonata("$sum($items.price)", [("items", items.untyped())])`.
    RAW_EXPRESSION = "SW0240", "malformed JSONata";

    /// A picture says how a time or a number is written, as in XPath: `[Y0001]-[M01]-[D01]`, `#,##0.00`.
    ///
    /// Put each part of a time into brackets: `.format("[Y0001]/[M01]/[D01] [H01]:[m01]")`.
    PICTURE = "SW0241", "malformed picture";

    /// A pattern is a regular expression of JavaScript. JSONata finds its end by counting brackets, so that one that is meant
    /// itself has a backslash before it, inside of `[…]` as well.
    ///
    /// Write `.matches(r"^\(draft\) [a-z]+$")`.
    PATTERN = "SW0242", "malformed pattern";

    /// A path names one place: fields and positions, from `$`, the input of the workflow, or from `$$`, the context object.
    ///
    /// Write `Value::<String>::path("$.orders[0].id")`. For more than one place there are `.map(…)`, `.filter(…)` and
    /// `Value::jsonata(…)`.
    MALFORMED_PATH = "SW0243", "malformed path";

    /// In JSONPath, a workflow computes with intrinsic functions only, which have no other arithmetic than `States.MathAdd`, no
    /// upper case, and no dates but the parts of the start of the execution. What depends on a condition, or may be absent,
    /// becomes a Choice state; the rest can't be said.
    ///
    /// Leave the workflow in JSONata (the default), let a task compute the value, or write it otherwise: the message says how.
    NOT_IN_JSONPATH = "SW0250", "not in JSONPath";
}
