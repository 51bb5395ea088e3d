//! How far apart two texts are.

/// How many bytes are the same at the start.
pub(crate) fn common_prefix(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(l, r)| l == r).count()
}

/// How many bytes of the shorter text are neither the same at the start nor at the end.
pub(crate) fn differing_part(left: &[u8], right: &[u8]) -> usize {
    let same_at_end = left.iter().rev().zip(right.iter().rev());
    let same_at_end = same_at_end.take_while(|(l, r)| l == r).count();
    let shorter = left.len().min(right.len());
    shorter.saturating_sub(common_prefix(left, right) + same_at_end)
}

/// Letters dropped, added, replaced or exchanged with their neighbour (optimal string alignment), if at most `most`.
pub(crate) fn distance(left: &[u8], right: &[u8], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, byte) in left.iter().enumerate() {
        let mut this = Vec::with_capacity(right.len() + 1);
        this.push(row + 1);
        for (column, other) in right.iter().enumerate() {
            let cost = usize::from(byte != other);
            let at =
                |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut cheapest = (at(&last, column) + cost)
                .min(at(&last, column + 1) + 1)
                .min(at(&this, column) + 1);
            let exchanged = row > 0
                && column > 0
                && left.get(row - 1) == Some(other)
                && right.get(column - 1) == Some(byte);
            if exchanged {
                cheapest = cheapest.min(at(&before, column - 1) + 1);
            }
            this.push(cheapest);
        }
        if this.iter().all(|cost| *cost > most) {
            return None;
        }
        before = std::mem::replace(&mut last, this);
    }
    last.last().copied().filter(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_up_to_a_bound() {
        let count =
            |left: &str, right: &str, most| distance(left.as_bytes(), right.as_bytes(), most);
        assert_eq!(count("encrypt", "encrypt", 0), Some(0));
        assert_eq!(count("encryt", "encrypt", 2), Some(1));
        assert_eq!(count("encrytp", "encrypt", 2), Some(1));
        assert_eq!(count("encrxyt", "encrypt", 2), Some(2));
        assert_eq!(count("encrxyt", "encrypt", 1), None);
        assert_eq!(count("", "abc", 2), None);
        assert_eq!(count("", "ab", 2), Some(2));
    }

    #[test]
    fn the_differing_part_lies_between_equal_ends() {
        assert_eq!(differing_part(b"a.bcd.e", b"a.bxd.e"), 1);
        assert_eq!(differing_part(b"a.b.e", b"a.b.c.e"), 0);
        assert_eq!(differing_part(b"aaa", b"aaaa"), 0);
        assert_eq!(differing_part(b"", b"x"), 0);
    }
}
