//! The block that holds what a snippet prints.

use crate::OUTPUT;
use crate::snippet::WrittenOutput;
use handbook_book::Span;
use handbook_pass::{Block, Fragment, Stale};
use handbook_text::include::neutralise;

/// The block for `printed`, on the page and in the source. `opening` is the opening line of the
/// block that stands there, if there is one: its words and marks stay.
pub(crate) fn block(printed: &str, opening: Option<&str>) -> Block {
    let printed = visible(printed);
    let source = match opening {
        Some(opening) => fenced_like(opening, &printed),
        None => fenced(OUTPUT, &printed),
    };
    // mdBook obeys some directives that it offers no escape for; as HTML they are only text.
    let page = match neutralise(&printed) {
        Ok(_) => fenced("text,output", &printed),
        Err(_) => {
            let escaped = printed.replace('&', "&amp;").replace('<', "&lt;").replace('{', "&#123;");
            format!("<pre><code class=\"language-text output\">{escaped}\n</code></pre>")
        }
    };
    Block { page: Fragment::new(&page), source: Fragment::new(&source) }
}

/// What was printed as it can stand in a text file: lines end with a newline alone, and control
/// characters are shown as their pictures.
fn visible(printed: &str) -> String {
    let picture = |ch: char| match ch {
        '\n' | '\t' => ch,
        '\u{7f}' => '\u{2421}',
        _ if ch.is_ascii_control() => char::from_u32(0x2400 + ch as u32).unwrap_or(ch),
        _ => ch,
    };
    printed.replace("\r\n", "\n").trim_end().chars().map(picture).collect()
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
    let doubt = old.iter().any(|line| is_fence(line)) && !new.iter().any(|line| is_fence(line));
    let doubt = doubt.then(|| {
        "a fence stands inside this block: was its end forgotten? `fix` leaves it alone".to_owned()
    });
    let span = line.copied().or_else(|| last_line(written));
    Some(Stale { message: Some(message), span, doubt })
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// What stands between the fences.
fn inner(block: &str) -> &str {
    let inner = block.split_once('\n').map_or("", |(_, rest)| rest);
    inner.rsplit_once('\n').map_or("", |(inner, _)| inner)
}

fn last_line(written: &WrittenOutput) -> Option<Span> {
    written.lines.last().copied().filter(|span| !span.is_empty())
}

/// `text` between fences of backticks.
fn fenced(info: &str, text: &str) -> String {
    fenced_like(&format!("```{info}"), text)
}

/// `text` between fences, the first being `opening`, longer if a line of the text could end it.
fn fenced_like(opening: &str, text: &str) -> String {
    let mark = opening.chars().next().unwrap_or('`');
    let info = opening.trim_start_matches(mark);
    let marks = |line: &str| line.chars().take_while(|ch| *ch == mark).count();
    let longest = text.lines().map(|line| marks(line.trim_start())).max().unwrap_or(0);
    let length = marks(opening).max(longest + 1).max(3);
    let fence = mark.to_string().repeat(length);
    let text = if text.is_empty() { String::new() } else { format!("{text}\n") };
    format!("{fence}{info}\n{text}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        let block = block("```\n{{#include x}}\n", None);
        assert_eq!(block.source.markdown(), "````output\n```\n{{#include x}}\n````");
        assert_eq!(block.page.markdown(), "````text,output\n```\n{{#include x}}\n````");
    }

    #[test]
    fn the_author_s_fence_stays() {
        let source = |printed, opening| block(printed, Some(opening)).source;
        assert_eq!(source("x", "~~~output title=y").markdown(), "~~~output title=y\nx\n~~~");
        assert_eq!(source("~~~~", "~~~output").markdown(), "~~~~~output\n~~~~\n~~~~~");
    }

    #[test]
    fn control_characters_are_shown() {
        let source = block("a\r\nb\u{1b}[1m\rc\0", None).source;
        assert_eq!(source.markdown(), "```output\na\nb␛[1m␍c␀\n```");
    }

    #[test]
    fn what_cannot_be_escaped_becomes_html() {
        let page = block("{{ #include /etc/passwd }} <b>", None).page;
        assert_eq!(
            page.markdown(),
            "<pre><code class=\"language-text output\">&#123;&#123; #include /etc/passwd }} \
             &lt;b>\n</code></pre>"
        );
    }
}
