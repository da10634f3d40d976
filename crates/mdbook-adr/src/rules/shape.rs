//! What a chapter lacks of its template, has elsewhere, or has too much.

use super::{
    EXTRA_PART, LEFT_PLACEHOLDER, MISNUMBERED_PART, MISPLACED_PART, MISSING_COLUMN, MISSING_PART,
    UNEXPANDED_PART, UNKNOWN_PART, WRONG_TITLE,
};
use crate::chapter::{Chapter, head};
use crate::{SLOT, part};
use handbook_book::{ChapterId, Directive, Document};
use handbook_pass::{Findings, Gap};
use handbook_template::Missing;
use handbook_text::{Edit, EditSet, Expanded, Finding, Safety};
use std::collections::BTreeSet;

/// Reports all that the comparison of chapter and template found.
pub(crate) fn check(chapter: &Chapter<'_>, findings: &mut Findings) {
    let matching = &chapter.matching;
    let kind = &chapter.kind.name;
    let mut push = |finding| findings.push(chapter.id, finding);
    let stands_in = part::standing_in(&chapter.kind.template, chapter.document);
    let missing = matching.missing.iter().filter(|one| !stands_in.contains(&one.node.order));
    let missing: Vec<&Missing<'_>> = missing.collect();
    let healed = healed(chapter, &missing);
    for missing in missing {
        push(missing_part(chapter, missing, healed.contains(&missing.node.order)));
    }
    for misplaced in &matching.misplaced {
        let at = head(chapter.document, misplaced.found);
        let message = format!("the {} stands elsewhere in the template", misplaced.node.name());
        let line = 1 + chapter.document.text[..misplaced.belongs_at].matches('\n').count();
        let finding = chapter.finding(&MISPLACED_PART, misplaced.node, at, message);
        push(finding.help(format!("move it to line {line}, where `{kind}` has it")));
    }
    for extra in &matching.extra {
        let at = head(chapter.document, extra.found);
        let repeats = extra.node.repeat().is_some();
        let message = if repeats {
            format!("one {} too many", extra.node.name())
        } else {
            format!("the template closes the {} to what it does not name", extra.node.name())
        };
        push(chapter.finding(&EXTRA_PART, extra.node, at, message));
    }
    let root = &chapter.kind.template.root;
    for placeholder in &matching.placeholders {
        let text = chapter.document.slice(*placeholder);
        let message = format!("`{text}` is the template's, still to be replaced");
        let node = chapter.innermost(*placeholder).unwrap_or(root);
        push(chapter.finding(&LEFT_PLACEHOLDER, node, *placeholder, message));
    }
    for renamed in &matching.renamed {
        let at = chapter.document.first_line(renamed.heading);
        let message = format!("the title of a `{kind}` is a {}", renamed.node.name());
        push(chapter.finding(&WRONG_TITLE, renamed.node, at, message));
    }
    for misnumbered in &matching.misnumbered {
        let at = chapter.document.first_line(misnumbered.heading);
        let message = format!("`{}` comes next here", misnumbered.expected);
        let finding = chapter.finding(&MISNUMBERED_PART, misnumbered.node, at, message);
        push(finding.help("number it so, and change what refers to it"));
    }
    for lacking in &matching.missing_columns {
        let columns: Vec<String> =
            lacking.columns.iter().map(|column| format!("`{column}`")).collect();
        let at = head(chapter.document, lacking.found);
        let message = format!("the table lacks {}", columns.join(", "));
        push(chapter.finding(&MISSING_COLUMN, lacking.node, at, message));
    }
    let directives = chapter.document.directives.iter();
    directives.filter(|one| one.name == SLOT).for_each(|one| push(directive(chapter, one)));
}

