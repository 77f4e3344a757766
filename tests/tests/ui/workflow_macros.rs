//! Macros in a workflow: they would run now, and not in AWS.

use statewright::prelude::*;

const LOOK: lambda::Function<String, String> = lambda::Function::named("look");

#[workflow]
async fn feed(shop: String) -> Result<(), Failed> {
    println!("exporting {shop:?}");
    let key = format!("feeds/{shop:?}");
    let look = LOOK.invoke(text!("{} of {key}", dbg!(shop))).await?;
    assert_eq!(look, "done");
    let names = vec![look, shop];
    tracing::info!("done");
    let joined = tokio::join!(names, look);
    let home = env!("HOME");
    Ok(())
}

fn main() {
    let _ = feed();
}
