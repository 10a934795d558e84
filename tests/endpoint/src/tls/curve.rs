//! ECDSA as ring does not have it, for certificates that no server of ours has: P-521, and P-256 with another hash. It is
//! the schoolbook's arithmetic: slow, and no secret is safe in it.

use num_bigint::BigUint;
use ring::rand::{SecureRandom, SystemRandom};

use super::asn1::{sequence, tlv};

/// A point of a curve; `None` at infinity.
type Point = Option<(BigUint, BigUint)>;

/// A curve `y² = x³ - 3x + b`.
pub(super) struct Curve {
    prime: BigUint,
    order: BigUint,
    base: Point,
}

/// A number from hexadecimal digits.
fn number(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).expect("digits")
}

impl Curve {
    /// P-256.
    pub(super) fn p256() -> Self {
        Self {
            prime: number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
            order: number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
            base: Some((
                number("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
                number("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"),
            )),
        }
    }

    /// P-521.
    pub(super) fn p521() -> Self {
        Self {
            prime: (BigUint::from(1_u8) << 521_u32) - BigUint::from(1_u8),
            order: number(concat!(
                "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
            )),
            base: Some((
                number(concat!(
                    "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba",
                    "a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
                )),
                number(concat!(
                    "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662",
                    "c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
                )),
            )),
        }
    }

    /// A number below the order that nobody can guess.
    pub(super) fn secret(&self) -> BigUint {
        let mut bytes = vec![0; self.order.to_bytes_be().len() + 8];
        SystemRandom::new().fill(&mut bytes).expect("randomness");
        BigUint::from_bytes_be(&bytes) % &self.order
    }

    /// The public point of a secret, uncompressed.
    pub(super) fn public(&self, secret: &BigUint) -> Vec<u8> {
        let (x, y) = self.times(secret).expect("a secret is not zero");
        let length = self.prime.to_bytes_be().len();
        let padded = |number: BigUint| {
            let bytes = number.to_bytes_be();
            [vec![0; length - bytes.len()], bytes].concat()
        };
        [vec![4], padded(x), padded(y)].concat()
    }

    /// Signs a hash.
    pub(super) fn sign(&self, secret: &BigUint, hash: &[u8]) -> Vec<u8> {
        let excess = (u64::try_from(hash.len()).unwrap_or_default() * 8).saturating_sub(self.order.bits());
        let hash = BigUint::from_bytes_be(hash) >> excess;
        let once = self.secret();
        let (x, _) = self.times(&once).expect("a secret is not zero");
        let first = x % &self.order;
        let inverse = once.modinv(&self.order).expect("the order is a prime");
        let second = inverse * (hash + &first * secret) % &self.order;
        let integer = |number: BigUint| {
            let bytes = number.to_bytes_be();
            let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { vec![0] } else { Vec::new() };
            tlv(0x02, &[sign, bytes].concat())
        };
        sequence(&[integer(first), integer(second)])
    }

    /// The base point, so many times.
    fn times(&self, factor: &BigUint) -> Point {
        let mut sum = None;
        for bit in (0..factor.bits()).rev() {
            sum = self.add(&sum, &sum);
            if factor.bit(bit) {
                sum = self.add(&sum, &self.base);
            }
        }
        sum
    }

    /// The sum of two points.
    fn add(&self, one: &Point, other: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (one, other) else {
            return one.clone().or_else(|| other.clone());
        };
        let minus = |from: &BigUint, what: &BigUint| (from + &self.prime - what) % &self.prime;
        let (rise, run) = if x1 == x2 {
            let three = BigUint::from(3_u8);
            let rise = minus(&(x1 * x1 % &self.prime * &three % &self.prime), &three);
            (rise, (y1 + y2) % &self.prime)
        } else {
            (minus(y2, y1), minus(x2, x1))
        };
        let slope = rise * run.modinv(&self.prime)? % &self.prime;
        let x = minus(&minus(&(&slope * &slope % &self.prime), x1), x2);
        let y = minus(&(slope * minus(x1, &x) % &self.prime), y1);
        Some((x, y))
    }
}
