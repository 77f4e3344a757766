//! Sorting.

use std::cmp::Ordering;

use super::{Evaluator, tuple};
use crate::jsonata::error::Error;
use crate::jsonata::frame::Frame;
use crate::jsonata::function::text;
use crate::jsonata::node::Node;
use crate::jsonata::value::{Array, Value};

impl Evaluator {
    /// A sequence in the order of some terms.
    pub(super) fn sort(
        &self,
        node: &Node,
        terms: &[(Node, bool)],
        input: &Value,
        frame: &Frame,
    ) -> Result<Value, Error> {
        let tuples = input.as_array().is_some_and(|array| array.tuples);
        let mut keyed = Vec::new();
        for item in input.items() {
            let (context, inner) = tuple::context(item, tuples, frame);
            let keys: Vec<Value> =
                terms.iter().map(|(term, _)| self.run(term, &context, &inner)).collect::<Result<_, _>>()?;
            keyed.push((keys, item.clone()));
        }
        let sorted = merge_sort(keyed, &mut |a, b| {
            for (index, (_, descending)) in terms.iter().enumerate() {
                let order = order(&a.0[index], &b.0[index], node.position)?;
                if order != Ordering::Equal {
                    // What is not there comes last in either direction.
                    let absent = a.0[index].is_undefined() || b.0[index].is_undefined();
                    return Ok(if *descending && !absent { order.reverse() } else { order }.is_gt());
                }
            }
            Ok(false)
        })?;
        let items = sorted.into_iter().map(|(_, item)| item).collect();
        Ok(Array { tuples, ..Array::sequence(items) }.into())
    }
}

fn order(a: &Value, b: &Value, position: usize) -> Result<Ordering, Error> {
    match (a, b) {
        (Value::Undefined, Value::Undefined) => Ok(Ordering::Equal),
        (Value::Undefined, _) => Ok(Ordering::Greater),
        (_, Value::Undefined) => Ok(Ordering::Less),
        (Value::Number(a), Value::Number(b)) => Ok(a.partial_cmp(b).unwrap_or(Ordering::Equal)),
        (Value::String(a), Value::String(b)) => Ok(a.encode_utf16().cmp(b.encode_utf16())),
        (Value::Number(_) | Value::String(_), Value::Number(_) | Value::String(_)) => {
            let shown = |value: &Value| text::string(value).unwrap_or_default();
            Err(Error::new("T2007", position, "", &format!("{} and {}", shown(a), shown(b))))
        }
        _ => Err(Error::new("T2008", position, "", "")),
    }
}

/// A stable sort whose comparison may fail: `swap` says whether the first belongs behind the second.
pub(in crate::jsonata) fn merge_sort<T: Clone>(
    items: Vec<T>,
    swap: &mut dyn FnMut(&T, &T) -> Result<bool, Error>,
) -> Result<Vec<T>, Error> {
    if items.len() < 2 {
        return Ok(items);
    }
    let middle = items.len() / 2;
    let right = merge_sort(items[middle..].to_vec(), swap)?;
    let left = merge_sort(items[..middle].to_vec(), swap)?;
    let (mut merged, mut l, mut r) = (Vec::with_capacity(items.len()), 0, 0);
    while l < left.len() && r < right.len() {
        if swap(&left[l], &right[r])? {
            merged.push(right[r].clone());
            r += 1;
        } else {
            merged.push(left[l].clone());
            l += 1;
        }
    }
    merged.extend_from_slice(&left[l..]);
    merged.extend_from_slice(&right[r..]);
    Ok(merged)
}
