//! Compares a chapter with a template.
//!
//! 1. Parent by parent, [`assign`] says which part is which node; what no node claims is kept as
//!    free, what no part fits as pending.
//! 2. Pending nodes look for themselves among what is free: elsewhere is misplaced, not missing.
//! 3. Those still pending are missing, or empty slots where a block can be derived.

use crate::assign::{self, assign};
use crate::part::{Group, Part};
use crate::place;
use crate::placeholder;
use crate::schema::{self, TemplateKind, TemplateNode};
use crate::slot::{self, DeriveSlot, Standing};
use crate::template::Template;
use handbook_book::{Document, Node, NodeKind, Span, folded};
use std::collections::{BTreeSet, VecDeque};

/// What a chapter has of a template, and what not. All offsets are the chapter's.
#[derive(Clone, Debug, Default)]
pub struct Matching<'a> {
    /// The nodes that the chapter has, with what they are in it.
    pub matched: Vec<Matched<'a>>,
    /// The nodes that it lacks, each without its children.
    pub missing: Vec<Missing<'a>>,
    /// The nodes that stand elsewhere; they are matched as well.
    pub misplaced: Vec<Misplaced<'a>>,
    /// What stands in a closed node without being named there, or once too often.
    pub extra: Vec<Extra<'a>>,
    /// The template's own placeholders that are still there.
    pub placeholders: Vec<Span>,
    /// A title that does not match; what stands under it is compared all the same.
    pub renamed: Vec<Renamed<'a>>,
    /// Repeated nodes that do not count on from the one before.
    pub misnumbered: Vec<Misnumbered<'a>>,
    /// Tables that lack columns; they are matched as well.
    pub missing_columns: Vec<MissingColumns<'a>>,
    /// The places where blocks can be derived, in the template's order.
    pub slots: Vec<DeriveSlot<'a>>,
}

/// A node and what it is in the chapter.
#[derive(Clone, Copy, Debug)]
pub struct Matched<'a> {
    /// The template's node.
    pub node: &'a TemplateNode,
    /// The chapter's; for text, the first part that says something.
    pub found: &'a Node,
}

/// A node that the chapter lacks.
#[derive(Clone, Debug)]
pub struct Missing<'a> {
    /// The template's node.
    pub node: &'a TemplateNode,
    /// What it has to stand in: of a section or field the heading or label. `None` for the chapter.
    pub parent: Option<Span>,
    /// The part that it has to stand behind, under the same parent; of a section or field the
    /// heading or label.
    pub behind: Option<Span>,
    /// Where it goes.
    pub insert_at: usize,
    /// What goes there: the template's own bytes, with the line breaks that the place needs.
    pub text: String,
}

/// A node that stands elsewhere than in the template.
#[derive(Clone, Copy, Debug)]
pub struct Misplaced<'a> {
    /// The template's node.
    pub node: &'a TemplateNode,
    /// The chapter's.
    pub found: &'a Node,
    /// Where it should stand.
    pub belongs_at: usize,
}

/// Something that may not be there.
#[derive(Clone, Copy, Debug)]
pub struct Extra<'a> {
    /// The closed node that it stands in, or the node that it repeats too often.
    pub node: &'a TemplateNode,
    /// The chapter's node.
    pub found: &'a Node,
}

/// A title that should follow a pattern.
#[derive(Clone, Copy, Debug)]
pub struct Renamed<'a> {
    /// The template's node.
    pub node: &'a TemplateNode,
    /// The title.
    pub heading: Span,
}

/// A repeated node with the wrong number.
#[derive(Clone, Debug)]
pub struct Misnumbered<'a> {
    /// The template's node.
    pub node: &'a TemplateNode,
    /// The heading or label.
    pub heading: Span,
    /// What should stand where the pattern counts.
    pub expected: String,
}

/// A table without some of the template's columns.
#[derive(Clone, Debug)]
pub struct MissingColumns<'a> {
    /// The template's node.
    pub node: &'a TemplateNode,
    /// The table.
    pub found: &'a Node,
    /// The headers of the columns that it lacks.
    pub columns: Vec<&'a str>,
}

