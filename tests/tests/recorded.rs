//! What was recorded on AWS, held against what runs here. Prints the share that is the same, and every difference.

use statewright_simulate::execution::Execution;
use statewright_tests::{Case, Difference, corpus};

/// So many of a thousand are the same; a change may not lose any.
const AT_LEAST: usize = 980;

/// Why an end differs, where that is known.
const REASONS: &[(&str, &str)] =
    &[("nothing answers the call of", "what the service answered was not recorded: it is no difference of ours")];

fn score(title: &str, (same, total): (usize, usize)) {
    #[expect(clippy::cast_precision_loss, reason = "there are no so many cases")]
    let share = if total == 0 { 0.0 } else { 100.0 * same as f64 / total as f64 };
    println!("{title}: {same} of {total} are the same ({share:.1} %)");
}

#[test]
fn executions() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let (mut histories, mut ends) = ((0, 0), (0, 0));
    for case in Case::all(&corpus, "execution").into_iter().filter(Case::is_usable) {
        let run = case.run();
        let judge = |counts: &mut (usize, usize), compare: &dyn Fn(&Execution) -> Vec<Difference>| {
            counts.1 += 1;
            match run.as_ref().map(|run| compare(run)) {
                Ok(differences) if differences.is_empty() => counts.0 += 1,
                Ok(differences) => {
                    println!("  {}", case.id);
                    differences.iter().take(3).for_each(|difference| println!("    {difference}"));
                }
                Err(why) => {
                    println!("  {}\n    {why}", case.id);
                    let known = REASONS.iter().find(|(text, _)| why.contains(text));
                    known.into_iter().for_each(|(_, reason)| println!("    {reason}"));
                }
            }
        };
        judge(&mut ends, &|run| case.end_differences(run));
        if case.has_full_history() {
            judge(&mut histories, &|run| case.history_differences(run));
        }
    }
    score("histories", histories);
    score("ends of executions", ends);
    for (same, total) in [histories, ends] {
        assert!(same * 1_000 >= total * AT_LEAST, "{same} of {total}");
    }
}

#[test]
fn synchronous_executions() {
    let Ok(corpus) = corpus() else {
        eprintln!("skipped: there is no corpus on this machine");
        return;
    };
    let mut ends = (0, 0);
    for case in Case::all(&corpus, "sync_execution") {
        ends.1 += 1;
        match case.run().map(|run| case.end_differences(&run)) {
            Ok(differences) if differences.is_empty() => ends.0 += 1,
            Ok(differences) => {
                println!("  {}", case.id);
                differences.iter().for_each(|difference| println!("    {difference}"));
            }
            Err(why) => {
                println!("  {}\n    {why}", case.id);
                let known = REASONS.iter().find(|(text, _)| why.contains(text));
                assert!(known.is_some(), "{why}");
            }
        }
    }
    score("ends of synchronous executions", ends);
    assert!(ends.0 * 2 >= ends.1, "{} of {}", ends.0, ends.1);
}
