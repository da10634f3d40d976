//! The text of a new chapter: the scaffold, with what is known of the chapter filled in.

use crate::constraint::{Constraint, Known};
use crate::pattern::closing;
use crate::placeholder;
use crate::refine;
use crate::schema::{TemplateKind, TemplateNode};
use crate::template::Template;
use handbook_book::Span;
use handbook_text::{Edit, EditSet, Expanded};
use std::collections::BTreeSet;

/// What is known of a chapter that is about to be written, as Markdown on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What stands in its title for the template's first placeholder.
    pub title: String,
    /// A link to the chapter that it stands under, if it stands under any.
    pub parent: Option<String>,
    /// The names of the blocks that passes build, which the author has not to write.
    pub built: BTreeSet<String>,
}

impl Template {
    /// The text of a new chapter. What is not known stays a placeholder.
    pub fn filled(&self, facts: &Facts) -> String {
        let (edits, _) =
            EditSet::first_come(self.root.walk().flat_map(|node| self.fill(node, facts)));
        edits.apply(self.scaffold())
    }

    fn fill(&self, node: &TemplateNode, facts: &Facts) -> Vec<Edit<Expanded>> {
        let mut edits = Vec::new();
        if let TemplateKind::Section { level: 1, .. } = node.kind {
            // The bytes of the heading, for Markdown takes `{…}` at its end for attributes.
            let heading = self.scaffold()[node.span.start()..].lines().next().unwrap_or_default();
            let bracket = heading.find(['[', '{']).and_then(|at| Some((at, closing(heading, at)?)));
            edits.extend(bracket.map(|(start, end)| {
                let at = node.span.start();
                Edit::replace(Span::new(at + start, at + end), facts.title.clone())
            }));
        }
        if node.derives().is_some_and(|name| facts.built.contains(name)) {
            edits.extend(self.body_of(node).map(Edit::delete));
        }
        for constraint in &node.constraints {
            let Constraint::Fill(Known::Parent) = constraint else { continue };
            let Some(parent) = &facts.parent else { continue };
            let placeholders = placeholder::placeholders(&self.document);
            let first = placeholders.into_iter().find(|(span, _)| node.span.contains(*span));
            edits.extend(first.map(|(span, _)| Edit::replace(span, parent.clone())));
        }
        edits
    }

    /// What stands under the heading of a section, without the blank lines and rules at its end.
    fn body_of(&self, node: &TemplateNode) -> Option<Span> {
        let mut sections = self.document.root.walk().filter_map(refine::section);
        let (section, heading) = sections.find(|(one, _)| one.span.start() == node.span.start())?;
        let heading = self.document.slice(heading.span).trim_end().len();
        let end = refine::body(&self.document, section.span).end();
        Some(Span::new((section.span.start() + heading).min(end), end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;

    fn filled(template: &str, parent: Option<&str>) -> String {
        let (template, findings) = Template::parse(template, Host::default());
        assert_eq!(findings, []);
        template.filled(&Facts {
            title: "Rings".to_owned(),
            parent: parent.map(str::to_owned),
            built: ["card".to_owned()].into(),
        })
    }

    #[test]
    fn the_title_is_filled_in_and_nothing_like_it() {
        assert_eq!(
            filled("# [Topic] — Overview\n\n[Topic]\n", None),
            "# Rings — Overview\n\n[Topic]\n"
        );
        assert_eq!(filled("# {short title}\n\nText\n", None), "# Rings\n\nText\n");
        assert_eq!(filled("# Runbook\n\n[What]\n", None), "# Runbook\n\n[What]\n");
    }

    #[test]
    fn what_is_built_is_not_to_be_written() {
        let template = "# [Topic]\n\n## Card <!-- ? derive card -->\n\n[All]\n\n### More\n\n[All]\n\n---\n\n\
                        ## Sheet <!-- ? derive sheet -->\n\n[All]\n";
        let chapter = "# Rings\n\n## Card\n\n---\n\n## Sheet\n\n[All]\n";
        assert_eq!(filled(template, None), chapter);
    }

    #[test]
    fn the_parent_goes_where_the_template_says() {
        let template = "# [Topic]\r\n\r\n**Up:** [Hub] and [more] <!-- ? fill parent -->\r\n";
        let (known, unknown) = (filled(template, Some("[A](a.md)")), filled(template, None));
        assert_eq!(known, "# Rings\r\n\r\n**Up:** [A](a.md) and [more]\r\n");
        assert_eq!(unknown, "# Rings\r\n\r\n**Up:** [Hub] and [more]\r\n");
    }
}
