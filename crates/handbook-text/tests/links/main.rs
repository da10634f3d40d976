//! Our includes against the `links` preprocessors of mdBook 0.5 and 0.4, over generated trees of
//! files that try to be difficult: directives that fail, nest, repeat, escape and swallow each
//! other, files with strange line endings, cycles, and edits in the middle of it all.

mod disk_map;
mod hosts;
mod tree;

use handbook_text::include::{Expansion, PageEditError, expand, neutralise};
use handbook_text::{Copied, Edit, EditSet, Expanded, Span};
use hosts::{Links, OnDisk, links_0_4, links_0_5};
use proptest::prelude::*;
use proptest::sample::Index;
use tree::{Tree, hostile, plain, tree};

/// An edit before its place is known: two indexes into the text's characters, and the replacement.
type Sketch = (Index, Index, String);

fn edits(text: &str, sketches: Vec<Sketch>) -> EditSet<Expanded> {
    let borders: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let edit = |(one, other, replacement): Sketch| {
        let one = one.index(borders.len());
        // Mostly short spans, so that several edits find room.
        let other = (one + other.index(12) / 2).min(borders.len() - 1);
        Edit::replace(Span::new(borders[one], borders[other]), replacement)
    };
    EditSet::first_come(sketches.into_iter().map(edit)).0
}

fn expansion(tree: &Tree, disk: &OnDisk) -> Expansion {
    expand(&tree.chapter, &disk.chapter_dir(tree), disk)
}

/// All spans of one character, and some longer ones.
fn spans(text: &str) -> Vec<Span<Expanded>> {
    let borders: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let of = |width: usize| {
        borders.iter().zip(borders.iter().skip(width)).map(|(from, to)| Span::new(*from, *to))
    };
    [0, 1, 2, 5, 13].into_iter().flat_map(of).collect()
}

proptest! {
    #[test]
    fn expanded_is_what_links_makes_of_it(tree in tree()) {
        let disk = OnDisk::write(&tree);
        let ours = expansion(&tree, &disk);
        let Links { text, title } = links_0_5(&disk, &tree, &tree.chapter);
        prop_assert_eq!(&ours.text, &text);
        prop_assert_eq!(ours.title.as_deref().unwrap_or(hosts::CHAPTER_NAME), title);
        prop_assert_eq!(ours.text, links_0_4(&disk, &tree, &tree.chapter));
    }

    #[test]
    fn every_copied_byte_is_its_byte_on_disk(tree in tree()) {
        let disk = OnDisk::write(&tree);
        let Expansion { text, map, problems, .. } = expansion(&tree, &disk);
        let bytes_of = |copied: &Copied| match copied {
            Copied::Received(span) => tree.chapter[span.range()].to_owned(),
            Copied::File { path, span } => disk.text(path)[span.range()].to_owned(),
        };
        for (span, copied) in map.runs() {
            prop_assert_eq!(&text[span.range()], bytes_of(&copied));
        }
        for span in spans(&text).into_iter().chain(problems.iter().map(|problem| problem.span)) {
            let place = map.locate(span);
            bytes_of(&place.at); // exists, on character borders
            let root = place.included_from.last().unwrap_or(&place.at);
            prop_assert!(matches!(root, Copied::Received(_)), "{:?}", place);
            if let Some(copied) = map.copied(span) {
                prop_assert_eq!(&text[span.range()], bytes_of(&copied));
                prop_assert_eq!(copied, place.at);
            }
        }
        for problem in problems {
            // Not always the name: a playground's attribute may begin what its file ends.
            prop_assert!(bytes_of(&problem.place.at).ends_with("}}"), "{:?}", problem);
        }
    }

    #[test]
    fn links_after_our_edits_is_our_edits_after_links(
        tree in tree(),
        sketches in prop::collection::vec((any::<Index>(), any::<Index>(), prop_oneof![3 => plain(), 1 => hostile()]), 1..4),
    ) {
        let disk = OnDisk::write(&tree);
        let Expansion { text, map, .. } = expansion(&tree, &disk);
        let edits = edits(&text, sketches);
        let wanted = edits.apply(&text);
        match map.page_edits(&tree.chapter, &text, edits.clone()) {
            Ok(page_edits) => {
                let page = page_edits.apply(&tree.chapter);
                let before = links_0_5(&disk, &tree, &tree.chapter);
                let after = links_0_5(&disk, &tree, &page);
                prop_assert_eq!(&after.text, &wanted, "edits {:?} of {:?} gave {:?}", edits, text, page);
                prop_assert_eq!(after.title, before.title, "{:?} of {:?} gave {:?}", edits, text, page);
                prop_assert_eq!(links_0_4(&disk, &tree, &page), wanted);
            }
            Err(PageEditError::Unescapable { span, directive }) => {
                prop_assert!(unescapable(&directive), "{}", directive);
                prop_assert!(wanted.contains(&directive), "{}", directive);
                prop_assert!(span.end() <= text.len());
            }
            Err(PageEditError::Title { directive, .. }) => {
                prop_assert!(directive.contains("title"));
            }
        }
    }

    #[test]
    fn neutralised_text_passes_links_unchanged(tree in tree(), text in hostile()) {
        let disk = OnDisk::write(&tree);
        for text in [&tree.chapter, &text] {
            match neutralise(text) {
                Ok(neutral) => {
                    prop_assert_eq!(&links_0_5(&disk, &tree, &neutral).text, text, "{}", neutral);
                    prop_assert_eq!(&links_0_4(&disk, &tree, &neutral), text);
                }
                Err(error) => prop_assert!(unescapable(&text[error.range])),
            }
        }
    }
}

/// Whether no backslash helps against a directive.
fn unescapable(directive: &str) -> bool {
    !directive.starts_with("{{#") || directive.contains('\n')
}

/// Of generated edits, most must be possible, or the law above says little.
#[test]
fn most_edits_are_possible() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let sketch = (any::<Index>(), any::<Index>(), plain());
    let strategy = (tree(), prop::collection::vec(sketch, 1..4));
    let (mut possible, mut inside, mut titles) = (0, 0, 0);
    for _ in 0..200 {
        let (tree, sketches) = strategy.new_tree(&mut runner).expect("a tree").current();
        let disk = OnDisk::write(&tree);
        let Expansion { text, map, .. } = expansion(&tree, &disk);
        let edits = edits(&text, sketches);
        let included =
            |edit: &Edit<Expanded>| !matches!(map.copied(edit.span), Some(Copied::Received(_)));
        inside += usize::from(edits.iter().any(included));
        let page_edits = map.page_edits(&tree.chapter, &text, edits);
        titles += usize::from(matches!(page_edits, Err(PageEditError::Title { .. })));
        possible += usize::from(page_edits.is_ok());
    }
    assert!(
        possible > 120 && inside > 40 && titles < 5,
        "{possible} possible, {inside} inside, {titles} titles lost"
    );
}
