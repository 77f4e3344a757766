//! The order in which executions take locks.

use std::collections::{BTreeMap, BTreeSet};

use crate::bundle::Bundle;
use crate::diag::{Diagnostic, Diagnostics, Place, codes};

/// Two executions that wait for each other's lock wait in vain. So no lock may be waited for by one who holds another that is,
/// elsewhere, waited for by one who holds the first; over any number of locks.
pub(crate) fn check_order(bundles: &[Bundle], diagnostics: &mut Diagnostics) {
    let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for bundle in bundles {
        for lock in bundle.locks.iter().filter(|lock| lock.waits) {
            let Some(held) = lock.within.as_deref().filter(|held| *held != lock.key) else { continue };
            if let Some(path) = path(&after, &lock.key, held) {
                let message = format!(
                    "`{}` waits for `{}` while it holds `{held}`, and elsewhere they are taken in the order {}",
                    bundle.name,
                    lock.key,
                    path.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
                );
                diagnostics.push(
                    Diagnostic::error(codes::LOCK_ORDER, message, Place::Workflow(bundle.name.clone()))
                        .help("take them in the same order everywhere, or write `.on_conflict(OnConflict::Fail)`"),
                );
            }
            after.entry(held).or_default().insert(&lock.key);
        }
    }
}

/// How one lock leads to another, if it does.
fn path<'a>(after: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &'a str, to: &str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::from([from]);
    let mut paths = vec![vec![from]];
    while let Some(path) = paths.pop() {
        let last = path.last().copied().unwrap_or(from);
        if last == to {
            return Some(path);
        }
        for next in after.get(last).into_iter().flatten().filter(|next| seen.insert(next)) {
            paths.push([path.as_slice(), &[*next]].concat());
        }
    }
    None
}
