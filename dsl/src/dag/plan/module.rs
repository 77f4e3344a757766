//! Modules: parts that are one thing to all the others.

use crate::dag::order::Order;
use crate::dag::set::Set;

/// The largest modules that are not everything. Of elements that are connected, in the order and in what it leaves open, each
/// is in one.
pub(super) fn maximal(order: &Order, members: &Set) -> Vec<Set> {
    let mut left = members.clone();
    let mut modules = Vec::new();
    while let Some(first) = left.first() {
        let mut module = Set::of(order.len(), [first]);
        for other in left.iter().skip(1) {
            if !module.contains(other)
                && let Some(grown) = grown(order, members, &module, other)
            {
                module = grown;
            }
        }
        left.subtract(&module);
        modules.push(module);
    }
    modules
}

/// The least module around a module and one more element; none if that is everything.
fn grown(order: &Order, members: &Set, module: &Set, other: usize) -> Option<Set> {
    let pivot = module.first()?;
    let size = members.len();
    let mut grown = module.clone();
    grown.insert(other);
    let mut open = vec![other];
    while let Some(element) = open.pop() {
        // Who is before one of the two and not before the other tells them apart, so it belongs to them.
        let mut telling = order.before[pivot].difference(&order.before[element]);
        telling.extend(&order.after[pivot].difference(&order.after[element]));
        telling.retain(members);
        telling.subtract(&grown);
        if !telling.is_empty() {
            grown.extend(&telling);
            if grown.len() == size {
                return None;
            }
            open.extend(telling.iter());
        }
    }
    (grown.len() < size).then_some(grown)
}
