//! Arms, branches and ends that give different things.

use statewright::prelude::*;

const LOOK: lambda::Function<String, i64> = lambda::Function::named("look");

#[workflow]
async fn arms(shop: String) -> Result<(), Failed> {
    let place = if shop == "x" { shop } else { 5 };
    Ok(())
}

#[workflow]
async fn no_arm(shop: String) -> Result<(), Failed> {
    let place = if shop == "x" { shop };
    LOOK.invoke(place).await?;
    Ok(())
}

#[workflow]
async fn handlers(shop: String) -> Result<(), Failed> {
    let place = attempt(async { LOOK.invoke(shop).await? }).recover(async |_| "nowhere").await;
    Ok(())
}

#[workflow]
async fn end(shop: String) -> Result<String, Failed> {
    let look = LOOK.invoke(shop).await?;
    Ok(look)
}

#[workflow]
async fn no_end(shop: String) -> String {
    wait(Duration::from_secs(1)).await;
}

#[workflow]
async fn one_branch(shop: String) -> Result<(), Failed> {
    parallel(async { LOOK.invoke(shop).await? }).await?;
    Ok(())
}

fn main() {}
