//! Constraints that demand nothing where they stand.

use crate::constraint::Constraint;
use crate::scaffold::Scaffold;
use crate::schema::{TemplateKind, TemplateNode};
use handbook_text::{Expanded, Finding};
use std::collections::BTreeSet;

/// Reports constraints that no chapter can break, because they speak of what their node has not.
pub(crate) fn check(root: &TemplateNode, scaffold: &Scaffold) -> Vec<Finding<Expanded>> {
    let sets: BTreeSet<&str> = root.walk().filter_map(TemplateNode::defines).collect();
    let mut findings = Vec::new();
    for node in root.walk() {
        for constraint in &node.constraints {
            let Some(why) = idle(constraint, node, &sets) else { continue };
            let span = node.examples.first().map_or(node.span, |example| example.own);
            let message = format!("a constraint on the {} demands nothing: {why}", node.name());
            findings.push(
                Finding::warning("template/stray-constraint", message)
                    .at(scaffold.in_template(span)),
            );
        }
    }
    findings
}

/// Why a constraint demands nothing of `node`, if so.
fn idle(constraint: &Constraint, node: &TemplateNode, sets: &BTreeSet<&str>) -> Option<String> {
    use TemplateKind::{Code, Field, List, Prose, Section, Table};
    let header = match &node.kind {
        Table { header } => Some(header),
        _ => None,
    };
    let column = |name: &str| match header {
        None => Some("only a table has columns".to_owned()),
        Some(header) => {
            let has = header.iter().any(|cell| cell.matches(name));
            (!has).then(|| format!("the table has no column `{name}`"))
        }
    };
    let set = |name: &str| {
        (!sets.contains(name)).then(|| format!("no part of the template defines `{name}`"))
    };
    let only = |fits: bool, what: &str| (!fits).then(|| format!("it is for {what}"));
    match constraint {
        Constraint::Any => only(matches!(node.kind, Code { .. }), "code"),
        Constraint::Card(_, columns) => columns.iter().find_map(|name| column(name)),
        Constraint::Cell { column: name, .. } => column(name),
        Constraint::CellIn { column: name, set: of } => column(name).or_else(|| set(of)),
        Constraint::Covers(of) => set(of),
        Constraint::Define(_) => {
            only(matches!(node.kind, Section { .. } | Field { .. }), "sections and fields")
        }
        Constraint::Distinct => only(header.is_some(), "tables"),
        Constraint::Pace(_) => only(matches!(node.kind, Field { .. }), "fields"),
        Constraint::Rows(_) => only(header.is_some() || node.kind == List, "tables and lists"),
        Constraint::Spoken(_) | Constraint::Words(_) => {
            only(matches!(node.kind, Section { .. } | Field { .. } | Prose | List), "what is read")
        }
        Constraint::Optional
        | Constraint::Repeat(_)
        | Constraint::Derive(_)
        | Constraint::Closed
        | Constraint::Fill(_)
        | Constraint::Filled
        | Constraint::Cite(_)
        | Constraint::Specific
        | Constraint::Bounds
        | Constraint::Priority(_) => None,
    }
}
