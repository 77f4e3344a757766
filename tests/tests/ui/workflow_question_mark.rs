//! A `?` is an edge to the error handler: what may fail needs one, and what can't has none.

use statewright::prelude::*;

const LOOK: lambda::Function<String, String> = lambda::Function::named("look");

#[workflow]
async fn forgotten(shop: String) -> Result<String, Failed> {
    let look = LOOK.invoke(shop).await;
    Ok(look)
}

#[workflow]
async fn nothing_fails(shop: String) -> Result<String, Failed> {
    let place = compute(text!("at {shop}")).await?;
    wait(Duration::from_secs(60)).await?;
    let (a, b) = parallel((async { "a" }, async { "b" })).await?;
    Ok(text!("{place}{a}{b}"))
}

#[workflow]
async fn handled(shop: String) -> Result<String, Failed> {
    let place = attempt(async { LOOK.invoke(shop).await? }).recover(async |_| "nowhere").await?;
    let other = attempt(async { shop }).recover(async |_| "nowhere").await;
    Ok(text!("{place}{other}"))
}

#[workflow]
async fn no_result(shop: String) -> String {
    let look = LOOK.invoke(shop).await?;
    Ok(look)
}

#[workflow]
async fn no_state(shop: String) -> Result<String, Failed> {
    let place = shop.await;
    let look = attempt(async { LOOK.invoke(shop).await? }).await?;
    Ok(place)
}

fn main() {
    let _ = (forgotten(), nothing_fails(), handled(), no_result(), no_state());
}
