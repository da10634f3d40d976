use super::*;
use crate::{Edit, EditSet};
use std::collections::BTreeMap;

/// Files of a folder `src`, in which the chapter stands.
pub(crate) struct Tree(BTreeMap<String, Result<Arc<str>, ReadError>>);

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| (format!("src/{path}"), Ok((*text).into()))).collect())
    }

    pub(crate) fn expand(&self, text: &str) -> Expansion {
        expand(text, Path::new("src"), self)
    }
}

impl ReadFiles for Tree {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let path = path.to_str().expect("test paths are UTF-8");
        self.0.get(path).cloned().unwrap_or(Err(ReadError::NotFound))
    }
}

/// The expansion and its problems, one a line: what stands there, `@` the directive's place.
fn problems(tree: &Tree, text: &str) -> Vec<String> {
    let expansion = tree.expand(text);
    let show = |problem: &Problem| {
        format!(
            "{:?} @ {:?}: {}",
            &expansion.text[problem.span.range()],
            problem.place.at,
            problem.kind
        )
    };
    expansion.problems.iter().map(show).collect()
}

#[test]
fn nested_files_are_found_from_their_own_folder() {
    let tree = Tree::new(&[("sub/a.md", "<{{#include b.md}}>\r\n"), ("sub/b.md", "b\n")]);
    assert_eq!(tree.expand("1 {{#include sub/a.md}} 2").text, "1 <b> 2");
}

#[test]
fn titles_vanish_and_the_last_one_counts() {
    let tree = Tree::new(&[("a.md", "{{#title From a}}a")]);
    let expansion = tree.expand("{{#title First}}x {{#include a.md}}");
    assert_eq!((expansion.text.as_str(), expansion.title.as_deref()), ("x a", Some("From a")));
}

#[test]
fn failures_stay_and_are_told() {
    let mut tree = Tree::new(&[("a.md", "one\n{{#include gone.md}}")]);
    let not_utf8 = Err(ReadError::NotUtf8 { offset: 3 });
    tree.0.insert("src/bad".into(), not_utf8);
    assert_eq!(tree.expand("{{#include a.md}} {{#include bad}}").text.len(), 41);
    assert_eq!(
        problems(&tree, "{{#include a.md}} {{#include bad}}"),
        [
            "\"{{#include gone.md}}\" @ File { path: \"src/a.md\", span: 4..24 }: \
             cannot include `src/gone.md`: there is no such file",
            "\"{{#include bad}}\" @ Received(18..34): \
             cannot include `src/bad`: the file is not UTF-8 from byte 3 on",
        ]
    );
}

