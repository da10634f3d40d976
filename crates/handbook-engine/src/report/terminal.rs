use super::shown;
use crate::Located;
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Origin, Renderer, Snippet};
use handbook_text::{Disk, Level, LineIndex, LineIndexes, Span};
use std::ops::Range;
use std::path::Path;

/// One finding as text for a terminal, files named from `root`. Colours are escape sequences; the
/// caller strips them where they do not belong, and keeps `lines` from one finding to the next.
pub fn terminal(located: &Located, root: &Path, lines: &mut LineIndexes) -> String {
    let finding = &located.finding;
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info => Shown::INFO,
    };
    let file = located.file.as_ref().map(|file| shown(root, file));
    let priority = finding.priority.map(|priority| format!("{priority}: ")).unwrap_or_default();
    let message = priority + &harmless(&finding.message);
    let title = level.primary_title(message).id(finding.rule);
    let mut group = Group::with_title(title);
    match (&file, &located.text, finding.span) {
        (Some(file), Some(text), Some(span)) => {
            // The line alone: the renderer takes every line of what it is given in hand.
            let (line, number, within) = line_of(text, lines.of(text), span);
            let annotation =
                AnnotationKind::Primary.span(within).label(finding.label.as_deref().map(harmless));
            let source = Snippet::source(line).line_start(number).path(file);
            group = group.element(source.annotation(annotation));
        }
        (Some(file), ..) => group = group.element(Origin::path(file)),
        (None, ..) => {}
    }
    for (includer, line) in &located.included_from {
        let note = format!("included from {}:{line}", shown(root, includer));
        group = group.element(Shown::NOTE.message(note));
    }
    for (what, file, line) in &located.related {
        let note = format!("{what}: {}:{line}", shown(root, file));
        group = group.element(Shown::NOTE.message(note));
    }
    for note in &finding.notes {
        group = group.element(Shown::NOTE.message(harmless(note)));
    }
    if let Some(help) = &finding.help {
        group = group.element(Shown::HELP.message(harmless(help)));
    }
    Renderer::styled().render(&[group])
}

/// Text with its control characters made visible: what a program printed must not reach the
/// terminal as commands.
fn harmless(text: &str) -> String {
    let picture = |ch: char| match ch {
        '\n' | '\t' => ch,
        '\u{7f}' => '\u{2421}',
        _ if ch.is_control() => {
            char::from_u32(0x2400 + ch as u32).filter(|_| ch.is_ascii()).unwrap_or('\u{fffd}')
        }
        _ => ch,
    };
    text.chars().map(picture).collect()
}

/// The line in which `span` starts, its number from one, and what of it the span covers.
fn line_of<'t>(
    text: &'t str,
    lines: &LineIndex,
    span: Span<Disk>,
) -> (&'t str, usize, Range<usize>) {
    let Range { start, end } = visible(text, span);
    let number = lines.line(start);
    let line_start = lines.line_start(number);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    (&text[line_start..line_end], number, start - line_start..end - line_start)
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

    #[test]
    fn a_span_is_shown_in_its_line() {
        let line_of = |text, span| line_of(text, &LineIndex::new(text), span);
        assert_eq!(line_of("a\nbc\nd", Span::new(3, 4)), ("bc", 2, 1..2));
        assert_eq!(line_of("a\nbc\nd\n", Span::new(7, 8)), ("", 4, 0..0));
        assert_eq!(line_of("a\n", Span::new(1, 2)), ("a", 1, 1..1));
    }

    #[test]
    fn what_a_program_printed_commands_no_terminal() {
        assert_eq!(harmless("a\u{1b}[2J\u{7}\n\u{9b}"), "a␛[2J␇\n\u{fffd}");
    }
}
