use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// What `links` looks for. The first branch is its escape, greedy up to the last `}}` of the line;
/// the second is a directive, whose name and arguments are captured.
static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\\\{\{#.*\}\}|\{\{\s*#([a-zA-Z0-9_]+)\s+([^}]+)\}\}")
        .expect("the pattern is valid")
});

/// A place that the pattern of `links` matches, whatever comes of it.
#[derive(Debug)]
pub(super) struct Directive<'t> {
    /// Where it stands, backslash and braces included.
    pub(super) range: Range<usize>,
    pub(super) meaning: Meaning<'t>,
}

#[derive(Debug)]
pub(super) enum Meaning<'t> {
    /// `\{{#…}}`: becomes itself without the backslash.
    Escape,
    /// `{{#title …}}`: names the page and vanishes.
    Title(&'t str),
    /// Some text of a file takes its place. The path stands at `at` in the text.
    File { path: &'t str, at: usize, form: Form<'t> },
    /// An unknown name or no file: `links` steps over it, together with whatever its braces hold.
    Inert,
}

/// How a file's text is put into the page.
#[derive(Debug)]
pub(super) enum Form<'t> {
    /// `{{#include}}`: the part alone.
    Include(Part<'t>),
    /// `{{#rustdoc_include}}`: the part, and the rest hidden behind `# `.
    Rustdoc(Part<'t>),
    /// `{{#playground}}`: the whole file in a fence with these attributes.
    Playground(Vec<&'t str>),
}

/// What is asked of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Lines from `start` (from zero) to before `end`, or to the end of the file.
    Lines { start: usize, end: Option<usize> },
    /// The lines between the comments `ANCHOR: name` and `ANCHOR_END: name`.
    Anchor(&'t str),
}

/// The directives of `text`, ascending and disjoint.
pub(super) fn directives(text: &str) -> impl Iterator<Item = Directive<'_>> {
    DIRECTIVE.captures_iter(text).map(|captures| read(&captures))
}

/// The files whose text takes the place of directives, as `links` reads them: where each path is
/// written in `text`, and the path. What includes in these files name is not among them.
pub fn files(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    directives(text).filter_map(|directive| match directive.meaning {
        Meaning::File { path, at, .. } => Some((at..at + path.len(), path)),
        _ => None,
    })
}

/// The first directive of `text` that starts at `from` or later.
pub(super) fn next_directive(text: &str, from: usize) -> Option<Directive<'_>> {
    DIRECTIVE.captures_at(text, from).map(|captures| read(&captures))
}

fn read<'t>(captures: &Captures<'t>) -> Directive<'t> {
    let meaning = match (captures.get(1), captures.get(2)) {
        (Some(name), Some(arguments)) => mean(name.as_str(), arguments.as_str(), arguments.start()),
        _ => Meaning::Escape,
    };
    Directive { range: captures.get_match().range(), meaning }
}

/// What a directive means whose `arguments` stand at `start`.
fn mean<'t>(name: &str, arguments: &'t str, start: usize) -> Meaning<'t> {
    if name == "title" {
        return Meaning::Title(arguments);
    }
    let mut words = arguments.split_whitespace();
    let Some(file) = words.next() else { return Meaning::Inert };
    let at = start + arguments.len() - arguments.trim_start().len();
    let split = || match file.split_once(':') {
        Some((path, part)) => (path, Part::read(part)),
        None => (file, Part::WHOLE),
    };
    match name {
        "include" => {
            let (path, part) = split();
            Meaning::File { path, at, form: Form::Include(part) }
        }
        "rustdoc_include" => {
            let (path, part) = split();
            Meaning::File { path, at, form: Form::Rustdoc(part) }
        }
        // Here a colon belongs to the path.
        "playground" | "playpen" => {
            Meaning::File { path: file, at, form: Form::Playground(words.collect()) }
        }
        _ => Meaning::Inert,
    }
}

impl<'t> Part<'t> {
    const WHOLE: Self = Part::Lines { start: 0, end: None };

