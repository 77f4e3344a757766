//! A type with `#[derive(Serialize, Deserialize, Shape)]` is the same JSON for serde and for a workflow.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt::Debug;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright_simulate::simulate;

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order {
    order_id: OrderId,
    #[serde(rename(serialize = "Total", deserialize = "Total"))]
    total: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default)]
    priority: i64,
    #[serde(skip)]
    _cached: Vec<u8>,
    lines: Vec<Line>,
    payment: Payment,
    shipping: Shipping,
    event: Event,
    amount: Amount,
    size: (i64, String),
    point: Point,
    tags: BTreeSet<String>,
    queue: VecDeque<u8>,
    prices: HashMap<String, f64>,
    counts: BTreeMap<String, Vec<i64>>,
    parent: Option<Box<Line>>,
    grade: char,
    plan: Plan,
    r#type: u64,
    wrapped: Wrapped,
}

#[derive(Debug, Serialize, Deserialize, Shape)]
struct OrderId(String);

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(transparent)]
struct Wrapped {
    inner: Vec<i64>,
}

#[derive(Debug, Serialize, Deserialize, Shape)]
struct Point(i64, Vec<i64>);

#[derive(Debug, Serialize, Deserialize, Shape)]
struct Line {
    article: String,
    #[serde(flatten)]
    measure: Measure,
}

#[derive(Debug, Serialize, Deserialize, Shape)]
struct Measure {
    width: f64,
    height: Option<f64>,
}

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(rename_all = "kebab-case")]
enum Plan {
    Free,
    TeamPlus,
    #[serde(rename = "BIG")]
    Big,
}

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Payment {
    Cash,
    Invoice(OrderId),
    CreditCard {
        card_number: String,
        #[serde(default)]
        valid_until: String,
    },
    Split(i64, Vec<i64>),
}

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Shipping {
    None,
    Post(Measure),
    #[serde(rename_all = "UPPERCASE")]
    Courier {
        name: String,
    },
}

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(tag = "t", content = "c")]
enum Event {
    Started,
    Moved { to: String },
    Counted(i64),
    Listed(Vec<i64>),
    Pair(i64, String),
}

#[derive(Debug, Serialize, Deserialize, Shape)]
#[serde(untagged)]
enum Amount {
    Whole(i64),
    Text(String),
    Several(Vec<i64>),
    Money { value: f64, currency: String },
    Any { value: f64 },
}

/// Numbers from a list, over and over.
fn draw(numbers: &[u64]) -> impl FnMut(u64) -> u64 {
    let mut next = numbers.iter().copied().cycle();
    move |below| next.next().unwrap_or_default() % below.max(1)
}

/// Whether everything of the first is in the second; what is `null` may be left out.
fn is_within(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            a.iter().all(|(key, a)| b.get(key).map_or(a.is_null(), |b| is_within(a, b)))
        }
        (Json::Array(a), Json::Array(b)) => {
            // A set has an order of its own.
            let in_order = |items: &[Json]| {
                let mut items = items.to_vec();
                items.sort_by_key(|item| item.as_str().map(str::to_owned));
                items
            };
            a.len() == b.len() && in_order(a).iter().zip(in_order(b)).all(|(a, b)| is_within(a, &b))
        }
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

fn agrees<T: Shape + Serialize + DeserializeOwned + Debug>(numbers: &[u64]) {
    let sample = T::sample(&mut draw(numbers));
    let read: T = serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{error}: {sample}"));
    let written = serde_json::to_value(&read).unwrap();
    assert!(is_within(&sample, &written), "{sample}\n{written}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_sample_is_read_and_written_by_serde(numbers in prop::collection::vec(any::<u64>(), 1..60)) {
        agrees::<Order>(&numbers);
        agrees::<Payment>(&numbers);
        agrees::<Shipping>(&numbers);
        agrees::<Event>(&numbers);
        agrees::<Amount>(&numbers);
        agrees::<(Point, Option<Plan>)>(&numbers);
    }

    /// What a workflow reads of a value, field by field, and writes again is the value.
    #[test]
    fn a_workflow_reads_what_serde_writes(numbers in prop::collection::vec(any::<u64>(), 1..60)) {
        let sample = Order::sample(&mut draw(&numbers));
        let order: Order = serde_json::from_value(sample).unwrap();
        let input = serde_json::to_value(&order).unwrap();
        let run = simulate(&copy()).input(input.clone()).run().unwrap();
        let output = run.output().unwrap_or_else(|| panic!("{}", run.failure()));
        prop_assert!(is_within(&input, &output) && is_within(&output, &input), "{}\n{}", input, output);
        let _: Order = serde_json::from_value(output).unwrap();
    }
}

