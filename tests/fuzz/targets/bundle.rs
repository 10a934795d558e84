//! Arbitrary bytes as a bundle of certificates, and as changes to the bytes of good ones.

#![no_main]

use std::sync::OnceLock;

use endpoint::tls::{Certificate, pem};
use libfuzzer_sys::fuzz_target;
use startcopy::fuzzing::read_bundle;

/// What servers send, and the authorities of it: each kind of extension is there.
const CHAINS: [&str; 4] = [
    "leaf usage=digital purpose=server netscape=server < a path=1 permit=dns:localhost,mail:example.com < root; \
     send leaf a root",
    "leaf kind=p384 mail=a@example.com aki=issuer add=2.5.29.31:301b3019a017a0158613687474703a2f2f6578616d706c652e6f72672f \
     < root kind=ed25519; send leaf root",
    "leaf ca=yes usage=sign,digital ski=auto; send leaf",
    "leaf v=1 < a < b < root v=1; send leaf a b root",
];

/// Replaces bytes, each at the place that two bytes of `changes` name, and reads what comes of it as a bundle.
fn change(changes: &[u8]) {
    static SENT: OnceLock<Vec<Vec<Vec<u8>>>> = OnceLock::new();
    let sent = SENT.get_or_init(|| {
        let ders = |text| Certificate::named(text).sent().iter().map(|der| der.to_vec()).collect();
        CHAINS.into_iter().map(ders).collect()
    });
    let Some((which, changes)) = changes.split_first() else { return };
    let mut chain = sent[usize::from(*which) % sent.len()].clone();
    let places: usize = chain.iter().map(Vec::len).sum();
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([change[0], change[1]])) % places;
        if let Some(byte) = chain.iter_mut().flatten().nth(place) {
            *byte = change[2];
        }
    }
    let text: String = chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
    read_bundle(text.as_bytes());
}

fuzz_target!(|data: &[u8]| {
    read_bundle(data);
    read_bundle(pem("CERTIFICATE", data).as_bytes());
    change(data);
});
