//! A received text against its file on disk, after another preprocessor went over it.

use handbook_text::{DiskMap, Span};
use proptest::prelude::*;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What the other preprocessor does with a line.
#[derive(Clone, Debug)]
enum Change {
    Keep,
    Drop,
    Replace(&'static str),
    Precede(&'static str),
    /// Changes the line's ending.
    Ending(&'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let line = || prop::sample::select(vec!["one\n", "new\n", "\n", "ü", "two\nthree\n"]);
    prop_oneof![
        6 => Just(Change::Keep),
        1 => Just(Change::Drop),
        1 => line().prop_map(Change::Replace),
        1 => line().prop_map(Change::Precede),
        1 => prop::sample::select(vec!["", "\n", "\r\n"]).prop_map(Change::Ending),
    ]
}

fn apply(changes: &[(&'static str, Change)]) -> (String, String) {
    let mut disk = String::new();
    let mut received = String::new();
    for (line, change) in changes {
        disk.push_str(line);
        match change {
            Change::Keep => received.push_str(line),
            Change::Drop => {}
            Change::Replace(other) => received.push_str(other),
            Change::Precede(other) => received.extend([*other, *line]),
            Change::Ending(ending) => {
                received.extend([line.trim_end_matches(['\r', '\n']), *ending]);
            }
        }
    }
    (disk, received)
}

proptest! {
    #[test]
    fn exact_spans_have_the_same_bytes_on_disk(
        changes in prop::collection::vec(
            (prop::sample::select(vec!["one\n", "two\r\n", "\n", "ä ö\n", "three"]), change()),
            0..10,
        ),
        mark in any::<bool>(),
    ) {
        let (mut disk, received) = apply(&changes);
        if mark {
            disk.insert_str(0, BYTE_ORDER_MARK);
        }
        let map = DiskMap::new(&disk, &received);
        let unmarked = disk.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&disk);
        prop_assert_eq!(map.is_identity(), unmarked == received);
        let borders: Vec<_> =
            received.char_indices().map(|(at, _)| at).chain([received.len()]).collect();
        for (index, start) in borders.iter().enumerate() {
            for end in &borders[index..] {
                let span = Span::new(*start, *end);
                let exact = map.exact(span);
                if let Some(exact) = exact {
                    prop_assert_eq!(&disk[exact.range()], &received[span.range()]);
                }
                prop_assert!(exact.is_some() || !map.is_identity());
                let (nearest, is_exact) = map.nearest(span);
                prop_assert!(disk.get(nearest.range()).is_some(), "{:?}", nearest);
                prop_assert_eq!(is_exact.then_some(nearest), exact);
            }
        }
    }
}
