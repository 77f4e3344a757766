//! A value of another type than is expected.

use statewright::prelude::*;

#[derive(Shape)]
struct Shop {
    image_count: i64,
}

const TASK: ecs::TaskDefinition = ecs::TaskDefinition::family("feed").no_roles();

fn main() {
    let _ = Workflow::new("feed", |w, shop: Value<Shop>| {
        let step = ecs::RunTask::new("batch", TASK).container("app", |c| c.arg(shop.image_count));
        w.run("Feed", step);
    });
}
