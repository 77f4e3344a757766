//! What has no shape says so at its own token.

use statewright::prelude::*;

#[derive(Shape)]
struct Empty();

#[derive(Shape)]
enum Mixed {
    Plain,
    Full { since: std::time::SystemTime },
}

#[derive(Shape)]
union Bits {
    a: u32,
    b: f32,
}

fn main() {}
