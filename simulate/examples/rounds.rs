//! Runs a definition several times, and prints the seconds of each run: our side of `scripts/simulate-beside-peers`.

use std::error::Error;
use std::time::Instant;

use serde_json::Value as Json;
use statewright::asl::StateMachine;
use statewright_simulate::Simulation;

/// Reads `{ "definition", "input", "output", "runs" }`, where `output` is what must come out.
fn main() -> Result<(), Box<dyn Error>> {
    let work: Json = serde_json::from_reader(std::io::stdin())?;
    let machine =
        StateMachine::from_text(&work["definition"].to_string(), "rounds").map_err(|error| format!("{error:?}"))?;
    println!("ready");
    for _ in 0..work["runs"].as_u64().unwrap_or(1) {
        // Express, since 10,000 items make more events than a Standard workflow may have. The history is kept.
        let simulation = Simulation::of("rounds", machine.clone(), true).input(&work["input"]);
        let begin = Instant::now();
        let run = simulation.run()?;
        let seconds = begin.elapsed().as_secs_f64();
        if run.output().as_ref() != Some(&work["output"]) {
            return Err(format!("{:?}, another output: {}", run.status(), run.failure()).into());
        }
        println!("{seconds}");
    }
    Ok(())
}
