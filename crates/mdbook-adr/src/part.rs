//! Parts of a template that an author asks for: `{{#adr option "Jump hash"}}`.

use crate::{SLOT, owed};
use handbook_book::Document;
use handbook_pass::Derived;
use handbook_template::{Matching, Template, TemplateNode};
use handbook_text::did_you_mean;

/// The part's name and its title, if the author gives one.
pub(crate) fn arguments(args: &str) -> (&str, Option<&str>) {
    let args = args.trim();
    match args.split_once('"') {
        Some((name, title)) => (name.trim(), title.rsplit_once('"').map(|(title, _)| title.trim())),
        None => (args, None),
    }
}

/// What the page shows for a directive.
pub(crate) fn derive(template: &Template, args: &str) -> Derived {
    let (name, title) = arguments(args);
    match find(template, name) {
        Some(node) => {
            let what = title.map_or_else(|| node.name(), |title| format!("{name} `{title}`"));
            owed::show(&what, &template.instance(node, None, title))
        }
        None => Derived::Nothing,
    }
}

/// The template's text for the directive, counted on from what the chapter has.
pub(crate) fn expand(template: &Template, matching: &Matching<'_>, args: &str) -> Option<String> {
    let (name, title) = arguments(args);
    let node = find(template, name)?;
    let there = matching.matched.iter().filter(|matched| matched.node.order == node.order).count();
    let number = u32::try_from(there + 1).ok();
    Some(template.instance(node, number, title))
}

/// The places in the template of the parts that directives of `document` stand for.
pub(crate) fn standing_in(template: &Template, document: &Document) -> Vec<usize> {
    let directives = document.directives.iter().filter(|directive| directive.name == SLOT);
    let parts = directives.filter_map(|directive| find(template, arguments(&directive.args).0));
    parts.map(|node| node.order).collect()
}

/// The part that `name` may have meant.
pub(crate) fn near<'t>(template: &'t Template, name: &str) -> Option<&'t str> {
    did_you_mean(name, names(template).map(|(name, _)| name))
}

fn find<'t>(template: &'t Template, name: &str) -> Option<&'t TemplateNode> {
    let wanted = name.to_lowercase();
    names(template).find(|(name, _)| name.to_lowercase() == wanted).map(|(_, node)| node)
}

/// Everything that can be asked for: sets first, then headings and labels.
fn names(template: &Template) -> impl Iterator<Item = (&str, &TemplateNode)> {
    let sets = template.root.walk().filter_map(|node| Some((node.defines()?, node)));
    let titles = template.root.walk().filter_map(|node| Some((node.pattern()?.text(), node)));
    sets.chain(titles)
}
