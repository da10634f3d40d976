//! The block that holds what a snippet prints.

use crate::OUTPUT;
use crate::snippet::WrittenOutput;
use handbook_book::Span;
use handbook_pass::{Block, Fragment, Stale};
use handbook_text::include::neutralise;

/// The block for `printed`, on the page and in the source.
pub(crate) fn block(printed: &str) -> Block {
    let printed = printed.trim_end();
    let source = Fragment::new(&fenced(OUTPUT, printed));
    // mdBook obeys some directives that it offers no escape for; as HTML they are only text.
    let page = match neutralise(printed) {
        Ok(_) => fenced("text,output", printed),
        Err(_) => {
            let escaped = printed.replace('&', "&amp;").replace('<', "&lt;").replace('{', "&#123;");
            format!("<pre><code class=\"language-text output\">{escaped}\n</code></pre>")
        }
    };
    Block { page: Fragment::new(&page), source }
}

/// How a written output differs from the block that was derived. Trailing blanks count for nothing.
pub(crate) fn compare(written: &WrittenOutput, derived: &Block, title: &str) -> Option<Stale> {
    let printed = inner(derived.source.markdown());
    let lines = |text: &str| -> Vec<String> {
        text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect()
    };
    let (old, new) = (lines(&written.content), lines(printed));
    if old == new {
        return None;
    }
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let line = written.lines.get(same).filter(|span| !span.is_empty());
    let message = match (old.get(same), new.get(same)) {
        (Some(_), Some(new)) => format!("{title} prints `{new}` here"),
        (Some(_), None) => format!("{title} prints nothing more here"),
        (None, _) => format!("{title} prints more than is written here"),
    };
    Some(Stale { message: Some(message), span: line.copied().or_else(|| last_line(written)) })
}

/// What stands between the fences.
fn inner(block: &str) -> &str {
    let inner = block.split_once('\n').map_or("", |(_, rest)| rest);
    inner.rsplit_once('\n').map_or("", |(inner, _)| inner)
}

fn last_line(written: &WrittenOutput) -> Option<Span> {
    written.lines.last().copied().filter(|span| !span.is_empty())
}

/// `text` between fences longer than any run of backticks in it.
fn fenced(info: &str, text: &str) -> String {
    let longest = text.split(|ch| ch != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let text = if text.is_empty() { String::new() } else { format!("{text}\n") };
    format!("{fence}{info}\n{text}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        let block = block("```\n{{#include x}}\n");
        assert_eq!(block.source.markdown(), "````output\n```\n{{#include x}}\n````");
        assert_eq!(block.page.markdown(), "````text,output\n```\n{{#include x}}\n````");
    }

    #[test]
    fn what_cannot_be_escaped_becomes_html() {
        let page = block("{{ #include /etc/passwd }} <b>").page;
        assert_eq!(
            page.markdown(),
            "<pre><code class=\"language-text output\">&#123;&#123; #include /etc/passwd }} \
             &lt;b>\n</code></pre>"
        );
    }
}
