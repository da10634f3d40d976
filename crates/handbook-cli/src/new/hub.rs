//! The link to a new chapter on the page of the one that it stands under.

use handbook_book::{Document, Node, NodeKind, add_item, is_list};
use handbook_engine::normalised;
use handbook_text::{Edit, Expanded};
use std::path::Path;

/// The edit that adds `link` to the list of links to `children` in `hub`, the chapter `path`.
///
/// `None` unless there is exactly one list that is sure to be that: each of its items starts with a
/// link to another of the children, and no pass fills it.
pub(crate) fn add_link(
    hub: &Document,
    path: &Path,
    children: &[&Path],
    link: &str,
) -> Option<Edit<Expanded>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let starts_with_child = |item: &Node| {
        let Some(text) = item.children.first() else { return false };
        let link = hub.links.iter().find(|link| text.span.contains(link.span));
        let file = link.filter(|link| !link.image).map(|link| link.destination.replace("%20", " "));
        let file = file.map(|file| file.split('#').next().unwrap_or_default().to_owned());
        file.is_some_and(|file| children.contains(&normalised(&folder.join(file)).as_path()))
    };
    let is_derived = |list: &Node| hub.regions.iter().any(|region| region.span.contains(list.span));
    let is_plain =
        |item: &Node| matches!(item.children[..], [Node { kind: NodeKind::Paragraph { .. }, .. }]);
    let lists = hub.root.walk().filter(|node| is_list(node) && !is_derived(node));
    let mut lists = lists
        .filter(|list| list.children.iter().all(|item| is_plain(item) && starts_with_child(item)));
    let list = lists.next()?;
    if lists.next().is_some() {
        return None;
    }
    add_item(hub, list, link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use handbook_book::Host;
    use handbook_text::EditSet;

    fn with(hub: &str) -> Option<String> {
        let document = Document::parse(hub, Host::default());
        let children = [Path::new("data/ring.md"), Path::new("data/jump hash.md")];
        let edit = add_link(&document, Path::new("data/hub.md"), &children, "[New](new.md)")?;
        Some(EditSet::first_come([edit]).0.apply(hub))
    }

    #[test]
    fn a_list_of_the_children_gets_one_more() {
        let hub = "# Data\n\n* [Ring](ring.md#how), and more\n* [Jump](jump%20hash.md)\n\nText\n";
        let expected = hub.replace("\n\nText", "\n* [New](new.md)\n\nText");
        assert_eq!(with(hub), Some(expected));
    }

    #[test]
    fn any_other_list_is_left_alone() {
        for hub in [
            "Text\n",
            "- [Ring](ring.md)\n- [Elsewhere](../ring.md)\n",
            "- [Ring](ring.md)\n- text\n",
            "- [Ring](ring.md)\n\n# Again\n\n- [Ring](ring.md)\n",
            "- [Ring](ring.md)\n  - [Jump](<jump hash.md>)\n    - deeper\n",
            "<!-- handbook:children -->\n\n- [Ring](ring.md)\n\n<!-- /handbook:children -->\n",
            "> - [Ring](ring.md)\n",
            "- ![Ring](ring.md)\n",
        ] {
            assert_eq!(with(hub), None, "{hub}");
        }
    }
}
