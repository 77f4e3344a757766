//! From a partial order to sequences and branches.
//!
//! What ASL can say, sequences inside of branches inside of sequences, are the *series-parallel* orders. An order falls apart:
//!
//! - into parts between which nothing is ordered: branches;
//! - into parts of which each is wholly before the next: a sequence;
//! - or neither, and then it holds an "N" (`a` before `c`, `b` before `c` and `d`), which ASL can't say without one more pair.
//!
//! In the last case *modules* (parts that are one thing to all the others) are planned by themselves, since no best answer needs
//! to split one: who stands for a module best can stand for all of it. What is left is connected whatever is added, so the
//! answer is a sequence: some cut into what is first and what is second. [`exact`] tries the cuts; where there are too many,
//! [`cut`] chooses among likely ones.

use super::order::Order;
use super::set::Set;

mod cut;
mod exact;
mod module;

/// Elements of an order as sequences and branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    Task(usize),
    Series(Vec<Plan>),
    Parallel(Vec<Plan>),
}

/// Elements among which modules are looked for; above that it would take longer than it is worth.
const MODULES: usize = 128;

/// Elements up to which several cuts are tried to their end.
const PILOT: usize = 40;

/// How many steps the search may take for one part, to judge a cut, and for all parts. It counts steps and no time, so that every
/// machine gives the same plan.
const STEPS: u32 = 1 << 18;
const PILOT_STEPS: u32 = 1 << 13;
const ALL_STEPS: u32 = 1 << 20;

/// Plans a whole order.
pub(super) fn plan(order: &Order) -> Plan {
    Planner { left: ALL_STEPS }.part(order, &Set::of(order.len(), 0..order.len()), true)
}

struct Planner {
    /// Steps that the search may still take.
    left: u32,
}

impl Planner {
    fn part(&mut self, order: &Order, members: &Set, pilot: bool) -> Plan {
        if let (1, Some(task)) = (members.len(), members.first()) {
            return Plan::Task(task);
        }
        let branches = apart(members, |element| order.comparable(element));
        if branches.len() != 1 {
            return Plan::Parallel(branches.iter().map(|branch| self.part(order, branch, pilot)).collect());
        }
        let mut stages = apart(members, |element| {
            let mut others = members.clone();
            others.subtract(&order.comparable(element));
            others
        });
        if stages.len() > 1 {
            // The further behind a stage is, the more is before any of its elements.
            stages.sort_by_cached_key(|stage| {
                stage.first().map(|element| {
                    let mut before = order.before[element].clone();
                    before.retain(members);
                    before.subtract(stage);
                    before.len()
                })
            });
            return series(stages.iter().map(|stage| self.part(order, stage, pilot)));
        }
        let modules = if members.len() <= MODULES { module::maximal(order, members) } else { Vec::new() };
        if modules.len() == members.len() || modules.is_empty() {
            return self.prime(order, members, pilot);
        }
        let plans: Vec<Plan> = modules.iter().map(|module| self.part(order, module, pilot)).collect();
        let chosen: Vec<usize> = modules.iter().filter_map(Set::first).collect();
        let weight = modules.iter().map(|module| module.iter().map(|element| order.weight[element]).sum()).collect();
        let height = plans.iter().map(|plan| plan.height(order)).collect();
        let quotient = order.among(&chosen, weight, height);
        self.prime(&quotient, &Set::of(chosen.len(), 0..chosen.len()), pilot).replaced(&plans)
    }

