//! Items of distributed Maps are read, put together and written as the builder says.

#![expect(clippy::unwrap_used, reason = "a test that can't go on shall stop where it is")]

use serde_json::{Value as Json, json};
use statewright::prelude::*;
use statewright::scope::{OutputType, Transformation};
use statewright_simulate::s3::S3;
use statewright_simulate::{Run, simulate};

#[derive(Shape)]
struct Row {
    id: String,
    size: String,
}

/// The ids of the items that it reads.
fn ids(items: S3Items<Row>, buckets: S3) -> Json {
    let each = Workflow::new("each", |w, _: Value<Json>| w.distributed("Each", items).each(|_, row| row.id));
    run(&each, json!({}), buckets).output().unwrap()
}

fn run(workflow: &Workflow, input: Json, buckets: S3) -> Run {
    let compiled = workflow.compile("app");
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics);
    let run = simulate(workflow).input(input).buckets(buckets).run().unwrap();
    assert!(run.output().is_some(), "{}", run.failure());
    run
}

#[test]
fn columns_are_named_by_the_reader() {
    let buckets = || S3::new().with_object("in", "a.csv", "x;1\ny;2\nz;3\n");
    let items = || S3Items::csv("in", "a.csv").headers(["id", "size"]).delimiter(Delimiter::Semicolon);
    assert_eq!(ids(items(), buckets()), json!(["x", "y", "z"]));
    assert_eq!(ids(items().max_items(2), buckets()), json!(["x", "y"]));
    assert_eq!(ids(items().expected_bucket_owner("123456789012"), buckets()), json!(["x", "y", "z"]));
}

#[test]
fn a_number_of_items_is_computed() {
    let each = Workflow::new("each", |w, most: Value<i64>| {
        w.distributed("Each", S3Items::<Row>::csv("in", "a.csv").max_items(most + 1)).each(|_, row| row.id)
    });
    let buckets = S3::new().with_object("in", "a.csv", "id,size\nx,1\ny,2\nz,3\n");
    assert_eq!(run(&each, json!(1), buckets).output(), Some(json!(["x", "y"])));
}

#[test]
fn an_array_is_somewhere_in_a_file() {
    let buckets = S3::new().with_object("in", "a.json", r#"{"orders": {"open": [{"id": "x"}, {"id": "y"}]}}"#);
    assert_eq!(ids(S3Items::json("in", "a.json").items_pointer("/orders/open"), buckets), json!(["x", "y"]));
}

#[test]
fn what_is_in_every_object_is_read() {
    let buckets = S3::new().with_object("in", "d/1.jsonl", "{\"id\": \"x\"}\n{\"id\": \"y\"}\n");
    let buckets = buckets.with_object("in", "d/2.jsonl", "{\"id\": \"z\"}\n").with_object("in", "e.jsonl", "no JSON");
    let items = || S3Items::<Row>::json_lines("in", "d/").every_object();
    assert_eq!(ids(items(), buckets), json!(["x", "y", "z"]));
    let each = Workflow::new("each", |w, _: Value<Json>| w.distributed("Each", items()).each(|_, row| row.id));
    let rights = rights(&each);
    assert!(rights.contains(&("s3:ListBucket".into(), "arn:${AWS::Partition}:s3:::in".into())), "{rights:?}");
    assert!(rights.contains(&("s3:GetObject".into(), "arn:${AWS::Partition}:s3:::in/d/*".into())), "{rights:?}");
}

fn rights(workflow: &Workflow) -> Vec<(String, String)> {
    let bundle = workflow.compile("app").bundle;
    let statewright::bundle::Role::Managed(role) = bundle.execution_role else { panic!("its own") };
    let statements = role.policies.into_iter().flat_map(|policy| policy.policy_document.statement);
    statements.map(|statement| (statement.action.join(" "), statement.resource.join(" "))).collect()
}

#[test]
fn manifests_name_the_files() {
    let files = ["arn:aws:s3:::out/q/*"];
    let buckets = S3::new().with_object("out", "m.csv", "s3://out/q/1\ns3://out/q/2\n");
    let buckets = buckets.with_object("out", "q/1", "{\"id\": \"x\"}\n").with_object("out", "q/2", "{\"id\": \"y\"}\n");
    let athena = || S3Items::<Row>::json_lines("out", "m.csv").athena_manifest().allow(files);
    assert_eq!(ids(athena(), buckets), json!(["x", "y"]));
    let each = Workflow::new("each", |w, _: Value<Json>| w.distributed("Each", athena()).each(|_, row| row.id));
    let manifest = ("s3:GetObject".to_owned(), "arn:${AWS::Partition}:s3:::out/m.csv".to_owned());
    assert!(rights(&each).contains(&manifest), "{:?}", rights(&each));
    assert!(rights(&each).contains(&("s3:GetObject".to_owned(), files[0].to_owned())), "{:?}", rights(&each));

    #[derive(Shape)]
    #[serde(rename_all = "PascalCase")]
    struct Stored {
        key: String,
    }
    let manifest = r#"{"destinationBucket": "arn:aws:s3:::inv", "fileFormat": "CSV", "fileSchema": "Bucket, Key",
        "files": [{"key": "d/1.csv"}]}"#;
    let buckets = S3::new().with_object("inv", "manifest.json", manifest).with_object("inv", "d/1.csv", "b,x\nb,y\n");
    let listed = Workflow::new("listed", |w, _: Value<Json>| {
        let items = S3Items::<Stored>::inventory("inv", "manifest.json").allow(["arn:aws:s3:::inv/d/*"]);
        w.distributed("Each", items).each(|_, object| object.key)
    });
    assert_eq!(run(&listed, json!({}), buckets).output(), Some(json!(["x", "y"])));
}

