//! The examples, and what somebody would write by hand for each.

use super::case::Case;

pub(crate) fn cases() -> Vec<Case> {
    Vec::new()
}
