//! What has no shape says so at its own token.

use statewright::prelude::*;

#[derive(Shape)]
struct Pair(String, String);

#[derive(Shape)]
enum Mixed {
    Plain,
    Full { size: i64 },
}

#[derive(Shape)]
union Bits {
    a: u32,
    b: f32,
}

fn main() {}
