//! Asking before what can't be undone.

use std::io::{IsTerminal, Write};

use crate::error::{Error, Exit, Result};

/// Asks a question that only one answer says yes to. `way_out` is how not to be asked.
///
/// # Errors
///
/// If the answer is another one, or nobody is there to give it.
pub async fn confirm(question: &str, yes: &str, way_out: &str) -> Result<()> {
    let no = |why: &str| Error::new(Exit::Usage, why.to_owned(), way_out);
    if !std::io::stdin().is_terminal() {
        return Err(no("nobody is there to confirm it"));
    }
    eprint!("\n{question}: ");
    std::io::stderr().flush().map_err(|error| no(&error.to_string()))?;
    // On a thread of its own, so that Ctrl-C is heard meanwhile.
    let read = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map(|_| answer)
    });
    let answer = read.await.map_err(|error| no(&error.to_string()))?.map_err(|error| no(&error.to_string()))?;
    if answer.trim() == yes { Ok(()) } else { Err(no("nothing was changed")) }
}
