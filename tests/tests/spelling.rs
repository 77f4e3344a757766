//! The second spelling, construct by construct: each compiles to what the builder writes, and runs as it reads.

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_simulate::service::function::Functions;
use statewright_simulate::simulate;

#[derive(Shape)]
enum Plan {
    Free,
    Team,
    Company,
}

#[derive(Shape)]
struct Order {
    id: String,
    plan: Plan,
    count: i64,
    coupon: Option<String>,
    lines: Vec<Line>,
}

#[derive(Shape)]
struct Line {
    article: String,
    count: i64,
}

#[derive(Shape)]
struct Request {
    article: String,
    count: i64,
    note: Option<String>,
}

#[derive(Shape)]
struct Answer {
    place: String,
    done: bool,
}

const RESERVE: lambda::Function<Request, Answer> = lambda::Function::named("reserve");
const LOOK: lambda::Function<String, Answer> = lambda::Function::named("look");
const COUNT: lambda::Function<i64, i64> = lambda::Function::named("count");

fn text(workflow: &Workflow) -> String {
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    compiled.bundle.state_machine.definition.to_text()
}

#[track_caller]
fn same(second: &Workflow, first: &Workflow) {
    assert_eq!(text(second), text(first));
}

#[derive(Shape)]
#[serde(rename_all = "lowercase")]
enum Payment {
    Cash,
    Voucher(String),
    Card { number: String, days: i64 },
    Transfer { iban: String },
}

#[workflow]
async fn choices(order: Order) -> Result<String, Failed> {
    let kind = if order.count == 0 {
        "nothing"
    } else if let Some(coupon) = order.coupon {
        coupon
    } else if order.plan != Plan::Free && !(10 > order.count) {
        let look = LOOK.invoke(order.id).await?;
        look.place
    } else {
        return_kind(order.plan).await
    };
    Ok(kind)
}

#[fragment]
async fn return_kind(plan: Plan) -> String {
    let plan_text = match plan {
        Plan::Free => "free",
        Plan::Team | Plan::Company => "paid",
    };
    plan_text
}

#[test]
fn if_and_match_are_choices() {
    let first = Workflow::new("choices", |w, order: Value<Order>| {
        w.when("Kind", order.count.eq(0), |w| w.value("nothing"))
            .or_when_some(order.coupon, |_, coupon| coupon)
            .or_when(order.plan.ne(Plan::Free).and(!Value::<i64>::from(10_i64).gt(order.count)), |w| {
                w.run("Look", LOOK.invoke(order.id)).place
            })
            .otherwise(|w| {
                w.when("PlanText", order.plan.eq(Plan::Free), |w| w.value("free")).otherwise(|w| w.value("paid"))
            })
    });
    same(&choices(), &first);
}

#[workflow(name = "literals", comment = "a literal decides")]
async fn by_literal(count: i64) -> Result<i64, Failed> {
    #[name("ByCount")]
    match count {
        0 => return Err(fail("Empty", "nothing to count")),
        1 | 2 => {}
        few if few < 10 => {
            /// Counts what is left.
            let count_few = COUNT.invoke(few * 2 + 1).await?;
            return Ok(count_few);
        }
        -1 => {}
        many => {
            COUNT.invoke(100 - many).timeout(Duration::from_secs(2 * 60)).await?;
        }
    }
    Ok(count)
}

#[test]
fn match_on_literals_has_guards_and_names() {
    let first = Workflow::new("literals", |w, count: Value<i64>| {
        w.when("ByCount", count.eq(0), |w| w.fail("Fail", "Empty", "nothing to count"))
            .or_when(count.eq(1).or(count.eq(2)), |_| ())
            .or_when(count.lt(10), |w| {
                let few = w.run("CountFew", COUNT.invoke(count * 2 + 1).comment("Counts what is left."));
                w.succeed_with("Return", few)
            })
            .or_when(count.eq(-1), |_| ())
            .otherwise(|w| {
                let rest = Value::<i64>::from(100_i64) - count;
                w.run("Count", COUNT.invoke(rest).timeout(Duration::from_secs(120)));
            });
        count
    })
    .comment("a literal decides");
    same(&by_literal(), &first);
}

