//! Flashcards, for programs that ask them again in time.

use crate::Cards;
use crate::copy::{Copier, Destination, slashed};
use crate::markdown::html;
use crate::read::{Part, Rows, Source};
use handbook_book::{Book, Cell, ChapterId};
use handbook_template::Role;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser, pulldown_cmark};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The flashcards of a book, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Deck(pub Vec<Flashcard>);

/// A question on one side, its answer on the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flashcard {
    /// Made of the chapter's file, the part's role and the question, never of the answer.
    pub id: String,
    /// The role of the part that it is made of, as templates write it.
    pub kind: &'static str,
    /// The question, as HTML within a line.
    pub front: String,
    /// The answer, as HTML within a line.
    pub back: String,
    /// The chapter's file, below the source folder.
    pub chapter: String,
    /// What the chapter is about.
    pub topic: String,
    /// The anchor of the section that states it, on the chapter's page.
    pub anchor: Option<String>,
    /// Where that is published, if the book says.
    pub url: Option<String>,
    /// The chapter, behind each of its hubs.
    pub tags: Vec<String>,
}

/// The roles that are asked about.
const ASKED: [Role; 4] = [Role::Questions, Role::Decisions, Role::Costs, Role::Numbers];

impl Deck {
    pub(crate) fn of(book: &Book, cards: &Cards) -> Self {
        let tags = tags(book, cards);
        let mut deck = Vec::new();
        for source in cards.sources.iter().flatten() {
            let tags = tags.get(&source.chapter).cloned().unwrap_or_default();
            let copier = cards.copier(book, source.chapter, Destination::Outside(&cards.url));
            let parts = ASKED.iter().flat_map(|role| source.with(*role));
            for (part, rows) in parts.filter_map(|part| Some((part, part.rows()?))) {
                let rows_of = rows.rows.iter();
                let made = rows_of.filter_map(|row| flashcard(source, part, rows, row, copier));
                deck.extend(made.map(|card| Flashcard { tags: tags.clone(), ..card }));
            }
        }
        tell_apart(&mut deck);
        Self(deck)
    }

    /// The flashcards as a file that Anki imports: its headers first, then a note a line, of which
    /// the fields are id, front, back and tags. Anki knows a note by its id among those of all decks,
    /// so the book's title stands before each.
    pub fn anki(&self, title: &str) -> String {
        let book = key(title);
        let title = title.replace(['\n', '\r', '\t'], " ");
        let mut out = format!(
            "#separator:tab\n#html:true\n#guid column:1\n#notetype:Basic\n#deck:{title}\n\
             #tags column:4\n"
        );
        for card in &self.0 {
            let source = source(card);
            let back = format!("{}<br><small>{source}</small>", card.back);
            let id = format!("{book}/{}", card.id);
            let fields = [id.as_str(), card.front.as_str(), &back, &card.tags.join(" ")];
            out += &fields.map(field).join("\t");
            out.push('\n');
        }
        out
    }
}

/// Gives cards that ask the same numbers, in their order, and never the id of another card.
fn tell_apart(deck: &mut [Flashcard]) {
    let mut taken: BTreeSet<String> = deck.iter().map(|card| card.id.clone()).collect();
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for card in deck {
        let number = used.entry(card.id.clone()).or_default();
        *number += 1;
        while *number > 1 && !taken.insert(format!("{}-{number}", card.id)) {
            *number += 1;
        }
        if *number > 1 {
            card.id += &format!("-{number}");
        }
    }
}

/// Where an answer comes from: a link, if it is known where that leads.
fn source(card: &Flashcard) -> String {
    let topic = html(&card.topic);
    match &card.url {
        Some(url) => format!("<a href=\"{}\">{topic}</a>", html(url)),
        None => {
            let anchor = card.anchor.iter().map(|anchor| format!("#{anchor}"));
            let place = html(&format!("{}{}", card.chapter, anchor.collect::<String>()));
            format!("{topic}, {place}")
        }
    }
}

/// A field of the file. What would end it, or looks quoted, stands in quotes.
fn field(text: &str) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ");
    let needs_quotes = text.contains('"') || text.starts_with('#');
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn flashcard(
    source: &Source,
    part: &Part,
    rows: &Rows,
    row: &[Cell],
    copier: Copier<'_>,
) -> Option<Flashcard> {
    let (asked, said) = row.split_first()?;
    let back = back(rows, said, copier)?;
    let question = inline(&copier.cell(asked.span));
    if question.trim().is_empty() {
        return None;
    }
    let member = part.member.as_ref().map(|member| member.name.as_str());
    let subjects = std::iter::once(source.topic.as_str()).chain(member);
    let mut front: String = subjects.map(|subject| html(subject) + ": ").collect();
    front += &question;
    if part.role != Role::Questions {
        front += &wanted(rows);
    }
    let path = slashed(&copier.book[source.chapter].path);
    let keys = member.into_iter().chain([asked.text.as_str()]).map(key);
    Some(Flashcard {
        id: format!("{path}#{}/{}", part.role.word(), keys.collect::<Vec<_>>().join("/")),
        kind: part.role.word(),
        front,
        back,
        chapter: path,
        topic: source.topic.clone(),
        anchor: part.anchor.clone(),
        url: copier.address(part.anchor.as_deref()),
        tags: Vec::new(),
    })
}