/// Takes an order apart and puts it together again.
fn copy() -> Workflow {
    Workflow::new("copy", |w, order: Value<Order>| {
        let payment = order.payment;
        let payment = payment.is_cash().if_else(
            PaymentFields::cash(),
            payment.is_invoice().if_else(
                PaymentFields::invoice(payment.as_invoice().expect_some()),
                payment.is_credit_card().if_else(
                    PaymentFields::credit_card(payment.as_credit_card().expect_some()),
                    PaymentFields::split(payment.as_split().expect_some()),
                ),
            ),
        );
        let lines = order.lines.map(|line| LineFields {
            article: line.article,
            measure: MeasureFields { width: line.measure.width, height: line.measure.height }.into(),
        });
        w.value(OrderFields {
            order_id: OrderIdFields(order.order_id.0).into(),
            total: order.total,
            note: order.note,
            priority: order.priority,
            lines,
            payment,
            shipping: order.shipping,
            event: order.event,
            amount: order.amount,
            size: (order.size.0, order.size.1).into(),
            point: PointFields(order.point.0, order.point.1).into(),
            tags: order.tags,
            queue: order.queue,
            prices: order.prices,
            counts: order.counts,
            parent: order.parent,
            grade: order.grade,
            plan: order.plan,
            r#type: order.r#type,
            wrapped: order.wrapped,
        })
    })
}

/// What a workflow gives for an input.
fn gives<T: Shape, U: Shape>(compute: impl Fn(Value<T>) -> Value<U>, input: &Json) -> Json {
    let workflow = Workflow::new("one", |w, input: Value<T>| w.value(compute(input)));
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let run = simulate(&workflow).input(input.clone()).run().unwrap();
    run.output().unwrap_or_else(|| panic!("{input}: {}", run.failure()))
}

#[test]
fn variants_are_told_apart_in_each_of_serdes_ways() {
    let cash = json!("cash");
    let invoice = json!({ "invoice": "i-1" });
    let card = json!({ "credit_card": { "cardNumber": "4", "validUntil": "12/30" } });
    let split = json!({ "split": [1, [2, 3]] });
    let kinds = [&cash, &invoice, &card, &split].map(|it| gives(|p: Value<Payment>| p.kind(), it));
    assert_eq!(kinds, ["cash", "invoice", "credit_card", "split"]);
    assert_eq!(gives(|p: Value<Payment>| p.is_cash(), &cash), true);
    assert_eq!(gives(|p: Value<Payment>| p.is_cash(), &card), false);
    assert_eq!(gives(|p: Value<Payment>| p.is_credit_card(), &card), true);
    let number = |p: Value<Payment>| p.as_credit_card().map(|card| card.card_number);
    assert_eq!(gives(number, &card), "4");
    assert_eq!(gives(number, &cash), Json::Null);
    assert_eq!(gives(|p: Value<Payment>| p.as_invoice().map(|id| id.upper()), &invoice), "I-1");
    assert_eq!(gives(|p: Value<Payment>| p.as_split().map(|split| split.1), &split), json!([2, 3]));

    let post = json!({ "kind": "post", "width": 1.5 });
    let courier = json!({ "kind": "courier", "NAME": "Ada" });
    assert_eq!(gives(|s: Value<Shipping>| s.kind(), &post), "post");
    assert_eq!(gives(|s: Value<Shipping>| s.as_post().map(|post| post.width), &post), 1.5);
    assert_eq!(gives(|s: Value<Shipping>| s.as_post().map(|post| post.width), &courier), Json::Null);
    assert_eq!(gives(|s: Value<Shipping>| s.as_courier().map(|courier| courier.name), &courier), "Ada");
    assert_eq!(gives(|s: Value<Shipping>| s.is_none(), &json!({ "kind": "none" })), true);

    let counted = json!({ "t": "Counted", "c": 3 });
    assert_eq!(gives(|e: Value<Event>| e.as_counted().map(|n| n + 1), &counted), 4);
    assert_eq!(gives(|e: Value<Event>| e.as_listed(), &counted), Json::Null);
    assert_eq!(gives(|e: Value<Event>| e.as_listed(), &json!({ "t": "Listed", "c": [1] })), json!([1]));
    assert_eq!(gives(|e: Value<Event>| e.kind(), &json!({ "t": "Started" })), "Started");

    let amounts = [json!(1), json!("1"), json!([]), json!({ "value": 1, "currency": "EUR" }), json!({ "value": 1.5 })];
    let kinds = amounts.each_ref().map(|it| gives(|a: Value<Amount>| a.kind(), it));
    assert_eq!(kinds, ["Whole", "Text", "Several", "Money", "Any"]);
    let is_any = amounts.each_ref().map(|it| gives(|a: Value<Amount>| a.is_any(), it));
    assert_eq!(is_any, [false, false, false, false, true]);
    assert_eq!(gives(|a: Value<Amount>| a.as_money().map(|m| m.currency), &amounts[3]), "EUR");
}