#[workflow]
async fn lists(order: Order) -> Result<Vec<String>, Failed> {
    /// One after the other.
    for line in order.lines {
        COUNT.invoke(line.count).await?;
    }
    let Order { id, lines, .. } = order;
    let places = each(lines.filter(|line| line.count > 0), async |line| {
        let request = Request { article: line.article, count: line.count, note: id };
        RESERVE.invoke(request).await?.place
    })
    .max_concurrency(5)
    .retry(Retry::on_any())
    .await?;
    Ok(places)
}

#[test]
fn for_and_each_are_maps() {
    let first = Workflow::new("lists", |w, order: Value<Order>| {
        w.map("EachLine", order.lines).max_concurrency(1).each(|w, line| {
            w.run("Count", COUNT.invoke(line.count));
        });
        let lines = order.lines.filter(|line| line.count.gt(0));
        w.map("Places", lines).max_concurrency(5).retry(Retry::on_any()).each(|w, line| {
            let note = Value::<Option<String>>::from_some(order.id);
            let request = RequestFields { article: line.article, count: line.count, note };
            w.run("Reserve", RESERVE.invoke(request)).place
        })
    });
    let found = text(&lists());
    let commented = r#""Comment": "One after the other.",
"#;
    assert!(found.contains(commented), "{found}");
    assert_eq!(found.replace(&format!("      {commented}"), ""), text(&first));
}

trait FromSome {
    fn from_some(value: Value<String>) -> Self;
}

impl FromSome for Value<Option<String>> {
    fn from_some(value: Value<String>) -> Self {
        Arg::into_value(value)
    }
}

#[workflow]
async fn ends(id: String) -> Result<(), Failed> {
    let answer = attempt(async {
        let looked = poll(Duration::from_secs(10), Duration::from_secs(60), async {
            let look = LOOK.invoke(id).await?;
            (look.done, look.place)
        })
        .await?;
        looked
    })
    .recover_on("Poll.Timeout", async |_| "late")
    .recover(async |error| {
        #[name("Again")]
        LOOK.invoke(error.cause).await?.place
    })
    .await?;
    #[name("Halve")]
    repeat(8, 5, async |number| {
        let half = COUNT.invoke(number).await?;
        (half > 1, half)
    })
    .await?;
    wait(Duration::from_secs(5)).await;
    if let Some(found) = answer.split("/").first() {
        #[name("Found")]
        LOOK.invoke(found).await?;
    }
    match answer {
        "late" => fail("Late", answer).await?,
        _ => succeed().await,
    }
}

#[test]
fn attempts_and_loops_are_those_of_the_builder() {
    let first = Workflow::new("ends", |w, id: Value<String>| {
        let answer = w
            .attempt("Answer", |w| {
                w.poll("Looked", Duration::from_secs(10), Duration::from_secs(60), |w| {
                    let look = w.run("Look", LOOK.invoke(id));
                    (look.done, look.place)
                })
            })
            .recover_on("Poll.Timeout", |w, _| w.value("late"))
            .recover(|w, error| w.run("Again", LOOK.invoke(error.cause)).place);
        w.repeat("Halve", 8, 5, |w, number| {
            let half = w.run("Half", COUNT.invoke(number));
            (half.gt(1), half)
        });
        w.wait("Wait", Duration::from_secs(5));
        w.when_some("IfFound", answer.split("/").first(), |w, found| {
            w.run("Found", LOOK.invoke(found));
        });
        w.when("ByAnswer", answer.eq("late"), |w| w.fail("Fail", "Late", answer)).otherwise(|w| w.succeed("Succeed"))
    });
    same(&ends(), &first);
}

#[workflow(on_error = tell, tracing, tag = ("team", "sales"), timeout = Duration::from_secs(60))]
async fn told() -> Result<(), Failed> {
    COUNT.invoke(1).await?;
    Ok(())
}

#[fragment]
async fn tell(error: Caught) -> Result<(), Failed> {
    let tell = LOOK.invoke(error.error).await?;
    #[name("Again")]
    if !tell.done {
        return Err(rethrow(error));
    }
    Ok(())
}

#[test]
fn the_attribute_calls_the_methods_of_workflow() {
    let first = Workflow::new("told", |w, _: Value<()>| {
        w.run("Count", COUNT.invoke(1));
    })
    .on_error(|w, error| tell(error).write(w))
    .tracing()
    .tag("team", "sales")
    .timeout(Duration::from_secs(60));
    same(&told(), &first);
    let spec = told().compile("app").bundle.state_machine;
    assert_eq!(spec.tags.get("team").map(String::as_str), Some("sales"));
}

