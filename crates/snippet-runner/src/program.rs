//! From a snippet to a program: `fn main` is supplied as rustdoc supplies it.
//!
//! 1. Crate attributes and `extern crate` at the top stay where they are.
//! 2. `extern crate` further down is moved up to them.
//! 3. The rest is put between `fn main() {` and `}`, unless it has a `main`. Code that ends in
//!    `(())` becomes a function that returns a `Result`, which `main` unwraps.
//!
//! No line is added before the snippet's last, so that line numbers, in `line!()` too, are the
//! snippet's own; only columns shift, on the one line on which the wrapper opens. `relabel` shifts
//! them back wherever they are printed as `file:line:column`, and a `column!()` on that line is
//! replaced by its number; what is left is a bare `Location::column()` of a call on that line.
//! rustdoc's `#![allow(unused)]` is an argument of rustc here.
//!
//! In a batch, where the root is a module, `crate::f` becomes `crate::s3::f`: the columns behind it
//! are mapped back as those behind the wrapper are.

use std::{borrow::Cow, ops::Range};

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::{
    Wrapper,
    position::{Lines, Position},
    syntax::Syntax,
};

/// The text that rustc sees, and where each part of it came from.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The snippet as its author wrote it.
    source: String,
    /// What rustc gets.
    text: String,
    /// The copied parts, in the order of `text`.
    pieces: Vec<Piece>,
    /// What was put on one of the snippet's lines.
    inserted: Option<Inserted>,
    /// Where in `text` each `crate` ends that starts a path.
    roots: Vec<usize>,
}

/// Text of the wrapper in front of the snippet's own, on the same line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inserted {
    /// The line, counted from 1, in the snippet and in the program.
    pub(crate) line: usize,
    /// The text.
    pub(crate) text: String,
}

/// A part of the snippet that was copied.
#[derive(Clone, Debug)]
struct Piece {
    /// Where it starts in the program.
    at: usize,
    /// Its bytes in the snippet.
    from: Range<usize>,
}

const OPEN: &str = "fn main() { ";
const CLOSE: &str = "\n}";
const OPEN_RESULT: &str =
    "fn main() { fn _inner() -> core::result::Result<(), impl core::fmt::Debug> { ";
const CLOSE_RESULT: &str = "\n} _inner().unwrap() }";

impl Program {
    /// Wraps a snippet that was read; `None` for one that could not be.
    pub(crate) fn new(code: &str, syntax: Option<&Syntax>) -> Self {
        Self::with(code, syntax, wants_main)
    }

    /// Takes a snippet whose tests the compiler's harness runs: it needs no `main`.
    pub(crate) fn harnessed(code: &str, syntax: Option<&Syntax>) -> Self {
        Self::with(code, syntax, |_| false)
    }

    fn with(code: &str, syntax: Option<&Syntax>, wants_main: impl Fn(&Syntax) -> bool) -> Self {
        let Some(syntax) = syntax else { return Self::copied(code, code.len()) };
        if wants_main(syntax) {
            Self::wrapped(code, syntax)
        } else {
            Self::copied(code, syntax.end)
        }
    }

    /// Says where, in bytes of the snippet, each `crate` ends that starts a path.
    pub(crate) fn set_roots(&mut self, ends: Vec<usize>) {
        self.roots = ends.into_iter().filter_map(|end| self.text_offset(end)).collect();
        self.roots.sort_unstable();
    }

    /// Takes a snippet as it is, up to the byte `end`.
    fn copied(code: &str, end: usize) -> Self {
        let mut program = Program {
            source: code.to_owned(),
            text: String::new(),
            pieces: Vec::new(),
            inserted: None,
            roots: Vec::new(),
        };
        program.copy(0..end);
        program
    }

    fn wrapped(code: &str, syntax: &Syntax) -> Self {
        let mut program = Program {
            source: code.to_owned(),
            text: String::with_capacity(code.len() + OPEN_RESULT.len() + CLOSE_RESULT.len() + 1),
            pieces: Vec::new(),
            inserted: None,
            roots: Vec::new(),
        };
        let (head, hoisted) = hoist(code, syntax);
        program.copy(0..head);
        let opening = program.text.len();
        for place in &hoisted {
            program.copy(place.clone());
            program.text.push(' ');
        }
        let returns_result = returns_result(code, syntax);
        program.text.push_str(if returns_result { OPEN_RESULT } else { OPEN });
        program.inserted = Some(Inserted {
            line: Lines::new(code).position(head).line,
            text: program.text[opening..].to_owned(),
        });
        let mut copied = head;
        for place in hoisted {
            program.copy(copied..place.start);
            copied = place.end;
        }
        program.copy(copied..syntax.end);
        program.text.push_str(if returns_result { CLOSE_RESULT } else { CLOSE });
        program.fill_in_columns(syntax);
        program
    }

