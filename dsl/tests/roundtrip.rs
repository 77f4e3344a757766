//! Whatever is read is written again: generated definitions, with every field of the language, with values of the right
//! type and of wrong ones, with unknown fields, and with keys in any order.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use statewright::asl::{Operator, StateMachine};

const FIELDS: [&str; 61] = [
    "Comment",
    "QueryLanguage",
    "ProcessorConfig",
    "StartAt",
    "TimeoutSeconds",
    "Version",
    "InputPath",
    "OutputPath",
    "Assign",
    "Output",
    "Next",
    "End",
    "Resource",
    "Parameters",
    "Arguments",
    "Credentials",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "ResultSelector",
    "ResultPath",
    "Result",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "Error",
    "ErrorPath",
    "Cause",
    "CausePath",
    "Default",
    "Condition",
    "Variable",
    "ItemsPath",
    "Items",
    "ItemReader",
    "ItemSelector",
    "ItemBatcher",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "Label",
    "ResultWriter",
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "ReaderConfig",
    "WriterConfig",
    "InputType",
    "CSVHeaders",
    "MaxItems",
    "RoleArn",
    "RoleArn.$",
    "Mode",
    "ExecutionType",
    "Transformation",
    "x-unknown",
];

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (0_u64..100).prop_map(Json::from),
        (-1e6..1e6).prop_map(Json::from),
        "[a-z$.{%} ]{0,8}".prop_map(Json::from),
        prop_oneof![Just("JSONata"), Just("JSONPath"), Just("Task"), Just("FULL")].prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            fields(inner).prop_map(Json::Object),
        ]
    })
}

/// Known and unknown fields, in any order.
fn fields(value: impl Strategy<Value = Json> + 'static) -> impl Strategy<Value = Map<String, Json>> {
    let name = prop_oneof![
        8 => prop::sample::select(&FIELDS[..]).prop_map(str::to_owned),
        1 => prop::sample::select(Operator::ALL).prop_map(|operator| operator.name().to_owned()),
        1 => "[A-Za-z.$]{1,6}",
    ];
    prop::collection::vec((name, value), 0..8).prop_map(|pairs| pairs.into_iter().collect())
}

fn rule() -> impl Strategy<Value = Json> {
    let simple = fields(json()).prop_map(Json::Object);
    simple.prop_recursive(2, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|rule| json!({ "Not": rule, "Next": "A" })),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|rules| json!({ "Next": "A", "And": rules })),
            prop::collection::vec(inner, 0..3).prop_map(|rules| json!({ "Or": rules, "Comment": "c" })),
        ]
    })
}

fn machine() -> impl Strategy<Value = Json> {
    let types = prop_oneof![
        Just("Task"),
        Just("Pass"),
        Just("Choice"),
        Just("Wait"),
        Just("Succeed"),
        Just("Fail"),
        Just("Parallel"),
        Just("Map"),
        Just("Odd"),
    ];
    let errors = prop::collection::vec(fields(json()).prop_map(Json::Object), 0..3).prop_map(Json::from);
    let rules = prop::collection::vec(rule(), 0..3).prop_map(Json::from);
    let plain =
        (types, fields(json()), errors, rules, any::<bool>()).prop_map(|(kind, mut fields, errors, rules, first)| {
            if first {
                fields.insert("Type".into(), kind.into());
            }
            match kind {
                "Task" | "Parallel" | "Map" => {
                    fields.insert("Retry".into(), errors.clone());
                    fields.insert("Catch".into(), errors);
                }
                "Choice" => {
                    fields.insert("Choices".into(), rules);
                }
                _ => {}
            }
            fields.insert("Type".into(), kind.into());
            Json::Object(fields)
        });
    let odd = json();
    let state = prop_oneof![12 => plain, 1 => odd];
    let states = |state: BoxedStrategy<Json>| {
        (prop::collection::vec(("[A-Z][a-z ]{0,4}", state), 0..4), fields(json())).prop_map(|(states, mut fields)| {
            let states: Map<String, Json> = states.into_iter().collect();
            fields.insert("States".into(), states.into());
            Json::Object(fields)
        })
    };
    states(state.boxed()).prop_recursive(2, 12, 2, move |inner| {
        let with_machines = (prop::collection::vec(inner.clone(), 0..3), inner, any::<bool>()).prop_map(
            |(branches, processor, parallel)| {
                if parallel {
                    json!({ "Branches": branches, "Type": "Parallel" })
                } else {
                    json!({ "Type": "Map", "ItemProcessor": processor })
                }
            },
        );
        states(with_machines.boxed())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_written_again(json in machine()) {
        let text = json.to_string();
        let machine = StateMachine::from_text(&text, "generated").unwrap();
        prop_assert_eq!(machine.to_json().to_string(), text);
    }

    #[test]
    fn what_was_written_is_read_as_the_same(json in machine()) {
        let machine = StateMachine::from_text(&json.to_string(), "generated").unwrap();
        let again = StateMachine::from_text(&machine.to_text(), "generated").unwrap();
        prop_assert_eq!(machine, again);
    }
}
