//! The practice page: questions, a timer for each, and the author's answers folded away.
//!
//! It is a list that anybody can read. The script in it adds what only a script can do: timers.

use crate::copy::{Copier, Destination};
use crate::markdown::{escaped, html};
use crate::read::{Part, Rows, Source};
use crate::sheet::groups;
use crate::{Cards, Settings};
use handbook_book::{Book, Cell};
use handbook_template::Role;

const STYLE: &str = include_str!("practice.css");
const SCRIPT: &str = include_str!("practice.js");

/// The practice; `None` if there is nothing to ask.
pub(crate) fn practice(
    book: &Book,
    cards: &Cards,
    to: Destination<'_>,
    settings: &Settings,
) -> Option<String> {
    let ids = groups(cards).into_iter().flat_map(|group| group.chapters);
    let sources = ids.filter_map(|id| cards.sources.get(id.0)?.as_ref());
    let chapters = sources.filter_map(|source| {
        let copier = cards.copier(book, source.chapter, to);
        let items = items(source, copier);
        let title = copier.link(&escaped(&source.topic), None);
        let list = list(&items, settings);
        (!items.is_empty()).then(|| format!("## {title}\n\n{list}"))
    });
    let chapters: Vec<String> = chapters.collect();
    let all = chapters.join("\n\n");
    let page = format!("<style>\n{STYLE}</style>\n\n{all}\n\n<script>\n{SCRIPT}</script>");
    (!chapters.is_empty()).then_some(page)
}

/// A question, and what the author says to it.
struct Question {
    question: String,
    answers: Vec<Answer>,
}

struct Answer {
    /// What it is called, plain text.
    label: String,
    body: String,
}

fn items(source: &Source, copier: Copier<'_>) -> Vec<Question> {
    let answers = source.with(Role::Answer).filter_map(|part| {
        let body = answer(part, copier);
        (!body.is_empty()).then(|| Answer { label: part.label.clone(), body })
    });
    let answers: Vec<Answer> = answers.collect();
    let asked = source.with(Role::Question).find_map(|part| part.paragraphs().first());
    let asked = asked.map_or_else(|| escaped(&source.topic), |asked| copier.text(asked.span));
    let mut items = Vec::new();
    if !answers.is_empty() {
        items.push(Question { question: asked, answers });
    }
    for part in source.with(Role::Questions) {
        let Some(rows) = part.rows() else { continue };
        for row in rows.rows.iter().filter(|row| row.first().is_some_and(is_said)) {
            let Some((question, said)) = row.split_first() else { continue };
            let said = self::answers(part, rows, said, copier);
            items.push(Question { question: copier.text(question.span), answers: said });
        }
    }
    items
}

/// What an author wrote as an answer, block by block.
fn answer(part: &Part, copier: Copier<'_>) -> String {
    let Some(written) = part.written() else { return String::new() };
    let blocks = written.blocks.iter().map(|block| copier.block(block));
    let left_out = written.has_uncopied.then(|| copier.link("…", part.anchor.as_deref()));
    let blocks = blocks.filter(|block| !block.is_empty()).chain(left_out);
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// The cells behind a question, each by the name of its column; the paragraphs of a list are one
/// answer.
fn answers(part: &Part, rows: &Rows, said: &[Cell], copier: Copier<'_>) -> Vec<Answer> {
    let said = said.iter().enumerate().filter(|(_, cell)| is_said(cell));
    let said = said.map(|(at, cell)| (at, copier.text(cell.span)));
    if rows.header.is_empty() {
        let paragraphs: Vec<String> = said.map(|(_, text)| text).collect();
        let body = paragraphs.join("\n\n");
        let answer = Answer { label: part.label.clone(), body };
        return if answer.body.is_empty() { Vec::new() } else { vec![answer] };
    }
    let label = |at: usize| rows.header.get(at + 1).map(|cell| cell.text.clone());
    said.map(|(at, body)| Answer { label: label(at).unwrap_or_default(), body }).collect()
}

fn is_said(cell: &Cell) -> bool {
    !cell.text.trim().is_empty()
}

/// The questions as a list. Its items hold Markdown, so blank lines stand around that.
fn list(items: &[Question], settings: &Settings) -> String {
    let seconds: Vec<String> = settings.timers.iter().map(u32::to_string).collect();
    let mut out = format!(
        "<ol class=\"handbook-practice\" data-timers=\"{}\" data-label=\"{}\">\n",
        seconds.join(" "),
        html(&settings.timer_label),
    );
    for item in items {
        out += &format!("<li>\n\n{}\n\n", item.question);
        for answer in &item.answers {
            out += &format!(
                "<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n",
                html(&answer.label),
                answer.body,
            );
        }
        out += "</li>\n";
    }
    out + "</ol>"
}