    /// Replaces each `column!()` on the wrapper's line by the snippet's column. Nothing moves: a
    /// number is shorter than the call.
    fn fill_in_columns(&mut self, syntax: &Syntax) {
        let Some(Inserted { line, .. }) = self.inserted else { return };
        let lines = Lines::new(&self.source);
        for place in columns(syntax) {
            let start = lines.position(place.start);
            if (start.line, start.line) != (line, lines.position(place.end).line) {
                continue;
            }
            let Some(end) = self.text_offset(place.end) else { continue };
            let Some(at) = end.checked_sub(place.len()) else { continue };
            if self.text.get(at..end) != Some(&self.source[place.clone()]) {
                continue;
            }
            let number = format!("{}_u32", start.column);
            let number = format!("{number:width$}", width = place.len());
            if number.len() == place.len() {
                self.text.replace_range(at..at + place.len(), &number);
            }
        }
    }

    /// Returns the program whose root is this module of the crate: its paths from the root lead
    /// through the module.
    pub(crate) fn in_module(&self, name: &str) -> Cow<'_, Self> {
        if self.roots.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut moved = Program { roots: Vec::new(), ..self.clone() };
        for &at in self.roots.iter().rev() {
            moved.insert(at, &format!("::{name}"));
        }
        Cow::Owned(moved)
    }

    /// Puts a word into a line. The snippet's own text moves to the right of it.
    fn insert(&mut self, at: usize, word: &str) {
        self.text.insert_str(at, word);
        let mut pieces = Vec::with_capacity(self.pieces.len() + 1);
        for piece in self.pieces.drain(..) {
            let length = piece.from.len();
            if piece.at >= at {
                pieces.push(Piece { at: piece.at + word.len(), from: piece.from });
            } else if piece.at + length <= at {
                pieces.push(piece);
            } else {
                let middle = piece.from.start + at - piece.at;
                pieces.push(Piece { at: piece.at, from: piece.from.start..middle });
                pieces.push(Piece { at: at + word.len(), from: middle..piece.from.end });
            }
        }
        self.pieces = pieces;
    }

    /// Returns what rustc gets.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the wrapper put on one of the snippet's lines.
    pub(crate) fn inserted(&self) -> Option<&Inserted> {
        self.inserted.as_ref()
    }

    /// Maps a byte of the program to the snippet; one of the wrapper to the nearest place.
    pub(crate) fn nearest(&self, offset: usize) -> Position {
        Lines::new(&self.source).position(self.source_offset(offset).unwrap_or_else(|| {
            let before = self.pieces.iter().rev().find(|piece| piece.at <= offset);
            before.map_or(0, |piece| piece.from.end)
        }))
    }

    /// Maps a range of the program's bytes to the snippet, as [`nearest`](Self::nearest) does.
    pub(crate) fn nearest_range(&self, range: Range<usize>) -> Range<Position> {
        let start = self.nearest(range.start);
        start..self.nearest(range.end).max(start)
    }

    /// Maps a line and display column, as panics print them; `None` for one of the wrapper.
    pub(crate) fn position_of_display(&self, line: usize, column: usize) -> Option<Position> {
        let offset = Lines::new(&self.text).offset_of_display(line, column)?;
        Some(Lines::new(&self.source).position(self.source_offset(offset)?))
    }

    /// Maps a byte of the program to the snippet; `None` for one of the wrapper.
    fn source_offset(&self, offset: usize) -> Option<usize> {
        let piece = self.pieces.iter().rev().find(|piece| piece.at <= offset)?;
        let into = offset - piece.at;
        // The end of a piece counts: a span that ends there is the snippet's.
        (into <= piece.from.len()).then(|| piece.from.start + into)
    }

    /// Maps the end of one of the snippet's tokens to the program.
    fn text_offset(&self, source: usize) -> Option<usize> {
        let holds = |piece: &&Piece| piece.from.start < source && source <= piece.from.end;
        self.pieces.iter().find(holds).map(|piece| piece.at + source - piece.from.start)
    }

    /// Takes a snippet as it is.
    #[cfg(test)]
    pub(crate) fn unchanged(code: &str) -> Self {
        Self::copied(code, code.len())
    }

    fn copy(&mut self, from: Range<usize>) {
        if !from.is_empty() {
            let at = self.text.len();
            self.text.push_str(&self.source[from.clone()]);
            self.pieces.push(Piece { at, from });
        }
    }
}

/// Returns what goes around a snippet that was read.
pub(crate) fn wrapper(code: &str, syntax: &Syntax) -> Wrapper {
    let (open, close) = match (wants_main(syntax), returns_result(code, syntax)) {
        (false, _) => ("", ""),
        (true, false) => (OPEN, CLOSE),
        (true, true) => (OPEN_RESULT, CLOSE_RESULT),
    };
    let head = head_lines(code, syntax);
    Wrapper { head, open: open.trim_end(), close: close.trim_start() }
}

