//! The book in mdBook's JSON, 0.4 and 0.5 alike.

use serde_json::{Map, Value};

/// The keys under which the generations keep a book's items: 0.5, then 0.4.
const ITEMS: [&str; 2] = ["items", "sections"];

/// Whether `book` looks like a book of any generation.
pub(crate) fn is_book(book: &Value) -> bool {
    ITEMS.iter().any(|key| book.get(key).is_some_and(Value::is_array))
}

/// Is shown a chapter, and the place among those shown of the one that it is nested under.
type Visit<'a> = dyn FnMut(&mut Map<String, Value>, Option<usize>) + 'a;

/// Visits the chapters in reading order, drafts left out.
pub(crate) fn visit_chapters(book: &mut Value, visit: &mut Visit<'_>) {
    let items = ITEMS.iter().find(|key| book.get(**key).is_some());
    if let Some(items) = items.and_then(|key| book.get_mut(*key)).and_then(Value::as_array_mut) {
        visit_items(items, None, &mut 0, visit);
    }
}

/// `visited` counts the chapters.
fn visit_items(
    items: &mut [Value],
    parent: Option<usize>,
    visited: &mut usize,
    visit: &mut Visit<'_>,
) {
    for item in items {
        let Some(chapter) = item.get_mut("Chapter").and_then(Value::as_object_mut) else {
            continue;
        };
        let mut own = parent;
        if chapter.get("path").is_some_and(Value::is_string) {
            visit(chapter, parent);
            own = Some(*visited);
            *visited += 1;
        }
        if let Some(children) = chapter.get_mut("sub_items").and_then(Value::as_array_mut) {
            visit_items(children, own, visited, visit);
        }
    }
}
