//! A `match` without an arm for each case.

use statewright::prelude::*;

#[derive(Shape)]
enum Plan {
    Free,
    Team,
    Company,
}

#[workflow]
async fn price(plan: Plan) -> i64 {
    match plan {
        Plan::Team => 20,
        Plan::Company => 400,
    }
}

#[workflow]
async fn by_number(number: i64) -> i64 {
    match number {
        1 => 20,
        2 => 400,
    }
}

#[workflow]
async fn by_text(text: String) -> i64 {
    match text {
        "one" => 20,
        "two" => 400,
    }
}

#[derive(Shape)]
enum Payment {
    Cash,
    Card { number: String },
}

#[workflow]
async fn by_data(payment: Payment) -> String {
    match payment {
        Payment::Card { number: _ } => "card",
        Payment::Cash if payment.is_cash() => "cash",
    }
}

#[workflow]
async fn by_field(payment: Payment) -> String {
    match payment {
        Payment::Card { nummer } => nummer,
        Payment::Cash => "cash",
    }
}

fn main() {
    let _ = (price(), by_number(), by_text(), by_data(), by_field());
}
