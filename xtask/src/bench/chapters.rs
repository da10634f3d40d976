//! A book of many chapters of one kind, to be checked without running anything.

use anyhow::Context;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// How many lines are left of a block of code.
const LINES: usize = 5;

/// Writes a book of `count` deep-dives to the empty folder `book`, each held to the handbook's
/// template: the handbook's own, with nothing left to run. `root` is the project's folder.
pub(crate) fn write(root: &Path, book: &Path, count: usize) -> anyhow::Result<()> {
    let handbook = root.join("book");
    let chapter = handbook.join("src/CONSISTENT_HASHING_DEEP_DIVE.md");
    let chapter = fs::read_to_string(chapter).context("the handbook's deep-dive")?;
    let chapter = without_programs(&chapter);
    fs::create_dir(book.join("src"))?;
    let mut summary = "# Summary\n\n".to_owned();
    for number in 0..count {
        fs::write(book.join(format!("src/{number}.md")), &chapter)?;
        writeln!(summary, "- [Chapter {number}]({number}.md)")?;
    }
    fs::write(book.join("src/SUMMARY.md"), summary)?;
    fs::copy(handbook.join("templates/deep-dive.md"), book.join("deep-dive.md"))?;
    fs::write(
        book.join("book.toml"),
        "[book]\ntitle = \"Chapters\"\n\n[preprocessor.handbook]\nbefore = [\"links\"]\n\n\
         [preprocessor.handbook.adr.kinds.deep-dive]\ntemplate = \"deep-dive.md\"\n",
    )?;
    Ok(())
}

/// The chapter with the first lines of its programs as plain text, and without what they print and
/// what is bound to it.
fn without_programs(chapter: &str) -> String {
    let mut text = String::new();
    let mut lines = chapter.lines();
    while let Some(line) = lines.next() {
        let language = line.strip_prefix("```").and_then(|info| info.split(',').next());
        let kept = match language {
            Some("rust") => LINES,
            Some("output") => 0,
            _ => {
                text.push_str(&without_bindings(line));
                text.push('\n');
                continue;
            }
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if kept > 0 {
            let shown = block.iter().take(kept).map(|line| format!("{line}\n"));
            text.push_str(&format!("```text\n{}```\n", shown.collect::<String>()));
        }
    }
    text
}

fn without_bindings(line: &str) -> String {
    let mut pieces = line.split("<!-- =");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces
        .fold(first, |line, piece| line + piece.split_once("-->").map_or("", |(_, behind)| behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_run() {
        let chapter =
            "a 5<!-- =x.y --> b\n```rust,name=x\n1\n2\n3\n4\n5\n6\n```\n\n```output\n7\n```\nc\n";
        let expected = "a 5 b\n```text\n1\n2\n3\n4\n5\n```\n\nc\n";
        assert_eq!(without_programs(chapter), expected);
    }
}
