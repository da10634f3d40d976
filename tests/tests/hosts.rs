//! The same books through a real mdBook 0.4 and a real mdBook 0.5, which start our preprocessor.

use handbook_tests::in_process::{PART, is_faultless};
use handbook_tests::markdown::{common_mark_examples, foreign_chapter};
use handbook_tests::{Book, Host, OURS};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const RING: &str = r#"# Ring

```rust,name=ring,run,timeout=5s
# let nodes = 4;
println!("tokens = {}", nodes * 160);
```

```output
tokens = 640
```

1. A step that shows what it prints without anything written down:

   ```rust,run,release
   println!("in a list");
   ```

> ```rust,should_panic,name=stop
> panic!("as said");
> ```
"#;

const README: &str = "# Start\n\n```rust,run\nprintln!(\"start\");\n```\n\n```output\nstart\n```\n";

const LEAF: &str = "# Leaf\n\n```rust,mod=leaf\npub const NAME: &str = \"leaf\";\n```\n\n\
                    ```rust,use=leaf,run\nprintln!(\"{}\", leaf::NAME);\n```\n";

/// Sub-chapters, a README that becomes the index, a draft, a part title.
fn sample() -> Book {
    Book::new()
        .file("src/README.md", README)
        .file("src/ring.md", RING)
        .file("src/deep/leaf.md", LEAF)
        .file("src/plain.md", "# Plain\n\n```text,output\nnot of ours\n```\n")
        .summary(
            "# Summary\n\n[Start](README.md)\n\n# Part\n\n- [Ring](ring.md)\n  - [Leaf](deep/leaf.md)\n    \
             - [Draft]()\n- [Plain](plain.md)\n",
        )
}

/// What a reader sees: outputs as plain text, and no word of ours.
#[test]
fn outputs_stand_in_the_pages_and_our_words_do_not() {
    let book = sample();
    for host in Host::ALL {
        let built = host.build(&book).ok();
        assert_eq!(built.log, "", "{host:?}");
        let outputs = |page: &str| built.select(page, "pre code.language-text.output");
        assert_eq!(outputs("index.html"), ["start\n"], "{host:?}");
        assert_eq!(outputs("ring.html"), ["tokens = 640\n", "in a list\n"], "{host:?}");
        assert_eq!(outputs("deep/leaf.html"), ["leaf\n"], "{host:?}");
        let in_list = built.select("ring.html", "li pre code.output");
        assert_eq!(in_list, ["in a list\n"], "{host:?}");

        let classes = built.classes("ring.html", "code.language-rust");
        assert_eq!(classes.len(), 3, "{host:?}");
        for word in ["name", "run", "timeout", "release", "ring"] {
            let shown: Vec<_> = classes.iter().filter(|class| class.contains(word)).collect();
            assert!(shown.is_empty(), "{host:?} shows `{word}`: {shown:?}");
        }
        assert!(classes[2].contains("should_panic"), "{host:?}: {classes:?}");
    }
}

/// The renderer's `index.md` is not what the author can edit; a build that fails says so in full.
#[test]
fn findings_name_the_readme_and_the_files_below_folders() {
    let book = sample();
    book.write("src/README.md", README.replace("\nstart\n", "\nstrat\n"));
    book.write("src/deep/leaf.md", "# Leaf\n\n```rust\nlet leaf: u8 = \"\";\n```\n");
    // By name we come before `index`, which renames the chapter.
    let behind_index = OURS.replace("before", "after = [\"index\"]\nbefore");
    for (host, config) in
        Host::ALL.into_iter().flat_map(|host| [(host, OURS), (host, &*behind_index)])
    {
        let built = host.build_with(&book, config);
        let error = built.error.as_deref().unwrap_or_default();
        assert!(error.contains("preprocessor"), "{host:?}: {error}");
        assert_eq!(
            built.places(),
            [
                "error snippets/stale-output src/README.md:8:1",
                "error snippets/does-not-compile src/deep/leaf.md:4:16",
            ],
            "{host:?}: {}",
            built.log
        );
    }
}

/// Under `mdbook test` rustdoc runs the snippets: we only take our words away, and run nothing.
#[test]
fn mdbook_test_passes_and_fails_with_rustdoc() {
    let book = sample();
    book.write("src/README.md", README.replace("\nstart\n", "\nstale\n"));
    let tested = Host::test(&book).ok();
    assert_eq!(tested.log, "");
    book.write("src/plain.md", "# Plain\n\n```rust,run,name=broken\npanic!();\n```\n");
    let tested = Host::test(&book);
    assert!(tested.error.is_some_and(|error| error.contains("tests failed")));
    assert_eq!(tested.log, "");
}

/// A single preprocessor does alone what the umbrella does with the same pass.
#[test]
fn a_single_preprocessor_gives_the_same_pages() {
    let book = sample();
    let single = OURS.replace("handbook]", "snippets]").replace("$HANDBOOK", "$SNIPPETS");
    for host in Host::ALL {
        let (ours, alone) = (host.build(&book).ok(), host.build_with(&book, &single).ok());
        for page in ["index.html", "ring.html", "deep/leaf.html", "plain.html", "print.html"] {
            assert_eq!(ours.text(page), alone.text(page), "{host:?}: {page}");
        }
    }
}

/// Asserts that chapters are the same with and without our preprocessor, to the byte.
fn check_untouched(chapters: &[String]) {
    let mut book = Book::new().file("src/part.md", PART);
    for (index, text) in chapters.iter().enumerate() {
        book = book.file(&format!("src/c{index}.md"), text);
    }
    let links: String =
        (0..chapters.len()).map(|index| format!("- [c{index}](c{index}.md)\n")).collect();
    let book = book.summary(&format!("# Summary\n\n{links}"));
    let without = "[output.markdown]\n";
    // Whether links lead anywhere is another question.
    let links = "[[preprocessor.handbook.suppress]]\nrules = [\"nav/*\"]\npaths = [\"src/*\"]\n\
                 reason = \"made up\"\n";
    let with = format!("{OURS}\n{links}\n{without}");
    for host in Host::ALL {
        let theirs = host.build_with(&book, without).ok();
        let ours = host.build_with(&book, &with).ok();
        assert_eq!(ours.log, "", "{host:?}");
        for (index, text) in chapters.iter().enumerate() {
            let file = format!("c{index}.md");
            let (theirs, ours) = (theirs.text(&file), ours.text(&file));
            assert_eq!(theirs, ours, "{host:?} changes this chapter:\n{text:?}");
        }
    }
}

/// Nothing of ours is in the specification, so nothing of it may change. The few examples with a
/// fence that is never closed are errors, which a host takes no pages from.
#[test]
fn every_example_of_the_common_mark_specification_passes_untouched() {
    let examples = common_mark_examples();
    assert_eq!(examples.len(), 652);
    let faultless: Vec<_> = examples.into_iter().filter(|text| is_faultless(text)).collect();
    assert!(faultless.len() > 640, "only {} have no findings", faultless.len());
    check_untouched(&faultless);
}

#[test]
fn made_up_chapters_pass_untouched() {
    let mut runner = TestRunner::deterministic();
    let strategy = foreign_chapter();
    let chapters = (0..400).map(|_| strategy.new_tree(&mut runner).expect("a chapter").current());
    let faultless: Vec<_> = chapters.filter(|text| is_faultless(text)).collect();
    assert!(faultless.len() > 300, "only {} have no findings", faultless.len());
    check_untouched(&faultless);
}
