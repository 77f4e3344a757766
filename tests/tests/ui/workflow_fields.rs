//! What rustc says of fields, types and requests, at the user's own tokens.

use statewright::prelude::*;

#[derive(Shape)]
struct Order {
    shops: Vec<String>,
    count: i64,
    note: Option<String>,
}

#[derive(Shape)]
struct Manifest {
    date: String,
    bucket: String,
}

const PUBLISH: lambda::Function<Manifest, String> = lambda::Function::named("publish");

#[workflow]
async fn typo(order: Order) -> Result<(), Failed> {
    let first = order.shop.first();
    Ok(())
}

#[workflow]
async fn forgotten_field(order: Order) -> Result<(), Failed> {
    PUBLISH.invoke(Manifest { date: execution::start().date() }).await?;
    Ok(())
}

#[workflow]
async fn wrong_field(order: Order) -> Result<(), Failed> {
    PUBLISH.invoke(Manifest { date: order.count, bucket: "b" }).await?;
    Ok(())
}

#[workflow]
async fn unknown_field(order: Order) -> Result<(), Failed> {
    PUBLISH.invoke(Manifest { day: "d", date: "d", bucket: "b" }).await?;
    Ok(())
}

#[workflow]
async fn wrong_condition(order: Order) -> Result<(), Failed> {
    #[name("A")]
    if order.count {
        wait(Duration::from_secs(1)).await;
    }
    Ok(())
}

#[workflow]
async fn wrong_comparison(order: Order) -> bool {
    order.count == "seven"
}

#[workflow]
async fn wrong_order(order: Order) -> bool {
    order.shops < 7
}

#[workflow]
async fn wrong_annotation(order: Order) -> bool {
    let count: String = order.count;
    count == "7"
}

#[workflow]
async fn absent(order: Order) -> bool {
    order.note == "x"
}

fn main() {}
