//! The credentials in documents of services and files; XML is read by the tables of [`crate::model`], as JSON is by
//! [`crate::http::members`]. Mirrors `QueryParser` in `botocore/parsers.py`.

use roxmltree::{Document, Node, ParsingOptions};

use super::expiry::Expiry;
use super::types::{Credentials, ExpiringCredentials};
use crate::error::{Error, failure};
use crate::http::members::no_object;
use crate::model::{Member, Shape};
use crate::python::{Dict, Value, int};

/// Returns the members of an XML response, which are below `node`.
/// Errors: a number that is none; a text that is there twice, over which v1 stumbles (D1).
/// v1: `BaseXMLResponseParser`. Parity: CRED-25, `roles/shapes/bom`.
pub(super) fn read_xml(node: Node<'_, '_>, members: &[Member]) -> Result<Dict, Error> {
    let mut found = Dict::default();
    for member in members {
        let Some(element) = child(node, member.name) else { continue };
        let value = match member.shape {
            Shape::Structure(inner) => Value::Dict(read_xml(element, inner)?),
            _ if elements(node, member.name).nth(1).is_some() => {
                return Err(failure!("The member {} is there twice in the response", member.name));
            }
            Shape::Long => Value::Int(int::int(&text(element).unwrap_or_default())?),
            _ => Value::Str(text(element).unwrap_or_default()),
        };
        found.insert(member.name, value);
    }
    Ok(found)
}

/// Returns the elements of that name below `node`, whatever their namespace.
fn elements<'a, 'i>(node: Node<'a, 'i>, name: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// Returns the first element of that name below `node`.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    elements(node, name).next()
}

/// Returns the text before the first element in `node`; `None` where there is none.
pub(super) fn text(node: Node<'_, '_>) -> Option<String> {
    let before = node.children().take_while(|child| !child.is_element());
    let texts: Vec<_> = before.filter(Node::is_text).filter_map(|child| child.text()).collect();
    (!texts.is_empty()).then(|| texts.concat())
}

/// Returns the document that `text` spells.
/// Errors: what is wrong with it: v1's words where it does not begin as XML does, else the library's (D17).
/// v1: `BaseXMLResponseParser._parse_xml_string_to_dom`. Parity: CRED-37, `roles/shapes/bom`.
pub(super) fn parse_xml(text: &str) -> Result<Document<'_>, String> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match text.trim_start().chars().next() {
        Some('<') => error.to_string(),
        Some(first) if first.is_alphanumeric() || "\"'[],()|#%_:-.".contains(first) => {
            "syntax error: line 1, column 0".to_owned()
        }
        Some(_) => "not well-formed (invalid token): line 1, column 0".to_owned(),
        None => "no element found: line 1, column 0".to_owned(),
    })
}

/// Returns the members of an object, which the thing called `name` is to be.
/// Errors: it is none, over which v1 stumbles in various words (D1).
pub(super) fn object<'v>(value: &'v Value, name: &str) -> Result<&'v Dict, Error> {
    match value {
        Value::Dict(members) => Ok(members),
        other => Err(no_object(name, other)),
    }
}

/// Returns the members of the structure `name`.
/// Errors: those of [`member`] and [`object`].
pub(super) fn structure<'v>(members: &'v Dict, name: &str) -> Result<&'v Dict, Error> {
    object(member(members, name)?, &format!("member {name}"))
}

/// Returns the member `name`.
/// Errors: its quoted name where it is missing, which is all that v1 says.
pub(super) fn member<'v>(members: &'v Dict, name: &str) -> Result<&'v Value, Error> {
    members.get(name).ok_or_else(|| failure!("'{name}'"))
}

/// Returns the credentials in `members` under the names of id, secret, token and expiry.
/// Errors: the quoted name of the member that is missing; keys that are no text; an expiry that is no date.
/// Parity: CRED-25, CRED-27, CRED-80, CRED-93.
pub(super) fn credentials(members: &Dict, names: [&str; 4]) -> Result<ExpiringCredentials, Error> {
    let [id, secret, token, end] = names.map(|name| member(members, name));
    let credentials = Credentials::from_values(id?, secret?, Some(token?))?;
    Ok((credentials, Expiry::read(end?)?))
}
