use super::shown;
use crate::Located;
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Origin, Renderer, Snippet};
use handbook_text::{Disk, Level, Span};
use std::ops::Range;
use std::path::Path;

/// One finding as text for a terminal, files named from `root`. Colours are escape sequences; the
/// caller strips them where they do not belong.
pub fn terminal(located: &Located, root: &Path) -> String {
    let finding = &located.finding;
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info => Shown::INFO,
    };
    let file = located.file.as_ref().map(|file| shown(root, file));
    let mut group = Group::with_title(level.primary_title(&finding.message).id(finding.rule));
    match (&file, &located.text, finding.span) {
        (Some(file), Some(text), Some(span)) => {
            let annotation =
                AnnotationKind::Primary.span(visible(text, span)).label(finding.label.as_deref());
            group = group.element(Snippet::source(&**text).path(file).annotation(annotation));
        }
        (Some(file), ..) => group = group.element(Origin::path(file)),
        (None, ..) => {}
    }
    for (includer, line) in &located.included_from {
        let note = format!("included from {}:{line}", shown(root, includer));
        group = group.element(Shown::NOTE.message(note));
    }
    for note in &finding.notes {
        group = group.element(Shown::NOTE.message(note));
    }
    if let Some(help) = &finding.help {
        group = group.element(Shown::HELP.message(help));
    }
    Renderer::styled().render(&[group])
}

/// The span as it can be shown: inside the text, on character borders, and of one line at most, so
/// that a long block does not fill the screen.
fn visible(text: &str, span: Span<Disk>) -> Range<usize> {
    let floor = |mut offset: usize| {
        offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (start, end) = (floor(span.start()), floor(span.end()));
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    start..end.min(line_end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_outside_the_text_are_brought_back() {
        assert_eq!(visible("äb\nc", Span::new(1, 99)), 0..3);
        assert_eq!(visible("ab", Span::new(7, 9)), 2..2);
    }
}
