//! The data of a variant is there only in that variant.

use statewright::prelude::*;

#[derive(Shape)]
struct Card {
    number: String,
}

#[derive(Shape)]
enum Payment {
    Cash,
    Card(Card),
}

fn main() {
    let _ = Workflow::new("pay", |w, payment: Value<Payment>| {
        let number = payment.as_card().number;
        w.succeed_with("Done", number)
    });
}