#[test]
fn a_batch_has_its_items_and_what_is_read_of_the_workflow() {
    let sums = Workflow::new("sums", |w, input: Value<Vec<i64>>| {
        let offset = w.set("Offset", input.sum());
        w.distributed("Each", input).batches(Batches::of(2)).each(|w, numbers| {
            let sum = w.set("Sum", numbers.sum() + offset);
            w.wait("Wait", Duration::from_secs(1));
            text!("{sum} of {}", numbers.len())
        })
    });
    let done = run(&sums, json!([1, 2, 3]), S3::new());
    assert_eq!(done.output(), Some(json!(["9 of 2", "9 of 1"])));
    let definition = sums.compile("app").bundle.state_machine.definition.to_json();
    let batcher = &definition["States"]["Each"]["ItemBatcher"];
    let expected =
        json!({ "MaxItemsPerBatch": 2, "BatchInput": { "Offset": "{% $sum($states.context.Execution.Input) %}" } });
    assert_eq!(*batcher, expected);
    assert_eq!(definition["States"]["Each"].get("ItemSelector"), None);
}

#[test]
fn a_size_of_batches_is_computed_and_their_lists_become_one() {
    let each = Workflow::new("each", |w, size: Value<i64>| {
        let numbers = w.value([1, 2, 3, 4, 5]);
        w.distributed("Each", numbers).batches(Batches::of(size).bytes(size * 1_000)).each_flattened(|w, numbers| {
            w.wait("Wait", Duration::from_secs(1));
            numbers.map(|number| number * 2)
        })
    });
    let done = run(&each, json!(2), S3::new());
    assert_eq!(done.output(), Some(json!([2, 4, 6, 8, 10])));
    assert_eq!(done.executions().len(), 1 + 3, "five items, two at a time");
}

#[test]
fn results_are_written_as_asked() {
    let each = Workflow::new("each", |w, numbers: Value<Vec<i64>>| {
        let each = w.distributed("Each", numbers).retry(Retry::on("States.ItemReaderFailed"));
        let each = each.results_to("out", "r").output_type(OutputType::JsonLines);
        each.transformation(Transformation::Compact).each(|_, number| number * 2)
    });
    let done = run(&each, json!([1, 2]), S3::new().with_bucket("out"));
    let key = done.output().unwrap()["ResultWriterDetails"]["Key"]
        .as_str()
        .unwrap()
        .replace("manifest.json", "SUCCEEDED_0.json");
    assert_eq!(
        done.object("out", &key).map(|object| String::from_utf8(object.to_vec()).unwrap()),
        Some("2\n4\n".into())
    );
    let state = &each.compile("app").bundle.state_machine.definition.states["Each"];
    assert_eq!(state.retry().len(), 1);
}

#[test]
fn what_a_reader_can_not_do_is_refused() {
    let codes = |items: S3Items<Row>| {
        let each = Workflow::new("each", |w, _: Value<Json>| w.distributed("Each", items).each(|_, row| row.size));
        each.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect::<Vec<_>>()
    };
    let csv = || S3Items::csv("in", "a");
    assert_eq!(codes(csv().max_items(100_000_000)), [""; 0]);
    assert_eq!(codes(csv().max_items(100_000_001)), ["SW0213"]);
    assert_eq!(codes(csv().headers(["id", "id"])), ["SW0213"]);
    assert_eq!(codes(csv().items_pointer("/a")), ["SW0213"]);
    assert_eq!(codes(S3Items::json("in", "a").delimiter(Delimiter::Tab)), ["SW0213"]);
    assert_eq!(codes(S3Items::json("in", "a").athena_manifest().allow_any("test")), ["SW0213"]);
    assert_eq!(codes(csv().athena_manifest().every_object().allow_any("test")), ["SW0213"]);
    assert_eq!(codes(csv().athena_manifest()), ["SW0501"], "its files are not known");
    let none = Workflow::new("none", |w, list: Value<Vec<i64>>| {
        w.distributed("Each", list).batches(Batches::of(0).bytes(262_145)).each(|_, items| items.len())
    });
    let codes: Vec<_> = none.compile("app").diagnostics.iter().map(|problem| problem.code.id).collect();
    assert_eq!(codes, ["SW0213", "SW0213"]);
}