#[test]
fn variants_are_made_in_each_of_serdes_ways() {
    let made = |compute: fn(Value<String>) -> Value<Json>| gives(compute, &json!("x"));
    let reads = |json: Json| serde_json::from_value::<Payment>(json).unwrap();
    let card = made(|t| {
        PaymentFields::credit_card(PaymentCreditCardFields { card_number: t, valid_until: Value::none() }).untyped()
    });
    assert_eq!(card, json!({ "credit_card": { "cardNumber": "x" } }));
    assert!(matches!(reads(card), Payment::CreditCard { .. }));
    assert!(matches!(reads(made(|_| PaymentFields::cash().untyped())), Payment::Cash));
    assert!(matches!(reads(made(|t| PaymentFields::split((t.len(), [1, 2])).untyped())), Payment::Split(1, _)));
    let courier = made(|t| ShippingFields::courier(ShippingCourierFields { name: t }).untyped());
    assert_eq!(courier, json!({ "kind": "courier", "NAME": "x" }));
    let moved = made(|t| EventFields::moved(EventMovedFields { to: t }).untyped());
    assert_eq!(moved, json!({ "t": "Moved", "c": { "to": "x" } }));
    assert_eq!(made(|_| EventFields::started().untyped()), json!({ "t": "Started" }));
    assert_eq!(made(|t| AmountFields::text(t).untyped()), "x");
    assert_eq!(made(|_| Value::<Plan>::from(Plan::TeamPlus).untyped()), "team-plus");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Shape)]
struct Settings {
    name: String,
    #[serde(default = "three")]
    retries: i64,
}

fn three() -> i64 {
    3
}

#[test]
fn what_has_a_default_is_left_out_and_never_null() {
    let settings = |note: &Json| {
        let made = gives(|retries: Value<Option<i64>>| SettingsFields { name: "a".into(), retries }.typed(), note);
        serde_json::from_value::<Settings>(made).unwrap()
    };
    assert_eq!(settings(&Json::Null).retries, 3);
    assert_eq!(settings(&json!(5)).retries, 5);
    assert_eq!(gives(|s: Value<Settings>| s.retries.or(7), &json!({ "name": "a" })), 7);
}

#[test]
fn variants_decide_what_runs() {
    let pay = Workflow::new("pay", |w, payment: Value<Payment>| {
        w.when_some("IsCard", payment.as_credit_card(), |w, card| {
            w.wait("Charge", Duration::from_secs(1));
            text!("card {}", card.card_number)
        })
        .otherwise(|w| {
            let by = w.switch("ByKind", payment.kind());
            by.case(PaymentKind::Cash, |w| w.value("cash")).otherwise(|w| w.value("other"))
        })
    });
    let run = |input: Json| simulate(&pay).input(input).run().unwrap().output();
    assert_eq!(run(json!({ "credit_card": { "cardNumber": "4" } })), Some(json!("card 4")));
    assert_eq!(run(json!("cash")), Some(json!("cash")));
    assert_eq!(run(json!({ "invoice": "i" })), Some(json!("other")));
}
