//! A writer of DER.

/// An element.
pub(super) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match (length.as_slice(), value.len()) {
        (_, short @ ..128) => vec![tag, u8::try_from(short).unwrap_or_default()],
        (bytes, _) => {
            [vec![tag, 0x80 | u8::try_from(bytes.len()).unwrap_or_default()], bytes.to_vec()].concat()
        }
    };
    [head, value.to_vec()].concat()
}

/// A sequence of elements.
pub(super) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &elements.concat())
}

/// A bit string whose last byte has so many unused bits.
pub(super) fn bits(unused: u8, bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[unused], bytes].concat())
}

/// An object identifier in its usual form, `1.2.3`.
pub(super) fn oid(text: &str) -> Vec<u8> {
    let numbers: Vec<u32> = text.split('.').map(|number| number.parse().expect("a number")).collect();
    let [first, second, rest @ ..] = numbers.as_slice() else { panic!("no object identifier: {text}") };
    let mut bytes = Vec::new();
    for number in std::iter::once(first * 40 + second).chain(rest.iter().copied()) {
        let septets =
            (0..5).rev().map(|place| number >> (7 * place) & 0x7f).skip_while(|septet| *septet == 0);
        let mut septets: Vec<u8> =
            septets.map(|septet| u8::try_from(septet).unwrap_or_default() | 0x80).collect();
        match septets.last_mut() {
            Some(last) => *last &= 0x7f,
            None => septets.push(0),
        }
        bytes.extend(septets);
    }
    tlv(0x06, &bytes)
}

/// Bytes from pairs of hexadecimal digits.
pub(super) fn hex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("digits"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("two digits")).collect()
}
