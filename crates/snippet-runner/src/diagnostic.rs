//! What rustc said of a snippet, in the snippet's own lines.
//!
//! 1. [`read`] takes rustc's JSON lines apart into [`Message`]s, which speak of the program.
//! 2. [`Message::owners`] tells a batch whose fault an error is.
//! 3. [`Diagnostic::new`] maps a message of a program compiled alone back to the snippet.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Position, program::Program, relabel};

/// An error of rustc's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The first line, without `error[…]:`.
    pub message: String,
    /// The code, such as `E0382`.
    pub code: Option<String>,
    /// The primary span, its end exclusive; `None` if the error has no place.
    pub at: Option<Range<Position>>,
    /// What rustc wrote at the primary span.
    pub label: Option<String>,
    /// The other places it speaks of, such as the definition of what is used wrongly: first those
    /// of the error itself, then those of its notes.
    pub also: Vec<Range<Position>>,
    /// The notes and helps below the error.
    pub notes: Vec<Note>,
    /// The error as rustc prints it without colours, in a file called `src/main.rs` that has the
    /// snippet's lines.
    pub rendered: String,
}

/// A remark below an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Which sort of remark it is.
    pub kind: NoteKind,
    /// What it says.
    pub message: String,
    /// What rustc would put in the place of the note's span.
    pub replacement: Option<String>,
}

/// The sorts of remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoteKind {
    /// It explains.
    Note,
    /// It says what to do.
    Help,
}

impl Diagnostic {
    /// Maps an error of a program that was compiled alone, as `file`.
    pub(crate) fn new(message: &Message, program: &Program, file: &str) -> Self {
        let primary = message.spans.iter().find(|span| span.is_primary);
        let own = primary.and_then(|span| span.in_file(|name| name == file));
        let notes = message.children.iter().filter_map(Note::new).collect();
        let range = |span: &Span| program.nearest_range(span.byte_start..span.byte_end);
        let noted = message.children.iter().filter(|child| child.level == "note");
        let also = message.spans.iter().filter(|span| !span.is_primary);
        let also = also.chain(noted.flat_map(|note| &note.spans));
        let also = also.filter_map(|span| span.in_file(|name| name == file));
        Diagnostic {
            message: message.message.clone(),
            code: message.code(),
            at: own.map(range),
            also: also.map(range).collect(),
            label: primary.and_then(|span| span.label.clone()),
            notes,
            rendered: relabel::rendered(
                message.rendered.as_deref().unwrap_or_default(),
                program,
                file,
            ),
        }
    }
}

impl Note {
    fn new(message: &Message) -> Option<Self> {
        let kind = match message.level.as_str() {
            "help" => NoteKind::Help,
            "note" => NoteKind::Note,
            _ => return None,
        };
        let replacement = message.spans.iter().find_map(|span| span.suggested_replacement.clone());
        Some(Note { kind, message: message.message.clone(), replacement })
    }
}

/// Returns the errors among rustc's JSON lines, without the closing count.
pub(crate) fn read(stderr: &str) -> Vec<Message> {
    stderr
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.level.starts_with("error"))
        .filter(|message| {
            !(message.spans.is_empty() && message.message.starts_with("aborting due to"))
        })
        .collect()
}

/// A diagnostic as rustc writes it; [what the fields mean][1].
///
/// [1]: https://doc.rust-lang.org/rustc/json.html#diagnostics
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) message: String,
    level: String,
    #[serde(default)]
    code: Option<Code>,
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Message>,
    #[serde(default)]
    rendered: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Code {
    code: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Span {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
    label: Option<String>,
    #[serde(default)]
    suggested_replacement: Option<String>,
    #[serde(default)]
    expansion: Option<Box<Expansion>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Expansion {
    span: Span,
}

impl Message {
    /// Returns the error's code, if it has one that rustc can explain.
    ///
    /// Denied lints have a name here, not a code; nobody can promise that one.
    pub(crate) fn code(&self) -> Option<String> {
        let code = &self.code.as_ref()?.code;
        let digits = code.strip_prefix('E')?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| code.clone())
    }

    /// Returns whether the error or a remark below it contains a text.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.message.contains(text) || self.children.iter().any(|child| child.says(text))
    }

    /// Returns the files that own a primary span of this error, looking through macros.
    pub(crate) fn owners<'a>(
        &'a self,
        is_ours: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = &'a str> {
        let primary = self.spans.iter().filter(|span| span.is_primary);
        primary.filter_map(move |span| span.in_file(&is_ours)).map(|span| span.file_name.as_str())
    }
}

impl Span {
    /// Returns this span or the innermost macro call around it that is in such a file.
    fn in_file(&self, is_ours: impl Fn(&str) -> bool) -> Option<&Span> {
        let mut span = self;
        while !is_ours(&span.file_name) {
            span = &span.expansion.as_deref()?.span;
        }
        Some(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISMATCH: &str = r#"{"$message_type":"diagnostic","message":"mismatched types",
        "code":{"code":"E0308","explanation":null},"level":"error","spans":[
        {"file_name":"/lib/macros.rs","byte_start":1,"byte_end":2,"is_primary":true,"label":"here",
         "expansion":{"span":{"file_name":"src/main.rs","byte_start":20,"byte_end":23,
         "is_primary":false,"label":null,"expansion":null}}},
        {"file_name":"src/main.rs","byte_start":3,"byte_end":7,"is_primary":false,"label":"by",
         "expansion":null}],
        "children":[{"message":"try","code":null,"level":"help","spans":[],"children":[],
        "rendered":null}],"rendered":"error: x\n"}"#;

    #[test]
    fn an_error_inside_a_macro_is_where_the_macro_is_called() {
        let line = MISMATCH.replace('\n', " ");
        let messages = read(&format!("noise\n{line}\n"));
        let program = Program::unchanged("fn main() {\n    println(abc);\n}");
        let diagnostic = Diagnostic::new(&messages[0], &program, "src/main.rs");
        let at = Position { line: 2, column: 9 }..Position { line: 2, column: 12 };
        assert_eq!(diagnostic.at, Some(at));
        let defined = Position { line: 1, column: 4 }..Position { line: 1, column: 8 };
        assert_eq!(diagnostic.also, [defined]);
        assert_eq!(diagnostic.code.as_deref(), Some("E0308"));
        assert_eq!(diagnostic.label.as_deref(), Some("here"));
        assert_eq!(diagnostic.notes[0].kind, NoteKind::Help);
        let owners: Vec<_> = messages[0].owners(|file| file == "src/main.rs").collect();
        assert_eq!(owners, ["src/main.rs"]);
    }

    #[test]
    fn counts_and_warnings_are_no_errors() {
        let count = r#"{"message":"aborting due to 1 previous error","level":"error","spans":[]}"#;
        let warning = r#"{"message":"unused","level":"warning","spans":[]}"#;
        assert!(read(&format!("{count}\n{warning}\n{{\n")).is_empty());
    }
}
