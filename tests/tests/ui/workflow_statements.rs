//! Rust that a workflow has no state for. All of it is told at once.

use statewright::prelude::*;

const COUNT: lambda::Function<i64, i64> = lambda::Function::named("count");

#[workflow]
async fn feed(shops: Vec<String>) -> Result<(), Failed> {
    let mut total = 0;
    total = 1;
    total += 1;
    loop {
        COUNT.invoke(1).await?;
    }
    while total < 3 {
        COUNT.invoke(2).await?;
    }
    'all: for shop in shops {
        if shop == "closed" {
            continue;
        }
        break;
    }
    let reference = &shops;
    let inner = *reference;
    let number = total as i64;
    let range = 1..5;
    let bits = total | 4;
    let double = |x: Value<i64>| x * 2;
    let later = async { COUNT.invoke(3).await? };
    let undecided;
    const LIMIT: i64 = 5;
    fn helper() {}
    unsafe { helper() };
    {
        COUNT.invoke(5).await?;
    }
    #[allow(unused)]
    let picked = COUNT.invoke(6).await?;
    Ok(())
}

fn main() {
    let _ = feed();
}
