//! An XML document as STS sends it -> a tree of elements, with expat's words for what is no XML.
//!
//! Names lose their prefix, attributes are skipped: v1 reads neither. Mirrors what `BaseXMLResponseParser` in
//! `botocore/parsers.py` uses of `xml.etree`.

/// White space of XML.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// One element.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Element {
    /// Its name without prefix.
    pub name: String,
    /// The text before its first child; `None` where there is none.
    pub text: Option<String>,
    /// The elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }
}

/// The root of a document.
///
/// # Errors
/// What is wrong and where, e.g. `syntax error: line 1, column 0`.
///
/// v1: `xml.etree.ElementTree.XMLParser`. Parity: CRED-37.
pub(super) fn parse(document: &str) -> Result<Element, String> {
    Reader { document, at: 0, open: Vec::new(), root: None }.read()
}

/// A document while it is read.
struct Reader<'d> {
    /// The whole text.
    document: &'d str,
    /// Where the reader stands, in bytes.
    at: usize,
    /// The elements that are open, each with its name as written.
    open: Vec<(&'d str, Element)>,
    /// The outermost element once it is closed.
    root: Option<Element>,
}

impl<'d> Reader<'d> {
    /// Reads everything.
    fn read(mut self) -> Result<Element, String> {
        while !self.rest().is_empty() {
            match self.rest().strip_prefix('<') {
                Some(markup) => self.markup(markup)?,
                None => self.text()?,
            }
        }
        match self.root.take() {
            Some(root) => Ok(root),
            None => Err(self.fault("no element found")),
        }
    }

    /// What has not been read.
    fn rest(&self) -> &'d str {
        self.document.get(self.at..).unwrap_or_default()
    }

    /// `reason` and where the reader stands.
    fn fault(&self, reason: &str) -> String {
        let before = self.document.get(..self.at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        format!("{reason}: line {line}, column {column}")
    }

    /// The text up to the next tag.
    fn text(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let text = rest.get(..rest.find('<').unwrap_or(rest.len())).unwrap_or_default();
        let Some((_, element)) = self.open.last_mut() else { return self.outside(text) };
        if element.children.is_empty() {
            match unescape(text) {
                Ok(text) => element.text.get_or_insert_default().push_str(&text),
                Err((at, reason)) => {
                    self.at += at;
                    return Err(self.fault(reason));
                }
            }
        }
        self.at += text.len();
        Ok(())
    }

    /// Text where only elements may stand: blanks, or what expat says of its first word.
    fn outside(&mut self, text: &str) -> Result<(), String> {
        let word = text.trim_start_matches(BLANKS);
        self.at += text.len() - word.len();
        if word.is_empty() {
            return Ok(());
        }
        if self.root.is_some() {
            return Err(self.fault("junk after document element"));
        }
        let rest = word.trim_start_matches(is_name);
        if rest.is_empty() || rest.starts_with(BLANKS) {
            return Err(self.fault("syntax error"));
        }
        self.at += word.len() - rest.len();
        Err(self.fault("not well-formed (invalid token)"))
    }

    /// What begins with `<`: tag, comment, declaration; `markup` is what follows it.
    fn markup(&mut self, markup: &'d str) -> Result<(), String> {
        for (opening, closing) in [("!--", "-->"), ("?", "?>"), ("![CDATA[", "]]>"), ("!", ">")] {
            let Some(inner) = markup.strip_prefix(opening) else { continue };
            let Some((content, _)) = inner.split_once(closing) else {
                return Err(self.fault("unclosed token"));
            };
            if opening == "![CDATA["
                && let Some((_, element)) = self.open.last_mut()
            {
                element.text.get_or_insert_default().push_str(content);
            }
            self.at += 1 + opening.len() + content.len() + closing.len();
            return Ok(());
        }
        match markup.strip_prefix('/') {
            Some(markup) => self.close(markup),
            None => self.begin(markup),
        }
    }

    /// A closing tag; `markup` is what follows its slash.
    fn close(&mut self, markup: &'d str) -> Result<(), String> {
        let Some((tag, _)) = markup.split_once('>') else { return Err(self.fault("unclosed token")) };
        let Some((opened, element)) = self.open.pop() else {
            self.at += 1;
            return Err(self.fault("not well-formed (invalid token)"));
        };
        if opened != tag.trim_end_matches(BLANKS) {
            self.at += 2;
            return Err(self.fault("mismatched tag"));
        }
        self.at += tag.len() + 3;
        self.closed(element);
        Ok(())
    }

    /// An opening tag, or one that closes itself.
    fn begin(&mut self, markup: &'d str) -> Result<(), String> {
        let after = match tag_end(markup) {
            None => return Err(self.fault("unclosed token")),
            Some(_) if self.root.is_some() => return Err(self.fault("junk after document element")),
            Some(Err(at)) => {
                self.at += 1 + at;
                return Err(self.fault("not well-formed (invalid token)"));
            }
            Some(Ok(after)) => after,
        };
        let name = markup.get(..markup.len() - markup.trim_start_matches(is_name).len()).unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default().to_owned();
        let element = Element { name: local, ..Element::default() };
        if markup.get(..after).is_some_and(|tag| tag.ends_with("/>")) {
            self.closed(element);
        } else {
            self.open.push((name, element));
        }
        self.at += 1 + after;
        Ok(())
    }

    /// Puts a closed element where it belongs.
    fn closed(&mut self, element: Element) {
        match self.open.last_mut() {
            Some((_, parent)) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }
}

/// Where the opening tag ends that `markup` (after its `<`) begins with; the error is where it is none, `None` that
/// it does not end.
fn tag_end(markup: &str) -> Option<Result<usize, usize>> {
    let at = |rest: &str| markup.len() - rest.len();
    let mut rest = markup.trim_start_matches(is_name);
    let starts_name =
        markup.starts_with(|first: char| is_name(first) && !matches!(first, '0'..='9' | '-' | '.'));
    if !starts_name {
        return if markup.is_empty() { None } else { Some(Err(0)) };
    }
    loop {
        rest = rest.trim_start_matches(BLANKS);
        if rest.is_empty() || rest == "/" {
            return None;
        }
        if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
            return Some(Ok(at(after)));
        }
        let value = rest.trim_start_matches(is_name).trim_start_matches(BLANKS);
        let Some(value) = value.strip_prefix('=') else {
            return (!value.is_empty()).then(|| Err(at(value)));
        };
        let value = value.trim_start_matches(BLANKS);
        let quote = value.chars().next()?;
        if quote != '"' && quote != '\'' {
            return Some(Err(at(value)));
        }
        rest = value.get(1..)?.split_once(quote)?.1;
    }
}

