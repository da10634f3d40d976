//! Whether a CSL style can be used: it cites in the text, it has a list, and its macros come to an
//! end.

use hayagriva::citationberg::{
    IndependentStyle, LayoutRenderingElement, NamesChild, Sort, SortKey, StyleClass, TextTarget,
};
use std::collections::HashMap;

/// How deep macros may call each other. No style that is known goes half as deep.
const DEEPEST: usize = 40;

/// How many elements a style may have with all of its macros written out.
const LARGEST: usize = 1_000_000;

/// How deep elements may stand inside each other, since they are read and printed by recursion.
const DEEPEST_ELEMENT: usize = 100;

/// Whether the elements of an XML text are nested deeper than any style needs.
pub(crate) fn is_nested_too_deep(xml: &str) -> bool {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in xml.split('<').skip(1) {
        let end = tag.find('>').unwrap_or(tag.len());
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['!', '?']) && !tag[..end].ends_with('/') {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest > DEEPEST_ELEMENT
}

/// What keeps a style from being used, with what to do; `None` if nothing does.
pub(crate) fn fault(style: &IndependentStyle) -> Option<(String, String)> {
    if style.settings.class == StyleClass::Note {
        let fault = "puts its citations into notes, which chapters do not have";
        return Some((fault.to_owned(), kinds()));
    }
    if style.bibliography.is_none() {
        return Some(("has no list of works".to_owned(), kinds()));
    }
    let mut macros = Macros::of(style);
    let fault = roots(style).into_iter().find_map(|root| macros.size(root).err())?;
    Some((fault, "mend its macros, or take the style from where it is published".to_owned()))
}

fn kinds() -> String {
    "take a numeric style such as `ieee`, or one of authors and years such as `apa`".to_owned()
}

/// The macros of a style.
struct Macros<'a> {
    all: HashMap<&'a str, &'a [LayoutRenderingElement]>,
    /// How many elements those have that were looked at.
    sizes: HashMap<&'a str, usize>,
    /// Those that are being looked at, each called by the one before it.
    open: Vec<&'a str>,
}

/// A part of a style that macros are called from.
#[derive(Clone, Copy)]
enum Root<'a> {
    Layout(&'a [LayoutRenderingElement]),
    Macro(&'a str),
}

/// The parts of a style from which everything is printed or sorted.
fn roots(style: &IndependentStyle) -> Vec<Root<'_>> {
    let (cited, listed) = (&style.citation, style.bibliography.as_ref());
    let sorts = [cited.sort.as_ref(), listed.and_then(|list| list.sort.as_ref())];
    let keys = sorts.into_iter().flatten().flat_map(|Sort { keys }| keys);
    let named = keys.filter_map(|key| match key {
        SortKey::MacroName { name, .. } => Some(Root::Macro(name)),
        SortKey::Variable { .. } => None,
    });
    let layouts = [Some(&cited.layout), listed.map(|list| &list.layout)];
    let layouts = layouts.into_iter().flatten().map(|layout| Root::Layout(&layout.elements));
    layouts.chain(named).collect()
}

impl<'a> Macros<'a> {
    fn of(style: &'a IndependentStyle) -> Self {
        // Of macros with one name the first is used, so that it has to come last here.
        let all = style.macros.iter().rev().map(|one| (one.name.as_str(), one.children.as_slice()));
        Self { all: all.collect(), sizes: HashMap::new(), open: Vec::new() }
    }

    /// How many elements a part has, or what is wrong with its macros.
    fn size(&mut self, root: Root<'a>) -> Result<usize, String> {
        match root {
            Root::Layout(elements) => self.size_of(elements),
            Root::Macro(name) => self.size_of_macro(name),
        }
    }

    fn size_of_macro(&mut self, name: &'a str) -> Result<usize, String> {
        if let Some(size) = self.sizes.get(name) {
            return Ok(*size);
        }
        if self.open.contains(&name) {
            return Err(format!("has a macro `{name}` that calls itself"));
        }
        let Some(elements) = self.all.get(name).copied() else {
            return Err(format!("calls a macro `{name}` that it does not have"));
        };
        if self.open.len() >= DEEPEST {
            return Err(format!("has macros that call each other more than {DEEPEST} deep"));
        }
        self.open.push(name);
        let size = self.size_of(elements)?;
        self.open.pop();
        self.sizes.insert(name, size);
        Ok(size)
    }

