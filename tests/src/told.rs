//! What programs of ours tell, compared with what is expected.

use crate::{Book, Output};
use snapbox::assert_data_eq;

/// Asserts that a program gave up in words: exit code 2, one error, no panic.
#[track_caller]
pub fn check_error(output: &Output, expected: impl snapbox::IntoData) {
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{output}");
    assert_data_eq!(output.stderr.clone(), expected.into_data());
}

/// Asserts what `check` finds, that the book is as it was, and that `build` finds the same.
#[track_caller]
pub fn check_findings(book: &Book, code: i32, expected: impl snapbox::IntoData) {
    let before = book.tree();
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(code), "{check}");
    assert_data_eq!(check.stderr.clone(), expected.into_data());
    assert_eq!(book.tree(), before, "`check` changes the book");
    let build = book.handbook(["build"]);
    assert_eq!((build.stderr.as_str(), build.code), (check.stderr.as_str(), check.code), "build");
    let mut tree = book.tree();
    tree.retain(|path, _| !path.starts_with("book"));
    assert_eq!(tree, before, "`build` changes the book");
}