/// Compares `document` with `template`.
pub(crate) fn run<'a>(template: &'a Template, document: &'a Document) -> Matching<'a> {
    let mut matcher = Matcher {
        template,
        document,
        matching: Matching::default(),
        free: Vec::new(),
        pending: VecDeque::new(),
        claimed: BTreeSet::new(),
        closed: Vec::new(),
    };
    matcher.children(&template.root, Part::new(&document.root));
    let mut homeless = Vec::new();
    while let Some(pending) = matcher.pending.pop_front() {
        if !matcher.found_elsewhere(&pending) {
            homeless.push(pending);
        }
    }
    homeless.sort_by_key(|pending| pending.node.order);
    homeless.into_iter().for_each(|pending| matcher.missing(pending));
    matcher.extras();
    let mut matching = matcher.matching;
    let left = placeholder::placeholders(document);
    let left = left.into_iter().filter(|(_, text)| template.placeholders.contains(text));
    matching.placeholders.extend(left.map(|(span, _)| span));
    matching.matched.sort_by_key(|matched| (matched.node.order, matched.found.span.start()));
    matching.misplaced.sort_by_key(|misplaced| misplaced.node.order);
    matching.slots.sort_by_key(|slot| slot.order);
    matching
}

struct Matcher<'a> {
    template: &'a Template,
    document: &'a Document,
    matching: Matching<'a>,
    /// Parts that no node claims.
    free: Vec<Part<'a>>,
    pending: VecDeque<Pending<'a>>,
    /// The parts that nodes claim.
    claimed: BTreeSet<*const Node>,
    /// Closed nodes and what they are in the chapter.
    closed: Vec<(&'a TemplateNode, Part<'a>)>,
}

/// A node that was not found where it belongs.
struct Pending<'a> {
    node: &'a TemplateNode,
    parent: Part<'a>,
    /// The sections of the parent that are other nodes.
    elsewhere: Vec<Span>,
    behind: Option<Span>,
    insert_at: usize,
    text: String,
    /// Whether it stands there, but not often enough.
    too_few: bool,
}

impl<'a> Matcher<'a> {
    fn claim(&mut self, node: &'a TemplateNode, found: &'a Node) {
        self.claimed.insert(std::ptr::from_ref(found));
        self.matching.matched.push(Matched { node, found });
    }

    /// Matches `part`, which is `node`, and what stands inside.
    fn pair(&mut self, node: &'a TemplateNode, part: Part<'a>) {
        self.claim(node, part.node);
        if let (TemplateKind::Table { header }, NodeKind::Table(table)) =
            (&node.kind, &part.node.kind)
        {
            let columns = assign::missing_columns(header, table);
            if !columns.is_empty() {
                let columns = columns.into_iter().map(crate::Pattern::text).collect();
                let found = part.node;
                self.matching.missing_columns.push(MissingColumns { node, found, columns });
            }
        }
        if let Some(name) = node.derives() {
            let body = place::body_start(self.document, part);
            let state = slot::state(self.document, name, part, body);
            let written = matches!(state, Standing::Written { .. });
            self.matching.slots.push(DeriveSlot { name, order: node.order, state });
            if !written {
                return;
            }
        }
        if node.is_closed() {
            self.closed.push((node, part));
        }
        if !self.is_stub(node, part) {
            self.children(node, part);
        }
    }

    /// Whether `part` is a repetition that the template leaves to the author with one placeholder.
    fn is_stub(&self, node: &TemplateNode, part: Part<'a>) -> bool {
        let stubs = node.examples.iter().skip(1).filter_map(|example| example.stub.as_ref());
        let mut stubs = stubs.peekable();
        stubs.peek().is_some()
            && schema::stub(self.document, part).is_some_and(|body| stubs.any(|stub| *stub == body))
    }