/// Returns how many of the first lines hold nothing but crate attributes, the first
/// `extern crate`s, and comments.
///
/// Where the last of these shares its line with what follows, the lines before it are the head.
fn head_lines(code: &str, syntax: &Syntax) -> usize {
    let attributes = syntax.head().into_iter().map(|(place, _)| place);
    let items: Vec<_> = attributes.chain(leading_crates(syntax)).collect();
    let Some(last) = items.last() else { return 0 };
    let starts = syntax.tokens.clone().into_iter().map(|token| syntax.range(token.span()).start);
    let next = starts.into_iter().find(|start| *start >= last.end).unwrap_or(code.len());
    let behind = line_ends(code, last.end..next).next();
    let between = || {
        let gaps = items.windows(2).rev().map(|pair| pair[0].end..pair[1].start);
        gaps.filter_map(|gap| line_ends(code, gap).last()).next()
    };
    behind.or_else(between).map_or(0, |end| code[..end].lines().count())
}

/// Returns where the lines end of a stretch of code between tokens, apart from those inside
/// comments.
fn line_ends(code: &str, gap: Range<usize>) -> impl Iterator<Item = usize> {
    let (mut ends, mut at) = (Vec::new(), gap.start);
    let (mut depth, mut is_line_comment) = (0_usize, false);
    while at < gap.end {
        let rest = &code.as_bytes()[at..gap.end];
        at += 1;
        match rest {
            [b'\n', ..] if depth == 0 => {
                is_line_comment = false;
                ends.push(at);
            }
            _ if is_line_comment => {}
            [b'/', b'/', ..] if depth == 0 => is_line_comment = true,
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 1),
            [b'*', b'/', ..] => (depth, at) = (depth.saturating_sub(1), at + 1),
            _ => {}
        }
    }
    // The last line may do without a newline.
    let is_last = gap.end == code.len() && !code.ends_with('\n');
    ends.into_iter().chain(is_last.then_some(code.len()))
}

/// Returns the places of the `extern crate` items in front of all others.
fn leading_crates(syntax: &Syntax) -> impl Iterator<Item = Range<usize>> {
    use syn::{Item, Stmt, spanned::Spanned};

    let statements = syntax.tree.iter().flat_map(|tree| &tree.statements);
    let crates =
        statements.take_while(|statement| matches!(statement, Stmt::Item(Item::ExternCrate(_))));
    crates.map(|statement| syntax.range(statement.span()))
}

fn wants_main(syntax: &Syntax) -> bool {
    !syntax.has_main() && !syntax.has_crate_attribute("no_std")
}

/// Returns the places of all `column!()` of the standard library's.
fn columns(syntax: &Syntax) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // If the name means something else, too, it may mean that in each place.
    let is_known = find_columns(&syntax.tokens, &mut found);
    let range = |(first, last)| syntax.range(first).start..syntax.range(last).end;
    if is_known { found.into_iter().map(range).collect() } else { Vec::new() }
}

/// Finds the first and last token of each `column!()`, except where a macro is defined: there, it
/// is the column of that macro's call. Returns whether the name stands nowhere else.
fn find_columns(tokens: &TokenStream, found: &mut Vec<(Span, Span)>) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let ident = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(name)) => name.to_string(),
        _ => String::new(),
    };
    let punct = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) => punct.as_char(),
        _ => ' ',
    };
    (0..tokens.len()).all(|at| match &tokens[at] {
        TokenTree::Ident(_) if ident(at) == "column" => {
            let is_path = at > 0 && punct(at - 1) == ':';
            if let Some(TokenTree::Group(group)) = tokens.get(at + 2)
                && group.stream().is_empty()
                && !is_path
            {
                found.push((tokens[at].span(), group.span()));
            }
            punct(at + 1) == '!'
        }
        TokenTree::Group(_) if at >= 3 && ident(at - 3) == "macro_rules" => true,
        TokenTree::Group(group) => find_columns(&group.stream(), found),
        _ => true,
    })
}

/// Returns where the wrapper opens, and the `extern crate` items behind that place.
fn hoist(code: &str, syntax: &Syntax) -> (usize, Vec<Range<usize>>) {
    use syn::{Item, Stmt, spanned::Spanned};

    let mut head = syntax.head().last().map_or(0, |(place, _)| {
        let line = code[place.clone()].starts_with("//").then(|| code[place.end..].find('\n'));
        match line {
            // Whatever follows a line comment has to stand on the next line.
            Some(Some(newline)) => place.end + newline + 1,
            Some(None) => code.len(),
            None => place.end,
        }
    });
    if head == 0 && code.starts_with('\u{feff}') {
        head = '\u{feff}'.len_utf8();
    }
    let mut hoisted = Vec::new();
    let statements = syntax.tree.iter().flat_map(|tree| &tree.statements);
    let mut leading = true;
    for statement in statements {
        let is_extern_crate = matches!(statement, Stmt::Item(Item::ExternCrate(_)));
        leading &= is_extern_crate;
        let place = syntax.range(statement.span());
        if leading {
            head = place.end;
        } else if is_extern_crate {
            hoisted.push(place);
        }
    }
    (head, hoisted)
}

/// Returns whether the code's last token is the `)` of a `(())`, as in `Ok::<(), Error>(())`.
fn returns_result(code: &str, syntax: &Syntax) -> bool {
    let last = syntax.tokens.clone().into_iter().last();
    last.is_some_and(|token| code[..syntax.range(token.span()).end].ends_with("(())"))
}

#[cfg(test)]
mod tests;
