//! What `fix` must never do to an author's text, however broken it is.

use handbook_tests::Book;
use std::collections::BTreeSet;

/// An output block whose end was forgotten takes in what follows; none of that may go.
#[test]
fn a_forgotten_fence_costs_nothing() {
    let open = "# A\n\n```rust\nprintln!(\"2\");\n```\n\n```output\n1\n\n## Next\n\nProse.\n";
    let swallowing = format!("{open}\n```rust\nprintln!(\"3\");\n```\n\nEnd.\n");
    for text in [open, &swallowing] {
        let book = Book::new().chapter("a.md", text);
        let fix = book.handbook(["fix"]);
        assert_eq!(fix.code, Some(1), "{fix}");
        assert_eq!(book.read("src/a.md"), text, "{fix}");
    }
}

/// Outside of output blocks `fix` only inserts: the lines that were there are there, in order.
#[test]
fn lines_outside_outputs_stay_in_order() {
    let blocks = [
        "Text.",
        "- item\n\n  ```rust,run\n  println!(\"1\");\n  ```",
        "> ```rust,run\n> println!(\"2\\n3\");\n> ```\n>\n> ```output\n> 9\n> ```",
        "```rust,run\nprintln!(\"4\");\n```",
        "```rust\nprintln!(\"5\");\n```\n\n~~~output wide\n6\n~~~",
        "```rust,run\nprintln!(\"```\");\n```\n\n````output\n7\n````",
        "| a |\n|---|\n| b |",
        "{{#include part.md}}",
    ];
    for newline in ["\n", "\r\n"] {
        for shift in 0..blocks.len() {
            let mut order = blocks.to_vec();
            order.rotate_left(shift);
            let text = (order.join("\n\n") + "\n").replace('\n', newline);
            let book = Book::new().chapter("a.md", &text).file("src/part.md", "Part.\n");
            let fix = book.handbook(["fix"]);
            assert_eq!(fix.code, Some(0), "{fix}");
            let fixed = book.read("src/a.md");
            let mut rest = fixed.split(newline);
            let is_value = |line: &&str| !["9", "6", "7", "> 9"].contains(line);
            for line in text.split(newline).filter(is_value) {
                assert!(rest.any(|other| other == line), "{line:?} is gone from\n{fixed}");
            }
        }
    }
}

/// A chapter outside the book's folder is read, as mdBook does, and not written.
#[test]
fn files_outside_the_book_are_left_alone() {
    let book = Book::new().summary("# Summary\n\n- [A](../../out.md)\n");
    let out = book.beside("out.md");
    let text = "# A\n\n```rust\nprintln!(\"1\");\n```\n\n```output\n2\n```\n";
    std::fs::write(&out, text).unwrap();
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.code, Some(1), "{fix}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), text);
}

/// A link to a file of the book stays a link.
#[cfg(unix)]
#[test]
fn links_stay_links() {
    let text = "# A\n\n```rust\nprintln!(\"1\");\n```\n\n```output\n2\n```\n";
    let book = Book::new().chapter("a.md", "").file("shared/real.md", text);
    let link = book.root().join("src/a.md");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(book.root().join("shared/real.md"), &link).unwrap();
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.code, Some(0), "{fix}");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(book.read("shared/real.md"), text.replace("\n2\n", "\n1\n"));
}

/// A finding in an included file belongs to the chapters that include it.
#[test]
fn chapters_answer_for_what_they_include() {
    let broken = "```rust\n{{#include part.rs}}\n```\n";
    let book = Book::new()
        .chapter("a.md", format!("# A\n\n{broken}"))
        .chapter("b.md", format!("# B\n\n{broken}"))
        .chapter("c.md", "# C\n")
        .file("src/part.rs", "let x: u8 = \"\";\n");
    for (chapter, code) in [("a.md", 1), ("b.md", 1), ("c.md", 0)] {
        for command in ["check", "run"] {
            let output = book.handbook([command, chapter]);
            assert_eq!(output.code, Some(code), "{command} {chapter}: {output}");
        }
    }
    assert_eq!(book.handbook(["check", "--format", "json"]).findings().len(), 1);
}

/// A name in a shared file is one name; the line of its first place is a line of the file.
#[test]
fn names_are_compared_by_their_place_on_disk() {
    let named = "```rust,name=same\nfn main() {}\n```\n";
    let include = "# A\n\n{{#include part.md}}\n";
    let shared = Book::new().chapter("a.md", include).chapter("b.md", include);
    let shared = shared.file("src/part.md", named);
    let check = shared.handbook(["check"]);
    assert_eq!(check.code, Some(0), "{check}");

    let text = "{{#include lines.md}}\n\n".to_owned() + named;
    let twice = Book::new().chapter("a.md", text).chapter("b.md", named);
    let twice = twice.file("src/lines.md", "one\n\ntwo\n\nthree\n");
    let check = twice.handbook(["check"]);
    assert!(check.stderr.contains("the first is here: src/a.md:3\n"), "{check}");
}

/// A remedy is promised only where there is one.
#[test]
fn what_fix_cannot_write_it_does_not_promise() {
    let text = "```rust\nprintln!(\"1\");\n```\n\n```output\n{{#include out.txt}}\n```\n";
    let book = Book::new().chapter("a.md", text).file("src/out.txt", "2");
    let check = book.handbook(["check", "--format", "json"]);
    let helps: BTreeSet<String> =
        check.findings().iter().map(|finding| finding["help"].to_string()).collect();
    assert_eq!(
        helps.into_iter().collect::<Vec<_>>(),
        ["\"edit it by hand: the text is put together from several places\""]
    );
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
}
