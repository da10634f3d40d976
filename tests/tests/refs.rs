//! Citations and lists, as an author and a reader meet them.

use handbook_tests::in_process::{Files, OneChapter};
use handbook_tests::{Book, Host};
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::{IndependentStyle, Style};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, BufWriteFormat, CitationItem, CitationRequest,
};
use proptest::prelude::*;
use std::path::PathBuf;

const CONFIG: &str = "\
[book]
title = \"Test\"

[preprocessor.handbook]
command = \"$HANDBOOK\"
before = [\"links\"]

[preprocessor.handbook.refs]
bibliography = [\"references.bib\"]
";

const BIB: &str = r#"
@string{stoc = "Symposium on Theory of Computing"}

@inproceedings{karger1997,
  author     = {Karger, David and Lehman, Eric and Leighton, Tom and Panigrahy, Rina},
  title      = {Consistent Hashing and Random Trees},
  booktitle  = stoc,
  year       = {1997},
  doi        = {10.1145/258533.258660},
  annotation = {the construction},
  keywords   = {chapter, caching}
}

@article{lamport1978,
  author  = {Lamport, Leslie},
  title   = {Time, Clocks, and the Ordering of Events},
  journal = {Communications of the ACM},
  volume  = {21},
  number  = {7},
  year    = {1978}
}

@online{redis,
  author  = {{Redis}},
  title   = {Cluster specification},
  url     = {https://redis.io/docs/cluster},
  urldate = {2025-06-01}
}
"#;

fn one(config: &str, bib: &str) -> OneChapter {
    let files = [("references.bib", bib), ("other.txt", "")];
    let files = files.map(|(path, text)| (PathBuf::from(path), text.to_owned()));
    OneChapter { config: config.to_owned(), files: Files(files.into()) }
}

/// The page that becomes of a chapter.
fn page(book: &OneChapter, text: &str) -> String {
    let analysis = book.analyse(text);
    analysis.pages.into_iter().next().flatten().unwrap_or_else(|| text.to_owned())
}

/// The messages of all findings, with the line from one and the column from one, if they have any.
fn messages(book: &OneChapter, text: &str) -> Vec<String> {
    let findings = book.analyse(text).findings.into_iter();
    let shown = findings.map(|located| {
        let place = located.finding.span.zip(located.text).map(|(span, text)| {
            let before = &text[..span.start()];
            let line = 1 + before.matches('\n').count();
            let column = 1 + before.rsplit('\n').next().unwrap_or_default().len();
            format!("{line}:{column} ")
        });
        format!("{}{}", place.unwrap_or_default(), located.finding.message)
    });
    shown.collect()
}

#[test]
fn citations_lead_to_the_list_and_back() {
    let text = "# T\n\nOld [@karger1997, §4; @redis]. [@@lamport1978] says, too [@karger1997].\n\n\
                ## References\n\n{{#references}}\n";
    let page = page(&one(CONFIG, BIB), text);
    let first = "<span class=\"citation\">&#91;<a id=\"cite:chapter:karger1997:1\" \
                 href='#ref:chapter:karger1997'>1, §4</a>; <a id=\"cite:chapter:redis:1\" \
                 href='#ref:chapter:redis'>2</a>&#93;</span>";
    assert!(page.contains(&format!("Old {first}.")), "{page}");
    assert!(page.contains("'>L. Lamport &#91;3&#93;</a></span> says, too"), "{page}");
    let list = page.split_once("## References\n").unwrap().1;
    let item = "- <span id=\"ref:chapter:karger1997\">&#91;1&#93; D. Karger et al., “Consistent \
                Hashing and Random Trees,” <em>Symposium on Theory of Computing</em>, 1997. \
                doi:<a href=\"https://doi.org/10.1145/258533.258660\">10.1145/258533.258660</a>.\
                </span> — the construction. \
                <a href='#cite:chapter:karger1997:1' aria-label=\"Back to the citation 1\">↩1</a> \
                <a href='#cite:chapter:karger1997:2' aria-label=\"Back to the citation 2\">↩2</a>";
    assert!(list.contains(item), "{list}");
    let halves: Vec<&str> = list.lines().filter(|line| line.starts_with("### ")).collect();
    assert_eq!(halves, ["### Academic Papers", "### Production Documentation"]);
    let documented = list.split_once("### Production Documentation").unwrap().1;
    assert!(documented.contains("ref:chapter:redis") && !documented.contains("karger"), "{list}");
}

#[test]
fn a_second_list_is_not_made() {
    let text = "# T\n\n[@karger1997]\n\n{{#references}}\n\n{{#references}}\n";
    let page = page(&one(CONFIG, BIB), text);
    assert_eq!(page.matches("id=\"ref:chapter:karger1997\"").count(), 1, "{page}");
    assert!(!page.contains("{{#"), "{page}");
}

#[test]
fn words_and_styles_are_the_books() {
    let config = format!(
        "{CONFIG}style = \"apa\"\n[preprocessor.handbook.refs.words]\nacademic = \"Aufsätze\"\n"
    );
    let book = one(&config.replace("title", "language = \"de\"\ntitle"), BIB);
    let page = page(&book, "# T\n\nAlt [@karger1997].\n\n{{#references}}\n");
    assert!(page.contains("Karger et al., 1997</a>)"), "{page}");
    assert!(page.contains("## Aufsätze\n"), "{page}");
}

#[test]
fn where_no_bibliography_is_nothing_is_a_citation() {
    let text = "# T\n\nAs [@karger1997] and [@] say.\n\n{{#references}}\n\n{{#bibliography}}\n";
    for config in ["[book]\n", &CONFIG.replace("bibliography = [\"references.bib\"]", "")] {
        let book = one(config, BIB);
        assert_eq!(page(&book, text), text);
        assert_eq!(messages(&book, text), [""; 0]);
    }
}

#[test]
fn code_and_links_are_left_alone() {
    let text = "# T\n\n`[@karger1997]` [@karger1997](x.md) \\[@karger1997] [@lamport1978]\n\n\
                ```text\n[@karger1997]\n```\n\n[@lamport1978]: y.md\n\n{{#references}}\n";
    assert!(page(&one(CONFIG, BIB), text).starts_with(text.split_once("{{").unwrap().0));
}

/// The lines of a list as plain text.
fn listed(page: &str) -> Vec<String> {
    let lines = page.lines().filter(|line| line.starts_with("- <span id=\"ref:"));
    let text = lines.map(|line| {
        let line = line.trim_start_matches("- ").split("</span> ").next().unwrap_or_default();
        scraper::Html::parse_fragment(line).root_element().text().collect::<String>()
    });
    text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// What hayagriva itself makes of all works, in the order given.
fn by_hayagriva(style: &IndependentStyle, bib: &str) -> Vec<String> {
    let (library, locales) = (hayagriva::io::from_biblatex_str(bib).unwrap(), locales());
    let mut driver = BibliographyDriver::new();
    for entry in library.iter() {
        let items = vec![CitationItem::with_entry(entry)];
        driver.citation(CitationRequest::from_items(items, style, &locales));
    }
    let list = driver.finish(BibliographyRequest::new(style, None, &locales)).bibliography;
    let items = list.unwrap().items.into_iter().map(|item| {
        let mut text = String::new();
        if let Some(first) = item.first_field {
            first.write_buf(&mut text, BufWriteFormat::Plain).unwrap();
            text.push(' ');
        }
        item.content.write_buf(&mut text, BufWriteFormat::Plain).unwrap();
        text
    });
    items.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn lists_are_what_hayagriva_makes_of_them() {
    let bib = include_str!("../../book/references.bib");
    let library = hayagriva::io::from_biblatex_str(bib).expect("the handbook's bibliography");
    let keys: Vec<String> = library.keys().map(|key| format!("[@{key}]")).collect();
    let text = format!("# T\n\n{}\n\n{{{{#references}}}}\n", keys.join(" "));
    for name in ["ieee", "apa", "chicago-author-date", "springer-basic", "nature"] {
        let Style::Independent(style) = ArchivedStyle::by_name(name).expect(name).get() else {
            panic!("{name} depends on another style");
        };
        let config = format!("{CONFIG}style = \"{name}\"\n");
        let mut ours = listed(&page(&one(&config, bib), &text));
        let mut theirs = by_hayagriva(&style, bib);
        // Ours come in halves.
        ours.sort();
        theirs.sort();
        assert_eq!(ours.len(), keys.len(), "{name}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(ours.starts_with(theirs.as_str()), "{name}\n{ours}\n{theirs}");
            // Where the style does not link, what is added is the address.
            let added = ours[theirs.len()..].trim();
            let is_address =
                ["http", "doi:", "arXiv:"].iter().any(|start| added.starts_with(start));
            let is_version = added.starts_with("(version ");
            assert!(added.is_empty() || is_address || is_version, "{added}");
        }
    }
}

#[test]
fn a_broken_entry_is_found_where_it_is_and_the_rest_is_used() {
    let broken = "\
@article{whole1, author = {A, B}, title = {One}, journal = {J}, year = 2001}

@article{comma,
  author = {A, B}
  title  = {Two},
}

mail@example.com

@article{open,
  title = {Three,

@article{whole2, author = {A, B}, title = {Four}, journal = {J}, year = {soon}}
@article{whole3, author = {A, B}, title = {Five}, journal = nobody, year = 2005}
";
    let book = one(CONFIG, broken);
    let text = "# T\n\n[@whole1] [@comma] [@open] [@whole2] [@whole3]\n\n{{#references}}\n";
    assert_eq!(
        messages(&book, text),
        [
            "5:3 cannot read the entry `comma`: expected comma",
            "10:1 the entry `open` is never closed",
            "13:74 a field of `whole2` cannot be read: wrong number of digits",
            "14:61 a field of `whole3` cannot be read: unknown abbreviation \"nobody\"",
            "13:10 `whole2` has no year",
            "14:10 `whole3` has no venue",
        ]
    );
    assert_eq!(listed(&page(&book, text)).len(), 3);
}

#[test]
fn circles_are_told_and_harmless() {
    let bib = "\
@inproceedings{a, crossref = {b}, author = {A, B}, title = {One}, year = 2001, publisher = {P}}
@inproceedings{b, crossref = {a}, author = {A, B}, title = {Two}, year = 2002, publisher = {P}}
@inproceedings{c, crossref = {d}, author = {A, B}, title = {Three}, year = 2003}
@proceedings{d, title = {The Proceedings}, editor = {E, D}, year = 2003, publisher = {P}}
@string{x = y} @string{y = x}
";
    let book = one(CONFIG, bib);
    let text = "# T\n\n[@a] [@b] [@c] [@d]\n\n{{#references}}\n";
    assert_eq!(
        messages(&book, text),
        [
            "5:9 the abbreviation `x` cannot be used",
            "5:24 the abbreviation `y` cannot be used",
            "1:16 `a` refers to itself through `crossref` or `xdata`",
            "2:16 `b` refers to itself through `crossref` or `xdata`",
        ]
    );
    let list = listed(&page(&book, text));
    assert!(list.iter().any(|item| item.contains("Three") && item.contains("The Proceedings")));
}

#[test]
fn markup_in_a_work_is_text() {
    let title = "<script>alert(1)</script> *a* [b](c) #x `d` | -- ... ~5~ &amp;";
    let yaml = format!(
        "evil:\n  type: article\n  title: '{title}'\n  author: 'X, Y'\n  date: 2001\n  \
         url: 'javascript:alert(1)'\n  annotation: '<img src=x>'\n  \
         parent: {{type: periodical, title: J}}\n"
    );
    let config = CONFIG.replace("references.bib", "works.yaml");
    let files = [(PathBuf::from("works.yaml"), yaml)];
    let book = OneChapter { config, files: Files(files.into()) };
    let text = "# T\n\n| a |\n|---|\n| x [@evil] y |\n\n{{#references}}\n";
    assert_eq!(messages(&book, text), [""; 0]);
    let page = page(&book, text);
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(!page.contains("href=\"javascript"), "{page}");
    let list = &listed(&page)[0];
    assert!(list.contains(title), "{list}");
    assert_eq!(page.lines().filter(|line| line.matches('|').count() == 2).count(), 3, "{page}");
}

#[test]
fn citations_work_in_tables_notes_quotes_and_included_files() {
    let chapter = "# A\n\n| x |\n|---|\n| [@karger1997] |\n\n> - In a\n>   list [@karger1997,\n>   §2]\
                   \n\nNoted.[^n]\n\n[^n]: See [@redis].\n\n{{#include part.md}}\n\n\
                   ## References\n\n{{#references}}\n";
    let book = Book::new()
        .config(CONFIG)
        .file("references.bib", BIB)
        .file("src/part.md", "Included [@lamport1978].\n")
        .chapter("a.md", chapter)
        .chapter("sub/a.md", "# B\n\nOld [@karger1997].\n\n{{#references}}\n")
        .chapter("all.md", "# Bibliography\n\n{{#bibliography}}\n");
    assert!(book.handbook(["check", "--deny", "warnings"]).code == Some(0));
    for host in [Host::V0_4, Host::V0_5] {
        let built = host.build(&book).ok();
        assert_eq!(built.select("a.html", "table span.citation"), ["[1]"]);
        assert_eq!(built.select("a.html", "blockquote span.citation"), ["[1, §2]"]);
        // Links stay in the page, on the page and on that with all chapters.
        for page in ["a.html", "sub/a.html", "print.html"] {
            let ids = built.attributes(page, "[id]", "id");
            let mut unique = ids.clone();
            unique.sort();
            unique.dedup();
            assert_eq!(unique.len(), ids.len(), "{page}");
            let links = built.attributes(page, "a[href^='#ref:'], a[href^='#cite:']", "href");
            let expected = if page == "sub/a.html" { 2 } else { 8 };
            assert!(links.len() >= expected, "{page}: {links:?}");
            for link in links {
                assert!(ids.contains(&link[1..].to_owned()), "{page} lacks {link}");
            }
        }
        let all = built.select("all.html", "li").join("\n");
        assert!(all.contains("Cited in: a.md, sub/a.md."), "{all}");
        assert!(all.contains("Relevant for: chapter, caching."), "{all}");
    }
}

#[test]
fn a_list_written_down_goes_stale_and_is_rewritten() {
    let book = one(CONFIG, BIB);
    let text = "# T\n\nOld [@karger1997].\n\n<!-- handbook:references -->\n<!-- /handbook:references -->\n";
    assert_eq!(book.findings(text), [("refs/stale-list", 5)]);
    let fixed = book.fix(text).unwrap().expect("a list");
    assert!(fixed.contains("ref:chapter:karger1997"), "{fixed}");
    assert_eq!(book.findings(&fixed), []);
    assert_eq!(page(&book, &fixed).matches("cite:chapter:karger1997:1").count(), 2);
    let more = fixed.replace("Old", "Older [@lamport1978]");
    assert_eq!(book.findings(&more).len(), 1);
}

#[test]
fn a_list_written_by_hand_has_the_same_works() {
    let mut book = one(
        &format!(
            "{CONFIG}\n[preprocessor.handbook.adr.kinds.note]\ntemplate = \"note.md\"\n\
             chapters = [\"*.md\"]\n"
        ),
        BIB,
    );
    let template =
        "# [Title]\n\n[Text]\n\n## References <!-- ? derive references -->\n\n- [Work]\n";
    book.files.0.insert("note.md".into(), template.to_owned());
    let listed =
        "- *Consistent hashing\n  and Random Trees*\n- [Redis](https://redis.io/docs/cluster)\n";
    let text = |cited: &str, list: &str| format!("# T\n\nSee {cited}.\n\n## References\n\n{list}");
    assert_eq!(book.findings(&text("[@karger1997; @redis]", listed)), []);
    assert_eq!(book.findings(&text("[@karger1997]", listed)), [("refs/uncited-item", 9)]);
    let cited = "[@karger1997; @redis; @lamport1978]";
    assert_eq!(book.findings(&text(cited, listed)), [("refs/unlisted-work", 5)]);
    // An empty one is made.
    assert_eq!(book.findings(&text(cited, "")), []);
    assert_eq!(self::listed(&page(&book, &text(cited, ""))).len(), 3);
}

#[test]
fn entries_are_judged() {
    let bib = "\
@article{a, author = {A, B}, title = {One Thing}, journal = {J}, year = 2001, doi = {10.1145/1.2}}
@article{b, author = {A, B}, title = {{One} thing!}, journal = {J}, year = 2001}
@article{c, author = {A, B}, title = {Two}, journal = {J}, year = 2002, doi = {https://doi.org/10.1145/1.2}}
@article{d, title = {Three}}
@online{e, title = {Four}}
@article{a, author = {A, B}, title = {Five}, journal = {J}, year = 2005}
";
    assert_eq!(
        messages(&one(CONFIG, bib), "# T\n"),
        [
            "6:10 there is another entry `a` before this one",
            "2:10 `b` is the same work as `a`",
            "3:80 `https://doi.org/10.1145/1.2` is no DOI",
            "3:10 `c` is the same work as `a`",
            "4:10 `d` has no author and no year and no venue",
            "5:9 `e` has no author and no venue",
        ]
    );
}

#[test]
fn settings_that_make_no_sense_are_told() {
    let messages = |settings: &str| {
        let config = CONFIG.replace("bibliography = [\"references.bib\"]", settings);
        messages(&one(&config, BIB), "# T\n\n[@nobody]\n\n{{#references}}\n")
    };
    for (settings, told) in [
        ("bibliography = [\"gone.bib\"]", "cannot read the bibliography `gone.bib`"),
        ("bibliography = [\"other.txt\"]", "neither BibTeX nor YAML"),
        ("bibliography = [\"references.bib\"]\nstyle = \"iee\"", "there is no style `iee`"),
        ("bibliography = [\"references.bib\"]\nstyle = \"x.csl\"", "cannot read the style `x.csl`"),
        ("bibliography = [\"references.bib\"]\nacademic-chapters = [\"[\"]", "is no pattern"),
        ("bibliografy = []", "unknown key `bibliografy`"),
    ] {
        let found = messages(settings);
        assert!(found.iter().any(|message| message.contains(told)), "{settings}: {found:?}");
    }
    // Who knows what stands in a file that cannot be read?
    assert_eq!(messages("bibliography = [\"gone.bib\"]").len(), 1);
}

#[test]
fn an_academic_chapter_needs_an_academic_work() {
    let config = format!("{CONFIG}academic-chapters = [\"ch*.md\"]\n");
    let book = one(&config, BIB);
    let cites = |key: &str| book.findings(&format!("# T\n\n[@{key}]\n\n{{{{#references}}}}\n"));
    assert_eq!(cites("redis"), [("refs/missing-academic-work", 1)]);
    assert_eq!(cites("lamport1978"), []);
}

#[test]
fn templates_count_works_once() {
    let config = format!(
        "{CONFIG}\n[preprocessor.handbook.adr.kinds.note]\ntemplate = \"note.md\"\n\
         chapters = [\"*.md\"]\n"
    );
    let mut book = one(&config, BIB);
    let template = "# [Title]\n\n## Text <!-- ? cite 2.. -->\n\n[Text]\n";
    book.files.0.insert("note.md".into(), template.to_owned());
    let found = |cited: &str| {
        book.findings(&format!(
            "# T\n\n## Text\n\n{cited} `[@redis]`\n\n## L\n\n{{{{#references}}}}\n"
        ))
    };
    assert_eq!(found("[@redis] [@redis]"), [("adr/too-few-citations", 3)]);
    assert_eq!(found("[@redis; @lamport1978]"), []);
}

/// Text out of the pieces that mean something.
fn pieces(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece =
        prop_oneof![4 => proptest::sample::select(pieces).prop_map(str::to_owned), 1 => ".{0,6}"];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bibliography_panics(bib in pieces(&[
        "@article{", "@string{", "@comment{", "@x{", "a,", "b", " = ", "{", "}", "\"", "\n", ",", "#",
        "author", "title", "year", "date", "crossref", "xdata", "doi", "pages", "url", "month", "A, B and C",
        "2001", "2001-13-40", "\\", "\\\"{o}", "$x$", "%", "@", "jan", "edition", "editor", "volume",
    ]), yaml in pieces(&[
        "a:", "\n", "  type: ", "article", "web", "  title: x", "  date: ", "2001", "  parent:", "  author: ",
        "{", "}", "[", "]", "&a", "*a", "- ", "'", "\"", "  url: ", "https://x.y", "  doi: 1",
    ])) {
        let text = "# T\n\n[@a] [@b, p. 3; @a] [@@a]\n\n{{#references}}\n\n{{#bibliography}}\n";
        page(&one(CONFIG, &bib), text);
        let files = [(PathBuf::from("references.yaml"), yaml)];
        let config = CONFIG.replace("references.bib", "references.yaml");
        page(&OneChapter { config, files: Files(files.into()) }, text);
    }

    #[test]
    fn whatever_is_not_cited_stays(text in pieces(&[
        "[@karger1997]", "[@@redis, ", "§1]", "[@", "]", "; @lamport1978", "`", "<b>", "> ", "- ", "\n",
        "\n\n", "[x](y)", "\\", "| a |\n|---|\n", "# ", "<!-- -->", "[^1]: ", "*", "![", "](z)",
    ])) {
        let book = one(CONFIG, BIB);
        let page = page(&book, &text);
        let page = page.strip_prefix('\u{feff}').unwrap_or(&page);
        let plain: String = page.split("<span class=\"citation\">").enumerate().map(|(index, part)| {
            if index == 0 { part } else { part.split_once("</span>").expect("its end").1 }
        }).collect();
        // Taking the citations out of page and text leaves the same.
        let mut rest = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        let document = handbook_book::Document::parse(rest.as_str(), handbook_book::Host::default());
        let in_heading = |span: handbook_book::Span| {
            document.anchor_sources.iter().any(|source| source.span.contains(span))
        };
        let known = ["karger1997", "lamport1978", "redis"];
        for citation in document.citations.iter().rev() {
            let is_known = citation.works.iter().all(|work| known.contains(&work.key.as_str()));
            if is_known && !citation.works.is_empty() && !in_heading(citation.span) {
                rest.replace_range(citation.span.range(), "");
            }
        }
        prop_assert_eq!(plain, rest);
    }
}

/// What is found in a book of one chapter: rules, sorted.
fn rules(settings: &str, bibliography: &str, chapter: &str) -> Vec<String> {
    let config = format!(
        "[preprocessor.handbook]\ncommand = \"$HANDBOOK\"\n\n\
         [preprocessor.handbook.refs]\nbibliography = [\"r.bib\"]\n{settings}"
    );
    let book = Book::new()
        .config(&config)
        .file("r.bib", bibliography)
        .file("loop.csl", LOOP)
        .chapter("a.md", format!("# A\n\n{chapter}\n\n## Works\n\n{{{{#references}}}}\n"));
    let output = book.handbook(["check", "--format", "json"]);
    assert!(output.code.is_some(), "{output}");
    let findings = output.findings();
    let mut rules: Vec<String> =
        findings.iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect();
    rules.sort();
    rules
}

/// A style whose macro calls itself.
const LOOP: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
<info><title>L</title><id>l</id><updated>2024-01-01T00:00:00+00:00</updated></info>
<macro name="a"><text macro="a"/></macro>
<citation><layout><text macro="a"/></layout></citation>
<bibliography><layout><text macro="a"/></layout></bibliography>
</style>"#;

const WORK: &str =
    "@article{one, author={Ada, A}, title={Documentation}, journal={J}, year={2024}}";

#[test]
fn styles_that_cannot_be_used_are_refused() {
    for style in ["chicago-notes", "alphanumeric", "loop.csl"] {
        let found = rules(&format!("style = \"{style}\"\n"), WORK, "[@one]");
        assert_eq!(found, ["book/unknown-setting"], "{style}");
    }
    assert!(rules("style = \"nature\"\n", WORK, "[@one, p. 4]").is_empty());
}

#[test]
fn what_is_nearly_a_citation_is_found() {
    for text in ["[@one, `x`]", "[@one, <i>x</i>]", "[@one [1]]"] {
        assert_eq!(
            rules("", WORK, &format!("{text} [@one]")),
            ["refs/malformed-citation"],
            "{text}"
        );
    }
}

#[test]
fn a_bibliography_that_cannot_be_read_is_an_error() {
    let settings = "academic-chapters = [\"none/*.md\"]\n";
    assert_eq!(rules(settings, WORK, "[@one]"), ["refs/unmatched-pattern"]);
    let book = Book::new()
        .config(
            "[preprocessor.handbook]\ncommand = \"$HANDBOOK\"\n\n\
             [preprocessor.handbook.refs]\nbibliography = [\"missing.bib\"]\n",
        )
        .chapter("a.md", "# A\n\n[@one]\n");
    assert_eq!(book.handbook(["check"]).code, Some(1));
}

#[test]
fn entries_stand_for_themselves_whatever_their_neighbours_are() {
    let other = "@article{two, author={Bob, B}, title={Documentation}, journal={J}, year={2024}}";
    let broken = "@article{three, author = {C, title = 5,";
    let all = format!("\u{feff}{WORK} {other}\n\n{broken}\n");
    assert_eq!(rules("", &all, "[@one; @two]"), ["refs/unreadable-entry"]);
}

#[test]
fn chapters_are_named_by_path_or_by_a_name_of_their_own() {
    let bib = BIB.replace("{chapter, caching}", "{README, sub/b.md, intro}");
    let book = Book::new()
        .config(CONFIG)
        .file("references.bib", &bib)
        .chapter("README.md", "# Home\n\n{{#bibliography}}\n")
        .chapter("sub/README.md", "# Sub\n\n[@karger1997]\n\n{{#references}}\n")
        .chapter("sub/b.md", "# B\n")
        .chapter("x/intro.md", "# X\n")
        .chapter("y/intro.md", "# Y\n");
    for host in [Host::V0_4, Host::V0_5] {
        let built = host.build(&book).ok();
        let links = built.attributes("index.html", "main a[href]", "href");
        for page in ["sub/index.html", "index.html", "sub/b.html"] {
            assert!(links.iter().any(|link| link == page), "{page}: {links:?}");
        }
        let all = built.select("index.html", "main li").join("\n");
        assert!(
            all.contains("intro.") && !links.iter().any(|link| link.contains("intro")),
            "{all}"
        );
    }
}

#[test]
fn each_broken_entry_is_told_at_its_own_head() {
    let rest = "title = {T}, journal = {J}, year = 2001}";
    let bib = format!(
        "@article(a, author = {{C, (B)}}, title = {{T}}, journal = {{J}}, year = 2001)\n\
         @article{{b, author = {{D, B}} {rest}\n\
         @article{{c, author = {{E, B}},\n title = {{T,\n journal = {{J}}\n}}\n\n\
         @article{{d, author = {{F, B}}, {rest}\n\
         @article{{o'neil, author = {{O, N}}, {rest}\n"
    );
    let book = one(CONFIG, &bib);
    let text = "# T\n\n[@a] [@b] [@c] [@d]\n\n{{#references}}\n";
    assert_eq!(
        messages(&book, text),
        [
            "2:29 cannot read the entry `b`: expected comma",
            "3:1 the entry `c` is never closed",
            "9:10 `o'neil` cannot be cited",
        ]
    );
    assert_eq!(listed(&page(&book, text)).len(), 2);
}

#[test]
fn works_of_one_title_by_others_or_elsewhere_are_two() {
    let judged = |one: &str, other: &str| {
        let work = |key: &str, fields: &str| {
            format!("@manual{{{key}, title = {{Documentation}}, year = 2024, {fields}}}\n")
        };
        let bib = work("a", one) + &work("b", other);
        let found = messages(&self::one(CONFIG, &bib), "# T\n");
        found.iter().any(|message| message.contains("is the same work"))
    };
    let (redis, kafka) = ("author = {{Redis}}", "author = {{Kafka}}");
    assert!(!judged(redis, kafka));
    assert!(judged(redis, "author = {{Redis} and {Kafka}}"));
    let at = |address: &str| format!("{redis}, url = {{https://redis.io{address}}}");
    assert!(judged(&at(""), &at("/")));
    assert!(!judged(&at("/a"), &at("/b")));
}

#[test]
fn addresses_are_those_that_the_entry_means() {
    let bib = r"
@article{a, author = {A, B}, title = {One}, journal = {J}, year = 2001, doi = {10.1007/978-3\_6}}
@misc{b, author = {A, B}, title = {Two}, year = 2002, url = {http://a.b/\~c/d\_e--f}}
@misc{c, author = {A, B}, title = {Three}, year = 2003, howpublished = {\url{https://a.b/c\_d}}}
@article{d, author = {A, B}, title = {Four}, journal = {J}, year = 2004,
  doi = {https://doi.org/10.1016/x}}
@misc{e, author = {A, B}, title = {Five}, year = 2005, eprint = {2101.00027}, eprinttype = {arXiv}}
";
    let text = "# T\n\n[@a] [@b] [@c] [@d] [@e]\n\n{{#references}}\n";
    let page = page(&one(CONFIG, bib), text);
    for address in [
        "https://doi.org/10.1007/978-3&#95;6",
        "http://a.b/&#126;c/d&#95;e-&#45;f",
        "https://a.b/c&#95;d",
        "https://doi.org/10.1016/x",
        "https://arxiv.org/abs/2101.00027",
    ] {
        assert!(page.contains(&format!("<a href=\"{address}\">")), "{address}\n{page}");
    }
}

#[test]
fn the_short_style_says_what_its_rules_demand() {
    let bib = "\
@techreport{a, author = {A, B}, title = {One}, institution = {MIT}, year = 2001}
@phdthesis{b, author = {A, B}, title = {Two}, school = {ETH}, year = 2002}
@misc{c, author = {A, B}, title = {Three}, publisher = {Zenodo}, year = 2003}
@software{d, author = {A, B}, title = {Four}, version = {6.1}, url = {https://a.b}}
@online{e, author = {A, B}, title = {Five}, url = {https://a.c}, urldate = {2025-06-01}}
";
    let text = "# T\n\n[@a] [@b] [@c] [@d] [@e]\n\n{{#references}}\n";
    let list = listed(&page(&one(CONFIG, bib), text)).join("\n");
    for said in ["MIT", "ETH", "Zenodo", "(version 6.1)", "accessed 2025-06-01"] {
        assert!(list.contains(said), "{said}\n{list}");
    }
}

#[test]
fn places_that_a_style_leaves_out_stand_in_brackets() {
    let shown = |style: &str, text: &str| {
        let page = page(&one(&format!("{CONFIG}style = \"{style}\"\n"), BIB), text);
        scraper::Html::parse_fragment(&page).root_element().text().collect::<String>()
    };
    let text = "# T\n\nOld [@karger1997, §4; @redis, p. 3].\n\n{{#references}}\n";
    assert!(shown("nature", text).contains("1,2 (§4; p. 3)."), "{}", shown("nature", text));
    assert!(shown("short", text).contains("[1, §4; 2, p. 3]."), "{}", shown("short", text));
}

#[test]
fn yaml_says_what_is_wrong_in_a_few_words() {
    let yaml = "\u{feff}a:\n  type: Book\n  title: X\n  author: Me\n  date: 1999\n  publisher: P\n\
                b:\n  type: bok\n  title: Y\n";
    let config = CONFIG.replace("references.bib", "works.yaml");
    let book = OneChapter { config, files: Files([("works.yaml".into(), yaml.to_owned())].into()) };
    let found = book.analyse("# T\n\n[@a] [@b]\n\n{{#references}}\n").findings;
    assert_eq!(found.len(), 1);
    let finding = &found[0].finding;
    assert!(finding.message.ends_with("unknown variant `bok`"), "{}", finding.message);
    assert_eq!(finding.help.as_deref(), Some("did you mean `book`?"));
}

#[test]
fn plurals_and_hyphens_name_the_same() {
    let bib = BIB.replace("keywords   = {", "eponyms = {Bloom filter}, keywords = {");
    let book = one(CONFIG, &bib);
    for heading in ["Bloom filter", "Bloom filters", "Bloom-filter tricks"] {
        let found = book.findings(&format!("# T\n\n## {heading}\n\nText.\n"));
        assert_eq!(found, [("refs/uncited-namesake", 3)], "{heading}");
    }
    assert_eq!(book.findings("# T\n\n## Bloom filtering\n\nText.\n"), []);
}

#[test]
fn fields_of_our_own_stay_with_their_entry_and_are_read_one_by_one() {
    let work = |key: &str, rest: &str| {
        format!("{key}: {{type: Book, title: {key}, author: Me, date: 1999, publisher: P, {rest}}}")
    };
    let judged = |yaml: &str, text: &str| {
        let config = CONFIG.replace("references.bib", "works.yaml");
        let yaml = yaml.to_owned();
        let book = OneChapter { config, files: Files([("works.yaml".into(), yaml)].into()) };
        (messages(&book, text), page(&book, text))
    };
    let flow = format!(
        "{{{}, {}}}\n",
        work("zeta", "annotation: on zeta"),
        work("alpha", "annotation: on alpha")
    );
    let (found, page) = judged(&flow, "# T\n\n[@zeta] [@alpha]\n\n{{#references}}\n");
    assert_eq!(found, Vec::<String>::new());
    for key in ["zeta", "alpha"] {
        assert!(page.contains(&format!("<em>{key}</em>, P, 1999.</span> — on {key}.")), "{page}");
    }

    let broken = work("a", "annotation: [x], eponyms: Paxos, entry-subtype: acadmic");
    let (found, _) = judged(&broken, "# T\n\n## Paxos\n\nText.\n");
    assert_eq!(
        found,
        [
            "1:1 `annotation` of `a` is not text",
            "1:1 `a` stands in no half `acadmic`",
            "3:1 this section is about Paxos, and does not cite where it comes from",
        ]
    );
}

#[test]
fn only_so_many_keys_are_compared() {
    let bib: String = (0..400)
        .map(|index| format!("@online{{redis{index:03}, author={{A, B}}, title={{T{index}}}, url={{https://a.b/{index}}}, urldate={{2025-06-01}}}}\n"))
        .collect();
    let text: String = (0..300).map(|index| format!("[@redi{index:03}]\n")).collect();
    let found = one(CONFIG, &bib).analyse(&format!("# T\n\n{text}")).findings;
    let suggests = |help: &Option<String>| help.as_ref().is_some_and(|help| help.contains("mean"));
    assert_eq!(found.len(), 300);
    assert_eq!(found.iter().filter(|one| suggests(&one.finding.help)).count(), 250);
}
