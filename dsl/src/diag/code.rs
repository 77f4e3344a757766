//! The stable codes and their pages. A code is never reused for something else.
//!
//! Ranges: `SW01` names and scopes, `SW02` values and lowering, `SW03` reading ASL, `SW04` schedules,
//! `SW05` IAM, `SW06` limits of AWS, `SW07` integrations, `SW08` rendering for a target,
//! `SW09` running, `SW10` the concurrency guard.

/// A stable code: its number, its title, and the page that `explain` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// Such as `SW0101`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Why it is a mistake, and an example of what to write instead.
    pub page: &'static str,
}

macro_rules! codes {
    ($($(#[doc = $page:literal])+ $name:ident = $id:literal, $title:literal;)+) => {
        /// Every code as a constant.
        pub mod codes {
            use super::Code;
            $($(#[doc = $page])+ pub const $name: Code = Code { id: $id, title: $title, page: concat!($($page, "\n"),+) };)+
        }

        /// Every code, in order.
        pub const ALL: &[Code] = &[$(codes::$name),+];
    };
}

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
    /// upper case, no dates. What depends on a condition, or may be absent, becomes a Choice state; the rest can't be said.
    ///
    /// Leave the workflow in JSONata (the default), let a task compute the value, or write it otherwise: the message says how.
    NOT_IN_JSONPATH = "SW0250", "not in JSONPath";

    /// Blocks are up to 100 deep inside of each other, and Parallels and Maps up to 25: a definition that is deeper is one that
    /// many programs can't read.
    ///
    /// Start another workflow for the inner part: `CHILD.start(input)`. A `match` on many values is a `w.switch(…)`, not a `when`
    /// inside of an `otherwise`.
    NESTED_TOO_DEEP = "SW0235", "nested too deep";

    /// A definition is JSON.
    ///
    /// Repair the text at the line and column of the message: most often a comma too many or too few.
    NOT_JSON = "SW0301", "not JSON";

    /// A definition is one JSON object with `StartAt` and `States`.
    ///
    /// Write `{"StartAt": "First", "States": {"First": {"Type": "Succeed"}}}`, say.
    NOT_A_STATE_MACHINE = "SW0302", "not a state machine";

    /// A schedule is `cron(…)` with six fields, `rate(…)` or `at(…)`, as EventBridge Scheduler writes them.
    ///
    /// A cron expression has the fields minutes (0-59), hours (0-23), day of month (1-31, `L`, `W`), month (1-12 or
    /// JAN-DEC), day of week (1-7 or SUN-SAT, `L`, `#`) and year (1970-2199). One of the two day fields is `?`.
    /// A rate is a number and a unit in its right number: `1 minute`, `10 minutes`.
    ///
    /// Write `Schedule::cron("0 2 * * ? *")` for 2 o'clock each night.
    SCHEDULE_EXPRESSION = "SW0401", "schedule expression";

    /// The time zone of a schedule is an IANA name, spelt as IANA spells it.
    ///
    /// Write `.timezone("Asia/Tokyo")`.
    UNKNOWN_TIME_ZONE = "SW0402", "unknown time zone";

    /// A schedule's name has 1 to 64 letters, digits, `-`, `_` and `.`, and is unique in its group, which is the app.
    ///
    /// Write `.named("nightly")`, and another name for each further schedule of the workflow.
    SCHEDULE_NAME = "SW0403", "name of a schedule";

    /// A flexible window has 1 to 1,440 whole minutes.
    ///
    /// Write `.flexible_window(Duration::from_secs(15 * 60))`.
    SCHEDULE_WINDOW = "SW0404", "flexible window";

    /// Start and end of a schedule are points in time (RFC 3339), the end behind the start.
    ///
    /// Write `.start_date("2026-03-01T00:00:00Z")`.
    SCHEDULE_DATES = "SW0405", "start or end of a schedule";

    /// EventBridge Scheduler tries a failed start again for 60 seconds to 24 hours, and up to 185 times.
    ///
    /// Write `.retry_policy(Duration::from_secs(3600), 3)`.
    SCHEDULE_RETRY = "SW0406", "retry policy of a schedule";

    /// The input of a schedule is known when the workflow is compiled: there is no execution yet that could compute.
    ///
    /// Write constants. EventBridge Scheduler itself fills in `schedule::scheduled_time()`, `schedule::execution_id()`
    /// and `schedule::attempt_number()`.
    SCHEDULE_INPUT = "SW0407", "input of a schedule";

    /// The description of a schedule has up to 512 characters.
    ///
    /// Shorten it; the workflow's own comment has room for more.
    SCHEDULE_TEXT = "SW0408", "description of a schedule";

    /// An argument that names a resource is computed at run time, so the execution role is allowed every resource of
    /// that kind.
    ///
    /// Say which ones it can be: `.allow(["arn:aws:glue:eu-west-1:123456789012:job/load-*"])`, or why any of them is
    /// right: `.allow_any("jobs are created at run time")`. A text that begins with known text (`text!("load-{}", shop)`)
    /// needs neither: the role is allowed what begins so.
    ANY_RESOURCE = "SW0501", "any resource of a kind";

    /// The rights that a call needs are not known here, so no role can be made for it.
    ///
    /// Bring a role that allows it: `.role_arn("arn:aws:iam::123456789012:role/nightly")` on the workflow.
    UNKNOWN_INTEGRATION = "SW0502", "unknown integration";

    /// Whoever runs an ECS task must be allowed to pass it the roles of its task definition, which the compiler can't
    /// see.
    ///
    /// Name them once, where the task definition is named:
    /// `ecs::TaskDefinition::family("export").roles(&["export-task", "ecs-execution"])`, or write `.no_roles()` if it
    /// has none.
    UNKNOWN_PASSED_ROLES = "SW0503", "roles of a task definition";

    /// An Express workflow runs for up to five minutes and waits for nothing: no `.sync`, no `.waitForTaskToken`, no
    /// activities.
    ///
    /// End the step with `.request_response()`, or remove `.express()`. A distributed Map needs a Standard workflow, too: its
    /// items may be Express executions.
    EXPRESS_CANNOT_WAIT = "SW0601", "express workflow that waits";

    /// CloudWatch Logs keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
    /// 2557, 2922, 3288 or 3653 days.
    ///
    /// Write one of these: `.log(Log::errors().retention_days(90))`.
    LOG_RETENTION = "SW0602", "retention of logs";

    /// A definition has at most 1,048,576 characters.
    ///
    /// Move a part into a workflow of its own, and start that one with `states::StateMachine::start`.
    DEFINITION_TOO_LARGE = "SW0603", "definition too large";

    /// An Express execution runs for five minutes at most.
    ///
    /// Shorten the `.timeout(…)` or the wait, or remove `.express()`.
    EXPRESS_TOO_LONG = "SW0604", "longer than an Express execution";

    /// Every `Next`, `Default` and `StartAt` names a state of the same `States`: those of a branch or an item processor
    /// don't lead out of it.
    ///
    /// Correct the name, or add the state. What comes behind a branch belongs behind its Parallel state.
    NO_SUCH_STATE = "SW0901", "no such state";

    /// A path begins with `$` and is one of Jayway's JsonPath; an intrinsic function is one of the eighteen that begin
    /// with `States.`; a JSONata expression is written as `{% … %}`, in the syntax of JSONata 2.0.6.
    ///
    /// Repair the text at the place of the message.
    MALFORMED_EXPRESSION = "SW0902", "malformed path or expression";

    /// A state can't run without this field.
    ///
    /// Add it: `"Resource"` to a Task, `"Choices"` to a Choice, `"Branches"` to a Parallel, `"ItemProcessor"` to a Map,
    /// one of `"Seconds"`, `"SecondsPath"`, `"Timestamp"` and `"TimestampPath"` to a Wait, `"Next"` or `"End": true` to
    /// every state that is neither a Choice nor an end.
    MISSING_FIELD = "SW0903", "missing field";

    /// A guarded workflow without a timeout that hangs holds its permit, so no other run begins: for up to a year, which
    /// is how long a Standard execution may take.
    ///
    /// Give the workflow the longest time that a run may take: `.timeout(Duration::from_secs(4 * 3600))`. A scheduled
    /// workflow is exclusive unless it says `.concurrency(Concurrency::unlimited())`.
    GUARD_WITHOUT_TIMEOUT = "SW1001", "guarded without a timeout";

    /// Names of states that begin with `guard/`, names of variables that begin with `guard_`, and the field `_schedule` of
    /// the input belong to the guard.
    ///
    /// Give the state or the variable another name.
    RESERVED_NAME = "SW1002", "name of the guard";

    /// Two executions that wait for the same two locks in different orders can wait for each other for ever.
    ///
    /// Take the locks in the same order in all workflows, the outer one first; or let one of the two fail instead of
    /// waiting: `.on_conflict(OnConflict::Fail)`.
    LOCK_ORDER = "SW1003", "locks in different orders";

    /// When an execution is stopped or times out, a Lambda function that it called goes on, and so do children of a
    /// distributed Map, and whatever was started without waiting for its end. The next run begins meanwhile.
    ///
    /// Say how long that can take: `.concurrency(Concurrency::exclusive().settle(Duration::from_secs(900)))`; a run that
    /// did not come to its end keeps its permit for so long. `.settle(Duration::ZERO)` says that it does no harm.
    GUARD_OUTLIVED = "SW1004", "work that outlives its execution";

    /// `.dedupe(…)` keeps the ticks of schedules apart, and the workflow has no schedule.
    ///
    /// Add `.schedule(…)`, or leave `.dedupe(…)` out.
    TICKS_WITHOUT_SCHEDULE = "SW1005", "ticks without a schedule";

    /// Whether an Express execution has ended can't be asked, and a Standard execution can run longer than any lease.
    ///
    /// Guard an Express workflow by age, `Concurrency::exclusive().lease()`, or make it a Standard workflow. Leave `.lease()` out on
    /// a Standard workflow.
    GUARD_ON_EXPRESS = "SW1006", "guard and type of the workflow";

    /// The schedule of a guarded workflow adds the field `_schedule` to the input, which has to be an object for that.
    ///
    /// Write a struct as the schedule's input, or `.dedupe(Dedupe::Off)`.
    SCHEDULE_INPUT_NOT_OBJECT = "SW1007", "input of a schedule that is no object";

    /// A number of permits, a key or a time of the guard is out of its range.
    ///
    /// Permits are 1 to 100, times whole seconds, keys letters, digits, `-`, `_`, `.` and `/`.
    GUARD_OUT_OF_RANGE = "SW1008", "guard out of range";

    /// Not every policy goes with every guard: a section can wait or fail, a lease can't replace or queue, a list can
    /// neither wait nor hold; the permit of a lock that the execution holds already would be waited for in vain.
    ///
    /// Write one of the policies that the message names.
    GUARD_POLICY = "SW1009", "policy of the guard";

    /// The key of a lock is computed from the input of the workflow whose lock it is.
    ///
    /// Name the same type in both: `Workflow::new("ship", |w, order: Value<Order>| …)` and
    /// `.key_from(|order: Value<Order>| order.customer_id)`.
    GUARD_KEY_SHAPE = "SW1010", "key of another input";
}

/// The code with that number, in either case.
#[must_use]
pub fn find(id: &str) -> Option<Code> {
    ALL.iter().copied().find(|c| c.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_have_a_page() {
        assert!(ALL.windows(2).all(|w| w[0].id < w[1].id), "codes are listed in order, each once");
        for code in ALL {
            assert!(code.id.len() == 6 && code.id.starts_with("SW"), "{}", code.id);
            assert!(code.page.trim().lines().count() > 1, "{} says what to write instead", code.id);
        }
    }

    #[test]
    fn a_code_is_found_in_either_case() {
        assert_eq!(find("sw0101").map(|c| c.id), Some("SW0101"));
        assert_eq!(find("SW9999"), None);
    }
}