    /// Matches what stands in `parent` with the children of `node`.
    fn children(&mut self, node: &'a TemplateNode, parent: Part<'a>) {
        let parts = parent.parts();
        let mut assignment = assign(self.document, &node.children, &parts);
        if node.kind == TemplateKind::Root && self.title(node, &parts, &mut assignment) {
            return;
        }
        let sections = parts
            .iter()
            .zip(&assignment.node_of)
            .filter(|(part, node)| node.is_some() && part.group() == Group::Sections);
        let sections: Vec<Span> = sections.map(|(part, _)| part.span).collect();
        for (index, child) in node.children.iter().enumerate() {
            let siblings = Siblings { node, parent, parts: &parts, assignment: &assignment };
            if child.kind == TemplateKind::Prose {
                self.prose(index, &siblings, &sections);
                continue;
            }
            let instances: Vec<usize> =
                (0..parts.len()).filter(|part| assignment.node_of[*part] == Some(index)).collect();
            for instance in &instances {
                let part = parts[*instance];
                if !assignment.in_order[*instance] {
                    let belongs_at = siblings.place(self.document, index).0;
                    self.matching.misplaced.push(Misplaced {
                        node: child,
                        found: part.node,
                        belongs_at,
                    });
                }
                self.pair(child, part);
            }
            let instances: Vec<Part<'a>> =
                instances.into_iter().map(|index| parts[index]).collect();
            if self.counts(child, &instances) && !instances.is_empty() {
                continue;
            }
            let pending = self.pend(index, &siblings, &sections, &instances);
            self.pending.push_back(pending);
        }
        let unclaimed = parts.iter().zip(&assignment.node_of).filter(|(_, node)| node.is_none());
        self.free.extend(unclaimed.map(|(part, _)| *part));
    }

    /// Handles a chapter whose title is not the template's, or that has none. Says whether that
    /// was all there is to do.
    fn title(
        &mut self,
        root: &'a TemplateNode,
        parts: &[Part<'a>],
        assignment: &mut assign::Assignment,
    ) -> bool {
        let is_title = |node: &&TemplateNode| node.group() == Group::Sections;
        let mut titles = root.children.iter().enumerate().filter(|(_, node)| is_title(node));
        let (Some((index, title)), None) = (titles.next(), titles.next()) else { return false };
        let TemplateKind::Section { level, .. } = title.kind else { return false };
        if assignment.node_of.contains(&Some(index)) {
            return false;
        }
        let headings = parts.iter().enumerate().filter_map(|(index, part)| match &part.node.kind {
            NodeKind::Section(heading) => Some((index, heading)),
            _ => None,
        });
        let mut titles = headings.clone().filter(|(_, heading)| heading.level == level);
        match (titles.next(), titles.next()) {
            (Some((part, heading)), None) => {
                self.matching.renamed.push(Renamed { node: title, heading: heading.span });
                assignment.node_of[part] = Some(index);
                assignment.in_order[part] = true;
                false
            }
            (None, _) if headings.clone().any(|(_, heading)| heading.level > level) => {
                let Some(example) = title.examples.first() else { return false };
                let insert_at = place::body_start(self.document, Part::new(&self.document.root));
                let head = self.template.document.slice(example.own);
                let head = head.lines().next().unwrap_or_default().to_owned() + "\n";
                let text = place::fitted(&self.document.text, insert_at, &head, true, false);
                let (parent, behind) = (None, None);
                let missing = Missing { node: title, parent, behind, insert_at, text };
                self.matching.missing.push(missing);
                self.children(title, Part::new(&self.document.root));
                true
            }
            _ => false,
        }
    }

    /// Looks for text: anything, if the template asks for nothing else there.
    fn prose(&mut self, index: usize, siblings: &Siblings<'a, '_>, sections: &[Span]) {
        let node = &siblings.node.children[index];
        let alone = siblings.node.children.len() == 1;
        let says = |(part, node): (&Part<'a>, &Option<usize>)| {
            let counts = alone || node.is_none() && part.group() == Group::Blocks;
            (counts && !part.is_trivia(self.document)).then_some(*part)
        };
        let found = siblings.parts.iter().zip(&siblings.assignment.node_of).find_map(says);
        match found {
            Some(part) => {
                self.claim(node, part.node);
                if let Some(name) = node.derives() {
                    let state = slot::state(self.document, name, part, part.span.start());
                    self.matching.slots.push(DeriveSlot { name, order: node.order, state });
                }
            }
            None => {
                let pending = self.pend(index, siblings, sections, &[]);
                self.pending.push_back(pending);
            }
        }
    }

    /// Checks how often a node stands and how it counts. Says whether it stands often enough.
    fn counts(&mut self, node: &'a TemplateNode, instances: &[Part<'a>]) -> bool {
        let Some(counts) = node.repeat() else { return true };
        let enough = counts.min <= instances.len();
        let allowed = counts.max.unwrap_or(usize::MAX);
        let surplus = instances.iter().skip(allowed);
        self.matching.extra.extend(surplus.map(|part| Extra { node, found: part.node }));
        let Some(pattern) = node.pattern().filter(|_| enough) else { return enough };
        let first = node.examples.first().and_then(|example| example.ordinal).unwrap_or(1);
        let mut expected = first;
        for part in instances {
            let Some(number) = title_of(part.node).and_then(|text| pattern.find(text)).flatten()
            else {
                continue;
            };
            if number != expected {
                let (heading, expected) = (part.head(), pattern.ordinal(expected));
                self.matching.misnumbered.push(Misnumbered { node, heading, expected });
            }
            expected = number.saturating_add(1);
        }
        enough
    }

