//! `mdbook serve` never stops over a finding: the author looks at the pages as they are, and reads
//! there what is wrong with them. What tells us is the endpoint that `serve` puts into the
//! configuration.

use handbook_tests::{Book, Host, OURS};

const PANEL: &str = ".handbook-problems li";

fn sample() -> Book {
    Book::new()
        .chapter(
            "a.md",
            "# A\n\n```rust,run\nprintln!(\"<1> & {}\", 2);\n```\n\n```output\n<1> & 3\n```\n\n\
             ```rust\nlet x: u8 = \"{{#include b.md}}\";\n```\n",
        )
        .chapter("b.md", "fine\n")
        .chapter("c.md", "```rust,nmae=c\n```\n")
}

#[test]
fn a_served_book_shows_its_problems_and_never_fails() {
    let book = sample();
    for host in Host::ALL {
        let served = format!("{OURS}\n[output.html]\nlive-reload-endpoint = \"__livereload\"\n");
        let built = host.build_with(&book, &served).ok();
        let problems = built.select("a.html", PANEL);
        assert_eq!(problems.len(), 2, "{host:?}: {problems:?}");
        assert_eq!(
            problems[0], "line 8: the snippet prints `<1> & 2` here snippets/stale-output",
            "{host:?}"
        );
        assert!(problems[1].starts_with("line 12: the snippet does not compile"), "{problems:?}");
        assert_eq!(built.select("b.html", PANEL), [""; 0], "{host:?}");
        assert_eq!(built.select("c.html", PANEL).len(), 1, "{host:?}");
        // The rest of the page stands below.
        assert_eq!(built.select("a.html", "main h1"), ["A"], "{host:?}");
        // The terminal tells the same.
        assert_eq!(built.places().len(), 3, "{host:?}: {}", built.log);
    }
}

#[test]
fn a_book_that_is_built_shows_no_problems_and_fails() {
    let book = sample();
    for host in Host::ALL {
        assert!(host.build(&book).error.is_some(), "{host:?}");
    }
    book.write("src/a.md", "# A\n");
    for host in Host::ALL {
        let built = host.build(&book).ok();
        assert_eq!(built.select("c.html", PANEL), [""; 0], "{host:?}");
        assert_eq!(built.places(), ["warning snippets/unknown-attribute src/c.md:1:9"], "{host:?}");
    }
}
