//! What chapters state for cards, as far as their templates say.

use crate::judge::sets::member;
use crate::kind::{Kind, Kinds};
use handbook_book::{Book, Document, NodeKind, Span};
use handbook_pass::{Member, Stated, StatedBlock, StatedPart, Statements};
use handbook_template::{DeriveSlot, Matched, Matching, Standing, Template};

/// What the chapters of a book state.
pub(crate) fn stated(book: &Book, kinds: &Kinds) -> Stated {
    let of = |chapter: &handbook_book::Chapter| {
        let kind = kinds.of(&chapter.path, &chapter.document).ok()??;
        Some(statements(kind, &chapter.document))
    };
    Stated { chapters: book.chapters.iter().map(of).collect() }
}

fn statements(kind: &Kind, document: &Document) -> Statements {
    let matching = kind.template.match_document(document);
    let members = Members::of(&matching);
    let part = |matched: &Matched<'_>| {
        let (role, columns) = matched.node.card()?;
        let span = matched.found.span;
        let (columns, member) = (columns.to_vec(), members.around(span));
        Some(StatedPart { role, columns, span, member })
    };
    Statements {
        topic: topic(kind, document),
        parts: matching.matched.iter().filter_map(part).collect(),
        blocks: matching.slots.iter().map(|slot| block(&kind.template, slot)).collect(),
        placeholders: matching.placeholders.clone(),
    }
}

/// The chapter's title without what all of its kind have in common.
fn topic(kind: &Kind, document: &Document) -> String {
    let Some((_, title)) = document.title() else { return String::new() };
    let own = kind.template.title().and_then(|pattern| pattern.wildcards(&title.text));
    own.filter(|own| !own.is_empty()).unwrap_or_else(|| title.text.clone())
}

fn block(template: &Template, slot: &DeriveSlot<'_>) -> StatedBlock {
    let node = template.node(slot.order);
    let table = node.and_then(|node| {
        let within = template.document.root.walk().filter(|one| node.span.contains(one.span));
        within.into_iter().find_map(|one| match &one.kind {
            NodeKind::Table(table) => Some(table),
            _ => None,
        })
    });
    let header = table.map(|table| table.header.iter().map(|cell| cell.text.clone()).collect());
    let written = match slot.state {
        Standing::Written { span } => Some(span),
        _ => None,
    };
    StatedBlock { name: slot.name.to_owned(), header: header.unwrap_or_default(), written }
}

/// The repeated parts of a chapter, by where they start. None of them holds another.
struct Members<'a>(Vec<(Span, &'a Matched<'a>)>);

impl<'a> Members<'a> {
    fn of(matching: &'a Matching<'a>) -> Self {
        let repeated = matching.matched.iter().filter(|matched| {
            let stands_out = matched.node.pattern().is_some();
            stands_out && (matched.node.repeat().is_some() || matched.node.defines().is_some())
        });
        let mut members: Vec<_> = repeated.map(|matched| (matched.found.span, matched)).collect();
        members.sort_by_key(|(span, _)| span.start());
        Self(members)
    }

    /// The member that `span` is part of.
    fn around(&self, span: Span) -> Option<Member> {
        let until = self.0.partition_point(|(member, _)| member.start() <= span.start());
        let (around, matched) = self.0[..until].last()?;
        around.contains(span).then(|| member(matched)).flatten()
    }
}
