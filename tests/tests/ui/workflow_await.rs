//! States in the middle of an expression, and other things that need a line of their own.

use statewright::prelude::*;

const LOOK: lambda::Function<String, String> = lambda::Function::named("look");

#[workflow]
async fn feed(shop: String) -> Result<String, Failed> {
    let first = LOOK.invoke(LOOK.invoke(shop).await?).await?;
    let text = text!("{}", LOOK.invoke(shop).await?);
    let place = LOOK.invoke(if shop.is_empty() { shop } else { first }).await?;
    let unknown = shop.parse_json::<i64>()?;
    if LOOK.invoke(shop).await? == "open" {
        wait(Duration::from_secs(1)).await;
    }
    let both = LOOK.invoke(match shop { _ => first }).await?;
    let sum = LOOK.invoke(shop).await?.len() + LOOK.invoke(text).await?.len();
    #[name("Maybe")]
    if let Some(x) = place.split(",").first() && x == "open" {
        wait(Duration::from_secs(1)).await;
    }
    Ok(both)
}

fn main() {
    let _ = feed();
}
