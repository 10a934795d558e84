//! What an operation is: its members, their shapes, the texts of its help page.

/// One operation of the service.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its name in messages and as the title of a table.
    pub(crate) name: &'static str,
    /// The word on the command line.
    pub(crate) command: &'static str,
    /// The members of the request, in the order of the options.
    pub(crate) input: &'static [Member],
    /// The members of the response.
    pub(crate) output: &'static [Member],
    pub(crate) page: PageTexts,
}

/// The texts of a command's help page.
#[derive(Debug)]
pub(crate) struct PageTexts {
    /// What the command does, in one line.
    pub(crate) purpose: &'static str,
    /// What there is to know about it, a text a paragraph.
    pub(crate) description: &'static [&'static str],
    /// What people do with it: the purpose, and the command to type.
    pub(crate) examples: &'static [(&'static str, &'static str)],
}

/// The type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A text; the words are the values that the service knows, none where any text will do.
    String(&'static [&'static str]),
    Long,
    Boolean,
    Timestamp,
    Structure(&'static [Member]),
    /// A mapping of texts to values of one shape.
    Map(&'static Shape),
}

impl Shape {
    /// Returns the name of the type as help pages show it.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::Long => "integer",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Structure(_) => "structure",
            Self::Map(_) => "map",
        }
    }
}

/// Named properties of an option such as `Default` and `Example`, in the order of the help page.
pub(crate) type Properties = &'static [(&'static str, &'static str)];

/// One member of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
    /// The least length of a text, or the least number; 0 where every one will do.
    pub(crate) min: u16,
    /// Its help text; backticks mark what is typed literally.
    pub(crate) text: &'static str,
    pub(crate) properties: Properties,
}

/// Any text.
pub(crate) const TEXT: Shape = Shape::String(&[]);

/// Returns a member without which a structure is refused.
pub(super) const fn required(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true, min: 0, text: "", properties: &[] }
}

/// Returns a member that may be left out.
pub(crate) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member { required: false, ..required(name, shape) }
}

impl Member {
    /// Returns the member with a least length, or a least number.
    pub(super) const fn at_least(self, min: u16) -> Self {
        Self { min, ..self }
    }

    pub(crate) const fn about(self, text: &'static str) -> Self {
        Self { text, ..self }
    }

    pub(crate) const fn with(self, properties: Properties) -> Self {
        Self { properties, ..self }
    }

    /// Returns the member's name as an option, without dashes in front: `CopyJobId` is `copy-job-id`.
    /// v1: `botocore.xform_name`.
    pub(crate) fn option_name(&self) -> String {
        let mut name = String::with_capacity(self.name.len() + 5);
        for (index, letter) in self.name.char_indices() {
            if letter.is_ascii_uppercase() && index > 0 {
                name.push('-');
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }
}

/// Returns the member `name` among `members`.
pub(crate) fn member<'a>(members: &'a [Member], name: &str) -> Option<&'a Member> {
    members.iter().find(|member| member.name == name)
}

/// Returns the names of `members` as v1 lists them: `A, B, C`.
pub(crate) fn names(members: &[Member]) -> String {
    members.iter().map(|member| member.name).collect::<Vec<_>>().join(", ")
}
