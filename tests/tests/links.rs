//! Links are dead exactly where they are dead on the built pages, and say where they may have led.

use handbook_tests::{Book, Host, Rendered};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, Instant};

/// Every file that was built.
type Tree = std::collections::BTreeMap<PathBuf, Option<Vec<u8>>>;

const CONFIG: &str = "\
[book]
title = \"Test\"

[output.html.redirect]
\"/old.html\" = \"a.html\"
\"/a.html#gone\" = \"sub/index.html\"

[preprocessor.handbook]
command = \"$HANDBOOK\"
before = [\"links\"]
";

/// The findings of a book about links: rule, line, message, help.
fn findings(book: &Book) -> Vec<(String, u64, String, String)> {
    let output = book.handbook(["check", "--no-run", "--format", "json"]);
    let text = |finding: &serde_json::Value, key: &str| {
        finding[key].as_str().unwrap_or_default().to_owned()
    };
    let findings = output.findings();
    let links = findings.iter().filter(|finding| text(finding, "rule").starts_with("nav/"));
    let short = links.map(|finding| {
        let line = finding["start"]["line"].as_u64().unwrap_or_default();
        (text(finding, "rule"), line, text(finding, "message"), text(finding, "help"))
    });
    short.collect()
}

/// A book whose files have names of all sorts, with one chapter more.
fn book(more: &str, text: &str) -> Book {
    let chapters = [
        ("a.md", "# A\n\n## Über `x`\n\n## 100% (sure)\n\n<i id=\"a%20b\"></i>\n"),
        ("sub/README.md", "# Sub\n\n## Ring\n"),
        ("sub/b c.md", "# B\n\n## Ring\n\n## Ring\n"),
        ("sub/d(e).md", "# D\n"),
        ("sub/50%.md", "# E\n"),
        ("sub/ü[1].md", "# F\n"),
        ("sub/deep/index.md", "# G\n"),
        (more, text),
    ];
    let summary: String = chapters
        .iter()
        .enumerate()
        .map(|(id, (path, _))| format!("- [{id}](<{path}>)\n"))
        .collect();
    let book = chapters.iter().fold(Book::new().config(CONFIG), |book, (path, text)| {
        book.file(&format!("src/{path}"), text)
    });
    book.summary(&summary)
        .file("src/sub/data.txt", "x")
        .file("src/sub/x y.png", "x")
        .file("src/sub/unlisted.md", "x")
}

const PATHS: &[&str] = &[
    "",
    ".",
    "..",
    "./",
    "../",
    "a.md",
    "../a.md",
    "../a.html",
    "../A.md",
    "./../a.md",
    "../sub/../a.md",
    "../../a.md",
    "b c.md",
    "b%20c.md",
    "b%20c.html",
    "b c.html",
    "b+c.md",
    "d(e).md",
    "d%28e%29.md",
    "50%.md",
    "50%25.md",
    "50%25.html",
    "ü[1].md",
    "%C3%BC[1].md",
    "%c3%bc%5B1%5d.html",
    "README.md",
    "readme.md",
    "README.html",
    "index.md",
    "index.html",
    "Index.md",
    "deep",
    "deep/",
    "deep/index.md",
    "deep/README.md",
    "data.txt",
    "Data.txt",
    "data%2Etxt",
    "x%20y.png",
    "x y.png",
    "unlisted.md",
    "unlisted.html",
    "none.md",
    "none.txt",
    "../print.html",
    "../404.html",
    "../old.html",
    "../old.md",
    "../index.html",
    "a.mdx",
    "b%20c.md.md",
    "data.txt/",
    "..\\a.md",
];

const QUERIES: &[&str] = &["", "", "", "", "?q=1", "?a b"];

const FRAGMENTS: &[&str] = &[
    "",
    "",
    "",
    "#",
    "#top",
    "#TOP",
    "#ring",
    "#ring-1",
    "#Ring",
    "#%72ing",
    "#über-x",
    "#%C3%BCber-x",
    "#100-sure",
    "#a%20b",
    "#a%2520b",
    "#gone",
    "#none",
    "#x.md",
    "#ring#ring",
];

fn destination() -> impl Strategy<Value = String> {
    (select(PATHS), select(QUERIES), select(FRAGMENTS))
        .prop_map(|(path, query, fragment)| format!("{path}{query}{fragment}"))
}

/// Whether an address on the page `sub/links.html` leads to something that was built.
fn is_alive(built: &Rendered, tree: &Tree, href: &str) -> bool {
    let (address, fragment) = href.split_once('#').unwrap_or((href, ""));
    let address = address.split('?').next().unwrap_or_default().replace('\\', "/");
    let mut page = PathBuf::from("sub");
    for part in Path::new(&decoded(&address)).components() {
        match part {
            // Above the book's root there is somebody else.
            Component::ParentDir if !page.pop() => return true,
            Component::Normal(part) => page.push(part),
            _ => {}
        }
    }
    if address.is_empty() {
        page.push("links.html");
    } else if tree.get(&page).is_none_or(Option::is_none)
        || matches!(address.rsplit('/').next(), Some("" | "." | ".."))
    {
        page.push("index.html");
    }
    let Some(Some(_)) = tree.get(&page) else { return false };
    let path = page.to_str().expect("UTF-8");
    // The ids of pages that are no chapters' are not known before they are built.
    if !path.ends_with(".html")
        || ["print.html", "404.html"].contains(&path)
        || fragment.is_empty()
        || fragment.eq_ignore_ascii_case("top")
    {
        return true;
    }
    let text = built.text(path);
    let ids = built.attributes(path, "main [id]", "id");
    let is_redirect = text.contains("http-equiv=\"refresh\"");
    let is_moved = path == "a.html" && fragment == "gone";
    is_redirect || is_moved || ids.iter().any(|id| id == fragment || *id == decoded(fragment))
}

fn decoded(text: &str) -> String {
    handbook_book::decoded(text)
}

#[test]
fn links_are_dead_exactly_where_they_are_dead_on_the_pages() {
    let mut runner = TestRunner::deterministic();
    let strategy = destination();
    let made: Vec<String> =
        (0..500).map(|_| strategy.new_tree(&mut runner).expect("a link").current()).collect();
    let forms = |index: usize, destination: &str| match index % 3 {
        0 => format!("[link](<{destination}>)\n\n"),
        1 => format!("[link][r{index}]\n\n"),
        _ => format!("Text <a href=\"{destination}\">link</a>\n\n"),
    };
    let links: String = made.iter().enumerate().map(|(index, it)| forms(index, it)).collect();
    let definitions: String =
        made.iter().enumerate().map(|(index, it)| format!("[r{index}]: <{it}>\n")).collect();
    let book = book("sub/links.md", &format!("{links}{definitions}"));
    let found = findings(&book);
    // The generations differ in ids, not in links; `check` judges for the current one.
    let built = Host::V0_5.build_with(
        &book,
        &CONFIG
            .replace("$HANDBOOK", "true")
            .replace("[preprocessor.handbook]\ncommand = \"true\"\nbefore = [\"links\"]\n", ""),
    );
    let built = built.ok();
    let hrefs = built.attributes("sub/links.html", "main a[href]", "href");
    assert_eq!(hrefs.len(), made.len());
    let tree = built.tree();
    let mut dead = 0;
    for (index, (destination, href)) in made.iter().zip(&hrefs).enumerate() {
        let line = 1 + 2 * index as u64;
        let ours: Vec<_> = found
            .iter()
            .filter(|(rule, at, ..)| *at == line && rule.starts_with("nav/dead"))
            .collect();
        let alive = is_alive(&built, &tree, href);
        assert_eq!(ours.is_empty(), alive, "{destination} became {href}: {ours:?}");
        dead += usize::from(!alive);
    }
    assert!(dead > 100 && dead < 450, "{dead} dead links");
}

/// What the findings of one chapter beside those of [`book`] say.
fn said(chapter: &str) -> Vec<String> {
    let book = book("new.md", chapter);
    findings(&book)
        .into_iter()
        .map(|(rule, line, what, help)| format!("{rule} {line}: {what}; {help}"))
        .collect()
}

#[test]
fn dead_links_say_what_may_be_meant() {
    let found = said(
        "[a](sub/b%20d.md)\n[a](b c.md)\n[a](<b c.md>)\n[a](sub/README.md#ring)\n[a](sub/unlisted.md)\n\
         [a](sub/Data.txt)\n[a](a.md#100-sur)\n[a](a.md#ring-1)\n[a][b]\n![a](sub/x%20z.png)\n\
         <a href=\"a.md#uber-x\">a</a>\n[a](www.example.org)\n\n[b]: sub/d%28f%29.md\n",
    );
    let expected = [
        "nav/dead-link 1: `sub/b d.md` is not there; did you mean `sub/b%20c.md`?",
        "nav/dead-link 3: `b c.md` is not there; did you mean `sub/b%20c.md`?",
        "nav/dead-link 4: mdBook calls this chapter's page `sub/index.html`; did you mean `sub/index.md#ring`?",
        "nav/dead-link 5: `sub/unlisted.md` is no chapter, so it has no page; name it in SUMMARY.md",
        "nav/dead-link 6: `sub/Data.txt` is not there, only `data.txt`; did you mean `sub/data.txt`?",
        "nav/dead-anchor 7: `a.md` has no `#100-sur`; did you mean `a.md#100-sure`?",
        "nav/dead-anchor 8: `a.md` has no `#ring-1`; did you mean `sub/b%20c.md#ring-1`?",
        "nav/dead-link 9: `sub/d(f).md` is not there; did you mean `sub/d%28e%29.md`?",
        "nav/missing-image 10: `sub/x z.png` is not there; did you mean `sub/x%20y.png`?",
        "nav/dead-anchor 11: `a.md` has no `#uber-x`; did you mean `a.md#%C3%BCber-x`?",
        "nav/dead-link 12: `www.example.org` is not there; did you mean `https://www.example.org`?",
    ];
    let expected: Vec<String> = expected.iter().map(|it| it.replace("%C3%BC", "ü")).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_suggested_is_written_by_fix() {
    let text = "# New\n\n[a](a.md#100-sur 'title') [a](<b c.md>) [b] <a href='sub/Data.txt'>x</a>\n\n[b]: sub/README.md\n";
    let book = book("new.md", text);
    book.handbook(["fix"]);
    assert_eq!(book.read("src/new.md"), text);
    book.handbook(["fix", "--unsafe"]);
    let fixed = "# New\n\n[a](a.md#100-sure 'title') [a](<sub/b%20c.md>) [b] <a href='sub/data.txt'>x</a>\n\n[b]: sub/index.md\n";
    assert_eq!(book.read("src/new.md"), fixed);
    assert_eq!(findings(&book), []);
}

#[test]
fn a_link_that_names_another_chapter_is_found() {
    let book = Book::new()
        .chapter("raft.md", "# Raft — Deep Dive\n")
        .chapter("paxos.md", "# Paxos — Deep Dive\n")
        .chapter(
            "new.md",
            "# New\n\n[Raft — Deep Dive](paxos.md)\n[`raft.md`](paxos.md)\n[Raft — Deep Dive](raft.md)\n\
             [raft](paxos.md)\n[Raft — Deep Dive](paxos.md#paxos--deep-dive)\n[this](paxos.md)\n",
        );
    let lines: Vec<_> = findings(&book).into_iter().map(|(rule, line, ..)| (rule, line)).collect();
    let rule = || "nav/misleading-link-text".to_owned();
    assert_eq!(lines, [(rule(), 3), (rule(), 4)]);
}

#[test]
fn a_link_to_what_is_planned_is_shown_as_planned() {
    let config = format!(
        "{CONFIG}\n[preprocessor.handbook.nav]\nplanned = [\"./sub/ENGINES.md\", \"a.md\"]\nplanned-label = \"still \\\"to\\\" come\"\n"
    );
    let text = "# New\n\n[Storage *engines*](sub/ENGINES.md#x)\n\n- [E]\n\n| a |\n|---|\n| [b](a.md) [c](sub/ENGINES.md) |\n\n[E]: sub/ENGINES.md\n";
    let book = book("new.md", text).config(&config);
    assert_eq!(findings(&book), []);
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let shown = built.select("new.html", "span.handbook-planned");
        assert_eq!(shown, ["Storage engines", "E", "c"]);
        let labels = built.attributes("new.html", "span.handbook-planned", "title");
        assert_eq!(labels, ["still \"to\" come"; 3]);
        assert_eq!(built.select("new.html", "span.handbook-planned em"), ["engines"]);
        assert_eq!(built.select("new.html", "main p > a, main td > a"), ["b"]);
    }
}

#[test]
fn what_cannot_be_shown_as_planned_is_found() {
    let config = format!("{CONFIG}\n[preprocessor.handbook.nav]\nplanned = [\"P.md\"]\n");
    let text = "# New\n\n[ *blanks* ](P.md)\n\n<a href=\"P.md\">html</a>\n\n![image](P.md)\n\n[](P.md)\n\n[\nlines](P.md)\n";
    let book = book("new.md", text).config(&config);
    let found: Vec<_> = findings(&book).into_iter().map(|(rule, line, ..)| (rule, line)).collect();
    let dead = |line| ("nav/dead-link".to_owned(), line);
    let image = ("nav/missing-image".to_owned(), 7);
    assert_eq!(found, [dead(5), image, dead(9), dead(12)]);
    for host in Host::ALL {
        let built = host.build(&book).ok();
        assert_eq!(built.select("new.html", "main span.handbook-planned"), ["blanks"]);
    }
}

#[test]
fn footnotes_that_nobody_refers_to_are_no_part_of_the_page() {
    let text = "# New\n\n[a](#in) [b](#raw) [c](#footnote-no) [d](#footnote-yes) [e](#in-1) [^yes]\n\n\
                [^no]: Text [x](gone.md)\n\n    ## In\n\n    <p id=\"raw\"></p>\n\n[^yes]: Yes\n\n## In\n";
    let book = book("new.md", text);
    let found: Vec<_> = findings(&book).into_iter().map(|(_, _, message, _)| message).collect();
    let due = ["in", "raw", "footnote-no"].map(|id| format!("`new.md` has no `#{id}`"));
    assert_eq!(found, due);
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let ids = built.attributes("new.html", "main [id]", "id");
        let has = |id: &&str| ids.iter().any(|known| known == id);
        let there = ["in", "raw", "footnote-no", "footnote-yes", "in-1"].into_iter().filter(has);
        // 0.4 does not count the headings that it leaves out, either.
        let in_2 =
            if host == Host::V0_5 { ["footnote-yes", "in-1"] } else { ["in", "footnote-yes"] };
        assert_eq!(there.collect::<Vec<_>>(), in_2, "{ids:?}");
        let said = ["in", "in-1"].map(|id| built.log.contains(&format!("has no `#{id}`")));
        assert_eq!(said, ["in", "in-1"].map(|id| !has(&id)), "{}", built.log);
    }
}

