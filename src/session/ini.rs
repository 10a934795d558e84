//! A configuration file's text -> its sections, in the dialect of Python's `RawConfigParser` as botocore uses it.
//!
//! Mirrors `configparser.RawConfigParser._read` and `botocore.configloader.raw_config_parse`; which sections are
//! profiles is decided in [`super::config`].

use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::python::text::{is_line_end, is_space, strip};
use crate::python::{Dict, Value};

/// The section whose options every other section of the file inherits (CFG-28).
const INHERITED: &str = "DEFAULT";

/// The sections of a file in order; a value is a text, or for `key =` with indented lines below a mapping.
pub(crate) type Sections = IndexMap<String, Dict>;

/// What an option's value looks like where it begins with an indented block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IndentedValue {
    /// The lines are options of their own: the configuration and credentials files.
    Nested,
    /// The lines are text: the alias file.
    Literal,
}

/// Returns the sections of `text`; `None` for a line that is none, one before the first section, a section or option given
/// twice: v1 never names the line.
/// v1: `raw_config_parse`. Parity: CFG-20, CFG-28, CFG-29.
pub(crate) fn parse(text: &str, blocks: IndentedValue) -> Option<Sections> {
    let mut parser = IniParser::default();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    for line in text.strip_suffix('\n').unwrap_or(&text).split('\n') {
        parser.line(line)?;
    }
    let inherited = parser.sections.shift_remove(INHERITED).unwrap_or_default();
    let with_inherited = |(name, options): (String, Options)| {
        let rest = inherited.iter().filter(|(option, _)| !options.contains_key(*option));
        let mut section = Dict::default();
        for (option, lines) in options.iter().chain(rest) {
            section.insert(option.as_str(), value(lines, blocks)?);
        }
        Some((name, section))
    };
    parser.sections.into_iter().map(with_inherited).collect()
}

/// The options of a section, each with the lines of its value.
type Options = IndexMap<String, String>;

/// What has been read so far.
#[derive(Default)]
struct IniParser {
    sections: IndexMap<String, Options>,
    /// Index of the section that is being read.
    section: usize,
    /// True where a line may continue the section's last option.
    is_open: bool,
    /// Indentation of the line that began it, in characters.
    indent: usize,
}

impl IniParser {
    /// Reads one line: comment, blank, continuation, section or option, in this order.
    fn line(&mut self, line: &str) -> Option<()> {
        let content = strip(line);
        if content.starts_with(['#', ';']) {
            return Some(());
        }
        let indent = line.chars().take_while(|&character| is_space(character)).count();
        let section = self.sections.get_index_mut(self.section).filter(|_| self.is_open);
        match section.and_then(|(_, options)| options.last_mut()) {
            Some((_, lines)) if content.is_empty() || indent > self.indent => {
                lines.push('\n');
                lines.push_str(content);
                Some(())
            }
            _ if content.is_empty() => Some(()),
            _ => {
                self.indent = indent;
                match header(content) {
                    Some(name) => self.begin_section(name),
                    None => self.begin_option(content),
                }
            }
        }
    }

    /// Begins the section `name`; only the inherited one may come twice.
    fn begin_section(&mut self, name: &str) -> Option<()> {
        let entry = self.sections.entry(name.to_owned());
        if name != INHERITED && matches!(entry, Entry::Occupied(_)) {
            return None;
        }
        self.section = entry.index();
        self.is_open = false;
        entry.or_default();
        Some(())
    }

    /// Begins an option: everything before the first `=` or `:` is its name, in lower case.
    fn begin_option(&mut self, content: &str) -> Option<()> {
        let (_, options) = self.sections.get_index_mut(self.section)?;
        let (name, value) = content.split_once(['=', ':'])?;
        let name = name.trim_end_matches(is_space).to_lowercase();
        if name.is_empty() || options.insert(name, strip(value).to_owned()).is_some() {
            return None;
        }
        self.is_open = true;
        Some(())
    }
}

/// Returns the name in a line `[name]`; it goes up to the last bracket, and what follows does not count.
fn header(content: &str) -> Option<&str> {
    let (name, _) = content.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

/// Returns the value of an option from its lines.
fn value(lines: &str, blocks: IndentedValue) -> Option<Value> {
    let text = lines.trim_end_matches(is_space);
    if blocks == IndentedValue::Literal || !text.starts_with('\n') {
        return Some(Value::from(text));
    }
    let mut block = Dict::default();
    for line in text.split(is_line_end).map(strip).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once('=')?;
        block.insert(strip(name), Value::from(strip(value)));
    }
    Some(Value::Dict(block))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the sections as one line: `name{key=value;..}`, a block as `key=<inner=value,..>`.
    fn spelled(text: &str) -> Option<String> {
        let sections = parse(text, IndentedValue::Nested)?;
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
