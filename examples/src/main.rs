//! The examples app.

fn main() {}