    /// Plans what falls apart in no way, and has no modules.
    fn prime(&mut self, order: &Order, members: &Set, pilot: bool) -> Plan {
        let granted = self.left.min(if pilot { STEPS } else { PILOT_STEPS });
        let mut steps = granted;
        let found = exact::plan(order, members, &mut steps);
        self.left -= granted - steps;
        if let Some(plan) = found {
            return plan;
        }
        let mut halves = |(first, second): &(Set, Set), pilot| {
            series([first, second].into_iter().map(|half| self.part(order, half, pilot)))
        };
        let cuts = cut::likely(order, members);
        let best = if pilot && members.len() <= PILOT {
            cuts.iter().min_by_key(|cut| {
                let plan = halves(cut, false);
                (plan.added(order), plan.height(order))
            })
        } else {
            cuts.first()
        };
        // Connected elements have a first one, so there is always a cut.
        best.map_or_else(|| Plan::Series(members.iter().map(Plan::Task).collect()), |cut| halves(cut, pilot))
    }
}

/// Groups that are not connected with each other.
fn apart(members: &Set, neighbours: impl Fn(usize) -> Set) -> Vec<Set> {
    let mut left = members.clone();
    let mut groups = Vec::new();
    while let Some(first) = left.first() {
        left.remove(first);
        let mut group = members.clone();
        group.subtract(members);
        group.insert(first);
        let mut open = vec![first];
        while let Some(element) = open.pop() {
            let mut found = neighbours(element);
            found.retain(&left);
            left.subtract(&found);
            group.extend(&found);
            open.extend(found.iter());
        }
        groups.push(group);
    }
    groups
}

/// A sequence, in which sequences are no parts of their own.
fn series(parts: impl IntoIterator<Item = Plan>) -> Plan {
    let flat = parts.into_iter().flat_map(|part| match part {
        Plan::Series(inner) => inner,
        other => vec![other],
    });
    Plan::Series(flat.collect())
}

/// Branches, in which branches are no parts of their own.
fn parallel(parts: impl IntoIterator<Item = Plan>) -> Plan {
    let flat = parts.into_iter().flat_map(|part| match part {
        Plan::Parallel(inner) => inner,
        other => vec![other],
    });
    let mut flat: Vec<Plan> = flat.collect();
    flat.sort_by_cached_key(|plan| plan.tasks().into_iter().min());
    Plan::Parallel(flat)
}

impl Plan {
    /// The elements, in the order in which they are written.
    pub(super) fn tasks(&self) -> Vec<usize> {
        match self {
            Self::Task(task) => vec![*task],
            Self::Series(parts) | Self::Parallel(parts) => parts.iter().flat_map(Self::tasks).collect(),
        }
    }

    /// How many tasks run one after another at most.
    fn height(&self, order: &Order) -> u64 {
        match self {
            Self::Task(task) => order.height[*task],
            Self::Series(parts) => parts.iter().map(|part| part.height(order)).sum(),
            Self::Parallel(parts) => parts.iter().map(|part| part.height(order)).max().unwrap_or_default(),
        }
    }

    /// How many pairs of tasks are ordered here and not in the order.
    fn added(&self, order: &Order) -> u64 {
        let pair = |(first, then): (usize, usize)| {
            if order.is_before(first, then) { 0 } else { order.weight[first] * order.weight[then] }
        };
        self.ordered().into_iter().map(pair).sum()
    }