    /// Reads what follows the path's colon: `5`, `5:`, `:10`, `5:10` (lines from one, the last one
    /// included) or an anchor's name. Anything after a second colon is ignored, and so is an end
    /// that is no number.
    fn read(part: &'t str) -> Self {
        let mut fields = part.split(':');
        let first = fields.next().unwrap_or_default();
        let start = match first.parse::<usize>() {
            Ok(line) => Some(line.saturating_sub(1)),
            Err(_) if first.is_empty() => None,
            Err(_) => return Part::Anchor(first),
        };
        let end = match (fields.next(), start) {
            (Some(last), _) => last.parse().ok(),
            (None, start) => start.map(|start| start + 1),
        };
        Part::Lines { start: start.unwrap_or(0), end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&str, &'static str)> {
        let name = |meaning: &Meaning| match meaning {
            Meaning::Escape => "escape",
            Meaning::Title(_) => "title",
            Meaning::File { form: Form::Include(_), .. } => "include",
            Meaning::File { form: Form::Rustdoc(_), .. } => "rustdoc",
            Meaning::File { form: Form::Playground(_), .. } => "playground",
            Meaning::Inert => "inert",
        };
        directives(text).map(|d| (&text[d.range.clone()], name(&d.meaning))).collect()
    }

    #[test]
    fn what_links_sees_is_seen() {
        assert_eq!(kinds("a {{#include x}} b"), [("{{#include x}}", "include")]);
        assert_eq!(
            kinds("{{\n #rustdoc_include\n x }}"),
            [("{{\n #rustdoc_include\n x }}", "rustdoc")]
        );
        assert_eq!(kinds("{{#playpen x editable}}"), [("{{#playpen x editable}}", "playground")]);
        assert_eq!(kinds("{{#title  A b }}"), [("{{#title  A b }}", "title")]);
        assert_eq!(kinds("{{#include}} {{include x}} {{#inc-lude x}}"), []);
    }

    #[test]
    fn paths_of_files_are_where_they_are_written() {
        let text = "{{#include\n  a.md:1 x}} {{#playground b:c.rs editable}} \\{{#include d}}\n\
                    {{ #rustdoc_include\u{a0}é.md }} {{#title e}} {{#value {{#include f}}\n\
                    {{#include :5}}";
        let found: Vec<_> = files(text).collect();
        let paths: Vec<_> = found.iter().map(|(_, path)| *path).collect();
        assert_eq!(paths, ["a.md", "b:c.rs", "é.md", ""]);
        assert!(found.iter().all(|(place, path)| &text[place.clone()] == *path));
    }

    #[test]
    fn an_unknown_directive_hides_what_its_braces_hold() {
        assert_eq!(kinds("{{#value {{#include x}}"), [("{{#value {{#include x}}", "inert")]);
        assert_eq!(kinds("{{#include  }}"), [("{{#include  }}", "inert")]);
    }

    #[test]
    fn an_escape_runs_to_the_last_braces_of_its_line() {
        assert_eq!(kinds(r"\{{#a}} {{#include x}} b"), [(r"\{{#a}} {{#include x}}", "escape")]);
        assert_eq!(kinds("\\{{#include\nx}}"), [("{{#include\nx}}", "include")]);
        assert_eq!(kinds(r"\{{ #include x}}"), [("{{ #include x}}", "include")]);
    }

    #[test]
    fn parts_read_as_links_reads_them() {
        let lines = |start, end| Part::Lines { start, end };
        assert_eq!(Part::read(""), Part::WHOLE);
        assert_eq!(Part::read(":"), Part::WHOLE);
        assert_eq!(Part::read(":NaN"), Part::WHOLE);
        assert_eq!(Part::read("5"), lines(4, Some(5)));
        assert_eq!(Part::read("0"), lines(0, Some(1)));
        assert_eq!(Part::read("5:"), lines(4, None));
        assert_eq!(Part::read("5:NaN"), lines(4, None));
        assert_eq!(Part::read(":5"), lines(0, Some(5)));
        assert_eq!(Part::read("5:10:17:x"), lines(4, Some(10)));
        assert_eq!(Part::read("-5"), Part::Anchor("-5"));
        assert_eq!(Part::read("name:ignored"), Part::Anchor("name"));
    }
}
