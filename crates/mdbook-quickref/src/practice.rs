//! The practice page: questions, a timer for each, and the author's answers folded away.
//!
//! It is a list that anybody can read. The script in it adds what only a script can do: timers.

use crate::copy::{Copier, Destination};
use crate::markdown::{escaped, html};
use crate::read::{Paragraph, Source, Style};
use crate::sheet::groups;
use crate::{Cards, Settings};
use handbook_book::{Book, Cell};
use handbook_template::Role;
use std::path::Path;

const STYLE: &str = include_str!("practice.css");
const SCRIPT: &str = include_str!("practice.js");

/// The practice for the page of the chapter at `path`; `None` if there is nothing to ask.
pub(crate) fn practice(
    book: &Book,
    cards: &Cards,
    path: &Path,
    settings: &Settings,
) -> Option<String> {
    let ids = groups(cards).into_iter().flat_map(|group| group.chapters);
    let sources = ids.filter_map(|id| cards.sources.get(id.0)?.as_ref());
    let chapters = sources.filter_map(|source| {
        let copier = Copier { book, from: source.chapter, to: Destination::Page(path) };
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
        let body = copier.blocks(part.paragraphs(), "");
        (!body.is_empty()).then(|| Answer { label: part.label.clone(), body })
    });
    let answers: Vec<Answer> = answers.collect();
    let asked = source.with(Role::Question).find_map(|part| part.paragraphs().first());
    let asked = asked.map_or_else(|| escaped(&source.topic), |asked| copier.text(asked.span));
    let mut items = Vec::new();
    if !answers.is_empty() {
        items.push(Question { question: asked, answers });
    }
    for rows in source.with(Role::Questions).filter_map(|part| part.rows()) {
        for row in &rows.rows {
            let Some((question, said)) = row.split_first() else { continue };
            let said = said.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
            let answer = |(at, cell): (usize, &Cell)| Answer {
                label: rows.header.get(at + 1).map(|cell| cell.text.clone()).unwrap_or_default(),
                body: copier.blocks(&[Paragraph { span: cell.span, style: Style::Plain }], ""),
            };
            let answers = said.map(answer).collect();
            items.push(Question { question: copier.text(question.span), answers });
        }
    }
    items
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
