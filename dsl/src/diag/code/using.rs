//! What is wrong with a definition, or with where it is to run: `SW03` to `SW10`.

codes! {
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

    /// A service takes the members that its API has, of their types, and those that are required. The data of the APIs has a date:
    /// what AWS may have added since is a warning.
    ///
    /// Write what the message names; a name that is nearly right is named with it.
    REQUEST_REFUSED = "SW0701", "request that its service would refuse";

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
