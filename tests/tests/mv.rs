//! `handbook mv` moves chapters and headings, and every link follows, whatever happens to it.

use handbook_tests::{Book, OURS};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// A book whose chapters link to each other in all ways.
fn book() -> Book {
    let links = "\
# Links

## Here

[i](../a.md) [f](../a.md#ring) <a href='../a.html#ring'>h</a> [r] [s][r]
[b](b%20c.md) [b](<b c.md> 'title') [b](./b%20c.md#b) ![p](x%20y.png) [d](deep/)
[self](links.md#here) [self](#here) [web](https://example.org/a.md) [out](../../x.md) [/](/a.md)
`[code](../a.md)`

```text
{{#include ../part.txt:1:2}}
[a](../a.md)
```

{{#include ../a.md:1}}
\\{{#include ../a.md}}

[r]: ../a.html?q#ring (title)
";
    Book::new()
        .config(OURS)
        .file("src/a.md", "\u{feff}# A\r\n\r\n## Ring\r\n\r\n[l](sub/links.md#here) [b](sub/b%20c.md)\r\n")
        .file("src/sub/links.md", links)
        .file("src/sub/b c.md", "# B\n\n[a](../a.md) [links](links.md)\n")
        .file("src/sub/deep/index.md", "# Deep\n\n[a](../../a.md#ring)\n")
        .file("src/part.txt", "one\ntwo\n")
        .file("src/sub/x y.png", "x")
        .summary("# Summary\n\n* [A](./a.md)\n    * [*Links*](sub/links.md 'x')\n    * [B](<sub/b c.md>)\n- [D](sub/deep/index.md)\n")
}

/// The findings about links: rule, and file but for its folders.
fn dead(book: &Book) -> Vec<String> {
    let output = book.handbook(["check", "--no-run", "--format", "json"]);
    let text = |finding: &serde_json::Value| finding["message"].as_str().unwrap().to_owned();
    output.findings().iter().map(text).collect()
}

fn moved(book: &Book, old: &str, new: &str) -> String {
    let output = book.handbook(["mv", old, new]);
    assert_eq!(output.code, Some(0), "{output}");
    output.stdout
}

#[test]
fn links_lead_where_they_led() {
    let chapters = ["src/a.md", "src/sub/links.md", "src/sub/b c.md", "src/sub/deep/index.md"];
    let places = ["src/n.md", "src/sub/n.md", "src/new/er/n(1).md", "src/sub/deep/100%[n].md"];
    for old in chapters {
        for new in places {
            let book = book();
            let before = dead(&book);
            moved(&book, old, new);
            assert_eq!(dead(&book), before, "{old} to {new}");
            assert!(!book.root().join(old).exists() && book.root().join(new).exists());
            // All the way back, and every byte is there again, but for how links are written.
            moved(&book, new, old);
            assert_eq!(dead(&book), before, "{new} to {old}");
        }
    }
}

#[test]
fn a_chapter_takes_its_links_with_it() {
    let book = book();
    let said = moved(&book, "src/sub/links.md", "new/l.md");
    let files = [
        "wrote src/new/l.md",
        "changed src/a.md",
        "changed src/sub/b c.md",
        "changed src/SUMMARY.md",
        "removed src/sub/links.md",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), files);
    let text = book.read("src/new/l.md");
    for kept in [
        "[i](../a.md) [f](../a.md#ring) <a href='../a.html#ring'>h</a> [r] [s][r]\n",
        "[b](../sub/b%20c.md) [b](<../sub/b%20c.md> 'title') [b](../sub/b%20c.md#b) ![p](../sub/x%20y.png) [d](../sub/deep/)\n",
        "[self](l.md#here) [self](#here) [web](https://example.org/a.md) [out](../../x.md) [/](/a.md)\n",
        "{{#include ../part.txt:1:2}}\n[a](../a.md)\n",
        "[r]: ../a.html?q#ring (title)\n",
    ] {
        assert!(text.contains(kept), "{kept}{text}");
    }
    assert_eq!(
        book.read("src/a.md"),
        "\u{feff}# A\r\n\r\n## Ring\r\n\r\n[l](new/l.md#here) [b](sub/b%20c.md)\r\n"
    );
    let summary = "# Summary\n\n* [A](./a.md)\n    * [*Links*](new/l.md 'x')\n    * [B](<sub/b c.md>)\n- [D](sub/deep/index.md)\n";
    assert_eq!(book.read("src/SUMMARY.md"), summary);
}

#[test]
fn links_and_includes_follow_a_chapter() {
    let book = book();
    moved(&book, "a.md", "src/x/a(b).md");
    let text = book.read("src/sub/links.md");
    for kept in [
        "[i](../x/a%28b%29.md) [f](../x/a%28b%29.md#ring) <a href='../x/a%28b%29.html#ring'>h</a>",
        "`[code](../a.md)`",
        "{{#include ../x/a(b).md:1}}\n\\{{#include ../a.md}}\n",
        "[r]: ../x/a%28b%29.html?q#ring (title)\n",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    assert!(book.read("src/SUMMARY.md").contains("* [A](<x/a(b).md>)\n"));
}

#[test]
fn includes_are_those_that_mdbook_obeys() {
    let text = "# N\n\n{{#include\n ../a.md:1}} {{#playground p:1.rs editable}}\n\
                \\{{#include ../a.md}} {{#include ../a.md}}\n\n{{#value {{#include ../a.md}}\n";
    let fresh = || {
        Book::new()
            .summary("- [A](a.md)\n- [N](sub/n.md)\n")
            .file("src/a.md", "# A\n")
            .file("src/sub/n.md", text)
            .file("src/sub/p:1.rs", "fn main() {}\n")
    };
    let book = fresh();
    moved(&book, "src/a.md", "src/b.md");
    let due = text.replace("\n ../a.md", "\n ../b.md");
    assert_eq!(book.read("src/sub/n.md"), due);
    moved(&book, "src/sub/n.md", "src/n.md");
    let due = due.replace("../b.md", "b.md").replace("p:1.rs", "sub/p:1.rs");
    assert_eq!(book.read("src/n.md"), due);
    let book = fresh();
    let output = book.handbook(["mv", "src/a.md", "src/a:b.md"]);
    assert!(output.code == Some(2) && output.stderr.contains("mdBook cannot read"), "{output}");
}

#[test]
fn links_follow_a_heading() {
    let book = book();
    moved(&book, "src/a.md#ring", "The *Ring* (new)");
    assert!(book.read("src/a.md").contains("\r\n## The *Ring* (new)\r\n"));
    let text = book.read("src/sub/links.md");
    assert!(
        text.contains("[i](../a.md) [f](../a.md#the-ring-new) <a href='../a.html#the-ring-new'>")
    );
    assert!(text.contains("[r]: ../a.html?q#the-ring-new (title)\n"));
    assert!(book.read("src/sub/deep/index.md").contains("(../../a.md#the-ring-new)"));
    moved(&book, "src/sub/links.md#here", "There");
    assert!(book.read("src/sub/links.md").contains("[self](links.md#there) [self](#there)"));
    assert!(book.read("src/a.md").contains("(sub/links.md#there)"));
}

#[test]
fn only_letters_change_in_a_name() {
    let book = book();
    moved(&book, "src/a.md", "src/A.md");
    assert!(book.root().join("src/A.md").exists());
    assert!(book.read("src/sub/links.md").contains("[i](../A.md)"));
}

#[test]
fn what_cannot_be_moved_is_refused_and_nothing_changes() {
    let book = book().file("src/free.md", "no chapter");
    let before = book.tree();
    for (old, new, why) in [
        ("src/a.md", "src/free.md", "is there already"),
        ("src/a.md", "src/a.md", "is there already"),
        ("src/a.md", "src/sub/B c.md", "the same page"),
        ("src/a.md", "src/sub/deep/README.md", "the same page"),
        ("src/a.md", "../a.md", "lies outside"),
        ("src/a.md", "src/a.txt", "no name for a chapter"),
        ("src/free.md", "src/b.md", "no chapter"),
        ("src/a.md", "src/a b.md", "mdBook cannot read"),
        ("src/a.md", "src/a#1.md", "behind `#`"),
        ("src/a.md#rinq", "x", "did you mean `ring`"),
        ("src/a.md#ring", "src/a.md#rings", "write the heading's new text"),
        ("src/a.md#ring", "x\n\ny", "one heading"),
    ] {
        let output = book.handbook(["mv", old, new]);
        assert_eq!(output.code, Some(2), "{old} {new}: {output}");
        assert!(output.stderr.contains(why), "{old} {new}: {}", output.stderr);
        assert_eq!(book.tree(), before, "{old} {new}");
    }
    let output = book.handbook(["mv", "src/a.md", "src/n/b.md", "--dry-run"]);
    assert!(
        output.stdout.contains("-* [A](./a.md)")
            || output.stdout.contains("- * [A]")
            || output.stdout.contains("[A](n/b.md)"),
        "{output}"
    );
    assert_eq!(book.tree(), before);
}

#[test]
fn a_move_makes_no_suspects() {
    let book = Book::new()
        .summary("- [A](a.md)\n- [B](b.md)\n- [C](c.md)\n")
        .file("src/a.md", "# A\n\n[c](c.md) <a href=\"./c.md\">c</a> [c]\n\n[c]: c.md#c\n")
        .file("src/b.md", "# B\n\n**Prerequisites:** [A](a.md), [C](c.md)\n")
        .file("src/c.md", "# C\n\n[a](a.md)\n");
    assert_eq!(book.handbook(["review", "src/b.md", "--date", "2026-03-01"]).code, Some(0));
    for (old, new) in [("a.md", "src/x/a.md"), ("b.md", "src/y/b.md"), ("c.md", "src/z/c.md")] {
        moved(&book, old, new);
        let listed = book.handbook(["review"]);
        assert!(listed.stdout.starts_with("no reviewed chapter"), "{old}: {listed}");
    }
    let reviews = book.read("handbook-review.toml");
    assert!(
        reviews.contains("chapter = \"y/b.md\"") && reviews.contains("\"z/c.md\" ="),
        "{reviews}"
    );
    book.write("src/x/a.md", "# A\n\nAnother\n");
    assert!(book.handbook(["review"]).stderr.contains("`x/a.md` has changed"));
}

#[test]
fn reviews_follow_where_the_settings_say_that_they_are() {
    let fresh = |settings: &str| {
        let review = |path| {
            format!("[[review]]\nchapter = \"{path}\"\ndate = 2026-03-01\nprerequisites = {{}}\n")
        };
        Book::new()
            .config(&format!("{OURS}\n{settings}"))
            .summary("- [A](a.md)\n")
            .file("src/a.md", "# A\n")
            .file("handbook-review.toml", review("a.md"))
    };
    // A table that means nothing beside the whole suite's.
    let book = fresh("[preprocessor.nav]\nreviews = \"other.toml\"\n");
    moved(&book, "src/a.md", "src/b.md");
    assert!(book.read("handbook-review.toml").contains("chapter = \"b.md\""));

    let book = fresh("[preprocessor.handbook.nav]\nrevews = \"other.toml\"\n");
    let before = book.tree();
    let output = book.handbook(["mv", "src/a.md", "src/b.md"]);
    let told =
        "`[preprocessor.handbook.nav]` in book.toml: unknown key `revews`; did you mean `reviews`?";
    assert!(output.code == Some(2) && output.stderr.contains(told), "{output}");
    assert_eq!(book.tree(), before);
}

#[test]
fn a_dot_in_front_of_an_address_stays() {
    let book = Book::new()
        .summary("- [A](a.md)\n- [B](b.md)\n")
        .file("src/a.md", "# A\n\n[b](./b.md) {{#include ./b.md:1:1}}\n")
        .file("src/b.md", "# B\n\n[a](./a.md#a) [p](./p.txt)\n")
        .file("src/p.txt", "p");
    moved(&book, "src/a.md", "src/n.md");
    assert_eq!(book.read("src/n.md"), "# A\n\n[b](./b.md) {{#include ./b.md:1:1}}\n");
    assert_eq!(book.read("src/b.md"), "# B\n\n[a](./n.md#a) [p](./p.txt)\n");
}

#[test]
fn moves_at_the_same_time_are_made_one_after_the_other() {
    let chapters: Vec<String> = (0..8).map(|index| format!("c{index}")).collect();
    let lines: String = chapters.iter().map(|name| format!("- [{name}]({name}.md)\n")).collect();
    let links: String = chapters.iter().map(|name| format!("[{name}]({name}.md)\n")).collect();
    let fresh = || {
        let book = Book::new().summary(&lines);
        chapters.iter().fold(book, |book, name| book.file(&format!("src/{name}.md"), &links))
    };
    let new = |index: usize| format!("src/d{index}/m.md");
    let due = fresh();
    for index in 0..3 {
        moved(&due, &format!("c{index}.md"), &new(index));
    }
    let due = files(&due);
    for _ in 0..6 {
        let book = fresh();
        thread::scope(|scope| {
            for index in 0..3 {
                let old = format!("c{index}.md");
                let start = book.start("handbook").args(["mv", &old, &new(index)]);
                scope.spawn(move || {
                    let output = start.output();
                    assert_eq!(output.code, Some(0), "{output}");
                });
            }
        });
        assert_eq!(files(&book), due);
    }
}

#[cfg(unix)]
#[test]
fn folders_that_lead_out_of_the_book_are_left_alone() {
    let book = book();
    let outside = book.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, book.root().join("src/out")).unwrap();
    let before = book.tree();
    let output = book.handbook(["mv", "src/a.md", "src/out/a.md"]);
    assert!(output.code == Some(2) && output.stderr.contains("not below the book"), "{output}");
    assert_eq!(book.tree(), before);
    assert_eq!(std::fs::read_dir(outside).unwrap().count(), 0);
}

/// A book whose chapters include a file with links.
fn book_with_parts() -> Book {
    Book::new()
        .config(OURS)
        .summary("- [A](a.md)\n- [B](sub/b.md)\n- [C](c.md)\n")
        .file("src/a.md", "# A\n\n## Ring\n\n{{#include parts/see.md}}\n")
        .file("src/sub/b.md", "# B\n\n{{#include ../parts/both.md}}\n")
        .file("src/c.md", "# C\n\n{{#include parts/both.md}}\n")
        .file(
            "src/parts/see.md",
            "\u{feff}See [C](c.md#c), [r].\n\n[r]: a.md#ring\n\n`[c](c.md)`\n",
        )
        .file(
            "src/parts/both.md",
            "[web](https://example.org) [A](/a.html)\n\n[Ring](../a.md#ring)\n",
        )
}

#[test]
fn links_in_included_files_follow() {
    let book = book_with_parts();
    let said = moved(&book, "src/c.md", "src/x/c.md");
    assert!(said.contains("changed src/parts/see.md\n"), "{said}");
    let text = book.read("src/parts/see.md");
    assert!(text.starts_with("\u{feff}See [C](x/c.md#c), [r].\n"), "{text}");
    assert!(text.ends_with("[r]: a.md#ring\n\n`[c](c.md)`\n"), "{text}");
    // Who includes the file goes elsewhere, and its links with it.
    moved(&book, "src/a.md", "src/y/a.md");
    let text = book.read("src/parts/see.md");
    assert!(text.contains("[C](../x/c.md#c)") && text.contains("[r]: a.md#ring\n"), "{text}");
    assert!(book.read("src/y/a.md").contains("{{#include ../parts/see.md}}"));
    assert_eq!(dead(&book), [""; 0]);
    moved(&book, "src/y/a.md#ring", "Rings");
    assert!(book.read("src/parts/see.md").contains("[r]: a.md#rings\n"));
}

#[test]
fn links_that_includers_would_have_to_write_differently_are_told() {
    let book = book_with_parts().file("src/c.md", "# C\n\n[A](a.md)\n");
    // One includer: `sub/b.md`.
    moved(&book, "src/a.md", "src/sub/a.md");
    assert!(book.read("src/parts/both.md").contains("[Ring](a.md#ring)"));

    let both = book_with_parts().file("src/c.md", "# C\n\n{{#include parts/both.md}}\n[A](a.md)\n");
    let before = both.read("src/parts/both.md");
    let output = both.handbook(["mv", "src/a.md", "src/sub/a.md"]);
    assert_eq!(output.code, Some(0), "{output}");
    let told = "src/parts/both.md:3: the link to `../a.md#ring` is to be changed by hand: it would \
                have to differ for `c.md`, `sub/b.md`\n";
    assert_eq!(output.stderr, told);
    assert_eq!(both.read("src/parts/both.md"), before);

    // For all that include it, the same is right.
    let same = book_with_parts()
        .file("src/sub/b.md", "# B\n")
        .file("src/sub/d.md", "# D\n\n{{#include ../parts/both.md}}\n")
        .file("src/sub/b.md", "# B\n\n{{#include ../parts/both.md}}\n")
        .file("src/c.md", "# C\n")
        .summary("- [A](a.md)\n- [B](sub/b.md)\n- [C](c.md)\n- [D](sub/d.md)\n");
    let said = moved(&same, "src/a.md", "src/n.md");
    assert!(said.contains("changed src/parts/both.md\n"), "{said}");
    assert!(same.read("src/parts/both.md").contains("[Ring](../n.md#ring)"));
    assert_eq!(dead(&same), [""; 0]);
}

#[test]
fn a_chapter_that_others_include_keeps_its_own_links() {
    let book = Book::new()
        .summary("- [A](a.md)\n- [B](sub/b.md)\n- [C](c.md)\n")
        .file("src/a.md", "\u{feff}# A\n\n[c](c.md)\n")
        .file("src/sub/b.md", "# B\n\n{{#include ../a.md}}\n")
        .file("src/c.md", "# C\n");
    let output = book.handbook(["mv", "src/c.md", "src/d.md"]);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.starts_with("src/a.md:3: the link to `c.md` is to be"), "{output}");
    assert_eq!(book.read("src/a.md"), "\u{feff}# A\n\n[c](d.md)\n");
}

#[test]
fn a_chapter_that_includes_the_summary_changes_it_once() {
    let book = Book::new()
        .summary("- [A](a.md)\n- [B](<b.md>)\n")
        .file("src/a.md", "# A\n\n{{#include SUMMARY.md}}\n")
        .file("src/b.md", "# B\n");
    moved(&book, "src/b.md", "src/c d.md");
    assert_eq!(book.read("src/SUMMARY.md"), "- [A](a.md)\n- [B](<c d.md>)\n");
}

#[test]
fn redirects_to_the_moved_page_are_told() {
    let redirects = "\n[output.html.redirect]\n\"/old.html\" = \"a.html#ring\"\n\"/x.html\" = \"sub/links.html\"\n";
    let book = book().config(&format!("{OURS}{redirects}"));
    let said = moved(&book, "src/a.md", "src/b.md");
    assert!(said.contains("the redirect from `/old.html` to `a.html#ring`"), "{said}");
    assert!(!said.contains("/x.html"), "{said}");
}

#[test]
fn settings_that_name_the_old_path_are_told() {
    let config = format!("{OURS}\n[preprocessor.handbook.nav]\nplanned = [\"a.md\"]\n");
    let book = book().config(&config);
    let said = moved(&book, "src/a.md", "src/b.md");
    assert!(said.contains("book.toml:") && said.contains("still names `a.md`"), "{said}");
}

/// The book's files, without its configuration, in which the harness names folders.
fn files(book: &Book) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut files = book.tree();
    files.remove(Path::new("book.toml"));
    files
}

#[test]
fn a_move_that_is_killed_is_whole() {
    let many = |book: Book| {
        let all: Vec<String> = (0..40).map(|index| format!("c{index}.md")).collect();
        let book = all.iter().fold(book, |book, name| {
            book.file(&format!("src/{name}"), format!("# {name}\n\n[a](a.md#ring)\n"))
        });
        let lines: String = all.iter().map(|name| format!("- [{name}]({name})\n")).collect();
        book.summary(&format!("- [A](a.md)\n{lines}"))
    };
    let fresh = || many(Book::new().file("src/a.md", "# A\n\n## Ring\n\n[c](c7.md)\n"));
    let before = files(&fresh());
    let whole = fresh();
    let start = Instant::now();
    moved(&whole, "src/a.md", "src/x/y.md");
    let took = start.elapsed();
    let after = files(&whole);
    let mut seen = BTreeMap::new();
    const KILLS: u32 = 30;
    for round in 0..KILLS {
        let book = fresh();
        let running =
            book.start("handbook").args(["mv", "src/a.md", "src/x/y.md"]).run(book.beside("log"));
        thread::sleep(took * round / KILLS);
        drop(running);
        let is_half = files(&book) != before && files(&book) != after;
        let output = book.start("handbook").args(["check", "--no-run"]).output();
        assert!(output.code < Some(2), "{output}");
        let left = files(&book);
        assert!(left == before || left == after, "round {round}: {output}");
        *seen.entry((is_half, left == after)).or_insert(0) += 1;
    }
    // Not all kills come when nothing has begun.
    assert!(seen.keys().any(|(is_half, _)| *is_half), "{seen:?} in {took:?}");
    assert!(took < Duration::from_secs(30));
}
