//! Keys of test certificates, good and weak ones, and the signatures made with them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use num_bigint::BigUint;
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use rustls::sign::{Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

use super::asn1;
use super::curve::Curve;

/// Modulus and private exponent of an RSA key, in hexadecimal digits. Nothing but tests ever used them: making a key
/// takes seconds without optimization.
struct Rsa {
    modulus: &'static str,
    exponent: &'static str,
}

const RSA_1024: Rsa = Rsa {
    modulus: concat!(
        "df3c0393323cc35b5a8da094b9f1c56407fe2d00d886a920ab210dcc8dbd1596b2a50de9715c9fdd5e1ebb903c71c8c6",
        "40ea555405bd5b314198f99361c67d310454c85b7e2af45bf2deeed82b4f23b96e65ac5ad9f55a7f63e39a8a33651504",
        "baaf9014cb75072d1f6521dfc90121ae9c7c7296f4fc95c3434122fe10e3e047",
    ),
    exponent: concat!(
        "6f6afec5caff34ea35aa1689e4bcdd2e6e26d8c3614ee4bf1f6aa1fe8487e96c8bc181ce0ffc90f5e5f224df7aabb7ef",
        "eb9a89f823dd3cd4bacee552402cd7725ef62b775a4274a029e6d4927fa6c1bbc68fb6db46917228d3144eeab0edf359",
        "26a790546089bdbd607e05d723ddfbf1f2ad35b2bafb9d614651e424d0bd4b01",
    ),
};

const RSA_2048: Rsa = Rsa {
    modulus: concat!(
        "da28776dcefa922c88299df742b171c30f90b4f8cc8b55ec63c25ef73415be8a986c6f67b1efadc72b9a810c193d8149",
        "b46ef74a664f836aec9c999fa4559cb95bbf4b871c79ea0175cbdb52426da7e98aa03f79e1fa8ee6d1ac44c15f2f6e72",
        "31fd02dd97535b3ecbafb7bcdbeca6c69a7133fd3fe1a6a1e6ffa0d7df8d8ee63e9943c7d478e8015feb3874626bc213",
        "37e81df7dc51293f32c65cc0ee2d76bef01ce34f87f20dcde46efe228b76f7283507f2cc4c2ff89ddd8a63a2f88194fe",
        "fdadbe6ee4abf87a4339759f94ace69d51c6dcc53bc2230159c32d37fe9cda073cf81b98a8b79469e06276730ee4decb",
        "58df5dd021680776eb13b985489ef8a5",
    ),
    exponent: concat!(
        "63fff2a6c21eb7cc73e9e7c004b143fd6ef01d1482e647cfa0f6e3031bbbefe8a5efe6ad38b22e0d431e8292e22b004d",
        "a1c8cfd029cfbee4cf6b053c595ee9054a5a08abf950a5046053bec8192d1cafffdc6edc56cabca06f7230de16dcae1a",
        "e8711ad42a5e8a4fe19c3d73f3b7a9c715da584378f9dda10f3b14268011ea73257c9585f712be93e48a9bee091e74ed",
        "b7fde8d1f106b56662fc93e16523d9fe4036c55f631778916e466b6e200ef38af4babe31a1bd79891b74daf589cbf20a",
        "a530e04dc7c40c86bb42cf261f974e5a3e6be40fe5d7440375ca515366419f78489c9ec5e867955f702d969dbdc4e4ed",
        "a0a471f27896d0ef966b128dcfb9b0ed",
    ),
};

/// A key of one of the kinds that certificates have.
pub(super) enum Key {
    /// ECDSA on P-256 or P-384, and its PKCS #8.
    Ring(EcdsaKeyPair, Vec<u8>),
    /// Ed25519.
    Edwards(Ed25519KeyPair),
    /// ECDSA on P-521.
    P521(BigUint),
    /// RSA: modulus and private exponent.
    Rsa(BigUint, BigUint),
}

/// The key of this name and kind; the same one each time.
pub(super) fn named(name: &str, kind: &str) -> Arc<Key> {
    static KEYS: OnceLock<Mutex<HashMap<String, Arc<Key>>>> = OnceLock::new();
    let mut keys = KEYS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let key = keys.entry(format!("{kind} {name}")).or_insert_with(|| Arc::new(Key::generate(kind)));
    Arc::clone(key)
}

impl Key {
    /// A new key; RSA keys are always the same.
    fn generate(kind: &str) -> Self {
        let random = SystemRandom::new();
        let elliptic = |algorithm| {
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).expect("a key");
            Self::Ring(pair, pkcs8.as_ref().to_vec())
        };
        let rsa = |rsa: Rsa| {
            let number = |digits: &str| BigUint::parse_bytes(digits.as_bytes(), 16).expect("digits");
            Self::Rsa(number(rsa.modulus), number(rsa.exponent))
        };
        match kind {
            "p256" => elliptic(&signature::ECDSA_P256_SHA256_ASN1_SIGNING),
            "p384" => elliptic(&signature::ECDSA_P384_SHA384_ASN1_SIGNING),
            "ed25519" => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
                Self::Edwards(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key"))
            }
            "p521" => Self::P521(Curve::p521().secret()),
            "rsa1024" => rsa(RSA_1024),
            "rsa2048" => rsa(RSA_2048),
            _ => panic!("no key is of kind {kind}"),
        }
    }

    /// Its PKCS #8; empty for the kinds that no other server is given.
    pub(super) fn pkcs8(&self) -> &[u8] {
        match self {
            Self::Ring(_, pkcs8) => pkcs8,
            _ => &[],
        }
    }

    /// The hash that certificates are signed with unless they say otherwise.
    pub(super) fn usual_hash(&self) -> &'static str {
        match self {
            Self::Ring(pair, _) if pair.public_key().as_ref().len() > 65 => "sha384",
            Self::P521(_) => "sha512",
            _ => "sha256",
        }
    }

    /// Its `SubjectPublicKeyInfo`.
    pub(super) fn public(&self) -> Vec<u8> {
        const CURVE: &str = "1.2.840.10045.2.1";
        let (algorithm, key) = match self {
            Self::Ring(pair, _) => {
                let key = pair.public_key().as_ref().to_vec();
                let curve = if key.len() > 65 { "1.3.132.0.34" } else { "1.2.840.10045.3.1.7" };
                ([asn1::oid(CURVE), asn1::oid(curve)].concat(), key)
            }
            Self::Edwards(pair) => (asn1::oid("1.3.101.112"), pair.public_key().as_ref().to_vec()),
            Self::P521(secret) => {
                ([asn1::oid(CURVE), asn1::oid("1.3.132.0.35")].concat(), Curve::p521().public(secret))
            }
            Self::Rsa(modulus, _) => {
                let modulus = asn1::tlv(0x02, &[vec![0], modulus.to_bytes_be()].concat());
                let key = asn1::sequence(&[modulus, asn1::tlv(0x02, &[1, 0, 1])]);
                ([asn1::oid("1.2.840.113549.1.1.1"), vec![5, 0]].concat(), key)
            }
        };
        asn1::sequence(&[asn1::tlv(0x30, &algorithm), asn1::bits(0, &key)])
    }

    /// The `AlgorithmIdentifier` of a signature with this hash.
    pub(super) fn algorithm(&self, hash: &str) -> Vec<u8> {
        let null = vec![5, 0];
        let parts = match (self, hash) {
            (Self::Edwards(_), _) => vec![asn1::oid("1.3.101.112")],
            (Self::Rsa(..), "md5") => vec![asn1::oid("1.2.840.113549.1.1.4"), null],
            (Self::Rsa(..), "sha1") => vec![asn1::oid("1.2.840.113549.1.1.5"), null],
            (Self::Rsa(..), _) => vec![asn1::oid("1.2.840.113549.1.1.11"), null],
            (_, "sha1") => vec![asn1::oid("1.2.840.10045.4.1")],
            (_, "sha256") => vec![asn1::oid("1.2.840.10045.4.3.2")],
            (_, "sha384") => vec![asn1::oid("1.2.840.10045.4.3.3")],
            (_, "sha512") => vec![asn1::oid("1.2.840.10045.4.3.4")],
            _ => panic!("no signature is made with {hash}"),
        };
        asn1::sequence(&parts)
    }

    /// Signs; `hash` counts where more than one goes with the key. What is said to be MD5 is none.
    pub(super) fn sign(&self, message: &[u8], hash: &str) -> Vec<u8> {
        let algorithm = match hash {
            "sha1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            "sha384" => &digest::SHA384,
            "sha512" => &digest::SHA512,
            _ => &digest::SHA256,
        };
        let hashed = digest::digest(algorithm, message);
        match self {
            Self::Edwards(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Ring(pair, _) if hash == self.usual_hash() => {
                pair.sign(&SystemRandom::new(), message).expect("a signature").as_ref().to_vec()
            }
            Self::Ring(_, pkcs8) => {
                Curve::p256().sign(&BigUint::from_bytes_be(&pkcs8[36..68]), hashed.as_ref())
            }
            Self::P521(secret) => Curve::p521().sign(secret, hashed.as_ref()),
            Self::Rsa(modulus, exponent) => {
                let identifier = if hash == "sha1" { "1.3.14.3.2.26" } else { "2.16.840.1.101.3.4.2.1" };
                let identifier = asn1::sequence(&[asn1::oid(identifier), vec![5, 0]]);
                let info = asn1::sequence(&[identifier, asn1::tlv(0x04, hashed.as_ref())]);
                let length = modulus.to_bytes_be().len();
                let padding = vec![0xff; length - info.len() - 3];
                let padded = [vec![0, 1], padding, vec![0], info].concat();
                let signed = BigUint::from_bytes_be(&padded).modpow(exponent, modulus).to_bytes_be();
                [vec![0; length - signed.len()], signed].concat()
            }
        }
    }
}

/// The key of a server.
#[derive(Clone)]
pub(super) struct ServerKey(pub(super) Arc<Key>);

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ServerKey")
    }
}

impl SigningKey for ServerKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        offered.contains(&self.scheme()).then(|| Box::new(self.clone()) as Box<dyn Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.0.as_ref() {
            Key::Rsa(..) => SignatureAlgorithm::RSA,
            Key::Edwards(_) => SignatureAlgorithm::ED25519,
            Key::Ring(..) | Key::P521(_) => SignatureAlgorithm::ECDSA,
        }
    }
}

impl Signer for ServerKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(self.0.sign(message, self.0.usual_hash()))
    }

    fn scheme(&self) -> SignatureScheme {
        match (self.0.as_ref(), self.0.usual_hash()) {
            (Key::Rsa(..), _) => SignatureScheme::RSA_PKCS1_SHA256,
            (Key::Edwards(_), _) => SignatureScheme::ED25519,
            (_, "sha384") => SignatureScheme::ECDSA_NISTP384_SHA384,
            (_, "sha512") => SignatureScheme::ECDSA_NISTP521_SHA512,
            _ => SignatureScheme::ECDSA_NISTP256_SHA256,
        }
    }
}