#[test]
fn names_of_chapters_are_compared_word_by_word() {
    let book = Book::new()
        .chapter("go.md", "# Go\n")
        .chapter("ring.md", "# Ring\n")
        .chapter("strings.md", "# Strings\n")
        .chapter("gopher.md", "# The Gopher\n")
        .chapter(
            "new.md",
            "# New\n\n[Go](gopher.md)\n[Ring](strings.md)\n[Strings](strings.md)\n[ring](ring.md)\n",
        );
    let lines: Vec<_> = findings(&book).into_iter().map(|(rule, line, ..)| (rule, line)).collect();
    let rule = || "nav/misleading-link-text".to_owned();
    assert_eq!(lines, [(rule(), 3), (rule(), 4)]);
}

#[test]
fn many_dead_links_in_many_chapters_take_no_time() {
    let time = |count: usize| {
        let summary: String = (0..count).map(|id| format!("- [{id}](c{id}.md)\n")).collect();
        let links: String = (0..20)
            .map(|id| format!("[a](gone{id}.md) [b](x/c{id}.md) [c](q{id}qqqq.md)\n"))
            .collect();
        let book = Book::new().summary(&summary);
        let book = (0..count).fold(book, |book, id| book.file(&format!("src/c{id}.md"), &links));
        let start = Instant::now();
        assert_eq!(findings(&book).len(), count * 60);
        start.elapsed()
    };
    let (few, many) = (time(100), time(400));
    assert!(many < few * 8 + Duration::from_millis(500), "100: {few:?}, 400: {many:?}");
}

