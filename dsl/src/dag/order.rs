//! Which task is before which: the transitive closure of the edges.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::set::Set;

/// A partial order of elements that stand for one task or several.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// What comes after each element.
    pub after: Vec<Set>,
    /// What comes before each element.
    pub before: Vec<Set>,
    /// The elements, so that each comes behind those before it.
    pub sorted: Vec<usize>,
    /// How many tasks an element is.
    pub weight: Vec<u64>,
    /// How many of its tasks run one after another.
    pub height: Vec<u64>,
}

impl Order {
    /// The order of tasks from edges, or the tasks of a cycle, each of which waits for the next one.
    pub(super) fn of(tasks: usize, edges: &[(usize, usize)]) -> Result<Self, Vec<usize>> {
        let (mut next, mut previous) = (vec![Vec::new(); tasks], vec![Vec::new(); tasks]);
        for (first, then) in edges {
            next[*first].push(*then);
            previous[*then].push(*first);
        }
        let mut waits: Vec<usize> = previous.iter().map(Vec::len).collect();
        let mut ready: BinaryHeap<_> = (0..tasks).filter(|task| waits[*task] == 0).map(Reverse).collect();
        let mut sorted = Vec::with_capacity(tasks);
        while let Some(Reverse(task)) = ready.pop() {
            sorted.push(task);
            for then in &next[task] {
                waits[*then] -= 1;
                if waits[*then] == 0 {
                    ready.push(Reverse(*then));
                }
            }
        }
        if sorted.len() < tasks {
            return Err(cycle(&previous, &waits));
        }
        let closure = |sorted: &mut dyn Iterator<Item = &usize>, edges: &[Vec<usize>]| {
            let mut closure = vec![Set::new(tasks); tasks];
            for task in sorted {
                let mut all = Set::of(tasks, edges[*task].iter().copied());
                edges[*task].iter().for_each(|other| all.extend(&closure[*other]));
                closure[*task] = all;
            }
            closure
        };
        let after = closure(&mut sorted.iter().rev(), &next);
        let before = closure(&mut sorted.iter(), &previous);
        Ok(Self { after, before, sorted, weight: vec![1; tasks], height: vec![1; tasks] })
    }

    pub(super) fn len(&self) -> usize {
        self.after.len()
    }

    pub(super) fn is_before(&self, first: usize, then: usize) -> bool {
        self.after[first].contains(then)
    }

    /// What an element is ordered with.
    pub(super) fn comparable(&self, element: usize) -> Set {
        let mut all = self.after[element].clone();
        all.extend(&self.before[element]);
        all
    }

    /// The order of some of the elements, each with a weight and a height of its own. They are numbered anew.
    pub(super) fn among(&self, elements: &[usize], weight: Vec<u64>, height: Vec<u64>) -> Self {
        let count = elements.len();
        let mut number = vec![None; self.len()];
        elements.iter().enumerate().for_each(|(index, element)| number[*element] = Some(index));
        let renumbered = |set: &Set| Set::of(count, set.iter().filter_map(|element| number[element]));
        Self {
            after: elements.iter().map(|element| renumbered(&self.after[*element])).collect(),
            before: elements.iter().map(|element| renumbered(&self.before[*element])).collect(),
            sorted: self.sorted.iter().filter_map(|element| number[*element]).collect(),
            weight,
            height,
        }
    }
}

/// A cycle among the tasks that still wait: who waits for ever has somebody before it who does.
fn cycle(previous: &[Vec<usize>], waits: &[usize]) -> Vec<usize> {
    let blocker = |task: &usize| previous[*task].iter().copied().find(|before| waits[*before] > 0);
    let first = (0..waits.len()).find(|task| waits[*task] > 0);
    let mut path: Vec<usize> = Vec::new();
    for task in std::iter::successors(first, blocker) {
        if let Some(start) = path.iter().position(|seen| *seen == task) {
            return path.split_off(start);
        }
        path.push(task);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::Order;

    #[test]
    fn edges_are_closed_and_sorted() {
        let order = Order::of(4, &[(3, 1), (1, 0), (3, 0)]).ok();
        let order = order.as_ref();
        assert_eq!(order.map(|o| o.sorted.clone()), Some(vec![2, 3, 1, 0]));
        assert_eq!(order.map(|o| o.after[3].iter().collect()), Some(vec![0, 1]));
        assert_eq!(order.map(|o| o.before[0].iter().collect()), Some(vec![1, 3]));
    }

    #[test]
    fn a_cycle_is_found_without_what_leads_to_it() {
        assert_eq!(Order::of(5, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)]).err(), Some(vec![1, 3, 2]));
        assert_eq!(Order::of(1, &[(0, 0)]).err(), Some(vec![0]));
    }
}