/// Reports directives for parts of a template in a chapter that follows none.
pub(crate) fn without_kind(id: ChapterId, document: &Document, findings: &mut Findings) {
    for directive in document.directives.iter().filter(|directive| directive.name == SLOT) {
        let message = "this chapter follows no template, so it has no parts to show";
        let finding = Finding::new(UNKNOWN_PART.id, UNKNOWN_PART.level, message);
        let help = "give the chapter a kind: by its title, front matter, or book.toml";
        findings.push(id, finding.at(directive.span).help(help));
    }
}

/// A part that is missing; `heals` says whether inserting it helps.
fn missing_part(chapter: &Chapter<'_>, missing: &Missing<'_>, heals: bool) -> Finding<Expanded> {
    let place = missing.behind.or(missing.parent);
    let at = place
        .map_or_else(|| chapter.document.title_line(), |span| chapter.document.first_line(span));
    let message = format!("the {} is missing", missing.node.name());
    let label = match (missing.behind, missing.parent) {
        (Some(_), _) => "it goes behind this",
        (None, Some(_)) => "it goes in here",
        (None, None) => "it goes to the top",
    };
    let kind = &chapter.kind.name;
    let finding = chapter.finding(&MISSING_PART, missing.node, at, message).label(label);
    if !heals {
        return finding.help(format!("a `{kind}` has it; the template shows how"));
    }
    finding
        .help(format!("a `{kind}` has it; `handbook fix --unsafe` inserts what is to be filled in"))
        .fix(Safety::Unsafe, vec![insertion(missing)])
}

fn insertion(missing: &Missing<'_>) -> Edit<Expanded> {
    Edit::insert(missing.insert_at, missing.text.clone())
}

/// The places in the template of the parts that are there once all that is missing is inserted. Some
/// may not be: inside of a list the template's text lacks the item's indentation, and a template can
/// contradict itself.
fn healed(chapter: &Chapter<'_>, missing: &[&Missing<'_>]) -> BTreeSet<usize> {
    if missing.is_empty() {
        return BTreeSet::new();
    }
    let (edits, _) = EditSet::first_come(missing.iter().map(|missing| insertion(missing)));
    let text = edits.apply(&chapter.document.text);
    let document = Document::parse(text, chapter.host);
    let left = chapter.kind.template.match_document(&document).missing;
    let lacks = |order: usize, all: &[&Missing<'_>]| {
        all.iter().filter(|missing| missing.node.order == order).count()
    };
    let left: Vec<&Missing<'_>> = left.iter().collect();
    let orders = missing.iter().map(|missing| missing.node.order);
    orders.filter(|order| lacks(*order, &left) < lacks(*order, missing)).collect()
}

/// The text for a directive's place: in a list item or quote, its lines start as those do.
fn indented(document: &Document, directive: &Directive, text: &str) -> String {
    let prefix = Gap::after(document, directive.span).prefix;
    let mut out = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index > 0 {
            out += if line.trim().is_empty() { prefix.trim_end() } else { &prefix };
        }
        out += line;
    }
    out
}

/// A directive that stands for a part: it is to be written out.
fn directive(chapter: &Chapter<'_>, directive: &Directive) -> Finding<Expanded> {
    let template = &chapter.kind.template;
    let root = &template.root;
    let (name, _) = part::arguments(&directive.args);
    match part::expand(template, chapter.matching, &directive.args) {
        Some(text) => {
            let message = format!("the {name} is still to be written");
            let text = indented(chapter.document, directive, text.trim_end());
            let edit = Edit::replace(directive.span, text);
            let finding = chapter.finding(&UNEXPANDED_PART, root, directive.span, message);
            let finding = finding.help("`handbook fix --unsafe` puts the template's text here");
            if directive.block { finding.fix(Safety::Unsafe, vec![edit]) } else { finding }
        }
        None => {
            let message = format!("the template has no part `{name}`");
            let finding = chapter.finding(&UNKNOWN_PART, root, directive.span, message);
            finding.help(match part::near(template, name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a set that it defines, or a heading".to_owned(),
            })
        }
    }
}
