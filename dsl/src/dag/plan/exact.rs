//! The search for the fewest added pairs.
//!
//! An answer of least cost, over the parts that cutting leads to, each looked at once. A part that falls apart is the sum of
//! its parts; any other is cut in every way that adds less than the best so far.

use std::collections::HashMap;

use super::{Plan, parallel, series};
use crate::dag::order::Order;
use crate::dag::set::Set;

/// Elements up to which the search is tried.
const ELEMENTS: usize = 32;

/// Elements as bits.
type Mask = u32;

/// What an answer costs: added pairs, and how many tasks run one after another.
type Cost = (u64, u64);

/// The best plan, if it is found in so many steps; it counts them down.
pub(super) fn plan(order: &Order, members: &Set, steps: &mut u32) -> Option<Plan> {
    let elements: Vec<usize> = order.sorted.iter().copied().filter(|element| members.contains(*element)).collect();
    if elements.len() > ELEMENTS {
        return None;
    }
    let mask = |set: &Set| {
        elements.iter().enumerate().filter(|(_, e)| set.contains(**e)).fold(0, |mask: Mask, (i, _)| mask | 1 << i)
    };
    let mut search = Search {
        after: elements.iter().map(|element| mask(&order.after[*element])).collect(),
        before: elements.iter().map(|element| mask(&order.before[*element])).collect(),
        weight: elements.iter().map(|element| order.weight[*element]).collect(),
        height: elements.iter().map(|element| order.height[*element]).collect(),
        known: HashMap::new(),
        steps: *steps,
    };
    let whole = mask(members);
    let best = search.best(whole);
    *steps = search.steps;
    best?;
    Some(search.written(whole, &elements))
}

/// How a part falls apart, or is cut.
#[derive(Clone, Debug)]
enum Way {
    One,
    Branches(Vec<Mask>),
    Stages(Vec<Mask>),
}

struct Search {
    after: Vec<Mask>,
    before: Vec<Mask>,
    weight: Vec<u64>,
    height: Vec<u64>,
    known: HashMap<Mask, (Cost, Way)>,
    steps: u32,
}

impl Search {
    /// The cost of the best answer for a part, unless it takes too long.
    fn best(&mut self, part: Mask) -> Option<Cost> {
        if let Some((cost, _)) = self.known.get(&part) {
            return Some(*cost);
        }
        self.steps = self.steps.checked_sub(1)?;
        let (cost, way) = self.look(part)?;
        self.known.insert(part, (cost, way));
        Some(cost)
    }

    fn look(&mut self, part: Mask) -> Option<(Cost, Way)> {
        if part.count_ones() == 1 {
            return Some(((0, self.height[index(part)]), Way::One));
        }
        let branches = self.apart(part, |search, i| search.after[i] | search.before[i]);
        if branches.len() > 1 {
            let mut cost = (0, 0);
            for branch in &branches {
                let (added, height) = self.best(*branch)?;
                cost = (cost.0 + added, cost.1.max(height));
            }
            return Some((cost, Way::Branches(branches)));
        }
        let mut stages = self.apart(part, |search, i| part & !(search.after[i] | search.before[i]));
        if stages.len() > 1 {
            stages.sort_by_key(|stage| (self.before[index(*stage)] & part & !stage).count_ones());
            let mut cost = (0, 0);
            for stage in &stages {
                let (added, height) = self.best(*stage)?;
                cost = (cost.0 + added, cost.1 + height);
            }
            return Some((cost, Way::Stages(stages)));
        }
        let mut best = None;
        self.cuts(part, (0, 0), 0, &mut best)?;
        best
    }

    /// Tries what is first: the elements of `first`, of those that have been decided, and 0 or more of the rest of `part`.
    /// `added` is what follows from those that have been decided.
    fn cuts(
        &mut self,
        part: Mask,
        (first, second): (Mask, Mask),
        added: u64,
        best: &mut Option<(Cost, Way)>,
    ) -> Option<()> {
        self.steps = self.steps.checked_sub(1)?;
        // As many pairs in a shorter way are better, so what costs the same is looked at.
        if best.as_ref().is_some_and(|((most, _), _)| added > *most) {
            return Some(());
        }
        let left = part & !first & !second;
        if left == 0 {
            if first == 0 || second == 0 {
                return Some(());
            }
            let one = self.best(first)?;
            if best.as_ref().is_some_and(|((most, _), _)| added + one.0 > *most) {
                return Some(());
            }
            let two = self.best(second)?;
            let cost = (added + one.0 + two.0, one.1 + two.1);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                *best = Some((cost, Way::Stages(vec![first, second])));
            }
            return Some(());
        }
        // The elements are sorted, so what is before this one has been decided.
        let i = index(left);
        let bit = 1 << i;
        if self.before[i] & second == 0 {
            let more = self.weight[i] * self.total(second & !self.after[i]);
            self.cuts(part, (first | bit, second), added + more, best)?;
        }
        let more = self.weight[i] * self.total(first & !self.before[i]);
        self.cuts(part, (first, second | bit), added + more, best)
    }

    fn total(&self, mut part: Mask) -> u64 {
        let mut total = 0;
        while part != 0 {
            total += self.weight[index(part)];
            part &= part - 1;
        }
        total
    }

    fn apart(&self, part: Mask, neighbours: impl Fn(&Self, usize) -> Mask) -> Vec<Mask> {
        let mut left = part;
        let mut groups = Vec::new();
        while left != 0 {
            let mut group = 0;
            let mut open = left & left.wrapping_neg();
            while open != 0 {
                let i = index(open);
                group |= 1 << i;
                open = (open | neighbours(self, i) & part) & !group;
            }
            left &= !group;
            groups.push(group);
        }
        groups
    }

    fn written(&self, part: Mask, elements: &[usize]) -> Plan {
        let all = |parts: &[Mask]| parts.iter().map(|part| self.written(*part, elements)).collect::<Vec<_>>();
        match self.known.get(&part) {
            Some((_, Way::Branches(parts))) => parallel(all(parts)),
            Some((_, Way::Stages(parts))) => series(all(parts)),
            Some((_, Way::One)) | None => Plan::Task(elements[index(part)]),
        }
    }
}

/// The first element of a part.
const fn index(part: Mask) -> usize {
    part.trailing_zeros() as usize
}
