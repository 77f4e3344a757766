//! Calls of TestState that were recorded on AWS, made here. Prints the share that is the same, and every difference.

use statewright_tests::{Case, Difference, corpus};

/// So many of a thousand are the same; a change may not lose any.
const FLOOR: usize = 857;

/// Why something differs that AWS says so.
const KNOWN: [(&str, &str); 2] = [
    (
        "Mock result schema validation error: ",
        "there are no models of the APIs here that a mocked result is held against",
    ),
    ("Parameter validation failed:", "botocore refuses this before it is sent: how AWS refuses it was not recorded"),
];

fn reason(differences: &[Difference]) -> Option<&'static str> {
    let said = differences.iter().find_map(|difference| {
        let expected = difference.expected.as_str()?;
        KNOWN.iter().find(|(text, _)| expected.starts_with(text))
    });
    said.map(|(_, reason)| *reason)
}

#[test]
fn test_state_calls() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let cases = Case::all(&corpus, "test_state");
    let mut same = 0;
    for case in &cases {
        let answer = case.test_state();
        let mut differences = case.test_state_differences(&answer);
        if differences.is_empty() {
            same += 1;
            continue;
        }
        println!("  {}", case.id);
        match reason(&differences) {
            Some(reason) => println!("    known: {reason}"),
            None => differences.drain(..).for_each(|difference| println!("    {difference}")),
        }
    }
    let share = 100.0 * same as f64 / cases.len().max(1) as f64;
    println!("TestState calls: {same} of {} are the same ({share:.1} %)", cases.len());
    assert!(same * 1_000 >= cases.len() * FLOOR);
}
