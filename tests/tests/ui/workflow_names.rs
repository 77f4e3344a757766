//! States without a clear name.

use statewright::prelude::*;

const LOOK: lambda::Function<String, bool> = lambda::Function::named("look");
const ALERTS: sns::Topic = sns::Topic::named("alerts");

#[workflow]
async fn unclear(shop: String) -> Result<(), Failed> {
    sns::Publish::new(ALERTS, shop).await?;
    sns::Publish::new(ALERTS, text!("{shop} again")).await?;
    if shop == "closed" {
        wait(Duration::from_secs(60)).await;
    }
    match shop.len() {
        0 => wait(Duration::from_secs(60)).await,
        _ => {}
    }
    #[name]
    LOOK.invoke(shop).await?;
    #[name("")]
    LOOK.invoke(shop).await?;
    #[name("Shop")]
    let copy = shop;
    Ok(())
}

#[workflow]
async fn unnamed(shop: String) -> Result<(), Failed> {
    look(shop).await?;
    compute(shop).await;
    Ok(())
}

fn look(shop: Value<String>) -> lambda::Invoke<bool> {
    LOOK.invoke(shop)
}

fn main() {
    let _ = (unclear(), unnamed());
}
