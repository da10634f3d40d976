//! What a template asks for is what the suite demands, of any template in any language: everything
//! here is generated from the templates themselves.

use handbook_book::{Cell, Document, Host, Node, NodeKind, Span};
use handbook_template::{Constraint, Counts, Matching, Template, TemplateNode};
use handbook_tests::in_process::{Files, OneChapter};
use std::path::Path;

/// A chapter that has lost its longest part, or has got a much longer one, breaks this rule as well.
const TIME: &str = "adr/implausible-time";

/// The handbook's templates, by name.
fn templates() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/templates");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    paths.iter().map(read).collect()
}

/// Each template as it is and in a language that nobody speaks.
fn in_two_languages() -> Vec<(String, String)> {
    let both = |(name, text): (String, String)| {
        let translated = (format!("{name} in Greek letters"), translated(&text));
        [(name, text), translated]
    };
    templates().into_iter().flat_map(both).collect()
}

/// The template with other letters in all words of headings and labels that are no placeholders.
fn translated(text: &str) -> String {
    let document = Document::parse(text, Host::default());
    let titles = document.root.walk().filter_map(|node| match &node.kind {
        NodeKind::Section(heading) => Some(heading.span),
        NodeKind::Field(label) => Some(label.span),
        _ => None,
    });
    let mut spans: Vec<Span> = titles.collect();
    spans.sort();
    let mut translated = text.to_owned();
    for span in spans.into_iter().rev() {
        let title = document.slice(span);
        let (title, comment) = title.split_at(title.find("<!--").unwrap_or(title.len()));
        let mut depth = 0;
        let mut words = String::new();
        for word in title.split_inclusive(|ch: char| !ch.is_alphanumeric()) {
            // One letter alone counts something.
            let letters = word.chars().filter(|ch| ch.is_alphanumeric()).count();
            let is_text = depth == 0 && letters > 1;
            words.extend(word.chars().map(|ch| if is_text { greek(ch) } else { ch }));
            depth += word.matches('[').count();
            depth -= word.matches(']').count();
        }
        translated.replace_range(span.range(), &format!("{words}{comment}"));
    }
    assert_ne!(translated, text);
    translated
}

fn greek(ch: char) -> char {
    let shifted = |first: char, greek: char| {
        let offset = (ch as u32 - first as u32) % 17;
        char::from_u32(greek as u32 + offset).unwrap()
    };
    match ch {
        'a'..='z' => shifted('a', 'α'),
        'A'..='Z' => shifted('A', 'Α'),
        _ => ch,
    }
}

fn document(text: &str) -> Document {
    Document::parse(text, Host::default())
}

/// A template, and a book in which every chapter has to follow it.
struct Tried {
    name: String,
    template: Template,
    book: OneChapter,
}

impl Tried {
    fn new(name: String, text: String) -> Self {
        let (template, findings) = Template::parse(&text, Host::default());
        assert!(findings.is_empty(), "{name}: {findings:#?}");
        let config = "[preprocessor.handbook.adr.kinds.kind]\n\
                      template = \"template.md\"\nchapters = [\"*.md\"]\n";
        let files = Files([("template.md".into(), text)].into());
        Self { name, template, book: OneChapter { config: config.to_owned(), files } }
    }

    /// The scaffold as an author leaves it who has a word for every placeholder.
    fn filled(&self) -> String {
        let repeated = self.with_bodies_repeated(self.template.scaffold());
        let parsed = document(&repeated);
        let matching = self.template.match_document(&parsed);
        let mut filled = repeated.clone();
        let mut edits: Vec<(Span, String)> = Vec::new();
        for (index, placeholder) in matching.placeholders.iter().enumerate() {
            edits.push((*placeholder, self.word(&matching, &parsed, *placeholder, index)));
        }
        edits.sort_by_key(|(span, _)| *span);
        for (span, text) in edits.into_iter().rev() {
            filled.replace_range(span.range(), &text);
        }
        // A time that fits what there is to read, and still does after some of it is gone.
        let words = filled.split_whitespace();
        let words = words.filter(|word| word.starts_with(char::is_alphabetic)).count();
        let minutes = words as f64 / 170.0;
        filled.replace("TIME hours", &format!("{minutes:.1} minutes"))
    }

