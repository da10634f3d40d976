//! What the pages of a served book say about their problems.

use handbook_engine::Located;
use handbook_text::{Level, LineIndexes};
use std::fmt::Write;

/// A block of HTML on one line that lists `findings`, for the top of a page. It looks after its own
/// style, since a book may have no style sheet of ours, and takes its colours from the theme.
pub(crate) fn panel(findings: &[&Located]) -> String {
    let (mut items, mut lines) = (String::new(), LineIndexes::default());
    for located in findings {
        let finding = &located.finding;
        let line = located
            .text
            .as_ref()
            .zip(finding.span)
            .map(|(text, span)| format!("line {}: ", lines.of(text).line(span.start())));
        let line = line.unwrap_or_default();
        let message = escape(&finding.message);
        let rule = finding.rule;
        write!(items, "<li>{line}{message} <code>{rule}</code></li>").expect("a string takes all");
    }
    let worst = findings.iter().map(|located| located.finding.level).max();
    let colour = if worst == Some(Level::Error) { "#d33" } else { "#c80" };
    format!(
        "<div class=\"handbook-problems\" role=\"alert\" style=\"border:2px solid {colour};\
         padding:0 1em;margin:1em 0\"><p><strong>Found in this chapter</strong></p>\
         <ul>{items}</ul></div>\n\n"
    )
}

/// Text for HTML, kept to one line and out of the hands of mdBook's `links`.
fn escape(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('{', "&#123;").replace(['\n', '\r'], " ")
}
