//! DER, as far as certificates need it: elements one after the other. Tags of one byte, lengths of at most three.

pub(super) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    /// `[0]` with a primitive value; the tags of one and more follow it.
    pub(crate) const CONTEXT: u8 = 0x80;
    /// `[0]` with elements inside; the tags of one and more follow it.
    pub(crate) const NESTED: u8 = 0xa0;
}

/// Elements that nest deeper than any certificate's are refused.
const DEEPEST: usize = 16;

/// The elements that are left to read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// Reads one element: its tag and its value. `None` when there is none, or when it is cut off.
    pub(super) fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (bytes, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (1..=3).contains(&bytes.len()).then_some(())?;
            length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            rest = after;
        }
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    /// Reads the value of an element that must have this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    /// Reads the elements inside an element that must have this tag.
    pub(super) fn open(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self)
    }

    /// Reads the value of the next element when it has this tag; `None` otherwise, and nothing is read.
    pub(super) fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let value = ahead.take(tag)?;
        *self = ahead;
        Some(value)
    }

    pub(super) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// Returns the elements inside the one element of this tag that `input` consists of.
pub(super) fn only(input: &[u8], tag: u8) -> Option<&[u8]> {
    let mut reader = Reader(input);
    reader.take(tag).filter(|_| reader.0.is_empty())
}

/// Returns all elements of `input`; `None` when one is cut off.
pub(super) fn elements(input: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut reader = Reader(input);
    let mut elements = Vec::new();
    while !reader.0.is_empty() {
        elements.push(reader.any()?);
    }
    Some(elements)
}

/// Returns true when `input` consists of whole elements, and so does each that has elements inside.
pub(super) fn is_well_formed(input: &[u8]) -> bool {
    fn is_whole(input: &[u8], depth: usize) -> bool {
        const CONSTRUCTED: u8 = 0x20;
        let whole = |&(tag, value): &(u8, &[u8])| tag & CONSTRUCTED == 0 || is_whole(value, depth + 1);
        depth < DEEPEST && elements(input).is_some_and(|elements| elements.iter().all(whole))
    }
    is_whole(input, 0)
}

#[cfg(test)]
pub(super) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], &value].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_whole_all_the_way_down() {
        let nested =
            |levels: usize| (0..levels).fold(Vec::new(), |inner, _| element(tag::SEQUENCE, &[&inner]));
        for (input, expected) in [
            (vec![], true),
            (vec![5, 0, 5, 0], true),
            (vec![5, 1], false),
            (vec![0x30, 2, 5, 0], true),
            (vec![0x30, 2, 5, 1], false),
            (vec![0x30, 2, 5, 0, 5], false),
            (vec![0x04, 2, 5, 1], true), // has no elements inside
            (nested(DEEPEST - 1), true),
            (nested(DEEPEST), false),
        ] {
            assert_eq!(is_well_formed(&input), expected, "{input:?}");
        }
    }
}
