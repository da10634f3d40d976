//! Properties of templates over all nodes of all templates, which need no list of either.

use crate::{Matching, Standing, Template};
use handbook_book::{Document, Host};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The templates here, and the plan's own in the crate below, by path.
fn templates() -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = fs::read_dir(crates.join("tests/templates")).unwrap();
    let mut paths: Vec<_> = own.map(|entry| entry.unwrap().path()).collect();
    for name in ["deep_dive.md", "hub.md", "madr.md"] {
        paths.push(crates.join("../handbook-book/tests/trees").join(name));
    }
    paths.sort();
    let read =
        |path: &std::path::PathBuf| (path.display().to_string(), fs::read_to_string(path).unwrap());
    paths.iter().map(read).collect()
}

/// Each template as it is, and with the other line ending.
fn variants() -> Vec<(String, String)> {
    let both = |(path, text): (String, String)| {
        let crlf = text.replace('\n', "\r\n");
        [(path.clone(), text), (format!("{path} with CRLF"), crlf)]
    };
    templates().into_iter().flat_map(both).collect()
}

fn parse(text: &str) -> Template {
    let (template, findings) = Template::parse(text, Host::default());
    assert!(findings.is_empty(), "{findings:#?}");
    template
}

fn document(text: &str) -> Document {
    Document::parse(text, Host::default())
}

fn missing(matching: &Matching<'_>) -> Vec<String> {
    matching.missing.iter().map(|missing| missing.node.name()).collect()
}

/// Asserts that nothing is amiss but the placeholders.
fn assert_whole(matching: &Matching<'_>, context: &str) {
    assert_eq!(missing(matching), Vec::<String>::new(), "{context}");
    assert!(matching.misplaced.is_empty(), "{context}: {:#?}", matching.misplaced);
    assert!(matching.extra.is_empty(), "{context}: {:#?}", matching.extra);
    assert!(matching.renamed.is_empty() && matching.misnumbered.is_empty(), "{context}");
    assert!(matching.missing_columns.is_empty(), "{context}");
}

#[test]
fn the_scaffold_of_each_template_satisfies_it() {
    for (path, text) in variants() {
        let template = parse(&text);
        let scaffold = document(template.scaffold());
        let matching = template.match_document(&scaffold);
        assert_whole(&matching, &path);
        let matched: std::collections::BTreeSet<_> =
            matching.matched.iter().map(|matched| matched.node.order).collect();
        let derived = |matching: &Matching<'_>| matching.slots.len();
        assert_eq!(
            matched.len(),
            template.root.walk().count() - 1 - unlooked(&template, &matching),
            "{path}: every node but those in derived blocks, of {}",
            derived(&matching)
        );
        assert!(!matching.placeholders.is_empty());
    }
}

/// How many nodes stand in slots that nobody wrote, and so are not looked for.
fn unlooked(template: &Template, matching: &Matching<'_>) -> usize {
    let slots =
        matching.slots.iter().filter(|slot| !matches!(slot.state, Standing::Written { .. }));
    let nodes = slots.filter_map(|slot| template.root.walk().find(|node| node.order == slot.order));
    nodes.map(|node| node.walk().count() - 1).sum()
}

#[test]
fn one_node_removed_is_one_node_missing_and_inserting_it_heals() {
    let mut tried = 0;
    for (path, text) in variants() {
        let template = parse(&text);
        for node in template.root.walk().skip(1) {
            // Blocks are demanded by presence, so all that show one go; of what repeats, any one.
            let blocks = node.pattern().is_none();
            let single = node.examples.iter().map(std::slice::from_ref);
            let all = [node.examples.as_slice()];
            let removals: Vec<_> = if blocks { all.to_vec() } else { single.collect() };
            for removed in &removals {
                let mut chapter = template.scaffold().to_owned();
                for example in removed.iter().rev() {
                    // As an author does it, indentation first.
                    let start = chapter[..example.own.start()].trim_end_matches(' ').len();
                    chapter.replace_range(start..example.text.end(), "");
                }
                let context = format!("{path}: {} removed, leaving\n{chapter}", node.name());
                let chapter_document = document(&chapter);
                let matching = template.match_document(&chapter_document);
                tried += 1;
                if let Some(name) = node.derives() {
                    assert!(missing(&matching).is_empty(), "{context}");
                    let slot = matching.slots.iter().find(|slot| slot.name == name).expect(name);
                    assert!(matches!(slot.state, Standing::Missing { .. }), "{context}: {slot:?}");
                    continue;
                }
                let inside = |slot: &&crate::DeriveSlot<'_>| {
                    let mut nodes = template.root.walk().filter(|node| node.order == slot.order);
                    nodes.any(|slot| slot.walk().any(|inner| inner.order == node.order))
                };
                let slot = matching.slots.iter().find(inside);
                if slot.is_some_and(|slot| matches!(slot.state, Standing::Empty { .. }))
                    || node.is_optional()
                {
                    assert!(missing(&matching).is_empty(), "{context}");
                    continue;
                }
                assert_eq!(missing(&matching), [node.name()], "{context}");
                let missing = &matching.missing[0];
                assert_eq!(missing.node.order, node.order);
                let mut healed = chapter.clone();
                healed.insert_str(missing.insert_at, &missing.text);
                let healed_document = document(&healed);
                let context = format!("{context}\nhealed:\n{healed}");
                assert_whole(&template.match_document(&healed_document), &context);
            }
        }
    }
    assert!(tried > 300, "{tried} removals");
}

