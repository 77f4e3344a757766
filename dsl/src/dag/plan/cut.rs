//! Likely cuts, where there are too many to try them all.
//!
//! The elements are put into a line in three ways, each of which keeps the order: by how much must come before, by how much
//! must come after, and always the next one that adds the least. Every prefix of a line is a cut. The best ones are those that
//! add few pairs for the many that they separate, as in other problems that are solved by dividing, and those that add the
//! fewest at all.

use crate::dag::order::Order;
use crate::dag::set::Set;

/// What comes first and what second, the most promising cut first. None comes twice.
pub(super) fn likely(order: &Order, members: &Set) -> Vec<(Set, Set)> {
    let mut cuts: Vec<Cut> = Vec::new();
    for line in [levels(order, members, false), levels(order, members, true), cheapest(order, members)] {
        let prefixes = prefixes(order, members, &line);
        let sparsest = prefixes.iter().min_by(|a, b| a.compare(b)).cloned();
        let least = prefixes.iter().min_by_key(|cut| cut.added).cloned();
        cuts.extend(sparsest.into_iter().chain(least));
    }
    cuts.sort_by(Cut::compare);
    let mut likely: Vec<(Set, Set)> = Vec::new();
    for Cut { first, .. } in cuts {
        if likely.iter().all(|(known, _)| *known != first) {
            let mut second = members.clone();
            second.subtract(&first);
            likely.push((first, second));
        }
    }
    likely
}

#[derive(Clone, Debug)]
struct Cut {
    first: Set,
    added: u64,
    /// Pairs with one element on each side.
    separated: u64,
}

impl Cut {
    /// By the share of the separated pairs that is added.
    fn compare(&self, other: &Self) -> std::cmp::Ordering {
        let share = |cut: &Self, by: &Self| u128::from(cut.added) * u128::from(by.separated);
        share(self, other).cmp(&share(other, self))
    }
}

/// The cuts along a line.
fn prefixes(order: &Order, members: &Set, line: &[usize]) -> Vec<Cut> {
    let total: u64 = line.iter().map(|element| order.weight[*element]).sum();
    let (mut first, mut second) = (Set::new(order.len()), members.clone());
    let (mut added, mut weight) = (0, 0);
    let mut cuts = Vec::new();
    for element in &line[..line.len().saturating_sub(1)] {
        first.insert(*element);
        second.remove(*element);
        // Pairs with those behind the cut are added, and those with what is before it no longer.
        added += crossing(order, *element, &second, &order.after[*element]);
        added -= crossing(order, *element, &first, &order.before[*element]);
        weight += order.weight[*element];
        cuts.push(Cut { first: first.clone(), added, separated: weight * (total - weight) });
    }
    cuts
}

/// The pairs of an element with those of a side that it is not ordered with.
fn crossing(order: &Order, element: usize, side: &Set, ordered: &Set) -> u64 {
    let mut open = side.clone();
    open.remove(element);
    open.subtract(ordered);
    order.weight[element] * open.iter().map(|other| order.weight[other]).sum::<u64>()
}

/// By the longest way from a first element, or to a last one.
fn levels(order: &Order, members: &Set, from_the_end: bool) -> Vec<usize> {
    let mut line: Vec<usize> = order.sorted.iter().copied().filter(|element| members.contains(*element)).collect();
    if from_the_end {
        line.reverse();
    }
    let mut level = vec![0_usize; order.len()];
    for element in &line {
        let mut closer = if from_the_end { order.after[*element].clone() } else { order.before[*element].clone() };
        closer.retain(members);
        level[*element] = closer.iter().map(|other| level[other] + 1).max().unwrap_or_default();
    }
    line.sort_by_key(|element| (level[*element], *element));
    if from_the_end {
        line.reverse();
    }
    line
}

/// Always the next one that adds the fewest pairs.
fn cheapest(order: &Order, members: &Set) -> Vec<usize> {
    let mut left = members.clone();
    let mut first = Set::new(order.len());
    let mut line = Vec::new();
    let mut change: Vec<i128> = vec![0; order.len()];
    for element in members.iter() {
        change[element] = i128::from(crossing(order, element, &left, &order.comparable(element)));
    }
    while !left.is_empty() {
        let ready = left.iter().filter(|element| order.before[*element].is_disjoint(&left));
        let Some(next) = ready.min_by_key(|element| (change[*element], *element)) else { return line };
        left.remove(next);
        first.insert(next);
        line.push(next);
        // Whoever is not ordered with it has one pair behind the cut less, and one before it more.
        let mut others = left.clone();
        others.subtract(&order.comparable(next));
        for other in others.iter() {
            change[other] -= 2 * i128::from(order.weight[next] * order.weight[other]);
        }
    }
    line
}
