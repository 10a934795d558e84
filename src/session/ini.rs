//! A configuration file's text -> its sections, in the dialect of Python's `RawConfigParser` as botocore uses it.
//!
//! Mirrors `configparser.RawConfigParser._read` and `botocore.configloader.raw_config_parse`; which sections are
//! profiles is decided in [`super::config`].

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::python::text::{is_line_end, is_space, strip};
use crate::python::{Dict, Value};

/// The section whose options every other section of the file inherits (CFG-28).
const INHERITED: &str = "DEFAULT";

/// The sections of a file in order; a value is a text, or for `key =` with indented lines below a mapping.
pub(crate) type Sections = IndexMap<String, Dict>;

/// The text is no configuration file; v1 never names the line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IniError;

/// What an option's value looks like where it begins with an indented block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndentedValue {
    /// The lines are options of their own: the configuration and credentials files.
    Nested,
    /// The lines are text: the alias file.
    Literal,
}

/// Returns the sections of `text`.
/// Errors: [`IniError`]: a line that is none, one before the first section, a section or option given twice.
/// v1: `raw_config_parse`. Parity: CFG-20 to CFG-29.
pub(crate) fn parse(text: &str, blocks: IndentedValue) -> Result<Sections, IniError> {
    let mut reader = IniParser::default();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for line in text.strip_suffix('\n').unwrap_or(&text).split('\n') {
        reader.line(line)?;
    }
    let mut sections = Sections::new();
    let inherited = reader.inherited;
    for (name, options) in reader.sections {
        let own = options.iter();
        let rest = inherited.iter().filter(|(option, _)| !options.contains_key(*option));
        let mut section = Dict::default();
        for (option, lines) in own.chain(rest) {
            section.insert(option.as_str(), value(lines, blocks)?);
        }
        sections.insert(name, section);
    }
    Ok(sections)
}

/// The options of a section while it is read: each with the lines of its value.
type Options = IndexMap<String, Vec<String>>;

/// What has been read so far.
#[derive(Default)]
struct IniParser {
    /// Sections by name.
    sections: IndexMap<String, Options>,
    /// The options of all `[DEFAULT]` sections.
    inherited: Options,
    /// The section that is being read.
    section: Option<String>,
    /// The option that an indented line continues.
    option: Option<String>,
    /// Indentation of the line that began it, in characters.
    indent: usize,
    /// Options seen, by section: a second one of the same name is an error.
    seen: HashSet<(String, String)>,
}

impl IniParser {
    /// Reads one line: comment, blank, continuation, section or option, in this order.
    fn line(&mut self, line: &str) -> Result<(), IniError> {
        let content = strip(line);
        if content.starts_with(['#', ';']) {
            return Ok(());
        }
        let deeper = indent_of(line) > self.indent;
        match self.continued() {
            Some(value) if content.is_empty() || deeper => value.push(content.to_owned()),
            _ if content.is_empty() => {}
            _ => {
                self.indent = indent_of(line);
                match header(content) {
                    Some(name) => self.begin_section(name)?,
                    None => self.begin_option(content)?,
                }
            }
        }
        Ok(())
    }

    /// Returns the value that a continuation line belongs to.
    fn continued(&mut self) -> Option<&mut Vec<String>> {
        let option = self.option.clone()?;
        self.options()?.get_mut(&option)
    }

    /// Returns the options of the section that is being read.
    fn options(&mut self) -> Option<&mut Options> {
        match self.section.as_deref()? {
            INHERITED => Some(&mut self.inherited),
            name => self.sections.get_mut(name),
        }
    }

    /// Begins the section `name`; only the inherited one may come twice.
    fn begin_section(&mut self, name: &str) -> Result<(), IniError> {
        if name != INHERITED && self.sections.insert(name.to_owned(), Options::new()).is_some() {
            return Err(IniError);
        }
        self.section = Some(name.to_owned());
        self.option = None;
        Ok(())
    }

