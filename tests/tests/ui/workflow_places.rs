//! What is said in a place where it means nothing.

use statewright::prelude::*;

#[derive(Shape)]
struct Order {
    id: String,
    count: i64,
}

const LOOK: lambda::Function<Order, String> = lambda::Function::named("look");

#[workflow]
async fn places(order: Order) -> Result<(), Failed> {
    let looked = LOOK.invoke(Order { id: "x", ..order }).await?;
    let all = for x in [1, 2] {};
    let done = return Ok(());
    let later = async |x| LOOK.invoke(x).await?;
    let caught = LOOK.invoke(order).catch("States.ALL", async |error| rethrow(error).await?).await?;
    let none = each([1, 2], |x| x).await;
    let list = [1, 2].map(|x| {
        println!("{x}");
        const LIMIT: i64 = 5;
        x
    });
    #[name("One")]
    #[name("Two")]
    LOOK.invoke(order).await?;
    let x = if order.count > (return Ok(())) { 1 } else { 2 };
    let Order { id, count: Order { .. } } = order;
    Ok(if x == 1 { () } else { () })
}

#[workflow(name = "a", name = "b", on_error = async { succeed().await })]
async fn twice() {}

fn main() {
    let _ = (places(), twice());
}
