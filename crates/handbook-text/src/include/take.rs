//! What a directive takes from its file, each byte with the place that it was copied from.

use super::ProblemKind;
use super::directive::{Form, Part};
use crate::source_map::PiecedText;
use regex::Regex;
use std::path::Path;
use std::sync::{Arc, LazyLock};

static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR:\s*([\w-]+)").expect("the pattern is valid"));
static ANCHOR_END: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR_END:\s*([\w-]+)").expect("the pattern is valid"));

/// A line without its ending, as [`str::lines`] has it.
struct Line<'s> {
    text: &'s str,
    start: usize,
    /// Where the next line starts; the byte before is this one's newline, unless it is the last.
    next: usize,
}

/// Whether a line that is taken is seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Shown,
    /// Behind rustdoc's `# `.
    Hidden,
}

/// The text that `form` takes from `source`, as pieces of `inclusion`; beside it what is wrong with
/// the request though `links` does not mind it.
pub(super) fn take(
    source: &str,
    form: &Form<'_>,
    inclusion: usize,
    path: &Arc<Path>,
) -> (PiecedText, Option<ProblemKind>) {
    let mut taken = PiecedText::default();
    let (part, keep_rest) = match form {
        Form::Include(part) => (part, false),
        Form::Rustdoc(part) => (part, true),
        Form::Playground(attributes) => {
            let comma = if attributes.is_empty() { "" } else { "," };
            taken.push(&format!("```rust{comma}{}\n", attributes.join(",")), None, inclusion);
            taken.push(source, Some(0), inclusion);
            let newline = if source.ends_with('\n') { "" } else { "\n" };
            taken.push(&format!("{newline}```\n"), None, inclusion);
            return (taken, None);
        }
    };
    let (lines, problem) = match part {
        Part::Lines { start, end } => {
            (range(source, *start, *end), judge(source, *start, *end, path))
        }
        Part::Anchor(name) => match anchored(source, name, keep_rest) {
            (lines, true) => (lines, None),
            (lines, false) => {
                let kind = ProblemKind::NoSuchAnchor {
                    path: Arc::clone(path),
                    anchor: (*name).to_owned(),
                };
                (lines, Some(kind))
            }
        },
    };
    let mut newline = None;
    for (line, seen) in lines.iter().filter(|(_, seen)| keep_rest || *seen == Seen::Shown) {
        if newline.is_some() {
            taken.push("\n", newline, inclusion);
        }
        if *seen == Seen::Hidden {
            taken.push("# ", None, inclusion);
        }
        taken.push(line.text, Some(line.start), inclusion);
        newline = Some(line.next - 1);
    }
    (taken, problem)
}

fn lines(source: &str) -> impl Iterator<Item = Line<'_>> {
    let mut next = 0;
    source.split_inclusive('\n').map(move |line| {
        let start = next;
        next += line.len();
        let text =
            line.strip_suffix('\n').map_or(line, |text| text.strip_suffix('\r').unwrap_or(text));
        Line { text, start, next }
    })
}

fn range(source: &str, start: usize, end: Option<usize>) -> Vec<(Line<'_>, Seen)> {
    let shown = |index: usize| start <= index && end.is_none_or(|end| index < end);
    let seen = |index| if shown(index) { Seen::Shown } else { Seen::Hidden };
    lines(source).enumerate().map(|(index, line)| (line, seen(index))).collect()
}

/// What is wrong with a range of lines (from zero, `end` exclusive).
fn judge(source: &str, start: usize, end: Option<usize>, path: &Arc<Path>) -> Option<ProblemKind> {
    if end.is_some_and(|end| end <= start) {
        let (first, last) = (start + 1, end.unwrap_or_default());
        return Some(ProblemKind::EmptyRange { path: Arc::clone(path), first, last });
    }
    let count = lines(source).count();
    let line = match end {
        _ if start > 0 && start >= count => start + 1,
        Some(end) if end > count => end,
        _ => return None,
    };
    Some(ProblemKind::PastEnd { path: Arc::clone(path), line, lines: count })
}

/// The lines of an anchor and those around it, without any that hold an anchor's comment; whether
/// the anchor was found. An include ends with the anchor's first region; rustdoc's form goes on,
/// since it needs the rest of the file.
fn anchored<'s>(source: &'s str, name: &str, keep_rest: bool) -> (Vec<(Line<'s>, Seen)>, bool) {
    let named = |regex: &Regex, text| regex.captures(text).map(|captures| &captures[1] == name);
    let mut taken = Vec::new();
    let mut found = false;
    let mut inside = false;
    for line in lines(source) {
        // On a line with both comments only the one counts that can change something; each hides
        // the line.
        let (starts, ends) = (named(&ANCHOR, line.text), named(&ANCHOR_END, line.text));
        if inside && ends == Some(true) {
            inside = false;
            if !keep_rest {
                break;
            }
        } else if !inside && starts == Some(true) {
            inside = true;
            found = true;
        } else if starts.is_none() && ends.is_none() {
            taken.push((line, if inside { Seen::Shown } else { Seen::Hidden }));
        }
    }
    (taken, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(source: &str, form: &Form<'_>) -> String {
        take(source, form, 1, &Path::new("f").into()).0.text
    }

    #[test]
    fn lines_lose_their_returns_and_the_last_newline() {
        let part = |start, end| Form::Include(Part::Lines { start, end });
        assert_eq!(taken("a\r\nb\r\n", &part(0, None)), "a\nb");
        assert_eq!(taken("a\r\r\nb\r", &part(0, None)), "a\r\nb\r");
        assert_eq!(taken("a\nb\nc\n", &part(1, Some(2))), "b");
        assert_eq!(taken("a\nb", &part(4, Some(3))), "");
    }

    #[test]
    fn rustdoc_hides_the_rest() {
        let form = Form::Rustdoc(Part::Lines { start: 1, end: Some(2) });
        assert_eq!(taken("a\nb\nc\n", &form), "# a\nb\n# c");
        let source = "a\n// ANCHOR: x\nb\n// ANCHOR: y\n// ANCHOR_END: x\nc\n// ANCHOR: x\nd";
        assert_eq!(taken(source, &Form::Rustdoc(Part::Anchor("x"))), "# a\nb\n# c\nd");
        assert_eq!(taken(source, &Form::Include(Part::Anchor("x"))), "b");
    }

    #[test]
    fn a_playground_ends_its_last_line() {
        assert_eq!(taken("a", &Form::Playground(vec![])), "```rust\na\n```\n");
        assert_eq!(taken("a\n", &Form::Playground(vec!["x", "y"])), "```rust,x,y\na\n```\n");
    }
}
