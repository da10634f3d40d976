//! The sheet: the cards of all chapters, by hub.

use crate::card::card;
use crate::copy::Destination;
use crate::markdown::escaped;
use crate::{Cards, Settings};
use handbook_book::{Book, ChapterId};
use std::collections::{BTreeMap, BTreeSet};

/// How the sheet looks: as many cards beside each other as there is room for, four to a printed page.
const STYLE: &str = include_str!("sheet.css");

/// The sheet; `None` if there is no card.
pub(crate) fn sheet(
    book: &Book,
    cards: &Cards,
    to: Destination<'_>,
    settings: &Settings,
) -> Option<String> {
    let groups = groups(cards);
    let has_hubs = groups.iter().any(|group| group.hub.is_some());
    let mark = if has_hubs { "###" } else { "##" };
    let mut out = String::new();
    for group in &groups {
        let card = |id: &ChapterId| {
            let source = cards.sources.get(id.0)?.as_ref()?;
            let copier = cards.copier(book, *id, to);
            let body = card(source, copier, settings.rows)?;
            let title = copier.link(&escaped(&source.topic), None);
            Some(format!(
                "<section class=\"handbook-card\">\n\n{mark} {title}\n\n{body}\n\n</section>\n"
            ))
        };
        let shown: Vec<String> = group.chapters.iter().filter_map(card).collect();
        if shown.is_empty() {
            continue;
        }
        let title = group.hub.map(|(hub, topic)| {
            let copier = cards.copier(book, hub, to);
            format!("\n## {}\n\n", copier.link(&escaped(topic), None))
        });
        let (title, shown) = (title.unwrap_or_default(), shown.join("\n"));
        out += &format!("<div class=\"handbook-sheet\">\n{title}{shown}\n</div>\n\n");
    }
    let printed = printed(settings.printed_rows);
    (!out.is_empty()).then(|| format!("<style>\n{STYLE}{printed}</style>\n\n{out}"))
}

/// The style that leaves out of a printed sheet what stands behind so many rows.
fn printed(rows: usize) -> String {
    let next = rows.saturating_add(1);
    format!(
        "@media print {{\n    .handbook-sheet :is(tbody tr:nth-child(n + {next}), \
         li:nth-child(n + {next})) {{ display: none; }}\n}}\n"
    )
}

/// A card as its chapter's own page shows it: as small as on the sheet.
pub(crate) fn alone(card: &str) -> String {
    format!("<style>\n{STYLE}</style>\n\n<section class=\"handbook-card\">\n\n{card}\n\n</section>")
}

/// Chapters that belong together.
pub(crate) struct Group<'a> {
    /// Their hub and its subject; `None` for those that no hub links.
    pub(crate) hub: Option<(ChapterId, &'a str)>,
    pub(crate) chapters: Vec<ChapterId>,
}

/// The chapters with cards, each once: those without a hub first, then hub by hub. Of several hubs
/// a chapter belongs to the one that it stands under, or else to the first.
pub(crate) fn groups(cards: &Cards) -> Vec<Group<'_>> {
    let above = cards.hubs.iter().filter(|hub| hub.is_above);
    let above = above.flat_map(|hub| hub.spokes.iter().map(|spoke| (*spoke, hub.chapter)));
    let above: BTreeMap<ChapterId, ChapterId> = above.collect();
    let mut seen = BTreeSet::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for hub in &cards.hubs {
        let own = |id: &ChapterId| above.get(id).is_none_or(|above| *above == hub.chapter);
        let spokes = hub.spokes.iter().copied().filter(own);
        let chapters = spokes.filter(|id| seen.insert(*id)).collect();
        groups.push(Group { hub: Some((hub.chapter, hub.topic.as_str())), chapters });
    }
    let rest = cards.sources.iter().flatten().map(|source| source.chapter);
    let chapters = rest.filter(|id| !seen.contains(id)).collect();
    groups.insert(0, Group { hub: None, chapters });
    groups.retain(|group| !group.chapters.is_empty());
    groups
}