#[test]
fn among_very_many_dead_links_only_the_first_get_suggestions() {
    let headings: String = (0..500).map(|id| format!("## Heading {id}\n\n")).collect();
    let strange: String = (0..300).map(|id| format!("[a](#quite-another-thing-{id})\n")).collect();
    let suggested = |strange: &str| {
        let text = format!("# A\n\n{headings}[b](#headinq-7)\n{strange}[c](#headinq-9)\n");
        let found = findings(&Book::new().chapter("a.md", text)).into_iter();
        found.filter(|(.., help)| help.contains("did you mean")).count()
    };
    assert_eq!(suggested(""), 2);
    assert_eq!(suggested(&strange), 1);
}

#[test]
fn what_others_may_add_is_unknown() {
    let links = "# A\n\n[a](none.md) [b](#none) ![c](none.png) [d](htps://x)\n";
    let with = |more: &str| {
        let book = Book::new().config(&format!("{CONFIG}{more}")).chapter("a.md", links);
        findings(&book).into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
    };
    let all = ["nav/dead-link", "nav/dead-anchor", "nav/missing-image", "nav/broken-address"];
    assert_eq!(with(""), all);
    let others = "\n[preprocessor.others]\ncommand = \"true\"\n";
    assert_eq!(with(others), ["nav/broken-address"]);
    let known = "\n[preprocessor.handbook.nav]\ngenerated-targets = false\n";
    assert_eq!(with(&format!("{known}{others}")), all);
}

#[test]
fn a_new_file_mends_a_link_that_was_remembered_as_sound() {
    let book = Book::new().chapter("a.md", "![x](x.png)\n").file("src/x.png", "x");
    let check = || book.handbook(["check", "--no-run", "--deny", "warnings"]).code;
    assert_eq!([check(), check()], [Some(0), Some(0)]);
    std::fs::rename(book.root().join("src/x.png"), book.root().join("src/X.png")).unwrap();
    assert_eq!(check(), Some(1));
}