    /// What is known of a node of which only `instances` are there.
    fn pend(
        &self,
        index: usize,
        siblings: &Siblings<'a, '_>,
        sections: &[Span],
        instances: &[Part<'a>],
    ) -> Pending<'a> {
        let node = &siblings.node.children[index];
        let elsewhere = sections.to_vec();
        let heads: Vec<String> =
            instances.iter().map(|part| folded(self.document.slice(part.head()))).collect();
        let numbers: Vec<u32> = instances
            .iter()
            .filter_map(|part| node.pattern()?.find(title_of(part.node)?)?)
            .collect();
        let lacking =
            node.repeat().map_or(1, |counts| counts.min.max(1).saturating_sub(instances.len()));
        let shown = node.examples.iter().filter(|example| {
            !heads.contains(&example.head)
                && example.ordinal.is_none_or(|number| !numbers.contains(&number))
        });
        let mut examples: Vec<_> = shown.take(lacking).collect();
        if examples.is_empty() {
            examples.extend(node.examples.last());
        }
        let number = examples.first().and_then(|example| example.ordinal);
        let earlier = instances.iter().rev().find(|part| {
            let own = title_of(part.node).and_then(|text| node.pattern()?.find(text)?);
            number.is_none_or(|number| own.is_none_or(|own| own < number))
        });
        let (insert_at, previous) = match earlier {
            Some(part) => (place::content_end(self.document, *part), Some(part.span)),
            None => siblings.place(self.document, index),
        };
        let attached =
            examples.first().is_some_and(|example| self.attached(siblings, previous, example));
        let text: String =
            examples.iter().map(|example| self.template.document.slice(example.text)).collect();
        let inline = node.kind == TemplateKind::Prose
            && matches!(siblings.parent.node.kind, NodeKind::Field(_));
        let text = if inline {
            place::with_line_ending_of(&self.document.text, text)
        } else {
            let item = matches!(siblings.parent.node.kind, NodeKind::List { .. });
            let label = matches!(node.kind, TemplateKind::Field { .. })
                && node.children.iter().all(|child| child.kind == TemplateKind::Prose);
            place::fitted(&self.document.text, insert_at, &text, attached || item, item || label)
        };
        let (parent, too_few) = (siblings.parent, !instances.is_empty());
        let behind = siblings.parts.iter().find(|part| Some(part.span) == previous);
        let behind = behind.map(|part| part.head());
        Pending { node, parent, elsewhere, behind, insert_at, text, too_few }
    }

    /// Whether the chapter has before a place what the template has before `example`.
    fn attached(
        &self,
        siblings: &Siblings<'a, '_>,
        previous: Option<Span>,
        example: &schema::Example,
    ) -> bool {
        match (example.before, previous) {
            (None, None) => true,
            (Some(before), Some(previous)) => {
                siblings.parts.iter().zip(&siblings.assignment.node_of).any(|(part, node)| {
                    part.span == previous
                        && node.is_some_and(|node| {
                            siblings.node.children[node]
                                .examples
                                .iter()
                                .any(|example| example.own == before)
                        })
                })
            }
            _ => false,
        }
    }

