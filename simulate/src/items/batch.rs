//! Items in batches.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html>

use serde_json::{Map, Value as Json};

/// The most bytes of an input.
const BYTES: u64 = crate::MOST_BYTES as u64;

/// The inputs of child executions that take several items each: `{"BatchInput": …, "Items": […]}`.
///
/// A batch has at most so many items, and as many as fit into so many bytes of JSON, never more than an input may have.
/// A limit of 0 is none. An item that doesn't fit is a batch of its own.
///
/// ```
/// use serde_json::json;
/// use statewright_simulate::items::batches;
///
/// let inputs = batches(vec![json!(1), json!(2), json!(3)], Some(&json!("today")), Some(2), None);
/// assert_eq!(inputs.len(), 2);
/// assert_eq!(inputs[0], json!({ "BatchInput": "today", "Items": [1, 2] }));
/// ```
#[must_use]
pub fn batches(
    items: Vec<Json>,
    batch_input: Option<&Json>,
    max_items: Option<u64>,
    max_bytes: Option<u64>,
) -> Vec<Json> {
    let most =
        max_items.filter(|most| *most > 0).map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let bytes = max_bytes.filter(|bytes| *bytes > 0).map_or(BYTES, |bytes| bytes.min(BYTES));
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    let input = |items: Vec<Json>| {
        let mut input = Map::new();
        if let Some(batch_input) = batch_input {
            input.insert("BatchInput".to_owned(), batch_input.clone());
        }
        input.insert("Items".to_owned(), items.into());
        Json::from(input)
    };
    let empty = input(Vec::new()).to_string().len();
    let (mut inputs, mut batch, mut size) = (Vec::new(), Vec::new(), empty);
    for item in items {
        let length = item.to_string().len();
        // A comma for each item but the first.
        if !batch.is_empty() && (batch.len() >= most || size + 1 + length > bytes) {
            inputs.push(input(std::mem::take(&mut batch)));
            size = empty;
        }
        size += length + usize::from(!batch.is_empty());
        batch.push(item);
    }
    if !batch.is_empty() {
        inputs.push(input(batch));
    }
    inputs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sizes(inputs: &[Json]) -> Vec<usize> {
        inputs.iter().map(|input| input["Items"].as_array().unwrap().len()).collect()
    }

    #[test]
    fn the_most_items_are_as_recorded() {
        let inputs = batches(vec![json!("a"), json!("b"), json!("c"), json!("d")], None, Some(2), Some(15_000));
        assert_eq!(Json::from(inputs).to_string(), r#"[{"Items":["a","b"]},{"Items":["c","d"]}]"#);
    }

    #[test]
    fn batch_input_comes_first_as_recorded() {
        let inputs = batches(vec![json!(1)], Some(&json!({ "t": "date" })), Some(2), None);
        assert_eq!(Json::from(inputs).to_string(), r#"[{"BatchInput":{"t":"date"},"Items":[1]}]"#);
    }

    #[test]
    fn bytes_are_those_of_the_whole_input() {
        let items = || vec![json!("ä"), json!("ä"), json!("ä")];
        let two = r#"{"BatchInput":0,"Items":["ä","ä"]}"#.len() as u64;
        assert_eq!(sizes(&batches(items(), Some(&json!(0)), None, Some(two))), [2, 1]);
        assert_eq!(sizes(&batches(items(), Some(&json!(0)), None, Some(two - 1))), [1, 1, 1]);
        assert_eq!(sizes(&batches(items(), None, None, Some(two))), [3]);
    }

    #[test]
    fn no_batch_is_longer_than_an_input_may_be() {
        let items = vec![json!("x".repeat(100_000)); 3];
        assert_eq!(sizes(&batches(items.clone(), None, Some(3), None)), [2, 1]);
        assert_eq!(sizes(&batches(items, None, None, Some(1_000_000))), [2, 1]);
    }

    #[test]
    fn an_item_that_does_not_fit_is_alone() {
        let items = vec![json!(1), json!("much too long"), json!(2)];
        assert_eq!(sizes(&batches(items, None, None, Some(18))), [1, 1, 1]);
    }

    #[test]
    fn no_items_are_no_batches() {
        assert_eq!(batches(Vec::new(), Some(&json!(1)), Some(2), None), [] as [Json; 0]);
    }

    #[test]
    fn zero_is_no_limit() {
        assert_eq!(sizes(&batches(vec![json!(1), json!(2)], None, Some(0), Some(0))), [2]);
    }
}
