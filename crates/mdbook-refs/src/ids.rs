//! The ids of list items and citations: the same each time, and no two alike in the whole book, so
//! that links work on `print.html` too.

use handbook_book::slashed;
use std::path::Path;

/// The id of a work in the list of a chapter.
pub(crate) fn listed(chapter: &Path, key: &str) -> String {
    format!("ref:{}:{}", chapter_name(chapter), encoded(key))
}

/// The id of the place, counted from one, where a chapter cites a work.
pub(crate) fn cited(chapter: &Path, key: &str, place: usize) -> String {
    format!("cite:{}:{}:{place}", chapter_name(chapter), encoded(key))
}

/// The id of a work in the book's bibliography.
pub(crate) fn of_book(key: &str) -> String {
    format!("work:{}", encoded(key))
}

fn chapter_name(chapter: &Path) -> String {
    let path = if chapter.extension().is_some_and(|extension| extension == "md") {
        chapter.with_extension("")
    } else {
        chapter.to_owned()
    };
    encoded(&slashed(&path))
}

/// The text in letters that ids, addresses, HTML and Markdown take as they are; no two texts become
/// one.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => out.push(char::from(byte)),
            b'/' => out.push_str(".."),
            _ => out.push_str(&format!(".{byte:02x}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike() {
        let paths = ["a/b.md", "a-b.md", "a.b.md", "a:b.md", "a/b.txt", "a_b.md", "ä.md"];
        let mut ids: Vec<String> = paths.iter().map(|path| listed(Path::new(path), "k")).collect();
        ids.push(listed(Path::new("a"), "b:k"));
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        assert_eq!(cited(Path::new("sub/RING.md"), "a:b", 2), "cite:sub..RING:a.3ab:2");
    }
}
