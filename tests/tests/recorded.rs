//! What was recorded on AWS, held against what runs here. Prints the share that is the same, and every difference.

use statewright_simulate::execution::Execution;
use statewright_tests::{Case, Difference, corpus};

/// So many of a thousand are the same; a change may not lose any.
const HISTORIES: usize = 0;
const ENDS: usize = 0;

fn score(title: &str, same: usize, total: usize) {
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
        let mut judge = |counts: &mut (usize, usize), compare: &dyn Fn(&Execution) -> Vec<Difference>| {
            counts.1 += 1;
            match run.as_ref().map(|run| compare(run)) {
                Ok(differences) if differences.is_empty() => counts.0 += 1,
                Ok(differences) => {
                    println!("  {}", case.id);
                    differences.iter().take(3).for_each(|difference| println!("    {difference}"));
                }
                Err(why) => println!("  {}\n    {why}", case.id),
            }
        };
        judge(&mut ends, &|run| case.end_differences(run));
        if case.has_full_history() {
            judge(&mut histories, &|run| case.history_differences(run));
        }
    }
    score("histories", histories.0, histories.1);
    score("ends of executions", ends.0, ends.1);
    assert!(histories.0 * 1_000 >= histories.1 * HISTORIES && ends.0 * 1_000 >= ends.1 * ENDS);
}
