//! A server's certificates -> the one chain that OpenSSL builds from them, checked as OpenSSL checks it. A library that
//! tries all chains would trust a server whose first is bad and whose second is good. So the chain is built here, by
//! names and identifiers alone, and webpki verifies this one: its signatures and name constraints.

use super::certificate::{Certificate, best_issuer};
use super::der::{self, tag};
use super::trust_store::TrustStore;

const LONGEST: usize = 101;

/// Why a chain is refused, in OpenSSL's words.
pub(super) type Reason = &'static str;

/// Returns the chain from the server's certificate, the first of `sent`, to its anchor, the last of the chain; a
/// server's certificate that is an anchor itself is alone.
/// Errors: no anchor is reached.
/// v1: OpenSSL's `build_chain` with `X509_V_FLAG_TRUSTED_FIRST`.
/// Parity: `chain/pinned`, `chain/pinned-both-keys`, `chain/cross-expired-between`.
pub(super) fn build<'a>(
    mut sent: Vec<Certificate<'a>>,
    store: &'a TrustStore,
    now: i64,
) -> Result<Vec<Certificate<'a>>, Reason> {
    let mut chain = vec![sent.remove(0)];
    let mut all_sent = true;
    while let Some(last) = chain.last().filter(|_| chain.len() < LONGEST) {
        let is_last = last.is_self_signed();
        match store.issuer_of(last, now).filter(|issuer| !is_last || issuer.der == last.der) {
            Some(issuer) if issuer.is_rejected => return Err("certificate rejected"),
            Some(_) if is_last => return Ok(chain),
            Some(issuer) => {
                let is_anchor = issuer.is_self_signed();
                chain.push(issuer);
                all_sent = false;
                if is_anchor {
                    return Ok(chain);
                }
                continue;
            }
            None => {}
        }
        let issuer = if all_sent && !is_last { best_issuer(&sent, last, now) } else { None };
        let Some(issuer) = issuer else { break };
        sent.retain(|other| other.der != issuer.der);
        chain.push(issuer);
    }
    Err(match chain.as_slice() {
        [only] if only.is_self_signed() => "self-signed certificate",
        [.., last] if last.is_self_signed() => "self-signed certificate in certificate chain",
        _ if chain.len() >= LONGEST => "certificate chain too long",
        _ if all_sent => "unable to get local issuer certificate",
        _ => "unable to get issuer certificate",
    })
}

/// Checks all of a chain but its signatures and name constraints.
/// Errors: the reason for which OpenSSL refuses it.
/// v1: OpenSSL's `check_extensions`, `internal_verify`.
/// Parity: `chain/leaf-purpose-client`, `chain/anchor-path-zero-between`.
pub(super) fn check(chain: &[Certificate<'_>], now: i64) -> Result<(), Reason> {
    let mut authorities_below = 0;
    for (depth, certificate) in chain.iter().enumerate() {
        let extensions = &certificate.extensions;
        if extensions.has_unknown_critical {
            return Err("unhandled critical extension");
        }
        let is_anchor = depth + 1 == chain.len();
        if depth > 0 && !extensions.is_authority(is_anchor, certificate.is_v1_root()) {
            return Err("invalid CA certificate");
        }
        if !(if depth > 0 { extensions.serves != Some(false) } else { extensions.is_for_server() }) {
            return Err("unsuitable certificate purpose");
        }
        let longest = extensions.basic.and_then(|(_, longest)| longest);
        if longest.is_some_and(|longest| authorities_below > longest) {
            return Err("path length constraint exceeded");
        }
        authorities_below += u64::from(depth > 0 && !certificate.is_issued_by(certificate.subject));
    }
    chain.iter().rev().find_map(|certificate| certificate.untimely(now)).map_or(Ok(()), Err)?;
    check_constrained_names(chain)
}

/// Refuses names that are under a constraint which webpki does not apply to them: mail addresses in subjects and
/// other names, and a common name that stands for a missing DNS name.
/// v1: OpenSSL's `NAME_CONSTRAINTS_check`, `NAME_CONSTRAINTS_check_CN`.
/// Parity: `chain/constrained-mail-subject`, `chain/constrained-common`.
fn check_constrained_names(chain: &[Certificate<'_>]) -> Result<(), Reason> {
    const MAIL: u8 = tag::CONTEXT | 1;
    const DNS: u8 = tag::CONTEXT | 2;
    const OTHER: u8 = tag::NESTED;
    const MAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    for (depth, issuer) in chain.iter().enumerate() {
        let subtrees = elements_within(issuer.extensions.name_constraints.unwrap_or_default());
        let kinds: Vec<_> = subtrees.filter_map(|subtree| subtree.first().copied()).collect();
        for (below, certificate) in chain.iter().enumerate().take(depth) {
            let has = |kind| certificate.extensions.names.iter().flatten().any(|(found, _)| *found == kind);
            let has_mail = has(OTHER) || attributes(certificate.subject).any(|(id, _)| id == MAIL_ADDRESS);
            let is_host = |(id, value): (&[u8], &[u8])| id == COMMON_NAME && value.contains(&b'.');
            let has_host = below == 0 && !has(DNS) && attributes(certificate.subject).any(is_host);
            if kinds.contains(&MAIL) && has_mail || kinds.contains(&DNS) && has_host {
                return Err("permitted subtree violation");
            }
        }
    }
    Ok(())
}

/// Returns the attributes of a name: object identifier and text.
fn attributes(name: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    elements_within(name).filter_map(|pair| match der::elements(pair)?.as_slice() {
        [(tag::OID, id), (_, value)] => Some((*id, *value)),
        _ => None,
    })
}

/// Returns the elements within each element of `input`.
fn elements_within(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lists = der::elements(input).unwrap_or_default().into_iter();
    lists.flat_map(|(_, list)| der::elements(list).unwrap_or_default()).map(|(_, element)| element)
}
