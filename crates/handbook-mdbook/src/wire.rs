//! The book in mdBook's JSON, 0.4 and 0.5 alike.

use serde_json::{Map, Value};

/// The keys under which the generations keep a book's items: 0.5, then 0.4.
const ITEMS: [&str; 2] = ["items", "sections"];

/// Whether `book` looks like a book of any generation.
pub(crate) fn is_book(book: &Value) -> bool {
    ITEMS.iter().any(|key| book.get(key).is_some_and(Value::is_array))
}

/// Visits the chapters in reading order, drafts left out.
pub(crate) fn visit_chapters(book: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    let items = ITEMS.iter().find(|key| book.get(**key).is_some());
    if let Some(items) = items.and_then(|key| book.get_mut(*key)).and_then(Value::as_array_mut) {
        visit_items(items, visit);
    }
}

fn visit_items(items: &mut [Value], visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    for item in items {
        let Some(chapter) = item.get_mut("Chapter").and_then(Value::as_object_mut) else {
            continue;
        };
        if chapter.get("path").is_some_and(Value::is_string) {
            visit(chapter);
        }
        if let Some(children) = chapter.get_mut("sub_items").and_then(Value::as_array_mut) {
            visit_items(children, visit);
        }
    }
}
