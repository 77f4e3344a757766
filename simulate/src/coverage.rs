//! What of a definition has run: its states, the ways out of its Choices, its Retriers and Catchers.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::rc::Rc;

use serde_json::{Value as Json, json};
use statewright::diag::Place;

use crate::program::Site;

/// Counts for a definition.
#[derive(Clone, Debug)]
pub struct Coverage {
    sites: Rc<[Site]>,
    counts: Rc<[Counts]>,
}

#[derive(Debug)]
struct Counts {
    entered: Cell<u64>,
    choices: Vec<Cell<u64>>,
    retriers: Vec<Cell<u64>>,
    catchers: Vec<Cell<u64>>,
}

/// Something of a definition, and how often it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The state's name.
    pub state: String,
    /// A JSON pointer to it.
    pub pointer: String,
    /// What of it: nothing for the state itself, else such as `choice 1 to Load`, `retry of States.ALL`.
    pub what: String,
    /// How often.
    pub count: u64,
}

impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.state)?;
        if self.what.is_empty() { Ok(()) } else { write!(f, ", {}", self.what) }
    }
}

impl Coverage {
    pub(crate) fn new(sites: &Rc<[Site]>) -> Self {
        let cells = |names: &[String]| names.iter().map(|_| Cell::new(0)).collect();
        let counts = |site: &Site| Counts {
            entered: Cell::new(0),
            choices: cells(&site.choices),
            retriers: cells(&site.retriers),
            catchers: cells(&site.catchers),
        };
        Self { sites: sites.clone(), counts: sites.iter().map(counts).collect() }
    }

    pub(crate) fn enter(&self, site: usize) {
        count(self.counts.get(site).map(|counts| &counts.entered));
    }

    pub(crate) fn choose(&self, site: usize, number: usize) {
        count(self.counts.get(site).and_then(|counts| counts.choices.get(number)));
    }

    pub(crate) fn retry(&self, site: usize, number: usize) {
        count(self.counts.get(site).and_then(|counts| counts.retriers.get(number)));
    }

    pub(crate) fn catch(&self, site: usize, number: usize) {
        count(self.counts.get(site).and_then(|counts| counts.catchers.get(number)));
    }

    /// Adds what ran elsewhere, of the same definition.
    pub fn add(&self, other: &Self) {
        for (own, others) in self.counts.iter().zip(&*other.counts) {
            let all = |counts: &Counts| -> Vec<u64> {
                let ways = counts.choices.iter().chain(&counts.retriers).chain(&counts.catchers);
                std::iter::once(&counts.entered).chain(ways).map(Cell::get).collect()
            };
            let ways = own.choices.iter().chain(&own.retriers).chain(&own.catchers);
            for (cell, more) in std::iter::once(&own.entered).chain(ways).zip(all(others)) {
                cell.set(cell.get() + more);
            }
        }
    }

    /// The same as JSON, for programs: `covered` and `total`, and each part with its count.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let all = self.all();
        let covered = all.iter().filter(|part| part.count > 0).count();
        let parts: Vec<Json> = all
            .iter()
            .map(|part| json!({ "state": part.state, "pointer": part.pointer, "what": part.what, "count": part.count }))
            .collect();
        json!({ "covered": covered, "total": parts.len(), "parts": parts })
    }

    /// The states as a tracefile of LCOV, by the lines of Rust in which they are written (`Compiled::places`); each way
    /// through a state is a branch of its line. <https://man7.org/linux/man-pages/man1/geninfo.1.html>
    #[must_use]
    pub fn to_lcov(&self, places: &BTreeMap<String, Place>) -> String {
        let mut files: BTreeMap<&str, BTreeMap<u32, Vec<Covered>>> = BTreeMap::new();
        for part in self.all() {
            if let Some(Place::Source { file, line, .. }) = places.get(&part.state) {
                files.entry(file).or_default().entry(*line).or_default().push(part);
            }
        }
        let mut text = String::new();
        for (file, lines) in files {
            let _ = writeln!(text, "SF:{file}");
            for (line, parts) in lines {
                let entered = parts.iter().filter(|part| part.what.is_empty()).map(|part| part.count).sum::<u64>();
                let _ = writeln!(text, "DA:{line},{entered}");
                for (number, way) in parts.iter().filter(|part| !part.what.is_empty()).enumerate() {
                    let _ = writeln!(text, "BRDA:{line},0,{number},{}", way.count);
                }
            }
            text.push_str("end_of_record\n");
        }
        text
    }

    /// Everything that there is to run, and how often it ran, in the order of the definition.
    #[must_use]
    pub fn all(&self) -> Vec<Covered> {
        let mut all = Vec::new();
        for (site, counts) in self.sites.iter().zip(&*self.counts) {
            let mut put = |what: String, count: u64| {
                let (state, pointer) = (site.name.clone(), site.pointer.clone());
                all.push(Covered { state, pointer, what, count });
            };
            put(String::new(), counts.entered.get());
            for (number, (to, count)) in site.choices.iter().zip(&counts.choices).enumerate() {
                put(format!("choice {} to {to}", number + 1), count.get());
            }
            for (errors, count) in site.retriers.iter().zip(&counts.retriers) {
                put(format!("retry of {errors}"), count.get());
            }
            for (errors, count) in site.catchers.iter().zip(&counts.catchers) {
                put(format!("catch of {errors}"), count.get());
            }
        }
        all
    }
}

fn count(cell: Option<&Cell<u64>>) {
    if let Some(cell) = cell {
        cell.set(cell.get() + 1);
    }
}
