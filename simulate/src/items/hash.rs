//! The order in which AWS writes the columns of a row: that of a `HashMap` of Java, which its items show.

/// The positions of the names, in the order in which Java's map walks over its buckets.
pub(super) fn order(names: &[String]) -> Vec<usize> {
    let mut buckets = 16_usize;
    while names.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|at| names.get(*at).map(|name| spread(name) & (buckets - 1)));
    order
}

/// `String.hashCode`, with the upper half folded into the lower as the map does.
fn spread(name: &str) -> usize {
    let hash = name.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    (hash ^ (hash >> 16)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        order(&names).into_iter().map(|at| names[at].clone()).collect()
    }

    #[test]
    fn columns_come_as_aws_was_seen_to_write_them() {
        assert_eq!(ordered(&["0", "True", "{}"]), ["0", "{}", "True"]);
        assert_eq!(ordered(&["H1", ""]), ["", "H1"]);
        assert_eq!(ordered(&["Col1", "Col2", "Col3"]), ["Col1", "Col2", "Col3"]);
    }

    #[test]
    fn columns_come_as_aws_documents_them() {
        let inventory = ["Bucket", "Key", "Size", "LastModifiedDate"];
        assert_eq!(ordered(&inventory), ["LastModifiedDate", "Bucket", "Size", "Key"]);
    }

    #[test]
    fn a_fuller_map_has_more_buckets() {
        let names: Vec<String> = (0..13_u8).map(|at| char::from(b'p' - at).to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // With 16 buckets `p`, whose hash is 112, would be first; with 32 it is beyond the letters from 96 on.
        assert_eq!(ordered(&names).last().map(String::as_str), Some("p"));
        assert_eq!(ordered(&names[..12]).first().map(String::as_str), Some("p"));
    }
}