/// What the cells behind the first say, each after its header if there are several; `None` if they
/// say nothing.
fn back(rows: &Rows, said: &[Cell], copier: Copier<'_>) -> Option<String> {
    let said = said.iter().enumerate().filter(|(_, cell)| !cell.text.trim().is_empty());
    let said: Vec<(&str, String)> =
        said.map(|(at, cell)| (header(rows, at + 1), inline(&copier.cell(cell.span)))).collect();
    match said.as_slice() {
        [] => None,
        [(_, only)] => Some(only.clone()),
        all => {
            let line = |(header, text): &(&str, String)| match *header {
                "" => text.clone(),
                header => format!("{}: {text}", html(header)),
            };
            Some(all.iter().map(line).collect::<Vec<_>>().join("<br>"))
        }
    }
}

/// What a row is asked for: the headers of the columns that a card shows.
fn wanted(rows: &Rows) -> String {
    let headers = rows.shown.iter().skip(1).map(|column| header(rows, *column));
    let headers: Vec<String> = headers.filter(|header| !header.is_empty()).map(html).collect();
    if headers.is_empty() { String::new() } else { format!("<br>{}?", headers.join(" / ")) }
}

fn header(rows: &Rows, column: usize) -> &str {
    rows.header.get(column).map(|cell| cell.text.trim()).unwrap_or_default()
}

/// What of a question stays the same when its case, marks and blanks change. A bound is a word.
fn key(text: &str) -> String {
    let apart = |ch: char| match ch {
        '<' | '>' | '≤' | '≥' | '=' => format!(" {ch} "),
        ch if ch.is_alphanumeric() || "+#".contains(ch) => ch.to_string(),
        _ => " ".to_owned(),
    };
    let apart: String = text.chars().map(apart).collect();
    let words = apart.split_whitespace();
    let key = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if key.is_empty() { text.split_whitespace().collect() } else { key }
}

/// Each chapter behind its hubs, `storage::sharding`, or alone if it has none.
fn tags(book: &Book, cards: &Cards) -> BTreeMap<ChapterId, Vec<String>> {
    let name = |id: ChapterId| key(&slashed(&book[id].path.with_extension("")));
    let mut tags: BTreeMap<ChapterId, Vec<String>> = BTreeMap::new();
    for hub in &cards.hubs {
        for spoke in &hub.spokes {
            let tag = format!("{}::{}", name(hub.chapter), name(*spoke));
            tags.entry(*spoke).or_default().push(tag);
        }
    }
    for source in cards.sources.iter().flatten() {
        tags.entry(source.chapter).or_insert_with(|| vec![name(source.chapter)]);
    }
    tags
}

/// The Markdown of a cell as HTML. What only a build knows shows as an ellipsis.
fn inline(cell: &str) -> String {
    let table = format!("| |\n|---|\n| {} |\n", without_directives(cell));
    let mut html = String::new();
    let parser = new_cmark_parser(&table, &MarkdownOptions::default());
    pulldown_cmark::html::push_html(&mut html, parser);
    let inner = html.rsplit_once("<td>").and_then(|(_, rest)| rest.rsplit_once("</td>"));
    inner.map(|(inner, _)| inner.replace('\n', " ")).unwrap_or_default()
}

fn without_directives(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{#") {
        out += before;
        let Some((_, behind)) = after.split_once("}}") else { return out };
        out.push('…');
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_case_marks_and_blanks() {
        assert_eq!(key("\"How many   virtual nodes?\""), key("How many virtual nodes"));
        assert_ne!(key("C++"), key("C"));
        assert_eq!((key("<10 ms"), key("> 10 ms")), ("<-10-ms".to_owned(), ">-10-ms".to_owned()));
        assert_eq!((key("?!"), key("多言語 か")), ("?!".to_owned(), "多言語-か".to_owned()));
    }

    #[test]
    fn cells_become_html_within_a_line() {
        assert_eq!(inline("# `a\\|b` <br> {{#value x.y}} \\*"), "# <code>a|b</code> <br> … *");
    }

    #[test]
    fn fields_hold_neither_tabs_nor_bare_quotes() {
        assert_eq!(field("a\tb\nc"), "a b c");
        assert_eq!(field("<a href=\"x\">"), "\"<a href=\"\"x\"\">\"");
    }
}
