//! Both spellings of every example compile to the same files.

use statewright::diag::Place;
use statewright::diag::text::{Style, render};
use statewright::{App, files};
use statewright_examples::{app, async_fn};

fn second_spelling() -> App {
    App::new("examples")
        .workflow(async_fn::catalogue_feed::catalogue_feed())
        .workflow(async_fn::query_report::plain())
        .workflow(async_fn::query_report::with_failure_notice())
        .workflow(async_fn::query_report::by_configuration())
        .workflow(async_fn::retail_nightly::retail_nightly())
        .workflow(async_fn::sales_etl::sales_etl())
        .workflow(async_fn::sales_etl::quality_check())
}

#[test]
fn both_spellings_of_every_example_compile_to_the_same_bytes() {
    let ((first, _), (second, diagnostics)) = (app().compile(), second_spelling().compile());
    let complaints: String = diagnostics.iter().map(|complaint| render(complaint, Style::Plain)).collect();
    assert_eq!(complaints, "");
    let names = |manifest: &statewright::bundle::Manifest| -> Vec<String> {
        manifest.workflows.iter().map(|bundle| bundle.name.clone()).collect()
    };
    assert_eq!(names(&first), names(&second));
    for (first, second) in first.workflows.iter().zip(&second.workflows) {
        let (one, two) = (&first.state_machine.definition, &second.state_machine.definition);
        assert_eq!(one.to_text(), two.to_text(), "{}", first.name);
        for ((name, one), (_, two)) in files::of(first).into_iter().zip(files::of(second)) {
            assert_eq!(one, two, "{}: {name}", first.name);
        }
    }
}

#[test]
fn a_state_of_the_second_spelling_is_at_its_line() {
    let places = async_fn::catalogue_feed::catalogue_feed().compile("examples").places;
    let source = include_str!("../src/async_fn/catalogue_feed.rs");
    let lines: Vec<&str> = source.lines().collect();
    let expected = [
        ("CollectArticles", "    collect_articles.timeout("),
        ("Generate", "    #[name(\"Generate\")]"),
        ("GenerateFeed", "            let generate_feed = "),
        ("WarnImages", "                #[name(\"WarnImages\")]"),
        ("PublishFeed", "    publish_feed.await?;"),
        ("TellFailure", "        #[name(\"TellFailure\")]"),
    ];
    for (state, beginning) in expected {
        let Place::Source { file, line, .. } = &places[state] else { panic!("{state} has no line") };
        assert!(file.ends_with("async_fn/catalogue_feed.rs"), "{state}: {file}");
        let line = lines[*line as usize - 1];
        assert!(line.starts_with(beginning), "{state} is at {line}");
    }
}
