//! What AWS does differently at different times.

/// Where Step Functions has changed its behaviour, which of the two is meant. The default is today's.
///
/// ```
/// use statewright_simulate::world::Rules;
///
/// assert!(!Rules::on("2024-06-19").items_are_objects);
/// assert!(Rules::default().items_are_objects);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Since September 2025, `Items` may give an object, whose fields are the items.
    pub items_are_objects: bool,
    /// Since November 2024, `MapStateExited` of a distributed Map points to `MapRunStarted`, not to `MapRunSucceeded`.
    pub map_exit_follows_run: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { items_are_objects: true, map_exit_follows_run: true }
    }
}

impl Rules {
    /// Those of a day, which is written as `YYYY-MM-DD`.
    #[must_use]
    pub fn on(day: &str) -> Self {
        Self { items_are_objects: day >= "2025-09", map_exit_follows_run: day >= "2024-11" }
    }
}