    /// The text with the body of each first instance under the further ones, which a template shows
    /// by their headings only.
    fn with_bodies_repeated(&self, text: &str) -> String {
        let parsed = document(text);
        let matching = self.template.match_document(&parsed);
        let mut edits = Vec::new();
        for node in self.template.root.walk().filter(|node| node.repeat().is_some()) {
            let found: Vec<&Node> = matching
                .matched
                .iter()
                .filter(|matched| matched.node.order == node.order)
                .map(|matched| matched.found)
                .collect();
            let body = |node: &Node| match &node.kind {
                NodeKind::Section(heading) => {
                    Span::new(heading.span.end(), content_end(&parsed, node))
                }
                _ => node.span,
            };
            let Some((first, others)) = found.split_first() else { continue };
            let others = others.iter().filter(|other| matches!(other.kind, NodeKind::Section(_)));
            edits.extend(others.map(|other| (body(other), parsed.slice(body(first)).to_owned())));
        }
        edits.sort_by_key(|(span, _)| *span);
        let mut repeated = text.to_owned();
        for (span, body) in edits.into_iter().rev() {
            repeated.replace_range(span.range(), &body);
        }
        repeated
    }

    /// What an author puts in place of a placeholder.
    fn word(&self, matching: &Matching<'_>, parsed: &Document, at: Span, index: usize) -> String {
        let around = matching.matched.iter().filter(|matched| matched.found.span.contains(at));
        let around: Vec<_> = around.collect();
        let constraints = around.iter().flat_map(|matched| &matched.node.constraints);
        let middle =
            |counts: &Counts| usize::midpoint(counts.min, counts.max.unwrap_or(counts.min));
        let words = |count: usize| vec!["word"; count].join(" ");
        for constraint in constraints {
            match constraint {
                Constraint::Pace(_) => return "TIME".to_owned(),
                Constraint::Spoken(counts) => return words(middle(counts) * 150 / 60),
                Constraint::Words(counts) => return words(middle(counts)),
                Constraint::Specific => return format!("word{index}, version 1.{index}"),
                Constraint::CellIn { column, set } => {
                    let table = around.iter().find_map(|matched| table(matched.found));
                    let (header, rows) = table.expect("a table");
                    let column = header.iter().position(|cell| cell.text.trim() == column).unwrap();
                    let row = rows.iter().position(|row| row[column].span.contains(at));
                    if let Some(row) = row {
                        return self.member(matching, parsed, set, row);
                    }
                }
                _ => {}
            }
        }
        format!("word{index}")
    }

    /// What the `row`th member of a set is going to be called.
    fn member(&self, matching: &Matching<'_>, _: &Document, set: &str, row: usize) -> String {
        let members = matching.matched.iter().filter(|matched| matched.node.defines() == Some(set));
        let heading = members.map(|matched| head(matched.found)).nth(row).expect("as many rows");
        let index = matching.placeholders.iter().position(|one| heading.contains(*one));
        format!("word{}", index.expect("its name is a placeholder"))
    }

    fn findings(&self, text: &str) -> Vec<(&'static str, usize)> {
        self.book.findings(text)
    }

    fn expect(&self, text: &str, expected: &[(&str, usize)], context: &str) {
        let found = self.findings(text);
        assert_eq!(found, expected, "{}: {context}, leaving\n{}", self.name, numbered(text));
    }
}

fn numbered(text: &str) -> String {
    text.lines().enumerate().map(|(at, line)| format!("{:>4} {line}\n", at + 1)).collect()
}

fn table(node: &Node) -> Option<(&[Cell], &[Vec<Cell>])> {
    match &node.kind {
        NodeKind::Table(table) => Some((&table.header, &table.rows)),
        _ => None,
    }
}

fn head(node: &Node) -> Span {
    match &node.kind {
        NodeKind::Section(heading) => heading.span,
        NodeKind::Field(label) => label.span,
        _ => node.span,
    }
}