/// Replaces every word of headings and labels by one that nobody has seen, the same one each time.
fn translated(text: &str, words: &mut BTreeMap<String, String>) -> String {
    let tree = document(text);
    let titles = tree.root.walk().filter_map(|node| match &node.kind {
        handbook_book::NodeKind::Section(heading) => Some(heading.span),
        handbook_book::NodeKind::Field(label) => Some(label.span),
        _ => None,
    });
    let mut translated = text.to_owned();
    let mut spans: Vec<_> = titles.collect();
    spans.sort();
    for span in spans.into_iter().rev() {
        let mut title = String::new();
        let mut word = String::new();
        let mut nested = 0;
        let comment = tree.slice(span).find("<!--").unwrap_or(span.len());
        for ch in tree.slice(span)[..comment].chars().chain(['\0']) {
            if ch.is_alphabetic() && nested == 0 {
                word.push(ch);
                continue;
            }
            // A letter alone numbers something.
            if word.chars().count() > 1 {
                let number = words.len();
                word = words.entry(word).or_insert_with(|| format!("слово{number}语")).clone();
            }
            title.push_str(&std::mem::take(&mut word));
            match ch {
                '[' | '{' => nested += 1,
                ']' | '}' => nested -= 1,
                _ => {}
            }
            if ch != '\0' {
                title.push(ch);
            }
        }
        title.push_str(&tree.slice(span)[comment..]);
        translated.replace_range(span.range(), &title);
    }
    translated
}

#[test]
fn headings_can_be_in_any_language() {
    for (path, text) in templates() {
        let mut words = BTreeMap::new();
        let original = parse(&text);
        let template = parse(&translated(&text, &mut words));
        let chapter = document(&translated(original.scaffold(), &mut words));
        assert_whole(&template.match_document(&chapter), &path);
        let untranslated = template.match_document(&original.document);
        assert!(!untranslated.missing.is_empty(), "{path}");
    }
}

#[test]
fn a_template_in_one_line_ending_serves_a_chapter_in_the_other() {
    for (path, text) in templates() {
        let template = parse(&text);
        let crlf = document(&template.scaffold().replace('\n', "\r\n"));
        let matching = template.match_document(&crlf);
        assert_whole(&matching, &path);
        let own = template.match_document(&template.document).placeholders.len();
        assert_eq!(matching.placeholders.len(), own, "{path}");
    }
}

