//! What was probably meant.

/// The name that is most like another, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).clamp(1, 4);
    let low = name.to_ascii_lowercase();
    among
        .map(|other| (distance(&low, &other.to_ascii_lowercase()), other))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, other)| other)
}

/// How many letters differ, a swap of two neighbours being one.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut rows = vec![(0..width).collect::<Vec<usize>>()];
    for i in 1..=one.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let same = one[i - 1] == other[j - 1];
            row[j] = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + usize::from(!same));
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                row[j] = row[j].min(rows[i - 2][j - 2] + 1);
            }
        }
        rows.push(row);
    }
    rows[one.len()][width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_what_was_typed() {
        let names = ["Cluster", "Count", "LaunchType"];
        assert_eq!(nearest("Clster", names.into_iter()), Some("Cluster"));
        assert_eq!(nearest("launchtype", names.into_iter()), Some("LaunchType"));
        assert_eq!(nearest("Conut", names.into_iter()), Some("Count"));
        assert_eq!(nearest("Tags", names.into_iter()), None);
    }
}