/// The end of what a section says, before the blank lines and rules at its end.
fn content_end(document: &Document, node: &Node) -> usize {
    let text = document.slice(node.span);
    node.span.start() + text.trim_end_matches(['\n', '\r', ' ', '-']).len()
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

#[test]
fn a_scaffold_that_is_filled_in_passes() {
    for (name, text) in in_two_languages() {
        let tried = Tried::new(name, text);
        let filled = tried.filled();
        tried.expect(&filled, &[], "filled in");
        tried.expect(&filled.replace('\n', "\r\n"), &[], "filled in, with the other line ending");
    }
}

#[test]
fn any_part_removed_is_one_finding_where_it_was() {
    let mut tries = 0;
    for (name, text) in in_two_languages() {
        let tried = Tried::new(name, text);
        let filled = tried.filled();
        let parsed = document(&filled);
        let matching = tried.template.match_document(&parsed);
        for node in demanded(&tried.template.root) {
            let found: Vec<&Node> = matching
                .matched
                .iter()
                .filter(|matched| matched.node.order == node.order)
                .map(|matched| matched.found)
                .collect();
            // Of what repeats any instance can go, of blocks all that show one, the text of a
            // section with nothing else in it.
            let Some(last) = found.last() else { panic!("{} is not there", node.name()) };
            let Some(removed) = removal(&parsed, last) else { continue };
            let mut left = filled.clone();
            left.replace_range(removed.range(), "");
            let again = node.repeat().is_some() && found.len() > 1;
            let line = predicted(&tried.template.root, node, &matching, &parsed, again);
            tries += 1;
            let mut found = tried.findings(&left);
            found.retain(|(rule, _)| *rule != TIME);
            let (name, context) = (&tried.name, format!("{} removed, leaving", node.name()));
            let expected = [("adr/missing-part", line)];
            assert_eq!(found, expected, "{name}: {context}\n{}", numbered(&left));
        }
    }
    assert!(tries > 100, "{tries} removals");
}

/// The nodes that a chapter has to have, and that one can remove alone.
fn demanded(node: &TemplateNode) -> Vec<&TemplateNode> {
    let mut all = Vec::new();
    for child in &node.children {
        if child.is_optional() || child.derives().is_some() {
            continue;
        }
        // Without its title a chapter is another chapter.
        let is_title = node.order == 0 && child.pattern().is_some();
        if !is_title {
            all.push(child);
        }
        all.extend(demanded(child));
    }
    all
}

/// The bytes of a part, as an author deletes it.
fn removal(document: &Document, node: &Node) -> Option<Span> {
    let text: &str = &document.text;
    let start = text[..node.span.start()].rfind('\n').map_or(0, |at| at + 1);
    match &node.kind {
        // What stands right behind its label.
        NodeKind::Paragraph { .. } if start < node.span.start() => {
            let end = node.span.start() + document.slice(node.span).trim_end().len();
            let is_inline = text[start..node.span.start()].trim().ends_with("**");
            is_inline.then(|| Span::new(node.span.start(), end))
        }
        NodeKind::Section(_) => Some(Span::new(node.span.start(), content_end(document, node))),
        _ => {
            let end = node.span.start() + document.slice(node.span).trim_end().len();
            let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
            Some(Span::new(start, end))
        }
    }
}

/// The line that a finding about a missing `node` names: of what stands before it under the same
/// parent, or else of the parent.
fn predicted(
    root: &TemplateNode,
    node: &TemplateNode,
    matching: &Matching<'_>,
    document: &Document,
    again: bool,
) -> usize {
    let parent =
        root.walk().find(|parent| parent.children.iter().any(|one| one.order == node.order));
    let parent = parent.expect("it is not the root");
    let found = |order: usize| {
        let found = matching.matched.iter().filter(move |matched| matched.node.order == order);
        found.map(|matched| matched.found)
    };
    let of = |at: &Node| line_of(&document.text, head(at).start());
    if again {
        let all: Vec<&Node> = found(node.order).collect();
        return of(all[all.len() - 2]);
    }
    let earlier = parent.children.iter().take_while(|child| child.order != node.order);
    let parent = found(parent.order).next_back();
    let inside = |at: &&Node| parent.is_none_or(|parent| parent.span.contains(at.span));
    let before = earlier.flat_map(|child| found(child.order)).filter(inside).last();
    before.or(parent).map_or(1, of)
}

/// A chapter's text with something broken in it, and the one finding that this has to be.
struct Broken {
    text: String,
    rule: &'static str,
    /// The byte whose line the finding names.
    at: usize,
}

impl Broken {
    /// The text with `with` in place of `span`; the finding is where that was.
    fn at(text: &str, span: Span, with: &str, rule: &'static str) -> Self {
        let mut broken = text.to_owned();
        broken.replace_range(span.range(), with);
        Self { text: broken, rule, at: span.start() }
    }
}

#[test]
fn any_demand_broken_is_one_finding_where_it_is() {
    let mut tries = 0;
    for (name, text) in in_two_languages() {
        let tried = Tried::new(name, text);
        let filled = tried.filled();
        let parsed = document(&filled);
        let matching = tried.template.match_document(&parsed);
        for matched in &matching.matched {
            let constraints = matched.node.constraints.iter();
            let broken = constraints.flat_map(|one| broken(one, matched.found, &parsed, &matching));
            for broken in broken.chain(without_a_column(matched.node, matched.found, &parsed)) {
                tries += 1;
                let line = line_of(&broken.text, broken.at);
                let mut found = tried.findings(&broken.text);
                found.retain(|(rule, _)| *rule != TIME || broken.rule == TIME);
                let context = format!("{}: {}", tried.name, matched.node.name());
                let text = numbered(&broken.text);
                assert_eq!(found, [(broken.rule, line)], "{context}, leaving\n{text}");
            }
        }
    }
    assert!(tries > 300, "{tries} broken demands");
}

/// The ways to break one constraint.
fn broken(
    constraint: &Constraint,
    found: &Node,
    document: &Document,
    matching: &Matching<'_>,
) -> Vec<Broken> {
    let text: &str = &document.text;
    let start = head(found).start();
    let cells = |column: &str| {
        let (header, rows) = table(found).expect("a table");
        let index = header.iter().position(|cell| cell.text.trim() == column).unwrap();
        rows.iter().map(move |row| row[index].span).collect::<Vec<_>>()
    };
    let each = |spans: Vec<Span>, with: &str, rule: &'static str| {
        spans.into_iter().map(|span| Broken::at(text, span, with, rule)).collect::<Vec<_>>()
    };
    match constraint {
        Constraint::Bounds => {
            let span = found.walk().find_map(|node| match &node.kind {
                NodeKind::Table(table) => {
                    let cells = table.rows.iter().flatten();
                    let mut cells = cells.filter(|cell| cell.text.contains("O("));
                    cells.next().map(|cell| cell.span)
                }
                _ => None,
            });
            let code = "\n```pseudocode\ngo on\n```\n";
            let quote = found.children.iter().find(|node| node.kind == NodeKind::Quote).unwrap();
            let at = quote.span.end();
            let mut algorithm =
                Broken::at(text, Span::new(at, at), code, "adr/unbounded-algorithm");
            algorithm.at = at + 1;
            let symbol = span.map(|span| Broken::at(text, span, " O(Q) ", "adr/undefined-symbol"));
            symbol.into_iter().chain([algorithm]).collect()
        }
        Constraint::Cell { column, .. } => each(cells(column), " fast ", "adr/wrong-cell"),
        Constraint::CellIn { column, .. } => {
            each(cells(column), " stranger ", "adr/unknown-option")
        }
        Constraint::Covers(set) => {
            let members = matching.matched.iter().filter(|one| one.node.defines() == Some(set));
            let names: Vec<&str> = members
                .map(|one| document.slice(head(one.found)).trim().rsplit(' ').next().unwrap())
                .collect();
            let (_, rows) = table(found).expect("a table");
            let mut cells = rows.iter().flatten();
            let cell = cells.find(|cell| cell.text.trim() == names[1]).expect("it is covered");
            let mut broken = Broken::at(text, cell.span, names[0], "adr/uncovered-option");
            broken.at = start;
            vec![broken]
        }
        Constraint::Distinct => {
            let (_, rows) = table(found).expect("a table");
            let tie = |row: &Vec<Cell>| {
                let span = Span::new(row[1].span.start(), row[row.len() - 1].span.end());
                let said = format!(" {} ", row[1].text.trim());
                let cells = vec![said; row.len() - 1].join("|");
                Broken::at(text, span, &cells, "adr/tied-options")
            };
            rows.iter().map(tie).collect()
        }
        Constraint::Filled => match table(found) {
            Some((_, rows)) => {
                let cells = rows.iter().flatten().map(|cell| cell.span).collect();
                each(cells, " — ", "adr/empty-cell")
            }
            None => {
                let item = found.children.last().expect("an item");
                let end = item.span.start() + document.slice(item.span).trim_end().len();
                let said = Span::new(item.span.start() + 1, end);
                each(vec![said], " ...", "adr/empty-part")
            }
        },
        Constraint::Pace(_) => {
            let line = text[start..].lines().next().unwrap_or_default();
            let span = Span::new(start, start + line.len());
            let (label, _) = line.split_once(":**").expect("a label");
            each(vec![span], &format!("{label}:** 9000 hours  "), TIME)
        }
        Constraint::Rows(Counts { min, .. }) => {
            let rows: Vec<Span> = match table(found) {
                Some((_, rows)) => rows.iter().map(|row| row[0].span).collect(),
                None => found.children.iter().map(|item| item.span).collect(),
            };
            if table(found).is_none() && *min < 2 {
                return Vec::new();
            }
            let line_start = text[..rows[min - 1].start()].rfind('\n').map_or(0, |at| at + 1);
            let end = found.span.start() + document.slice(found.span).trim_end().len();
            let end = end + text[end..].find('\n').map_or(0, |at| at + 1);
            let rows = Span::new(line_start, end);
            let mut broken = Broken::at(text, rows, "", "adr/wrong-row-count");
            broken.at = start;
            vec![broken]
        }
        Constraint::Specific => {
            let said = text[start..found.span.end()].find(", version").map(|at| start + at);
            let said = said.expect("a version");
            let word = text[..said].rfind(char::is_whitespace).expect("a word") + 1;
            let end = said + text[said..].find('\n').unwrap();
            each(vec![Span::new(word, end)], "as usual", "adr/unspecific-example")
        }
        Constraint::Spoken(_) => said(found, document)
            .into_iter()
            .flat_map(|span| {
                let long = vec!["word"; 1000].join(" ");
                ["word", &long].map(|words| {
                    let mut broken = Broken::at(text, span, words, "adr/wrong-spoken-length");
                    broken.at = start;
                    broken
                })
            })
            .collect(),
        Constraint::Words(_) => each(vec![found.span], "word\n", "adr/wrong-length"),
        _ => Vec::new(),
    }
}

/// The first paragraph of a part.
fn said(found: &Node, document: &Document) -> Option<Span> {
    let is_text = |node: &&Node| matches!(node.kind, NodeKind::Paragraph { .. });
    let text = found.walk().find(is_text)?;
    let length = document.slice(text.span).trim_end().len();
    Some(Span::new(text.span.start(), text.span.start() + length))
}

/// A table with each of the template's columns taken away in turn.
fn without_a_column(node: &TemplateNode, found: &Node, document: &Document) -> Vec<Broken> {
    let Some((header, _)) = table(found) else { return Vec::new() };
    let wild = |at: usize| match &node.kind {
        handbook_template::TemplateKind::Table { header } => header[at].letters() == 0,
        _ => true,
    };
    let columns = (0..header.len()).filter(|column| !wild(*column));
    let broken = columns.map(|column| {
        let text: &str = &document.text;
        let lines = document.slice(found.span).lines().map(|line| {
            let mut cells: Vec<&str> = line.split('|').collect();
            cells.remove(column + 1);
            cells.join("|") + "\n"
        });
        Broken::at(text, found.span, &lines.collect::<String>(), "adr/missing-column")
    });
    broken.collect()
}