#[test]
fn placeholders_are_the_templates_own() {
    let template = parse(
        "# [Topic]\n\n**By:** {name of author}\n\n| A |\n|---|\n| [a cell] |\n\n```text\n[Code block]\n```\n",
    );
    let left = |text: &str| {
        let chapter = document(text);
        let matching = template.match_document(&chapter);
        matching.placeholders.iter().map(|left| chapter.slice(*left).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        left(template.scaffold()),
        ["[Topic]", "{name of author}", "[a cell]", "[Code block]"]
    );
    assert_eq!(
        left("# x\n\nAs written [sic] in [0, 1) by [Topic](t.md), `[Topic]`, \\[Topic].\n"),
        [""; 0]
    );
    assert_eq!(
        left("# x\n\nby {name\nof author} and {{#topic [Topic]}}\n\n[Topic]: x.md\n\n[Topic]\n"),
        ["{name\nof author}"]
    );
}

#[test]
fn what_stands_elsewhere_is_misplaced_and_nothing_else() {
    let template = parse("# T\n\n## A\n\nx\n\n## B\n\n**F:** x\n\n### C\n\nx\n\n## D\n\nx\n");
    let chapter =
        document("# T\n\n## D\n\nx\n\n## A\n\n## C\n\nx\n\n> **F:** x\n\n## B\n\n- **F:** x\n");
    let matching = template.match_document(&chapter);
    let misplaced: Vec<_> = matching.misplaced.iter().map(|found| found.node.name()).collect();
    assert_eq!(misplaced, ["field `F:`", "section `### C`", "section `## D`"]);
    assert_eq!(missing(&matching), ["text"], "A says nothing");
}

#[test]
fn closed_sections_and_repetitions_have_their_limits() {
    let template = parse("# T <!-- ? closed -->\n\n## Step A: [x] <!-- ? repeat 1..2 -->\n\ny\n");
    let chapter = document(
        "# T\n\n## Other\n\n## Step A: x\n\ny\n\n## Step C: y\n\ny\n\n## Step D: z\n\ny\n\n**F:** x\n",
    );
    let matching = template.match_document(&chapter);
    let extra: Vec<_> = matching.extra.iter().map(|extra| extra.node.name()).collect();
    assert_eq!(extra, ["section `## Step A: [x]`", "section `# T`"]);
    let expected: Vec<_> = matching.misnumbered.iter().map(|node| node.expected.as_str()).collect();
    assert_eq!(expected, ["B"], "D counts on from C");
}

#[test]
fn a_wrong_title_hides_nothing() {
    let template = parse("# [Topic] — Deep Dive\n\n## A\n\nx\n\n## B\n\nx\n");
    for (text, renamed) in [("# Topic\n\n## A\n\nx\n", 1), ("Intro.\n\n## A\n\nx\n", 0)] {
        let chapter = document(text);
        let matching = template.match_document(&chapter);
        assert_eq!(matching.renamed.len(), renamed);
        assert_eq!(missing(&matching).last().unwrap(), "section `## B`");
        assert_eq!(matching.missing.len(), 2 - renamed);
    }
}

#[test]
fn literal_headings_come_before_open_ones() {
    let template =
        parse("# T\n\n## [System] <!-- ? repeat 1.. -->\n\n**Scale:** x\n\n## Comparison\n\nx\n");
    let chapter = document("# T\n\n## Dynamo\n\n**Scale:** x\n\n## Riak\n\n## Comparison\n\nx\n");
    let matching = template.match_document(&chapter);
    assert_eq!(missing(&matching), ["field `Scale:`"]);
    let parent = matching.missing[0].parent.unwrap();
    assert_eq!(chapter.slice(parent).trim(), "## Riak");
}

#[test]
fn tables_may_have_more_columns_and_are_told_which_they_lack() {
    let template = parse("# T\n\n| Operation | Time | Space |\n|---|---|---|\n");
    let more =
        document("# T\n\nIntro.\n\n| Time | Operation | Note | Space |\n|---|---|---|---|\n");
    assert_whole(&template.match_document(&more), "more columns in another order");
    let fewer = document("# T\n\n| Operation | Time |\n|---|---|\n");
    let matching = template.match_document(&fewer);
    assert_eq!(matching.missing_columns[0].columns, ["Space"]);
    assert!(matching.missing.is_empty());
}

#[test]
fn slots_say_what_stands_in_them() {
    let template =
        parse("# T\n\n## A\n\nx\n\n## References <!-- ? derive references -->\n\n## Z\n\nx\n");
    let state = |text: &str| {
        let chapter = document(text);
        let matching = template.match_document(&chapter);
        assert!(matching.missing.is_empty(), "{text}: {:?}", missing(&matching));
        let [slot] = matching.slots.as_slice() else { panic!("{:?}", matching.slots) };
        slot.state.clone()
    };
    let around = |middle: &str| format!("# T\n\n## A\n\nx\n\n{middle}## Z\n\nx\n");
    let Standing::Missing { insert_at, heading } = state(&around("")) else { panic!() };
    assert_eq!((insert_at, heading.as_str()), (13, "\n## References\n"));
    let empty = state(&around("## References\n\n---\n\n"));
    assert!(matches!(empty, Standing::Empty { insert_at: 28, .. }), "{empty:?}");
    assert!(matches!(
        state(&around("## References\n\n{{#references}}\n\n")),
        Standing::Directive { .. }
    ));
    assert!(matches!(state(&around("{{#references}}\n\n")), Standing::Directive { .. }));
    let region =
        "## References\n\n<!-- handbook:references -->\nx\n<!-- /handbook:references -->\n\n";
    assert!(matches!(state(&around(region)), Standing::Region { .. }));
    assert!(matches!(state(&around("## References\n\n- one\n\n")), Standing::Written { .. }));
}

#[test]
fn findings_point_into_the_template() {
    let text = "# T <!-- ? optinal -->\n\n<!-- ? rows -->\n| A |\n|---|\n\n## A [x] <!-- ? repeat 2.. -->\n";
    let (_, findings) = Template::parse(text, Host::default());
    let said = |finding: &handbook_text::Finding<_>| {
        let help = finding.help.clone().unwrap_or_default();
        format!("{} at {:?}: {help}", finding.rule, &text[finding.span.unwrap().range()])
    };
    let said: Vec<_> = findings.iter().map(said).collect();
    assert_eq!(
        said[0],
        "template/unknown-constraint at \"<!-- ? optinal -->\": did you mean `optional`?"
    );
    assert!(said[1].starts_with("template/malformed-constraint at \"<!-- ? rows -->\""));
    assert!(said[2].starts_with("template/unmet-by-scaffold at \"## A [x]"), "{}", said[2]);
    let (template, _) = Template::parse("<!-- ? extends base.md -->\n\n# T\n", Host::default());
    assert_eq!(template.extends.unwrap().file, "base.md");
    let (_, findings) = Template::parse("# T\n\ntext\n\n<!-- ? optional -->\n", Host::default());
    assert_eq!(findings[0].rule, "template/stray-constraint");
}

/// Lines that templates and chapters are made of.
const LINES: &[&str] = &[
    "",
    "",
    "",
    "# T",
    "# [T]",
    "## A",
    "## [x]",
    "## {x}",
    "### B",
    "#",
    "## Step A: [x] <!-- ? repeat 2.. -->",
    "## Step B",
    "Setext",
    "---",
    "===",
    "text",
    "[text]",
    "{more",
    "text}",
    "**F:**",
    "**F:** x  ",
    "**[G]:** y <!-- ? optional -->",
    "- **F:** x",
    "  **H:** y",
    "- item",
    "  - **F:**",
    "1. one",
    "> quote",
    "> **F:** x",
    "> <!-- ? closed -->",
    "| A | B |",
    "|---|---|",
    "| 1 | 2 |",
    "```text",
    "```",
    "[code]",
    "~~~",
    "<!-- ? rows 1.. -->",
    "<!-- ? derive x -->",
    "## C <!-- ? derive x -->",
    "<!-- ? closed, filled; extends y -->",
    "<!-- handbook:x -->",
    "<!-- /handbook:x -->",
    "{{#x}}",
    "<!--",
    "-->",
    "    indented",
    "\tx",
    "[^1]: note",
    "Term",
    ": definition",
    "<div>",
    "ä𝄞：",
    "\u{feff}# B",
    "## A <!-- ? repeat 1..2 --> <!-- ? closed -->",
];

fn lines() -> impl Strategy<Value = String> {
    let endings = proptest::sample::select(vec!["\n", "\n", "\n", "\r\n", ""]);
    let line =
        (proptest::sample::select(LINES), endings).prop_map(|(line, end)| format!("{line}{end}"));
    proptest::collection::vec(line, 0..30).prop_map(|lines| lines.concat())
}

/// Asserts that every place in a matching is one in the text.
fn sound(template: &Template, chapter: &Document) {
    let matching = template.match_document(chapter);
    let borders = |offset: usize| assert!(chapter.text.is_char_boundary(offset), "{offset}");
    for missing in &matching.missing {
        borders(missing.insert_at);
    }
    matching.misplaced.iter().for_each(|misplaced| borders(misplaced.belongs_at));
    for slot in &matching.slots {
        if let Standing::Missing { insert_at, .. } | Standing::Empty { insert_at, .. } = &slot.state
        {
            borders(*insert_at);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_pair_of_texts_panics(text in lines(), chapter in lines()) {
        let (template, findings) = Template::parse(&text, Host::default());
        let spans = findings.iter().filter_map(|finding| finding.span);
        spans.for_each(|span| assert!(text.get(span.range()).is_some()));
        sound(&template, &document(&chapter));
        sound(&template, &template.document);
    }

    #[test]
    fn no_unicode_panics(template in "\\PC{0,40}", chapter in "\\PC{0,40}") {
        let (template, _) = Template::parse(&template, Host::default());
        sound(&template, &document(&chapter));
    }

    #[test]
    fn a_template_without_findings_is_satisfied_by_its_scaffold(text in lines()) {
        let (template, findings) = Template::parse(&text, Host::default());
        let unmet = findings.iter().filter(|finding| finding.rule == "template/unmet-by-scaffold");
        let scaffold = document(template.scaffold());
        prop_assert_eq!(template.match_document(&scaffold).missing.len(), unmet.count());
    }
}
