//! Proof of possession for the renewal of a login session: the token's private key -> the header `DPoP`. Mirrors
//! `_build_dpop_header` in `botocore/credentials.py`.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

use crate::error::{Error, failure};
use crate::host::Host;
use crate::python::dumps;

/// What PKCS #8 puts before a P-256 key of SEC 1: version, algorithm, curve, and the tag of the text that holds it.
const PKCS8: [u8; 25] = [
    2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1,
    7, 4,
];

/// Returns the private key in `pem`, whatever its first and last line say; `None` where it is no P-256 key.
/// v1: `LoginCredentialFetcher._load_private_key`. Parity: `login/bad-key`.
pub(super) fn private_key(pem: &str) -> Option<EcdsaKeyPair> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----BEGIN") && !line.starts_with("-----END"));
    let encoded = lines.collect::<String>();
    let der = base64_simd::forgiving_decode_to_vec(encoded.as_bytes()).unwrap_or_default();
    let key = |der: &[u8]| {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new()).ok()
    };
    key(&der).or_else(|| key(&wrapped(&der)?))
}

/// Returns a key of SEC 1 as PKCS #8; `None` where it is too long for one of P-256.
fn wrapped(sec1: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(sec1.len()).ok().filter(|length| *length < 0x80)?;
    let all = length + 1 + u8::try_from(PKCS8.len()).ok()?;
    Some([&[0x30, 0x81, all], &PKCS8[..], &[length], sec1].concat())
}

/// Returns the value of the header for one POST to `url`.
/// v1: `_build_dpop_header`. Parity: `login/renewed`.
pub(super) fn header(key: &EcdsaKeyPair, url: &str, host: &Host) -> Result<String, Error> {
    let base64 = |bytes: &[u8]| base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes);
    let point = key.public_key().as_ref();
    let (x, y) = point.get(1..).unwrap_or_default().split_at_checked(32).unwrap_or_default();
    let (x, y) = (base64(x), base64(y));
    let claims = format!(
        r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}}}"#
    );
    let (url, now, id) = (dumps::ascii(url), host.epoch(), host.new_token());
    let payload = format!(r#"{{"htm":"POST","htu":{url},"iat":{now},"jti":"{id}"}}"#);
    let message = format!("{}.{}", base64(claims.as_bytes()), base64(payload.as_bytes()));
    let signature = key.sign(&SystemRandom::new(), message.as_bytes());
    let signature = signature.map_err(|_| failure!("the system gives no random numbers"))?;
    Ok(format!("{message}.{}", base64(signature.as_ref())))
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;
    use crate::python::{Value, json};

    /// A key for tests, between lines that spell no key.
    const KEY: &str = "-----BEGIN\nMHcCAQEEICRAOJUiHVakRBGRN46pqHBnZy5foJToxBqII6i1e0i3oAoGCCqGSM49\n\
        AwEHoUQDQgAEn16AyNHYCtqC6Z9ETm5Gax+xspbvfG9Hu5GwyZolK8kIWni4FJPw\nLGcPJUfSpVXn0YDVKFmG6xU99yTPBe8OHg==\n\
        -----END\n";

    #[test]
    fn keys_of_another_curve_are_not_wrapped() {
        assert!(wrapped(&[0; 127]).is_some());
        assert!(wrapped(&[0; 128]).is_none());
    }

    /// Returns the JSON of a part of a proof.
    fn decoded(part: &str) -> Value {
        let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(part).unwrap();
        json::decode_bytes(&bytes).unwrap()
    }

    /// Returns the text of a member.
    fn member(value: &Value, name: &str) -> String {
        let Value::Dict(members) = value else { panic!("{value:?}") };
        members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    #[test]
    fn a_proof_is_signed_for_one_url() {
        let host = Host::fake(&[]);
        let key = private_key(KEY).unwrap();
        let url = "https://us-east-1.signin.aws.amazon.com/v1/token";
        let proof = header(&key, url, &host).unwrap();
        let (message, signature) = proof.rsplit_once('.').unwrap();
        let (claims, payload) = message.split_once('.').unwrap();
        let (claims, payload) = (decoded(claims), decoded(payload));
        assert_eq!([member(&claims, "typ"), member(&claims, "alg")], ["dpop+jwt", "ES256"]);
        assert_eq!([member(&payload, "htm"), member(&payload, "htu")], ["POST", url]);
        let Value::Dict(claims) = claims else { panic!() };
        let point = ["x", "y"].map(|name| member(claims.get("jwk").unwrap(), name));
        let [x, y] = point.map(|half| base64_simd::URL_SAFE_NO_PAD.decode_to_vec(half).unwrap());
        let signature = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(signature).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, [&[4], &x[..], &y].concat());
        public.verify(message.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn keys_that_are_none() {
        for pem in ["", "zzz", "MHcCAQEE", "-----BEGIN EC PRIVATE KEY-----"] {
            assert!(private_key(pem).is_none(), "{pem}");
        }
    }
}