#[test]
fn what_links_gives_silently_is_told() {
    let tree = Tree::new(&[("a", "1\n2\n"), ("empty", "")]);
    let kind = |text| {
        let problems = tree.expand(text).problems;
        problems.iter().map(|problem| problem.kind.to_string()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(kind("{{#include a:3}}"), "`src/a` has no line 3, only 2");
    assert_eq!(kind("{{#include a:2:9}}"), "`src/a` has no line 9, only 2");
    assert_eq!(kind("{{#include a:2:}} {{#include a}} {{#include empty}}"), "");
    assert_eq!(
        kind("{{#include a:2:1}}"),
        "the range of `src/a` ends with line 1, before its start, line 2"
    );
    assert_eq!(kind("{{#rustdoc_include a:x}}"), "`src/a` has no anchor `x`");
}

#[test]
fn a_cycle_is_told_once_and_ends_as_links_ends_it() {
    let tree = Tree::new(&[("a.md", "a{{#include a.md}}{{#include a.md}}")]);
    let expansion = tree.expand("{{#include a.md}}");
    assert_eq!(expansion.text.len(), 1023);
    let told: Vec<_> =
        expansion.problems.iter().map(|problem| (&problem.kind, &problem.place.at)).collect();
    assert_eq!(told.len(), 2, "one for each directive: {told:?}");
    assert_eq!(expansion.problems[0].place.included_from.len(), 10);
}

#[test]
fn what_would_never_end_is_cut_short() {
    let tree = Tree::new(&[("a.md", &"{{#include a.md}}".repeat(9))]);
    let problems = tree.expand("{{#include a.md}}").problems;
    assert_eq!(problems.iter().filter(|problem| problem.kind == ProblemKind::TooMuch).count(), 1);
}

/// The received text after an edit that replaces `old` in the expanded text by `new`.
fn edited(tree: &Tree, text: &str, old: &str, new: &str) -> Result<String, PageEditError> {
    let Expansion { text: expanded, map, .. } = tree.expand(text);
    let start = expanded.find(old).unwrap();
    let span = Span::new(start, start + old.len());
    let edits = EditSet::new(vec![Edit::replace(span, new)]).unwrap();
    let wanted = edits.apply(&expanded);
    let page = map.page_edits(text, &expanded, edits)?.apply(text);
    assert_eq!(tree.expand(&page).text, wanted, "{page}");
    assert_eq!(tree.expand(&page).title, tree.expand(text).title, "{page}");
    Ok(page)
}

#[test]
fn edits_of_the_chapters_own_text_leave_directives_alone() {
    let tree = Tree::new(&[("a", "file\n")]);
    let text = "x {{#include a}} \\{{#b}} y\n";
    assert_eq!(edited(&tree, text, "y", "z").unwrap(), "x {{#include a}} \\{{#b}} z\n");
    assert_eq!(
        edited(&tree, text, "x", "{{#include a}}").unwrap(),
        "\\{{#include a}} file {{#b}} y\n"
    );
}

#[test]
fn an_edit_of_an_include_replaces_the_outermost_directive() {
    let tree =
        Tree::new(&[("a", "A {{#include b}} A"), ("b", "B {{#include gone}}\n{{#title T}}")]);
    let text = "1 {{#include a}} 2 {{#include b}}";
    assert_eq!(
        edited(&tree, text, "A", "C").unwrap(),
        "1 C B \\{{#include gone}}\n A 2 {{#include b}}"
    );
    assert_eq!(edited(&tree, text, " 2", "!").unwrap(), "1 {{#include a}}! {{#include b}}");
    assert_eq!(
        edited(&tree, "1 {{#include a}}", "1 A", "C").unwrap(),
        "C B \\{{#include gone}}\n{{#title T}} A"
    );
}

#[test]
fn insertions_at_the_border_of_an_expansion_leave_its_directive() {
    let tree = Tree::new(&[("a", "file\n")]);
    let text = "{{#include a}}\n{{#title T}}{{#include a}}";
    let Expansion { text: expanded, map, .. } = tree.expand(text);
    let page = |at| {
        let edits = EditSet::new(vec![Edit::insert(at, "<"), Edit::insert(at, ">")]).unwrap();
        map.page_edits(text, &expanded, edits).unwrap().apply(text)
    };
    assert_eq!(page(0), "<>{{#include a}}\n{{#title T}}{{#include a}}");
    assert_eq!(page(4), "{{#include a}}<>\n{{#title T}}{{#include a}}");
    assert_eq!(page(5), "{{#include a}}\n<>{{#title T}}{{#include a}}");
    assert_eq!(page(9), "{{#include a}}\n{{#title T}}{{#include a}}<>");
    assert_eq!(page(7), "{{#include a}}\n{{#title T}}fi<>le");
}

#[test]
fn what_an_escape_would_swallow_is_written_down_too() {
    let tree = Tree::new(&[("a", "A\\{{#x y}}\n"), ("b", "B"), ("t", "{{#title T}}")]);
    let text = "{{#include a}} {{#include b}}\n{{#include b}}";
    assert_eq!(
        edited(&tree, text, "A", "C{{#include b}} ").unwrap(),
        "C\\{{#include b}} {{#x y}} B\n{{#include b}}"
    );
    // The title moves to the next line.
    let text = "{{#include a}} {{#include t}}\nnext";
    assert_eq!(
        edited(&tree, text, "A", "{{#include b}}").unwrap(),
        "\\{{#include b}}{{#x y}} \n{{#title T}}next"
    );
    // Or before it all.
    let text = "{{#include a}} {{#title T}}";
    assert_eq!(
        edited(&tree, text, "A", "{{#include b}}").unwrap(),
        "{{#title T}}\\{{#include b}}{{#x y}} "
    );
}

#[test]
fn what_cannot_be_escaped_is_an_error() {
    let tree = Tree::new(&[("a", "A {{ #include gone}}")]);
    let error = edited(&tree, "1 {{#include a}}", "A", "C").unwrap_err();
    assert_eq!(
        error,
        PageEditError::Unescapable {
            span: Span::new(4, 22),
            directive: "{{ #include gone}}".into()
        }
    );
    assert_eq!(
        error.to_string(),
        "mdBook would obey `{{ #include gone}}`, and it cannot be escaped"
    );
}
