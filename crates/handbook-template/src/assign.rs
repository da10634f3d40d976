//! Decides which of a chapter's parts is which of a template's nodes, among siblings.

use crate::part::{Group, Part};
use crate::pattern::Pattern;
use crate::schema::{TemplateKind, TemplateNode};
use handbook_book::{Document, NodeKind, Table, folded};

/// What [`assign`] finds.
pub(crate) struct Assignment {
    /// For each part, the node that it is, as an index.
    pub(crate) node_of: Vec<Option<usize>>,
    /// For each part, whether it stands in the template's order.
    pub(crate) in_order: Vec<bool>,
}

/// How well a part fits a node; the smaller, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// As the template has it, placeholders included.
    Same,
    /// The whole text is named.
    Literal,
    /// Part of the text is named; more letters fit better.
    Partly(std::cmp::Reverse<usize>),
    /// It is of the right kind.
    Kind,
    /// A table that lacks columns.
    Columns,
    /// Nothing about the text is named, so the place decides.
    Wild,
}

/// Gives each node the part that fits it best, a repeated node all that fit. Nodes without a text of
/// their own take what stands between their neighbours.
pub(crate) fn assign(
    document: &Document,
    nodes: &[TemplateNode],
    parts: &[Part<'_>],
) -> Assignment {
    let mut node_of: Vec<Option<usize>> = vec![None; parts.len()];
    let mut taken = vec![false; nodes.len()];
    let mut fits: Vec<(Fit, usize, usize)> = Vec::new();
    for (node, wanted) in nodes.iter().enumerate() {
        let fitting = |part: usize| fit(document, wanted, parts[part]).map(|fit| (fit, node, part));
        fits.extend((0..parts.len()).filter_map(fitting));
    }
    fits.sort_unstable();
    for (fit, node, part) in &fits {
        let free = !taken[*node] || nodes[*node].repeat().is_some();
        if *fit != Fit::Wild && free && node_of[*part].is_none() {
            node_of[*part] = Some(*node);
            taken[*node] = true;
        }
    }
    for node in 0..nodes.len() {
        let in_order = in_order(&node_of);
        let placed = || (0..parts.len()).filter(|part| in_order[*part]);
        let before = |part: &usize| node_of[*part].is_some_and(|other| other < node);
        let after = |part: &usize| node_of[*part].is_some_and(|other| other > node);
        let start = placed().rfind(before).map_or(0, |part| part + 1);
        let end = placed().find(after).unwrap_or(parts.len());
        let repeats = nodes[node].repeat().is_some();
        for (fit, of, part) in &fits {
            let between = start <= *part && *part < end;
            let wanted = *fit == Fit::Wild && *of == node && (repeats || !taken[node]);
            if wanted && between && node_of[*part].is_none() {
                node_of[*part] = Some(node);
                taken[node] = true;
            }
        }
    }
    let in_order = in_order(&node_of);
    Assignment { node_of, in_order }
}

/// Whether `part` can be `node` by its text, wherever it stands. A heading of another level can.
pub(crate) fn is_named(node: &TemplateNode, part: Part<'_>) -> bool {
    match (&node.kind, &part.node.kind) {
        (TemplateKind::Section { pattern, .. }, NodeKind::Section(heading)) => {
            !pattern.is_wild() && pattern.matches(&heading.text)
        }
        (TemplateKind::Field { pattern }, NodeKind::Field(label)) => {
            !pattern.is_wild() && pattern.matches(&label.text)
        }
        _ => false,
    }
}

/// Whether `part` can be `node`, a block.
pub(crate) fn is_block(document: &Document, node: &TemplateNode, part: Part<'_>) -> bool {
    node.group() == Group::Blocks && fit(document, node, part).is_some_and(|fit| fit <= Fit::Kind)
}

/// The columns that a table lacks.
pub(crate) fn missing_columns<'t>(header: &'t [Pattern], table: &Table) -> Vec<&'t Pattern> {
    let has = |pattern: &&Pattern| !table.header.iter().any(|cell| pattern.matches(&cell.text));
    header.iter().filter(has).collect()
}

fn fit(document: &Document, node: &TemplateNode, part: Part<'_>) -> Option<Fit> {
    let titled = |pattern: &Pattern, text: &str| {
        let same = || {
            let head = folded(document.slice(part.head()));
            node.examples.iter().any(|example| example.head == head)
        };
        pattern.matches(text).then(|| {
            if same() {
                Fit::Same
            } else if pattern.is_wild() {
                Fit::Wild
            } else if pattern.is_literal() {
                Fit::Literal
            } else {
                Fit::Partly(std::cmp::Reverse(pattern.letters()))
            }
        })
    };
    match (&node.kind, &part.node.kind) {
        (TemplateKind::Section { level, pattern }, NodeKind::Section(heading)) => {
            titled(pattern, &heading.text).filter(|_| *level == heading.level)
        }
        (TemplateKind::Field { pattern }, NodeKind::Field(label)) => titled(pattern, &label.text),
        (TemplateKind::Table { header }, NodeKind::Table(table)) => {
            let missing = missing_columns(header, table).len();
            match missing {
                0 if header.len() == table.header.len() => Some(Fit::Same),
                0 => Some(Fit::Kind),
                _ => (missing * 2 <= header.len()).then_some(Fit::Columns),
            }
        }
        (TemplateKind::Code { language }, NodeKind::Code(code)) => match language {
            Some(language) => (code.language() == Some(language)).then_some(Fit::Same),
            None => Some(Fit::Kind),
        },
        (TemplateKind::List, NodeKind::List { .. }) => {
            let named = part
                .parts()
                .iter()
                .any(|item| node.children.iter().any(|node| is_named(node, *item)));
            Some(if named { Fit::Same } else { Fit::Kind })
        }
        (TemplateKind::Quote, NodeKind::Quote) => Some(Fit::Kind),
        _ => None,
    }
}

/// Which parts are in the order of their nodes, as many as can be.
fn in_order(node_of: &[Option<usize>]) -> Vec<bool> {
    // For each part that is some node, the longest ordered run that ends with it, and its previous
    // part in that run.
    let mut runs: Vec<(usize, Option<usize>)> = vec![(0, None); node_of.len()];
    let mut best: Option<usize> = None;
    for part in 0..node_of.len() {
        let Some(node) = node_of[part] else { continue };
        let mut run = (1, None);
        for before in 0..part {
            let ordered = node_of[before].is_some_and(|other| other <= node);
            if ordered && runs[before].0 + 1 > run.0 {
                run = (runs[before].0 + 1, Some(before));
            }
        }
        runs[part] = run;
        if best.is_none_or(|best| runs[best].0 < run.0) {
            best = Some(part);
        }
    }
    let mut in_order = vec![false; node_of.len()];
    while let Some(part) = best {
        in_order[part] = true;
        best = runs[part].1;
    }
    in_order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_parts_are_out_of_order() {
        let order =
            |nodes: &[usize]| in_order(&nodes.iter().copied().map(Some).collect::<Vec<_>>());
        assert_eq!(order(&[0, 1, 1, 2]), [true; 4]);
        assert_eq!(order(&[2, 0, 1]), [false, true, true]);
        assert_eq!(order(&[0, 2, 1, 3]), [true, true, false, true]);
    }
}