    fn size_of(&mut self, elements: &'a [LayoutRenderingElement]) -> Result<usize, String> {
        let mut size = elements.len();
        for element in elements {
            if let LayoutRenderingElement::Text(text) = element
                && let TextTarget::Macro { name } = &text.target
            {
                size += self.size_of_macro(name)?;
            }
            for inner in inside(element) {
                size += self.size_of(inner)?;
            }
            if size > LARGEST {
                return Err(format!("has more than {LARGEST} elements, its macros written out"));
            }
        }
        Ok(size)
    }
}

/// The elements inside an element, as it groups them.
fn inside(element: &LayoutRenderingElement) -> Vec<&[LayoutRenderingElement]> {
    match element {
        LayoutRenderingElement::Group(group) => vec![&group.children],
        LayoutRenderingElement::Names(names) => {
            let substitutes = names.children.iter().filter_map(|child| match child {
                NamesChild::Substitute(substitute) => Some(substitute.children.as_slice()),
                _ => None,
            });
            substitutes.collect()
        }
        LayoutRenderingElement::Choose(choose) => {
            let branches = choose.branches().map(|branch| branch.children.as_slice());
            let otherwise = choose.otherwise.iter().map(|branch| branch.children.as_slice());
            branches.chain(otherwise).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayagriva::archive::ArchivedStyle;
    use hayagriva::citationberg::Style;

    /// What is wrong with a style of these macros, the first of which prints citations.
    fn fault_of(macros: &str) -> Option<String> {
        let style = include_str!("short.csl").replace("<citation>", &format!("{macros}<citation>"));
        let style = style.replace("<text variable=\"locator\"/>", "<text macro=\"a\"/>");
        let style = IndependentStyle::from_xml(&style).expect("a style");
        fault(&style).map(|(fault, _)| fault)
    }

    fn calling(name: &str, called: &[&str]) -> String {
        let called = called.iter().map(|called| format!("<text macro=\"{called}\"/>"));
        format!(
            "<macro name=\"{name}\"><group><text value=\"x\"/>{}</group></macro>",
            called.collect::<String>()
        )
    }

    #[test]
    fn macros_come_to_an_end() {
        let itself = Some("has a macro `a` that calls itself".to_owned());
        assert_eq!(fault_of(&calling("a", &["a"])), itself);
        assert_eq!(fault_of(&(calling("a", &["b"]) + &calling("b", &["a"]))), itself);
        let unknown = Some("calls a macro `b` that it does not have".to_owned());
        assert_eq!(fault_of(&calling("a", &["b"])), unknown);
        assert_eq!(fault_of(&(calling("a", &["b", "b"]) + &calling("b", &[]))), None);
    }

    #[test]
    fn elements_are_not_nested_without_end() {
        assert!(!is_nested_too_deep(include_str!("short.csl")));
        assert!(is_nested_too_deep(&"<group>".repeat(200)));
        assert!(!is_nested_too_deep(&"<group/><b></b>".repeat(200)));
    }

    #[test]
    fn macros_stay_small() {
        let chain = |length: usize, times: usize| {
            let name = |index| if index == 0 { "a".to_owned() } else { format!("m{index}") };
            let link = |index| calling(&name(index), &vec![name(index + 1).as_str(); times]);
            fault_of(&((0..length).map(link).collect::<String>() + &calling(&name(length), &[])))
        };
        assert_eq!(chain(30, 1), None);
        assert!(chain(60, 1).expect("a fault").contains("deep"));
        assert!(chain(30, 2).expect("a fault").contains("elements"));
    }

    #[test]
    fn of_the_styles_known_by_name_few_are_refused() {
        let styles = ArchivedStyle::all().iter().filter_map(|style| match style.get() {
            Style::Independent(csl) => Some((style.names()[0], csl)),
            Style::Dependent(_) => None,
        });
        let refused = styles.filter_map(|(name, csl)| fault(&csl).map(|(fault, _)| (name, fault)));
        let refused: Vec<_> = refused.filter(|(_, fault)| !fault.contains("into notes")).collect();
        assert_eq!(refused, [("alphanumeric", "has no list of works".to_owned())]);
    }
}
