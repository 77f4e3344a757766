//! A field whose type is no JSON.

use std::time::SystemTime;

use statewright::prelude::*;

#[derive(Shape)]
struct Request {
    since: SystemTime,
}

fn main() {}
