use super::*;

fn with(text: &str, parent: Option<&str>) -> Result<String, NotAdded> {
    let entry = Entry { name: "New".to_owned(), path: Some("new.md".into()) };
    Summary::read(text).expect("a SUMMARY").with(&entry, parent.map(Path::new))
}

/// Adds `new.md` and returns the one line that was added, if all others stayed as they were.
fn line(text: &str, parent: Option<&str>) -> String {
    let after = with(text, parent).expect("a place");
    let (old, new): (Vec<_>, Vec<_>) =
        (text.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let at = (0..old.len()).find(|at| old[*at] != new[*at]).unwrap_or(old.len());
    assert_eq!([&new[..at], &new[at + 1..]].concat(), old, "{after}");
    format!("{at}:{}", new[at])
}

const NESTED: &str = "\
# Summary

[Preface](preface.md)

# Part one

- [A](a.md)
    - [B](b.md)
        - [C](c.md)
    - [Draft]()
- [D](d.md)

---

# Part two

* [E](<e e.md>)
1. [F](f.md)

[Glossary](glossary.md)
";

#[test]
fn a_chapter_goes_under_its_parent() {
    assert_eq!(line(NESTED, Some("a.md")), "10:    - [New](new.md)\n");
    assert_eq!(line(NESTED, Some("b.md")), "9:        - [New](new.md)\n");
    assert_eq!(line(NESTED, Some("c.md")), "9:            - [New](new.md)\n");
    assert_eq!(line(NESTED, Some("d.md")), "11:    - [New](new.md)\n");
    assert_eq!(line(NESTED, Some("e e.md")), "17:    * [New](new.md)\n");
    assert_eq!(line(NESTED, Some("f.md")), "18:    1. [New](new.md)\n");
    assert_eq!(line(NESTED, None), "18:2. [New](new.md)\n");
}

#[test]
fn only_numbered_chapters_have_others_under_them() {
    assert_eq!(with(NESTED, Some("preface.md")), Err(NotAdded::Unnumbered));
    assert_eq!(with(NESTED, Some("glossary.md")), Err(NotAdded::Unnumbered));
    assert_eq!(with(NESTED, Some("nobody.md")), Err(NotAdded::NoPlace));
}

#[test]
fn line_endings_and_tabs_are_kept() {
    let tabs = "- [A](a.md)\r\n\t- [B](b.md)\r\n- [C](c.md)\r\n";
    assert_eq!(line(tabs, Some("a.md")), "2:\t- [New](new.md)\r\n");
    assert_eq!(line(tabs, Some("c.md")), "3:\t- [New](new.md)\r\n");
    assert_eq!(with("- [A](a.md)", None).unwrap(), "- [A](a.md)\n- [New](new.md)");
}

#[test]
fn what_cannot_be_indented_as_elsewhere_is_indented_as_it_has_to_be() {
    let wide = "- [A](a.md)\n  - [B](b.md)\n\n# Part\n\n1.  [C](c.md)\n";
    assert_eq!(line(wide, Some("c.md")), "6:    1.  [New](new.md)\n");
}

#[test]
fn a_book_without_numbered_chapters_gets_its_first() {
    assert_eq!(with("# Summary\n", None).unwrap(), "# Summary\n\n- [New](new.md)\n");
    assert_eq!(with("", None).unwrap(), "- [New](new.md)\n");
    let prefix = "# Summary\r\n\r\n[Intro](intro.md)\r\n";
    assert_eq!(with(prefix, None).unwrap(), format!("{prefix}\r\n- [New](new.md)\r\n"));
}

#[test]
fn a_chapter_that_is_there_is_not_added_again() {
    assert_eq!(with("- [Other](new.md)\n", None), Err(NotAdded::NoPlace));
}

#[test]
fn chapters_know_who_they_stand_under() {
    let summary = Summary::read(NESTED).unwrap();
    let names = |entries: Vec<&Entry>| {
        entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(summary.children(None)), "A D E F");
    assert_eq!(names(summary.children(Some(Path::new("a.md")))), "B Draft");
    assert_eq!(summary.parent(Path::new("c.md")).unwrap().name, "B");
    assert_eq!(summary.parent(Path::new("d.md")), None);
}

#[test]
fn a_draft_is_filled_where_it_stands() {
    let summary = Summary::read(NESTED).unwrap();
    let draft = summary.draft(&["draft"], None).unwrap();
    assert_eq!(draft.parent.as_deref(), Some(Path::new("a.md")));
    let after = summary.filled(&draft, Path::new("x/new.md")).unwrap();
    assert_eq!(after, NESTED.replace("[Draft]()", "[Draft](x/new.md)"));
    assert_eq!(summary.draft(&["Draft"], Some(Path::new("d.md"))), None);
    assert_eq!(summary.draft(&["A"], None), None);

    let text = "- [One]()\n- [Two](<>)\n    - [*Three*]()\n- [One]()\n";
    let summary = Summary::read(text).unwrap();
    assert_eq!(summary.draft(&["One"], None), None, "which of the two?");
    let filled =
        |name: &str| summary.filled(&summary.draft(&[name], None)?, Path::new("a b.md")).ok();
    assert_eq!(filled("Two").unwrap(), text.replace("<>", "<a b.md>"));
    assert_eq!(filled("Three").unwrap(), text.replace("Three*]()", "Three*](<a b.md>)"));
}

#[test]
fn a_path_may_be_written_in_several_ways() {
    assert_eq!(line("- [A](./x/../a.md)\n", Some("a.md")), "1:  - [New](new.md)\n");
    assert_eq!(line("- [A](a%20b.md)\n", Some("a b.md")), "1:  - [New](new.md)\n");
}

#[test]
fn links_to_odd_paths_are_links() {
    assert_eq!(link("A", Some(Path::new("a (1).md"))), "[A](<a (1).md>)");
}
