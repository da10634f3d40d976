//! Text that speaks of a program's lines, rewritten to speak of the snippet's.
//!
//! [`Program`] keeps line numbers, so little is left to do: the file's name, and the columns of
//! the one line on which the wrapper opens.

use crate::{Position, program::Program};

/// What a snippet's file is called in every text, alone or in a batch: a reader who tries the
/// snippet in a Cargo project sees the same.
pub(crate) const FILE: &str = "src/main.rs";

/// Rewrites what a program, compiled as `file`, wrote to standard error: places (`dbg!` prints
/// some, too) become the snippet's, and thread numbers disappear, as they differ in each run.
pub(crate) fn stderr(text: &str, program: &Program, file: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        out.push_str(&places(&without_thread_number(line), file, |line, column| {
            program.position_of_display(line, column)
        }));
    }
    out
}

/// Rewrites what a program that looks at its own place wrote to standard output.
pub(crate) fn stdout(text: &str, program: &Program, file: &str) -> String {
    places(text, file, |line, column| program.position_of_display(line, column))
}

/// Rewrites an error that rustc rendered: the wrapper disappears from the line that it shares
/// with the snippet.
pub(crate) fn rendered(text: &str, program: &Program, file: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < lines.len() {
        let block = 1 + lines[at + 1..].iter().take_while(|line| is_annotation(line)).count();
        let block = if line_number(lines[at]).is_some() { block } else { 1 };
        for line in without_wrapper(&lines[at..at + block], program) {
            out.push_str(&places(&line, file, |line, column| {
                header_position(program, line, column)
            }));
            out.push('\n');
        }
        at += block;
    }
    out
}

/// Returns a numbered line and the annotations below it, less the wrapper.
fn without_wrapper(block: &[&str], program: &Program) -> Vec<String> {
    let unchanged = || block.iter().map(|&line| line.to_owned()).collect();
    let Some(inserted) = program.inserted() else { return unchanged() };
    if line_number(block[0]) != Some(inserted.line) {
        return unchanged();
    }
    let Some(start) = block[0].find(&inserted.text) else { return unchanged() };
    let start = block[0][..start].chars().count();
    let cut = start..start + inserted.text.chars().count();
    let outside = |line: &str| -> String {
        let kept = line.chars().enumerate().filter(|(at, _)| !cut.contains(at));
        kept.map(|(_, character)| character).collect()
    };
    // What is annotated in the wrapper itself has to stay visible.
    let is_bare = |line: &&str| {
        line.chars().skip(cut.start).take(cut.len()).all(|character| matches!(character, ' ' | '_'))
    };
    if !block[1..].iter().all(is_bare) {
        return unchanged();
    }
    block.iter().map(|line| outside(line)).collect()
}

/// Maps a position in a header such as `--> src/main.rs:1:13`, which counts characters.
fn header_position(program: &Program, line: usize, column: usize) -> Option<Position> {
    let shift = match program.inserted() {
        Some(inserted) if inserted.line == line => inserted.text.chars().count(),
        _ => 0,
    };
    // The wrapper opens at the line's start, or behind attributes that stay where they are.
    let opened = program.text().lines().nth(line.checked_sub(1)?)?;
    let before = match program.inserted() {
        Some(inserted) if shift > 0 => opened[..opened.find(&inserted.text)?].chars().count(),
        _ => 0,
    };
    let column = if column > before { column.saturating_sub(shift).max(1) } else { column };
    Some(Position { line, column })
}

/// Replaces each `file:line:column`.
fn places(text: &str, file: &str, map: impl Fn(usize, usize) -> Option<Position>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find(file) {
        let (before, after) = rest.split_at(found);
        let after = &after[file.len()..];
        out.push_str(before);
        let is_whole =
            !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '_' | '.'));
        match place(after) {
            Some((line, column, end)) if is_whole => {
                let Position { line, column } =
                    map(line, column).unwrap_or(Position { line, column });
                out.push_str(&format!("{FILE}:{line}:{column}"));
                rest = &after[end..];
            }
            _ => {
                out.push_str(file);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Reads `:line:column` at the start of a text, and returns where it ends.
pub(crate) fn place(text: &str) -> Option<(usize, usize, usize)> {
    let (line, rest) = number(text.strip_prefix(':')?)?;
    let (column, rest) = number(rest.strip_prefix(':')?)?;
    Some((line, column, text.len() - rest.len()))
}

fn number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Turns `thread 'main' (4711) panicked` into `thread 'main' panicked`.
fn without_thread_number(line: &str) -> String {
    let unchanged = || line.to_owned();
    if !line.starts_with("thread '") {
        return unchanged();
    }
    let Some((name, rest)) = line.split_once("' (") else { return unchanged() };
    match rest.split_once(") ") {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{name}' {rest}")
        }
        _ => unchanged(),
    }
}

/// Returns the number in front of `|` in a rendered error.
fn line_number(line: &str) -> Option<usize> {
    line.split_once('|')?.0.trim().parse().ok()
}

/// Returns whether a rendered line stands below a numbered one and belongs to it.
fn is_annotation(line: &str) -> bool {
    line.trim_start().starts_with('|')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Syntax;

    fn program(code: &str) -> Program {
        Program::new(code, Syntax::read(code).as_ref())
    }

    #[test]
    fn panics_and_dbg_are_the_snippets() {
        let text =
            "\nthread 'main' (12) panicked at s3.rs:1:13:\n[s3.rs:2:1] x = 1\nxs3.rs:1:1 s3.rs\n";
        assert_eq!(
            stderr(text, &program("panic!();\nx"), "s3.rs"),
            "\nthread 'main' panicked at src/main.rs:1:1:\n[src/main.rs:2:1] x = 1\nxs3.rs:1:1 s3.rs\n"
        );
    }

    #[test]
    fn the_wrapper_is_cut_out() {
        let text = "\
error: no
 --> src/main.rs:1:25
  |
1 | fn main() { let x: u8 = y;
  |                    --   ^ what
  |                    |
2 | z
";
        let expected = "\
error: no
 --> src/main.rs:1:13
  |
1 | let x: u8 = y;
  |        --   ^ what
  |        |
2 | z
";
        assert_eq!(rendered(text, &program("let x: u8 = y;\nz"), FILE), expected);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(
            code in "[ a-z;\\n日]{0,20}",
            lines in proptest::collection::vec("([ 0-9|>日-]|src/main.rs:1:9|fn main\\(\\) \\{ |thread '){0,9}", 0..5),
        ) {
            let program = program(&code);
            let _ = (rendered(&lines.join("\n"), &program, FILE), stderr(&lines.join("\n"), &program, FILE));
        }
    }

    #[test]
    fn what_is_said_of_the_wrapper_stays() {
        let text = "\
1 | fn main() { f()?;
  | ---------      ^
";
        assert_eq!(rendered(text, &program("f()?;"), FILE), text);
    }
}
