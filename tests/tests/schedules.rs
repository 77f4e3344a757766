//! Schedule expressions get AWS's own verdict.

use statewright::schedule::Expression;
use statewright_tests::corpus;

#[test]
fn every_recorded_expression_gets_the_verdict_of_aws() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let table = std::fs::read_to_string(corpus.join("schedules/aws_recorded_expressions.tsv")).unwrap();
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (expression, verdict) = (fields[1], fields[2]);
        assert_eq!(Expression::parse(expression).is_ok(), verdict == "valid", "{expression} is {verdict}");
        count += 1;
    }
    assert!(count >= 30, "found only {count}");
}