#[test]
fn a_workflow_runs_as_it_reads() {
    let functions = || {
        Functions::default()
            .with("count", |count| Ok(json!(count.as_i64().unwrap_or_default() / 2)))
            .with("look", |of| Ok(json!({ "place": format!("at {}", of.as_str().unwrap_or_default()), "done": true })))
    };
    let order =
        |count: i64, plan: &str| json!({ "id": "o-1", "plan": plan, "count": count, "coupon": null, "lines": [] });
    let output = |workflow: &Workflow, input: &Json| {
        let run = simulate(workflow).input(input).mock(functions()).run().unwrap_or_else(|trouble| panic!("{trouble}"));
        run.output().unwrap_or_else(|| json!({ "error": run.failure().error }))
    };
    assert_eq!(output(&choices(), &order(0, "Free")), "nothing");
    assert_eq!(output(&choices(), &order(3, "Team")), "paid");
    assert_eq!(output(&choices(), &order(12, "Team")), "at o-1");
    assert_eq!(output(&choices(), &order(12, "Free")), "free");
    assert_eq!(output(&by_literal(), &json!(0)), json!({ "error": "Empty" }));
    assert_eq!(output(&by_literal(), &json!(2)), 2);
    assert_eq!(output(&by_literal(), &json!(4)), 4, "(4 * 2 + 1) / 2");
    assert_eq!(output(&by_literal(), &json!(50)), 50);
}

#[workflow]
async fn options(order: Order) -> Result<Option<String>, Failed> {
    let coupon = match order.coupon {
        Some(coupon) => coupon,
        None => "none",
    };
    let note: Option<String> = coupon;
    let count: i64 = 5;
    let article = "book";
    RESERVE.invoke(Request { article, count, note }).await?;
    each(order.lines, async |Line { article, count }| {
        #[name("Item")]
        RESERVE.invoke(Request { article, count, note: Value::none() }).await?;
    })
    .await?;
    Ok(note)
}

#[test]
fn requests_options_and_patterns() {
    let first = Workflow::new("options", |w, order: Value<Order>| {
        let coupon = w.when_some("Coupon", order.coupon, |_, coupon| coupon).otherwise(|w| w.value("none"));
        let note = Value::<Option<String>>::from_some(coupon);
        w.run("Reserve", RESERVE.invoke(RequestFields { article: "book".into(), count: 5.into(), note }));
        w.map("EachLine", order.lines).each(|w, line| {
            let request = RequestFields { article: line.article, count: line.count, note: Value::none() };
            w.run("Item", RESERVE.invoke(request));
        });
        note
    });
    assert_eq!(text(&options()), text(&first));
}

#[workflow]
async fn payments(payment: Payment) -> Result<Payment, Failed> {
    let how = match payment {
        Payment::Cash => "cash",
        Payment::Voucher(code) if code == "" => "nothing",
        Payment::Voucher(code) => code,
        Payment::Card { number, days: valid } if valid > 0 => text!("card {number}"),
        Payment::Card { .. } | Payment::Transfer { .. } => return Err(fail("Payment.Refused", "not this way")),
    };
    let number = LOOK.invoke(how).await?.place;
    Ok(Payment::Card { number, days: 30 })
}

#[test]
fn match_takes_enums_with_data_apart() {
    let first = Workflow::new("payments", |w, payment: Value<Payment>| {
        let (code, card) = (payment.as_voucher().expect_some(), payment.as_card().expect_some());
        let how = w
            .when("How", payment.is_cash(), |w| w.value("cash"))
            .or_when(payment.is_voucher().and(code.eq("")), |w| w.value("nothing"))
            .or_when(payment.is_voucher(), |_| code)
            .or_when(payment.is_card().and(card.days.gt(0)), |_| text!("card {}", card.number))
            .otherwise(|w| w.fail("Fail", "Payment.Refused", "not this way"));
        let number = w.run("Number", LOOK.invoke(how)).place;
        PaymentFields::card(PaymentCardFields { number, days: 30.into() })
    });
    same(&payments(), &first);
}
