//! The block that holds what a snippet prints, between fences.

use crate::OUTPUT;
use handbook_pass::Fragment;
use handbook_text::include::neutralise;

/// The block as the author's text holds it. `opening` is the opening line of the block that stands
/// there, if there is one: its words and marks stay.
pub(super) fn source(text: &str, opening: Option<&str>) -> Fragment {
    Fragment::new(&match opening {
        Some(opening) => fenced_like(opening, text),
        None => fenced(OUTPUT, text),
    })
}

/// The block as the page shows it.
pub(super) fn page(text: &str) -> Fragment {
    // mdBook obeys some directives that it offers no escape for; as HTML they are only text.
    Fragment::new(&match neutralise(text) {
        Ok(_) => fenced("text,output", text),
        Err(_) => {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('{', "&#123;");
            format!("<pre><code class=\"language-text output\">{escaped}\n</code></pre>")
        }
    })
}

/// What was printed as it can stand in a text file: lines end with a newline alone, and control
/// characters are shown as their pictures.
pub(super) fn visible(printed: &str) -> String {
    let picture = |ch: char| match ch {
        '\n' | '\t' => ch,
        '\u{7f}' => '\u{2421}',
        _ if ch.is_ascii_control() => char::from_u32(0x2400 + ch as u32).unwrap_or(ch),
        _ => ch,
    };
    printed.replace("\r\n", "\n").trim_end().chars().map(picture).collect()
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
    use super::{page, source, visible};

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        let text = "```\n{{#include x}}";
        assert_eq!(source(text, None).markdown(), "````output\n```\n{{#include x}}\n````");
        assert_eq!(page(text).markdown(), "````text,output\n```\n{{#include x}}\n````");
    }

    #[test]
    fn the_author_s_fence_stays() {
        let source = |printed, opening| source(printed, Some(opening));
        assert_eq!(source("x", "~~~output title=y").markdown(), "~~~output title=y\nx\n~~~");
        assert_eq!(source("~~~~", "~~~output").markdown(), "~~~~~output\n~~~~\n~~~~~");
    }

    #[test]
    fn control_characters_are_shown() {
        assert_eq!(visible("a\r\nb\u{1b}[1m\rc\0"), "a\nb␛[1m␍c␀");
    }

    #[test]
    fn what_cannot_be_escaped_becomes_html() {
        let page = page("{{ #include /etc/passwd }} <b>");
        assert_eq!(
            page.markdown(),
            "<pre><code class=\"language-text output\">&#123;&#123; #include /etc/passwd }} \
             &lt;b>\n</code></pre>"
        );
    }
}
