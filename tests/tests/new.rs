//! `handbook new` writes what `handbook check` demands, and puts it where readers find it.

use handbook_mdbook::{Entry, Summary};
use handbook_tests::{Book, OURS};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const DEEP_DIVE: &str = "\
# [Topic] — Deep Dive

**Parent:** [Hub] <!-- ? fill parent -->

## Options <!-- ? filled -->

[Which there are]
";

const RECORD: &str = "# [What was decided]\n\n## Why\n\n[Reasons]\n";

/// A book with two kinds of chapters.
fn book() -> Book {
    let kinds = "\
        [preprocessor.handbook.adr.kinds.deep-dive]\ntemplate = \"templates/deep-dive.md\"\n\
        [preprocessor.handbook.adr.kinds.record]\ntemplate = \"templates/record.md\"\n";
    Book::new()
        .config(&format!("{OURS}\n{kinds}"))
        .file("templates/deep-dive.md", DEEP_DIVE)
        .file("templates/record.md", RECORD)
}

/// What the command says on standard error. It must have changed nothing.
fn refused(book: &Book, args: &[&str]) -> String {
    let before = book.tree();
    let output = book.handbook([&["new"], args].concat());
    assert_eq!(output.code, Some(2), "{output}");
    assert_eq!(book.tree(), before, "{output}");
    output.stderr
}

