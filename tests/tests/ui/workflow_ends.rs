//! Early ends where they would end something else, and functions without an end.

use statewright::prelude::*;

const LOOK: lambda::Function<String, bool> = lambda::Function::named("look");

#[workflow]
async fn early(shops: Vec<String>) -> Result<bool, Failed> {
    for shop in shops {
        return Ok(true);
    }
    let open = attempt(async {
        #[name("Open")]
        if shops.is_empty() {
            return Err(fail("Closed", "no shops"));
        }
        #[name("One")]
        if shops.len() == 1 {
            return Ok(true);
        }
        LOOK.invoke("x").await?
    })
    .recover(async |_| false)
    .await;
    return Ok(open);
    wait(Duration::from_secs(1)).await;
}

#[fragment]
async fn part(shop: String) -> Result<bool, Failed> {
    #[name("Empty")]
    if shop.is_empty() {
        return Ok(false);
    }
    let look = LOOK.invoke(shop).await?;
    Ok(look)
}

#[workflow]
async fn no_ok(shop: String) -> Result<bool, Failed> {
    LOOK.invoke(shop).await?
}

#[workflow]
async fn no_end(shop: String) -> Result<(), Failed> {
    LOOK.invoke(shop).await?;
}

#[workflow]
async fn half(shop: String) -> Result<(), Failed> {
    #[name("Empty")]
    if shop.is_empty() {
        Ok(())
    }
}

#[workflow]
async fn no_result(shop: String) {
    #[name("Empty")]
    if shop.is_empty() {
        return Err(fail("Empty", "no name"));
    }
    let x = Ok(shop);
    Ok(())
}

fn main() {}