    /// Looks for a pending node among what nobody claims.
    fn found_elsewhere(&mut self, pending: &Pending<'a>) -> bool {
        let node = pending.node;
        if pending.too_few {
            return false;
        }
        let group = node.group();
        let parent = pending.parent.span;
        let mut candidates = self.free.clone();
        candidates.sort_by_key(|part| part.span);
        let mut stack: Vec<Part<'a>> = candidates.into_iter().rev().collect();
        while let Some(part) = stack.pop() {
            let near = parent.contains(part.span)
                && !pending.elsewhere.iter().any(|section| section.contains(part.span));
            let found = match group {
                Group::Sections => assign::is_named(node, part),
                Group::Fields => near && assign::is_named(node, part),
                Group::Blocks => near && assign::is_block(self.document, node, part),
            };
            let is_claimed = || self.claimed.contains(&std::ptr::from_ref(part.node));
            if found && !is_claimed() {
                if group != Group::Blocks {
                    let belongs_at = pending.insert_at;
                    self.matching.misplaced.push(Misplaced { node, found: part.node, belongs_at });
                }
                self.pair(node, part);
                return true;
            }
            if part.group() != Group::Blocks || group == Group::Fields {
                stack.extend(part.parts().into_iter().rev());
            }
        }
        false
    }

    /// Reports a node that is nowhere, or its slot.
    fn missing(&mut self, pending: Pending<'a>) {
        let Pending { node, parent, behind, insert_at, text, too_few, .. } = pending;
        if let Some(name) = node.derives() {
            let state =
                slot::marked(self.document, name, self.document.root.span).unwrap_or_else(|| {
                    Standing::Missing { insert_at, heading: self.heading(node, insert_at) }
                });
            self.matching.slots.push(DeriveSlot { name, order: node.order, state });
        } else if too_few || !node.is_optional() {
            let parent = (parent.node.kind != NodeKind::Root).then(|| parent.head());
            self.matching.missing.push(Missing { node, parent, behind, insert_at, text });
        }
    }

    /// The heading or label of `node` with what the template has before it, fit to go to `at`.
    fn heading(&self, node: &TemplateNode, at: usize) -> String {
        let (Some(_), Some(example)) = (node.pattern(), node.examples.first()) else {
            return String::new();
        };
        let text = self.template.document.slice(example.text);
        let head = example.own.start() - example.text.start();
        let line =
            text[head..].split_inclusive('\n').next().map_or(text.len(), |line| head + line.len());
        place::fitted(&self.document.text, at, &text[..line], true, false)
    }

    /// Reports what stands unnamed in closed nodes.
    fn extras(&mut self) {
        for (node, part) in std::mem::take(&mut self.closed) {
            for child in part.parts() {
                let unnamed = child.group() != Group::Blocks
                    && !self
                        .matching
                        .matched
                        .iter()
                        .any(|matched| std::ptr::eq(matched.found, child.node));
                if unnamed {
                    self.matching.extra.push(Extra { node, found: child.node });
                }
            }
        }
    }
}

/// The parts under one parent and what they are.
struct Siblings<'a, 's> {
    node: &'a TemplateNode,
    parent: Part<'a>,
    parts: &'s [Part<'a>],
    assignment: &'s assign::Assignment,
}

impl Siblings<'_, '_> {
    /// Where the child with this index goes, and what stands before that place.
    fn place(&self, document: &Document, index: usize) -> (usize, Option<Span>) {
        let child = &self.node.children[index];
        let label = self.parent.head().end();
        if child.kind == TemplateKind::Prose && matches!(self.parent.node.kind, NodeKind::Field(_))
        {
            return (label, None);
        }
        let placed =
            |part: usize| self.assignment.node_of[part].filter(|_| self.assignment.in_order[part]);
        let earlier =
            (0..self.parts.len()).rev().find(|part| placed(*part).is_some_and(|node| node < index));
        let mut count = earlier.map_or(0, |part| part + 1);
        let introduces = matches!(child.kind, TemplateKind::Quote | TemplateKind::Prose);
        if count == 0 && !introduces {
            let text = |part: &&Part<'_>| matches!(part.node.kind, NodeKind::Paragraph { .. });
            count = self.parts.iter().take_while(text).count();
        }
        count = place::past_earlier_groups(self.parts, count, child.group());
        let before = self.parts[..count].iter().rev().find(|part| !part.is_trivia(document));
        (place::after(document, self.parent, self.parts, count), before.map(|part| part.span))
    }
}

/// The text of a heading or label.
fn title_of(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Section(heading) => Some(&heading.text),
        NodeKind::Field(label) => Some(&label.text),
        _ => None,
    }
}
