//! What is around the body.

use statewright::prelude::*;

#[workflow]
fn not_async(shop: String) {}

#[workflow]
async fn generic<T: Shape>(shop: T) {}

#[workflow]
async fn two(shop: String, day: String) {}

#[workflow]
async fn other_error(shop: String) -> Result<(), std::io::Error> {
    Ok(())
}

#[workflow(shedule = Schedule::rate("1 hour"))]
async fn unknown() {}

#[workflow("unknown")]
async fn no_method() {}

#[workflow(name)]
async fn no_name() {}

#[workflow(on_error = async || {})]
async fn no_error() {}

#[workflow(on_error = 5)]
async fn no_handler() {}

#[fragment(name = "part")]
async fn part() {}

#[workflow]
async fn no_shape(shop: std::time::SystemTime) {}

#[workflow]
struct Order;

struct Shop;

impl Shop {
    #[workflow]
    async fn method(&self) {}
}

fn main() {}