#[test]
fn a_chapter_is_written_listed_and_linked() {
    let book = book()
        .chapter("data.md", "# Data\n\n- [Ring](RING_DEEP_DIVE.md)\n\nMore.\n")
        .chapter(
            "RING_DEEP_DIVE.md",
            "# Ring — Deep Dive\n\n**Parent:** none\n\n## Options\n\nA.\n",
        )
        .summary(
            "# Summary\r\n\r\n- [Data *management*](data.md)\r\n\
             \t- [Ring](RING_DEEP_DIVE.md)\r\n- [Later]()\r\n",
        );
    let output = book.handbook(["new", "deep-dive", "Jump  Hash", "--parent", "src/data.md"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(
        output.stdout,
        "wrote src/JUMP_HASH_DEEP_DIVE.md\nchanged src/SUMMARY.md\nchanged src/data.md\n\n\
         Next:\n- fill in what stands in brackets, 1 placeholder\n\
         - `handbook check src/JUMP_HASH_DEEP_DIVE.md` says what is still owed\n"
    );
    assert_eq!(
        book.read("src/SUMMARY.md"),
        "# Summary\r\n\r\n- [Data *management*](data.md)\r\n\t- [Ring](RING_DEEP_DIVE.md)\r\n\
         \t- [Jump Hash](JUMP_HASH_DEEP_DIVE.md)\r\n- [Later]()\r\n"
    );
    assert_eq!(
        book.read("src/data.md"),
        "# Data\n\n- [Ring](RING_DEEP_DIVE.md)\n- [Jump Hash](JUMP_HASH_DEEP_DIVE.md)\n\nMore.\n"
    );
    assert_eq!(
        book.read("src/JUMP_HASH_DEEP_DIVE.md"),
        "# Jump Hash — Deep Dive\n\n**Parent:** [Data management](data.md)\n\n## Options\n\n\
         [Which there are]\n"
    );
}

#[test]
fn a_new_chapter_lacks_nothing_but_what_its_placeholders_stand_for() {
    let book = book().chapter("a.md", "# A\n");
    for (kind, title) in [("deep-dive", "Rings — Deep Dive"), ("record", "Use `a[0]`, not [b]")] {
        let output = book.handbook(["new", kind, title, "--parent", "a.md"]);
        assert_eq!(output.code, Some(0), "{output}");
    }
    let output = book.handbook(["check", "--format", "json"]);
    assert_eq!(
        output.places(),
        [
            // The parent has no list that the new chapter could join.
            "warning nav/parent-without-list src/rings.md:3:13",
            "warning adr/left-placeholder src/rings.md:7:1",
            // No title says that a chapter is a record, so its front matter does.
            "warning adr/left-placeholder src/use-a-0-not-b.md:9:1",
        ]
    );
    let record = book.read("src/use-a-0-not-b.md");
    let expected = "---\nkind: \"record\"\n---\n\n# Use `a[0]`, not \\[b\\]\n";
    assert!(record.starts_with(expected), "{record}");
    let summary = book.read("src/SUMMARY.md");
    assert!(summary.ends_with("  - [Use `a[0]`, not \\[b\\]](use-a-0-not-b.md)\n"), "{summary}");
}

#[test]
fn what_cannot_be_linked_is_said() {
    let book = book().chapter("a.md", "# A\n\n- [Elsewhere](https://example.org)\n");
    let output = book.handbook(["new", "record", "Use Raft", "--parent", "a.md"]);
    let said = "- link it where readers of src/a.md look for it: [Use Raft](use-raft.md)";
    assert!(output.stdout.contains(said), "{output}");
}

#[test]
fn any_file_can_be_named() {
    let book = book().chapter("a.md", "# A\n");
    for (title, file, written) in [
        ("One", "src/x y/one.md", "x y/one.md"),
        ("Two", "deep/er/two.md", "deep/er/two.md"),
        ("Three", "src/../src/three.md", "three.md"),
    ] {
        let output = book.handbook(["new", "deep-dive", title, "--file", file]);
        assert_eq!(output.code, Some(0), "{output}");
        assert!(book.read(&format!("src/{written}")).starts_with(&format!("# {title} — ")));
    }
    let summary = book.read("src/SUMMARY.md");
    assert!(summary.contains("- [One](<x y/one.md>)\n- [Two](deep/er/two.md)\n"), "{summary}");
    let output = book.handbook(["check", "--format", "json"]);
    let known = ["adr/left-placeholder", "nav/orphan"];
    let is_known = |place: &String| known.iter().any(|rule| place.contains(rule));
    assert!(output.places().iter().all(is_known), "{output}");
}

#[test]
fn a_chapter_that_is_listed_and_not_written_is_written() {
    let summary = "- [A](a.md)\n  - [Soon](soon.md)\n";
    let book = book().chapter("a.md", "# A\n").summary(summary);
    let output = book.handbook(["new", "deep-dive", "Soon"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(book.read("src/SUMMARY.md"), summary);
    assert!(book.read("src/soon.md").contains("**Parent:** [A](a.md)"));
}

#[test]
fn nothing_is_overwritten_and_nothing_guessed() {
    let book = book().chapter("rings.md", "# Rings\n").chapter("b.md", "# B\n");
    assert!(refused(&book, &["deep-dive", "Rings"]).contains("`rings.md` is there already; name"));
    let same = refused(&book, &["deep-dive", "Rings", "--file", "RINGS.md"]);
    assert!(same.contains("same page as `rings.md`"), "{same}");
    assert!(refused(&book, &["deep-dove", "X"]).contains("did you mean `deep-dive`?"));
    assert!(refused(&book, &["essay", "X"]).contains("the book has `deep-dive`, `record`"));
    assert!(refused(&book, &["record", "X", "--parent", "bb.md"]).contains("did you mean `b.md`?"));
    assert!(refused(&book, &["record", " "]).contains("needs a title"));
    assert!(refused(&book, &["record", "Summary"]).contains("--file PATH"));
    // One page for two files.
    let book = book.chapter("sub/README.md", "# C\n");
    let same = refused(&book, &["record", "X", "--file", "sub/index.md"]);
    assert!(same.contains("same page as `sub/README.md`"), "{same}");
    let fragment = refused(&book, &["record", "X", "--file", "c#d.md"]);
    assert!(fragment.contains("behind `#`"), "{fragment}");
    for outside in ["../x.md", "/x.md"] {
        let error = refused(&book, &["record", "X", "--file", outside]);
        assert!(error.contains("lies outside of"), "{error}");
    }
    for name in ["src/SUMMARY.md", "x.txt", "x"] {
        let error = refused(&book, &["record", "X", "--file", name]);
        assert!(error.contains("is no name for a chapter"), "{error}");
    }
}

#[test]
fn a_book_without_usable_kinds_is_told_so() {
    let book = Book::new().chapter("a.md", "# A\n");
    assert!(refused(&book, &["record", "X"]).contains("`handbook init` gives it some"));
    let kinds = "[preprocessor.handbook.adr.kinds.record]\ntemplate = \"templates/gone.md\"\n";
    let book = book.config(kinds);
    assert!(refused(&book, &["record", "X"]).contains("cannot read the template"));
    let book = book.config(&format!("{OURS}[preprocessor.handbook.adr]\nkind = 1\n"));
    let key =
        "`[preprocessor.handbook.adr]` in book.toml: unknown key `kind`; did you mean `kinds`?";
    assert!(refused(&book, &["record", "X"]).contains(key));
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let book = book().chapter("a.md", "# A\n");
    let before = book.tree();
    let output = book.handbook(["new", "record", "X", "--dry-run"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert_eq!(book.tree(), before);
    assert!(output.stdout.contains("+++ b/src/x.md\n@@ -0,0 +1,"), "{output}");
    assert!(output.stdout.contains(" - [a.md](a.md)\n+- [X](x.md)"), "{output}");
}

#[cfg(unix)]
#[test]
fn where_one_file_cannot_be_written_none_is() {
    let book = book().chapter("a.md", "# A\n");
    let (summary, elsewhere) = (book.root().join("src/SUMMARY.md"), book.beside("SUMMARY.md"));
    std::fs::rename(&summary, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &summary).unwrap();
    let error = refused(&book, &["record", "X", "--file", "new/folder/x.md"]);
    assert!(
        error.contains("nothing was written: `src/SUMMARY.md` is not below the book's folder"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_of_the_book() {
    let book = book().chapter("a.md", "# A\n");
    std::fs::create_dir_all(book.beside("outside")).unwrap();
    std::os::unix::fs::symlink(book.beside("outside"), book.root().join("src/out")).unwrap();
    let error = refused(&book, &["record", "X", "--file", "out/deep/x.md"]);
    assert!(error.contains("`src/out/deep/x.md` is not below the book's folder"), "{error}");
    assert_eq!(std::fs::read_dir(book.beside("outside")).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_new_chapter_whose_writing_is_killed_is_whole() {
    let fresh = || book().chapter("a.md", "# A\n\n- [B](b.md)\n").chapter("b.md", "# B\n");
    let fresh = || fresh().summary("- [A](a.md)\n  - [B](b.md)\n");
    let args = ["new", "record", "X", "--parent", "a.md"];
    let files = |book: &Book| {
        let mut files = book.tree();
        files.remove(Path::new("book.toml"));
        files
    };
    let before = files(&fresh());
    let whole = fresh();
    assert_eq!(whole.handbook(args).code, Some(0));
    let after = files(&whole);
    let mut interrupted = 0;
    for _ in 0..10 {
        let book = fresh();
        let journal = book.root().join(".handbook-mv.json");
        let running = book.start("handbook").args(args).run(book.beside("log"));
        let start = Instant::now();
        // The chapter is there no sooner than the journal, and longer.
        while !journal.exists() && !book.root().join("src/x.md").exists() {
            assert!(start.elapsed() < Duration::from_secs(60));
        }
        drop(running);
        interrupted += usize::from(journal.exists());
        let output = book.handbook(["check", "--no-run"]);
        assert!(output.code < Some(2), "{output}");
        let left = files(&book);
        assert!(left == before || left == after, "{left:?}");
    }
    assert!(interrupted > 0);
}

/// How a SUMMARY is laid out.
#[derive(Clone, Copy, Debug)]
struct Layout {
    ending: &'static str,
    step: &'static str,
    prefix: bool,
    suffix: bool,
    ends_with_line: bool,
}

/// A part: whether it has a title, whether a rule stands behind it, the mark of its items, and for
/// each chapter how deep it may stand and whether it is a draft.
type Part = (bool, bool, &'static str, Vec<(usize, bool)>);

/// A SUMMARY, and the files of its numbered chapters.
fn summary(layout: Layout, parts: &[Part]) -> (String, Vec<PathBuf>) {
    let mut lines = vec!["# Summary".to_owned(), String::new()];
    let mut files = Vec::new();
    if layout.prefix {
        lines.extend(["[Before](before.md)".to_owned(), String::new()]);
    }
    let mut apart = true;
    for (title, rule, mark, chapters) in parts {
        // Two lists need something between them, or they are one.
        if *title || !apart {
            lines.extend(["# Part".to_owned(), String::new()]);
        }
        let mut deepest = 0;
        for (depth, is_draft) in chapters {
            let depth = (*depth).min(deepest);
            deepest = depth + 1;
            let file = if *is_draft { String::new() } else { format!("{}.md", files.len()) };
            lines.push(format!("{}{mark} [Chapter]({file})", layout.step.repeat(depth)));
            files.extend((!is_draft).then(|| PathBuf::from(file)));
        }
        lines.push(String::new());
        if *rule {
            lines.extend(["---".to_owned(), String::new()]);
        }
        apart = *rule;
    }
    if layout.suffix && !parts.is_empty() {
        lines.push("[After](after.md)".to_owned());
    }
    let text = lines.join(layout.ending);
    let text = text.trim_end().to_owned();
    (if layout.ends_with_line { text + layout.ending } else { text }, files)
}

fn layouts() -> impl Strategy<Value = Layout> {
    let ending = prop::sample::select(vec!["\n", "\r\n"]);
    let step = prop::sample::select(vec!["    ", "\t"]);
    (ending, step, any::<[bool; 3]>()).prop_map(|(ending, step, flags)| {
        let [prefix, suffix, ends_with_line] = flags;
        Layout { ending, step, prefix, suffix, ends_with_line }
    })
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let mark = prop::sample::select(vec!["-", "*", "1."]);
    let chapters = prop::collection::vec((0..4_usize, any::<bool>()), 1..6);
    prop::collection::vec((any::<bool>(), any::<bool>(), mark, chapters), 0..4)
}

proptest! {
    #[test]
    fn a_line_goes_under_any_chapter_of_any_summary(
        layout in layouts(),
        parts in parts(),
        choice in any::<prop::sample::Index>(),
    ) {
        let (text, files) = summary(layout, &parts);
        let parents: Vec<Option<&Path>> =
            files.iter().map(|file| Some(file.as_path())).chain([None]).collect();
        let parent = *choice.get(&parents);
        let entry = Entry { name: "New".to_owned(), path: Some("new.md".into()) };
        let after = Summary::read(&text).unwrap().with(&entry, parent);
        let after = after.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;

        let read = Summary::read(&after).unwrap();
        prop_assert_eq!(read.children(parent).last().copied(), Some(&entry));
        let lines = |text: &str| -> Vec<String> {
            let lines = text.split('\n').filter(|line| !line.trim().is_empty());
            lines.map(|line| line.trim_end().to_owned()).collect()
        };
        let mut left = lines(&after);
        left.retain(|line| !line.ends_with("[New](new.md)"));
        prop_assert_eq!(left, lines(&text));
        let endings = |text: &str| (text.matches('\n').count(), text.matches("\r\n").count());
        let ((all, crlf), (_, before)) = (endings(&after), endings(&text));
        prop_assert_eq!(crlf, if before > 0 { all } else { 0 });
    }
}

#[test]
fn a_draft_becomes_the_chapter() {
    let summary = "- [Hub](hub.md)\n    - [Rings]()\n- [Other]()\n";
    let book = book().summary(summary).file("src/hub.md", "# Hub\n");
    let new = |title: &str, args: &[&str]| {
        let output = book.handbook(["new", "deep-dive", title].iter().chain(args));
        assert_eq!(output.code, Some(0), "{output}");
    };
    new("Rings — Deep Dive", &["--file", "rings.md"]);
    let due = "- [Hub](hub.md)\n    - [Rings](rings.md)\n- [Other]()\n";
    assert_eq!(book.read("src/SUMMARY.md"), due);
    assert!(book.read("src/rings.md").contains("**Parent:** [Hub](hub.md)"));
    // Under another parent it is another chapter.
    new("Other", &["--file", "other.md", "--parent", "hub.md"]);
    let due = due.replace("- [Other]()", "    - [Other](other.md)\n- [Other]()");
    assert_eq!(book.read("src/SUMMARY.md"), due);
}
