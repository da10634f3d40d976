use super::*;
use crate::include::{Expansion, ReadError, ReadFiles, expand};
use crate::{Edit, EditSet};
use std::collections::BTreeMap;

struct Tree(BTreeMap<&'static str, &'static str>);

impl ReadFiles for Tree {
    fn read(&self, path: &Path) -> Result<Arc<str>, ReadError> {
        let path = path.to_str().expect("test paths are UTF-8");
        self.0.get(path).map(|text| (*text).into()).ok_or(ReadError::NotFound)
    }
}

const CHAPTER: &str = "# T\n{{#include a.md}}\nend {{#playground p.rs}}";

fn expansion() -> Expansion {
    let files = [
        ("a.md", "a1\r\n{{#include b.md}}\r\na3\r\n"),
        ("b.md", "b1\nb2\n"),
        ("p.rs", "fn p() {}"),
    ];
    expand(CHAPTER, Path::new(""), &Tree(files.into()))
}

fn name(copied: &Copied) -> String {
    match copied {
        Copied::Received(span) => format!("{span:?}"),
        Copied::File { path, span } => format!("{} {span:?}", path.display()),
    }
}

/// Where the first occurrence of `text` is shown, and the way it took.
fn shown(text: &str) -> String {
    let Expansion { text: expanded, map, .. } = expansion();
    let start = expanded.find(text).expect("the text is there");
    let place = map.locate(Span::new(start, start + text.len()));
    let way = std::iter::once(&place.at).chain(&place.included_from).map(name);
    way.collect::<Vec<_>>().join(" < ")
}

fn copied(range: Range<usize>) -> String {
    expansion().map.copied(range.into()).as_ref().map_or("none".to_owned(), name)
}

#[test]
fn a_place_is_the_innermost_text_that_holds_all_of_it() {
    assert_eq!(expansion().text, "# T\na1\nb1\nb2\na3\nend ```rust\nfn p() {}\n```\n");
    assert_eq!(shown("# T"), "0..3");
    assert_eq!(shown("b1\nb2"), "b.md 0..5 < a.md 4..21 < 4..21");
    assert_eq!(shown("a1\nb"), "a.md 0..21 < 4..21");
    assert_eq!(shown("b2\na3\nend"), "4..25");
    assert_eq!(shown("fn p"), "p.rs 0..4 < 26..46");
    assert_eq!(shown("```rust"), "26..46", "synthetic");
}

#[test]
fn copied_ranges_stop_where_the_source_does() {
    let text = expansion().text;
    let at = |word: &str| text.find(word).unwrap();
    assert_eq!(copied(4..6), "a.md 0..2");
    assert_eq!(copied(5..7), "none", "a carriage return was lost");
    assert_eq!(copied(3..5), "none");
    assert_eq!(copied(at("b1")..at("b2") + 2), "b.md 0..5");
    assert_eq!(copied(at("```")..at("```") + 3), "none");
    assert_eq!(copied(0..999), "none");
}

#[test]
fn an_insertion_at_the_border_of_an_expansion_is_outside() {
    let text = expansion().text;
    let at = |word: &str| text.find(word).unwrap();
    assert_eq!(copied(4..4), "4..4");
    assert_eq!(copied(at("b1")..at("b1")), "a.md 4..4");
    assert_eq!(copied(at("b2") + 2..at("b2") + 2), "a.md 21..21");
    assert_eq!(copied(at("a3") + 2..at("a3") + 2), "21..21");
    assert_eq!(copied(at("b2")..at("b2")), "b.md 3..3");
    assert_eq!(copied(at("```") + 3..at("```") + 3), "none", "inside a fence");
    assert_eq!(copied(text.len()..text.len()), "46..46");
}

#[test]
fn an_identity_maps_everything_onto_itself() {
    let map = SourceMap::identity(5);
    assert_eq!(map.copied(Span::new(1, 5)), Some(Copied::Received(Span::new(1, 5))));
    assert_eq!(map.locate(Span::at(5)).at, Copied::Received(Span::at(5)));
    assert_eq!(SourceMap::identity(0).copied(Span::at(0)), Some(Copied::Received(Span::at(0))));
    let text = "{{#include x}}";
    let edits = EditSet::new(vec![Edit::insert(0, "{{#title y}}")]).unwrap();
    let page = SourceMap::identity(text.len()).page_edits(text, text, edits).unwrap();
    assert_eq!(page.apply(text), "{{#title y}}{{#include x}}");
}

#[test]
fn places_outside_the_text_are_moved_to_its_end() {
    let place = expansion().map.locate(Span::new(900, 999));
    assert_eq!((name(&place.at), place.included_from.len()), ("46..46".to_owned(), 0));
}
