//! Writes what hayagriva rendered as inline HTML that means the same inside any Markdown.
//!
//! Hayagriva's own writer escapes nothing, so a title could bring markup or scripts along. Here all
//! text is written so that neither HTML, Markdown nor mdBook sees anything in it but text.

use hayagriva::citationberg::{
    Display, FontStyle, FontVariant, FontWeight, TextDecoration, VerticalAlign,
};
use hayagriva::{Elem, ElemChild, ElemMeta, Formatted, Formatting};

/// What is put around the parts of a rendered citation that stand for one work each.
pub(crate) trait Around {
    /// The opening tag for the work at this place of the citation; `None` leaves it as it is.
    fn open(&mut self, place: usize) -> Option<String>;
}

/// Puts nothing around anything.
pub(crate) struct Nothing;

impl Around for Nothing {
    fn open(&mut self, _place: usize) -> Option<String> {
        None
    }
}

/// Writes `children` behind `out`. Only addresses of the web become links.
pub(crate) fn write(children: &[ElemChild], around: &mut dyn Around, out: &mut String) {
    children.iter().for_each(|child| write_child(child, around, false, out));
}

/// Whether a link is among `children`.
pub(crate) fn has_link(children: &[ElemChild]) -> bool {
    children.iter().any(|child| match child {
        ElemChild::Link { url, .. } => is_web(url),
        ElemChild::Elem(elem) => has_link(&elem.children.0),
        _ => false,
    })
}

fn write_child(child: &ElemChild, around: &mut dyn Around, linked: bool, out: &mut String) {
    match child {
        ElemChild::Text(text) => formatted(text, out),
        ElemChild::Elem(elem) => write_elem(elem, around, linked, out),
        ElemChild::Markup(text) => escape(text, out),
        // A link inside a link is none.
        ElemChild::Link { text, .. } if linked => formatted(text, out),
        ElemChild::Link { text, url } => {
            let mut inner = String::new();
            formatted(text, &mut inner);
            link(url, &inner, out);
        }
        ElemChild::Transparent { .. } => {}
    }
}

fn write_elem(elem: &Elem, around: &mut dyn Around, linked: bool, out: &mut String) {
    if matches!(elem.display, Some(Display::Block | Display::Indent)) {
        out.push_str("<br>");
    }
    let opening = match &elem.meta {
        Some(ElemMeta::Entry(place)) => around.open(*place),
        _ => None,
    };
    let linked = linked || opening.is_some();
    out.push_str(opening.as_deref().unwrap_or_default());
    elem.children.0.iter().for_each(|child| write_child(child, around, linked, out));
    if opening.is_some() {
        out.push_str("</a>");
    }
}

/// Writes a link around what is HTML already; only its inside, if it does not lead to the web.
pub(crate) fn link(url: &str, inner: &str, out: &mut String) {
    if !is_web(url) {
        return out.push_str(inner);
    }
    out.push_str("<a href=\"");
    escape(url, out);
    out.push_str(&format!("\">{inner}</a>"));
}

/// The attribute of a link to an id on the same page. In double quotes, mdBook 0.4 would have it lead
/// from `print.html` to the page of the chapter.
pub(crate) fn jump(id: &str) -> String {
    format!("href='#{id}'")
}

fn is_web(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https" | "ftp")
}

fn formatted(text: &Formatted, out: &mut String) {
    let tags = tags(text.formatting);
    tags.iter().for_each(|(opening, _)| out.push_str(opening));
    escape(&text.text, out);
    tags.iter().rev().for_each(|(_, closing)| out.push_str(closing));
}

fn tags(formatting: Formatting) -> Vec<(&'static str, &'static str)> {
    let mut tags = Vec::new();
    if formatting.font_style == FontStyle::Italic {
        tags.push(("<em>", "</em>"));
    }
    if formatting.font_weight == FontWeight::Bold {
        tags.push(("<strong>", "</strong>"));
    }
    if formatting.font_variant == FontVariant::SmallCaps {
        tags.push(("<span style=\"font-variant: small-caps\">", "</span>"));
    }
    if formatting.text_decoration == TextDecoration::Underline {
        tags.push(("<u>", "</u>"));
    }
    match formatting.vertical_align {
        VerticalAlign::Sup => tags.push(("<sup>", "</sup>")),
        VerticalAlign::Sub => tags.push(("<sub>", "</sub>")),
        _ => {}
    }
    tags
}

/// Writes text so that it is nothing but text to HTML, Markdown and mdBook, on one line.
pub(crate) fn escape(text: &str, out: &mut String) {
    let mut before = '\0';
    for ch in text.chars() {
        // Doubled, these would become dashes and dots of their own.
        let repeated = ch == before && matches!(ch, '-' | '.');
        if ch.is_whitespace() && ch != '\u{a0}' || ch.is_control() {
            out.push(' ');
        } else if repeated || "&<>\"'\\`*_[]|~$^{}#!@".contains(ch) {
            out.push_str(&format!("&#{};", u32::from(ch)));
        } else {
            out.push(ch);
        }
        before = ch;
    }
}

/// The same as text of its own.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let text = "<b>*x*</b> a--b... {{#include x}} [y](z) `c` \"q\" A|B\nC";
        let written = escaped(text);
        assert!(!written.contains(['<', '*', '[', '`', '{', '|', '\n', '"']), "{written}");
        assert_eq!(escaped("a & b-c."), "a &#38; b-c.");
    }

    #[test]
    fn only_the_web_is_linked() {
        let link = |url: &str| ElemChild::Link {
            text: Formatted { text: "x".to_owned(), formatting: Formatting::default() },
            url: url.to_owned(),
        };
        let written = |url| {
            let mut out = String::new();
            write(&[link(url)], &mut Nothing, &mut out);
            out
        };
        assert_eq!(written("javascript:alert(1)"), "x");
        assert_eq!(written("https://a.b/\"c"), "<a href=\"https://a.b/&#34;c\">x</a>");
    }
}