    /// All pairs that it orders.
    fn ordered(&self) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let (Self::Series(parts) | Self::Parallel(parts)) = self else { return pairs };
        let tasks: Vec<Vec<usize>> = parts.iter().map(Self::tasks).collect();
        if matches!(self, Self::Series(_)) {
            for (index, first) in tasks.iter().enumerate() {
                for then in tasks[index + 1..].iter().flatten() {
                    pairs.extend(first.iter().map(|first| (*first, *then)));
                }
            }
        }
        pairs.extend(parts.iter().flat_map(Self::ordered));
        pairs
    }

    /// The pairs that it orders without anything between them: who is last in a part, and who is first in the next.
    pub(super) fn links(&self) -> Vec<(usize, usize)> {
        let mut links = Vec::new();
        let (Self::Series(parts) | Self::Parallel(parts)) = self else { return links };
        links.extend(parts.iter().flat_map(Self::links));
        if matches!(self, Self::Series(_)) {
            for pair in parts.windows(2) {
                for first in pair[0].ends(false) {
                    links.extend(pair[1].ends(true).into_iter().map(|then| (first, then)));
                }
            }
        }
        links
    }

    /// Its first elements, or its last.
    fn ends(&self, first: bool) -> Vec<usize> {
        match self {
            Self::Task(task) => vec![*task],
            Self::Parallel(parts) => parts.iter().flat_map(|part| part.ends(first)).collect(),
            Self::Series(parts) => {
                let end = if first { parts.first() } else { parts.last() };
                end.map(|part| part.ends(first)).unwrap_or_default()
            }
        }
    }

    /// The same, with a plan in place of each element.
    fn replaced(&self, plans: &[Self]) -> Self {
        match self {
            Self::Task(task) => plans[*task].clone(),
            Self::Series(parts) => series(parts.iter().map(|part| part.replaced(plans))),
            Self::Parallel(parts) => parallel(parts.iter().map(|part| part.replaced(plans))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(tasks: usize, edges: &[(usize, usize)]) -> (String, u64) {
        fn text(plan: &Plan) -> String {
            let all = |parts: &[Plan], sign: &str| parts.iter().map(text).collect::<Vec<_>>().join(sign);
            match plan {
                Plan::Task(task) => task.to_string(),
                Plan::Series(parts) => format!("({})", all(parts, " > ")),
                Plan::Parallel(parts) => format!("[{}]", all(parts, " | ")),
            }
        }
        let order = Order::of(tasks, edges).unwrap_or_else(|cycle| unreachable!("{cycle:?}"));
        let plan = plan(&order);
        (text(&plan), plan.added(&order))
    }

    #[test]
    fn what_is_series_parallel_stays_as_it_is() {
        assert_eq!(planned(0, &[]), ("[]".to_owned(), 0));
        assert_eq!(planned(3, &[(2, 0), (0, 1), (2, 1)]), ("(2 > 0 > 1)".to_owned(), 0));
        assert_eq!(planned(4, &[(0, 1), (0, 2), (1, 3), (2, 3)]), ("(0 > [1 | 2] > 3)".to_owned(), 0));
        assert_eq!(planned(5, &[(0, 1), (2, 3)]), ("[(0 > 1) | (2 > 3) | 4]".to_owned(), 0));
    }

    #[test]
    fn an_n_gets_one_more_pair_and_the_shortest_way() {
        // 0 before 2, 1 before 2 and 3.
        assert_eq!(planned(4, &[(0, 2), (1, 2), (1, 3)]), ("([0 | 1] > [2 | 3])".to_owned(), 1));
    }

    #[test]
    fn a_module_is_not_torn_apart() {
        // The same N with a sequence of three in place of 0.
        let (text, added) = planned(6, &[(0, 4), (4, 5), (5, 2), (1, 2), (1, 3)]);
        assert_eq!((text.as_str(), added), ("([(0 > 4 > 5) | (1 > 3)] > 2)", 1));
    }

    #[test]
    fn what_is_too_large_for_the_search_is_cut_all_the_same() {
        // A ladder: each task waits for two of the row before.
        let rungs = 60;
        let edges = (0..rungs - 1).flat_map(|rung| {
            let at = |rung: usize, side: usize| rung * 3 + side;
            (0..3).flat_map(move |side| {
                [(at(rung, side), at(rung + 1, side)), (at(rung, side), at(rung + 1, (side + 1) % 3))]
            })
        });
        let order = Order::of(rungs * 3, &edges.collect::<Vec<_>>()).unwrap_or_else(|cycle| unreachable!("{cycle:?}"));
        let plan = plan(&order);
        let pairs: std::collections::HashSet<_> = plan.ordered().into_iter().collect();
        for task in 0..order.len() {
            assert!(order.after[task].iter().all(|then| pairs.contains(&(task, then))));
        }
        assert_eq!(plan.tasks().len(), 180);
        assert!(plan.added(&order) <= 59 * 3, "no more than a barrier behind each row: {}", plan.added(&order));
    }
}
