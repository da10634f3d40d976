//! Hubs and their chapters, and the table that a hub shows of them.

use crate::Cards;
use crate::copy::{Copier, Destination};
use crate::markdown::{escaped, table};
use crate::read::{Rows, Source};
use crate::slots;
use handbook_book::{Book, ChapterId, Span, Target};
use handbook_pass::{Stated, Statements, Under};
use handbook_template::Role;
use std::collections::BTreeSet;

/// Of more decisions the row of a hub's table would be no answer in short.
const MOST_DECISIONS: usize = 3;

/// A chapter under which others stand, or that links them, with a table of them.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    /// The hub itself.
    pub(crate) chapter: ChapterId,
    /// What it is about.
    pub(crate) topic: String,
    /// The header of its table, as its template has it.
    pub(crate) header: Vec<String>,
    /// The chapters with cards that it speaks of.
    pub(crate) spokes: Vec<ChapterId>,
    /// Whether they stand under it rather than being linked.
    pub(crate) is_above: bool,
}

/// The hubs of a book, in reading order.
pub(crate) fn hubs(
    book: &Book,
    stated: &Stated,
    under: Option<&Under>,
    sources: &[Option<Source>],
) -> Vec<Hub> {
    let hub = |(id, _)| {
        let said = stated.of(id)?;
        let block = said.blocks.iter().find(|block| block.name == slots::HUB_TABLE)?;
        let under = under.and_then(|under| under.0.get(id.0)).map_or(&[][..], Vec::as_slice);
        let spokes = spokes(book, id, said, under, sources);
        let (topic, header) = (said.topic.clone(), block.header.clone());
        Some(Hub { chapter: id, topic, header, spokes, is_above: !under.is_empty() })
    };
    book.iter().filter_map(hub).collect()
}

/// The chapters with cards among those that stand `under` a hub; if nothing stands there, or nobody
/// knows what, among those that it links.
fn spokes(
    book: &Book,
    hub: ChapterId,
    said: &Statements,
    under: &[ChapterId],
    sources: &[Option<Source>],
) -> Vec<ChapterId> {
    let has_card = |id: &ChapterId| sources.get(id.0).is_some_and(Option::is_some);
    if under.is_empty() {
        return linked(book, hub, said, has_card);
    }
    under.iter().copied().filter(has_card).collect()
}

/// The chapters that a hub links: in the parts that are there for it, or anywhere but in what can
/// be derived.
fn linked(
    book: &Book,
    hub: ChapterId,
    said: &Statements,
    has_card: impl Fn(&ChapterId) -> bool,
) -> Vec<ChapterId> {
    let document = &book[hub].document;
    let mut named: Vec<Span> =
        said.parts.iter().filter(|part| part.role == Role::Spokes).map(|part| part.span).collect();
    named.sort_unstable();
    let regions: Vec<Span> = document.regions.iter().map(|region| region.span).collect();
    let counts = |link: Span| match named.is_empty() {
        true => !around(&regions, link),
        false => around(&named, link),
    };
    let mut seen = BTreeSet::new();
    let links = document.links.iter().filter(|link| !link.image && counts(link.span));
    let linked = links.filter_map(|link| match book.target(hub, &link.destination) {
        Target::Chapter { id, .. } => Some(id),
        _ => None,
    });
    linked.filter(|id| *id != hub && has_card(id) && seen.insert(*id)).collect()
}

/// Whether one of `spans`, which ascend, holds `span`.
fn around(spans: &[Span], span: Span) -> bool {
    let until = spans.partition_point(|one| one.start() <= span.start());
    spans[..until].last().is_some_and(|one| one.contains(span))
}

/// The table of a hub: for each chapter its subject, its question, its answer in short, and a link.
/// `None` if there is no chapter.
pub(crate) fn hub_table(
    book: &Book,
    cards: &Cards,
    hub: &Hub,
    to: Destination<'_>,
) -> Option<String> {
    let row = |id: &ChapterId| {
        let source = cards.sources.get(id.0)?.as_ref()?;
        let copier = cards.copier(book, *id, to);
        Some(vec![
            escaped(&source.topic),
            question(source, copier).unwrap_or_default(),
            answer(source, copier),
            copier.link(&escaped(&book[*id].name), None),
        ])
    };
    let rows: Vec<Vec<String>> = hub.spokes.iter().filter_map(row).collect();
    let header: Vec<String> = hub.header.iter().map(|cell| escaped(cell)).collect();
    (!rows.is_empty()).then(|| table(&header, &rows))
}

/// What a chapter asks, for a cell.
fn question(source: &Source, copier: Copier<'_>) -> Option<String> {
    let part = source.with(Role::Question).next()?;
    Some(copier.cell(part.paragraphs().first()?.span))
}

/// What a chapter answers, for a cell: what to choose when, with what it costs; otherwise what
/// there is to say.
fn answer(source: &Source, copier: Copier<'_>) -> String {
    let decisions = source.with(Role::Decisions).filter_map(|part| part.rows());
    let lines = decisions.flat_map(|rows| rows.rows.iter().map(move |row| (rows, row)));
    let lines: Vec<String> = lines
        .take(MOST_DECISIONS)
        .filter_map(|(rows, row)| {
            let case = copier.cell(row.first()?.span);
            let choice = row.get(*rows.shown.get(1)?)?;
            let cost = cost(source, &choice.text, copier);
            let cost = cost.map(|cost| format!(", {cost}")).unwrap_or_default();
            Some(format!("{case} → **{}**{cost}", copier.cell(choice.span)))
        })
        .collect();
    if !lines.is_empty() {
        return lines.join("<br>");
    }
    let said = source.with(Role::Answer).find_map(|part| part.paragraphs().first().copied());
    said.map(|said| copier.cell(said.span)).unwrap_or_default()
}

/// What the option costs that `choice` names.
fn cost(source: &Source, choice: &str, copier: Copier<'_>) -> Option<String> {
    let named = source
        .with(Role::Costs)
        .find(|part| part.member.as_ref().is_some_and(|member| member.is_named_in(choice)))?;
    let rows: &Rows = named.rows()?;
    let column = *rows.shown.get(1)?;
    let cell = source.main_row(named)?.get(column)?;
    Some(copier.cell(cell.span)).filter(|cell| !cell.is_empty())
}