/// True for what may stand in a name.
fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii() || matches!(character, '-' | '.' | '_' | ':')
}

/// `text` with its entities replaced; else where one is that XML does not know, and expat's words for it.
fn unescape(text: &str) -> Result<String, (usize, &'static str)> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let at = text.len() - after.len();
        let length = after.len() - after.trim_start_matches(|next| is_name(next) || next == '#').len();
        let (Some(name), Some(';')) =
            (after.get(..length), after.get(length..).and_then(|end| end.chars().next()))
        else {
            return Err((at + length, "not well-formed (invalid token)"));
        };
        plain.push(entity(name).ok_or((at - 1, "undefined entity"))?);
        rest = after.get(length + 1..).unwrap_or_default();
    }
    Ok(plain + rest)
}

/// The character that an entity stands for.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => numbered(name)?,
    })
}

/// The character of `#65` or `#x41`.
fn numbered(name: &str) -> Option<char> {
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as one line: `name(text)[children]`.
    fn spelled(element: &Element) -> String {
        let text = element.text.as_deref().unwrap_or("-");
        let children: Vec<_> = element.children.iter().map(spelled).collect();
        format!("{}({text})[{}]", element.name, children.join(","))
    }

    #[test]
    fn documents_become_trees() {
        let rows = [
            ("<a/>", Ok("a(-)[]")),
            (
                "<?xml version=\"1.0\"?>\n<a x='1'><!-- c --><n:b>1 &lt; &#50;</n:b>t</a>\n",
                Ok("a(-)[b(1 < 2)[]]"),
            ),
            ("<a><![CDATA[<x>]]></a >", Ok("a(<x>)[]")),
            ("garbage", Err("syntax error: line 1, column 0")),
            ("", Err("no element found: line 1, column 0")),
            ("\n ", Err("no element found: line 2, column 1")),
            ("{\"a\":1}", Err("not well-formed (invalid token): line 1, column 0")),
            ("<a><b>", Err("no element found: line 1, column 6")),
            ("<a>\n<b></a>", Err("mismatched tag: line 2, column 5")),
            ("<a/>x", Err("junk after document element: line 1, column 4")),
            ("<a><b", Err("unclosed token: line 1, column 3")),
            ("<", Err("unclosed token: line 1, column 0")),
            ("<a/><b/>", Err("junk after document element: line 1, column 4")),
            ("<a></b>", Err("mismatched tag: line 1, column 5")),
            ("&", Err("not well-formed (invalid token): line 1, column 0")),
            ("<a>&foo;</a>", Err("undefined entity: line 1, column 3")),
            ("<1/>", Err("not well-formed (invalid token): line 1, column 1")),
            ("denied!", Err("not well-formed (invalid token): line 1, column 6")),
            ("é", Err("syntax error: line 1, column 0")),
            ("<a b></a>", Err("not well-formed (invalid token): line 1, column 4")),
            ("<html><body><br></body></html>", Err("mismatched tag: line 1, column 18")),
            ("<a>x & y</a>", Err("not well-formed (invalid token): line 1, column 6")),
            ("</a>", Err("not well-formed (invalid token): line 1, column 1")),
            ("<a", Err("unclosed token: line 1, column 0")),
            ("<a/><", Err("unclosed token: line 1, column 4")),
            ("Service Unavailable", Err("syntax error: line 1, column 0")),
            (" x", Err("syntax error: line 1, column 1")),
            ("1", Err("syntax error: line 1, column 0")),
            ("-", Err("syntax error: line 1, column 0")),
            ("<a b=1></a>", Err("not well-formed (invalid token): line 1, column 5")),
            ("a b", Err("syntax error: line 1, column 0")),
            (
                "<!DOCTYPE html><html><head><meta charset=utf-8></head></html>",
                Err("not well-formed (invalid token): line 1, column 41"),
            ),
        ];
        for (document, expected) in rows {
            let found = parse(document).as_ref().map(spelled).map_err(Clone::clone);
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{document:?}");
        }
    }
}
