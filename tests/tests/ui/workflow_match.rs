//! Patterns that a Choice can't look for.

use statewright::prelude::*;

#[workflow]
async fn price(count: i64) -> i64 {
    let (a, [b, ..]) = parallel((async { 1 }, async { 2 })).await;
    let ref c = count;
    let d @ _ = count;
    let Some(e) = count else { return 1 };
    match count {
        _ => 20,
        1 => 400,
    }
}

#[workflow]
async fn other(count: i64) -> i64 {
    match count {
        1..=5 => 20,
        (a, b) => 400,
        Ok(x) => 500,
        Some(1) | Some(2) => 3,
        _ => 1,
    }
}

#[workflow]
async fn lonely(count: i64) -> i64 {
    match count {
        x => x,
    }
}

#[derive(Shape)]
enum Payment {
    Cash(i64),
    Card { number: String },
}

#[workflow]
async fn by_data(payment: Payment) -> String {
    match payment {
        Payment::Card { number } | Payment::Cash(number) => number,
        Payment::Card { number: "1" } => "one",
        _ => "cash",
    }
}

fn main() {
    let _ = (price(), other(), lonely(), by_data());
}