    /// Begins an option: everything before the first `=` or `:` is its name, in lower case.
    fn begin_option(&mut self, content: &str) -> Result<(), IniError> {
        let section = self.section.clone().ok_or(IniError)?;
        let (name, value) = content.split_once(['=', ':']).ok_or(IniError)?;
        let name = name.trim_end_matches(is_space).to_lowercase();
        if name.is_empty() || !self.seen.insert((section, name.clone())) {
            return Err(IniError);
        }
        let value = vec![strip(value).to_owned()];
        self.options().ok_or(IniError)?.insert(name.clone(), value);
        self.option = Some(name);
        Ok(())
    }
}

/// Returns how many blank characters `line` begins with.
fn indent_of(line: &str) -> usize {
    line.chars().take_while(|&character| is_space(character)).count()
}

/// Returns the name in a line `[name]`; it goes up to the last bracket, and what follows does not count.
fn header(content: &str) -> Option<&str> {
    let (name, _) = content.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

/// Returns the value of an option from its lines.
fn value(lines: &[String], blocks: IndentedValue) -> Result<Value, IniError> {
    let joined = lines.join("\n");
    let joined = joined.trim_end_matches(is_space);
    if blocks == IndentedValue::Literal || !joined.starts_with('\n') {
        return Ok(Value::from(joined));
    }
    let mut block = Dict::default();
    for line in joined.split(is_line_end).map(strip).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once('=').ok_or(IniError)?;
        block.insert(strip(name), Value::from(strip(value)));
    }
    Ok(Value::Dict(block))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the sections as one line: `name{key=value;..}`, a block as `key=<inner=value,..>`.
    fn spelled(text: &str) -> Option<String> {
        let sections = parse(text, IndentedValue::Nested).ok()?;
        let spell = |value: &Value| match value {
            Value::Dict(block) => {
                let inner =
                    block.members.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap()));
                format!("<{}>", inner.collect::<Vec<_>>().join(","))
            }
            other => other.as_str().unwrap().escape_debug().to_string(),
        };
        let section = |(name, section): (&String, &Dict)| {
            let options = section.members.iter().map(|(name, value)| format!("{name}={}", spell(value)));
            format!("{name}{{{}}}", options.collect::<Vec<_>>().join(";"))
        };
        Some(sections.iter().map(section).collect())
    }

    #[test]
    fn files_are_read_in_pythons_dialect() {
        let rows = [
            ("", Some("")),
            ("[a]\nx=1", Some("a{x=1}")),
            ("[a]\nX : 1 # c\n# y=2\n  ;z=3\n", Some("a{x=1 # c}")),
            ("[a]\r\nx=1\ry=2", Some("a{x=1;y=2}")),
            ("[a]\nx = 1\n  output=text\n", Some("a{x=1\\noutput=text}")),
            ("[a]\nx =\n  b = 1\n  C=2\n", Some("a{x=<b=1,C=2>}")),
            ("[a]\nx =\n\n\n", Some("a{x=}")),
            ("[a]\nx =\n  b\n", None),
            ("[a]b]c\nx=\"1\"", Some("a]b{x=\\\"1\\\"}")),
            ("[ a ]\n", Some(" a {}")),
            ("[]\n", None),
            ("x=1\n", None),
            ("[a]\nx\n", None),
            ("[a]\n=1\n", None),
            ("[a]\n[a]\n", None),
            ("[a]\nx=1\nX=2\n", None),
            ("[DEFAULT]\nx=1\n[a]\ny=2\n[DEFAULT]\nz=3\n", Some("a{y=2;x=1;z=3}")),
            ("[DEFAULT]\nx=1\n[a]\nx=2\n", Some("a{x=2}")),
            ("\u{feff}[a]\nx=1\n", None),
            ("[a]\n  x=1\n  y=2\n", Some("a{x=1;y=2}")),
            ("[a]\nx=1\n# c\n  y=2\n", Some("a{x=1\\ny=2}")),
        ];
        for (text, expected) in rows {
            assert_eq!(spelled(text).as_deref(), expected, "{text:?}");
        }
    }
}
