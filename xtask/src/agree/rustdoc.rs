//! rustdoc's side: the chapters as `mdbook test` sends them, and what rustdoc prints about them.

use super::{Block, StandIn, Verdict, Verdicts, name_of};
use anyhow::{Context, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::Book;
use mdbook_driver::builtin_renderers::MarkdownRenderer;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// How many lines of a reason are shown.
const REASON: usize = 12;

/// Tests every chapter. Blocks that name no language are only counted.
pub(super) fn verdicts(stand_in: &StandIn) -> anyhow::Result<(Verdicts, usize)> {
    let book = MDBook::load_with_config(stand_in.root(), stand_in.config.clone())?;
    // mdBook's own preprocessors do the same for every renderer.
    let (book, _) = book.preprocess_book(&MarkdownRenderer::new())?;
    let folder = TempDir::with_prefix("agree-rustdoc-")?;
    let mut verdicts = Verdicts::new();
    let mut unlabelled = 0;
    for (page, source, text) in chapters(&book) {
        let file = folder.path().join(page);
        fs::create_dir_all(file.parent().unwrap_or(folder.path()))?;
        fs::write(&file, text)?;
        let (labelled, other): (Vec<Block>, Vec<Block>) = test(stand_in, folder.path(), page)?
            .into_iter()
            .partition(|block| names_language(text, block.line));
        unlabelled += other.len();
        if !labelled.is_empty() {
            verdicts.insert(name_of(source), labelled);
        }
    }
    Ok((verdicts, unlabelled))
}

/// The chapters with the path that mdBook tests each under, and that of its file.
fn chapters(book: &Book) -> impl Iterator<Item = (&Path, &Path, &str)> {
    book.chapters().filter_map(|chapter| {
        let page = chapter.path.as_deref().filter(|path| !path.as_os_str().is_empty())?;
        Some((page, chapter.source_path.as_deref().unwrap_or(page), chapter.content.as_str()))
    })
}

/// Returns the blocks of a page, in the order of their lines.
#[expect(clippy::disallowed_methods, reason = "rustdoc is what the suite is compared with")]
fn test(stand_in: &StandIn, folder: &Path, page: &Path) -> anyhow::Result<Vec<Block>> {
    let mut rustdoc = Command::new("rustdoc");
    rustdoc.current_dir(folder).arg(page).arg("--test").args(stand_in.library_arguments());
    if let Some(edition) = &stand_in.edition {
        rustdoc.args(["--edition", edition]);
    }
    let output = rustdoc.output().context("rustdoc does not start")?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    let blocks = read(&stdout);
    // Some chapter may fail as a whole.
    if !output.status.success() && blocks.iter().all(|block| block.verdict != Verdict::Failed) {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("rustdoc gives no verdict on `{}`:\n{stdout}{stderr}", page.display());
    }
    Ok(blocks)
}

/// Reads what `rustdoc --test` prints: a line for each block, and later the reasons.
fn read(output: &str) -> Vec<Block> {
    let mut blocks = BTreeMap::new();
    for line in output.lines() {
        if let Some((name, verdict)) = verdict(line)
            && let Some((page, at)) = place(name)
        {
            let place = format!("{page}:{at}");
            blocks.insert(at, Block { place, line: at, verdict, reason: String::new() });
        }
    }
    for (line, reason) in reasons(output) {
        if let Some(block) = blocks.get_mut(&line) {
            block.reason = reason;
        }
    }
    blocks.into_values().collect()
}

/// Reads `test NAME ... ok`, as the harness of all Rust tests prints it.
fn verdict(line: &str) -> Option<(&str, Verdict)> {
    let (name, result) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let verdict = match result {
        "ok" => Verdict::Passed,
        "FAILED" => Verdict::Failed,
        _ if result.starts_with("ignored") => Verdict::Ignored,
        _ => return None,
    };
    Some((name, verdict))
}

/// Reads page and line from `PAGE - SECTION (line 7)`, which may go on with ` - compile fail`.
fn place(name: &str) -> Option<(&str, usize)> {
    let (page, rest) = name.split_once(" - ")?;
    let (_, line) = rest.rsplit_once("(line ")?;
    Some((page, line.split_once(')')?.0.parse().ok()?))
}

/// Returns the reasons that stand below `---- NAME stdout ----`, each with its block's line.
fn reasons(output: &str) -> Vec<(usize, String)> {
    let mut reasons: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut is_open = false;
    for line in output.lines() {
        let title = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----"));
        if let Some((_, at)) = title.and_then(place) {
            reasons.push((at, Vec::new()));
            is_open = true;
        } else if line == "failures:" {
            is_open = false;
        } else if let Some((_, lines)) = reasons.last_mut()
            && is_open
            && lines.len() < REASON
            && !line.trim().is_empty()
        {
            lines.push(line);
        }
    }
    reasons.into_iter().map(|(line, lines)| (line, lines.join("\n"))).collect()
}

/// Returns whether the block on a line says what language it is in. Indented code cannot.
fn names_language(text: &str, line: usize) -> bool {
    let opening = text.lines().nth(line - 1).unwrap_or_default();
    let info = ["```", "~~~"].iter().find_map(|fence| Some(opening.split_once(fence)?.1));
    info.is_some_and(|info| !info.trim_start_matches(['`', '~']).trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "
running 4 tests
test src/a.md - T::A (line 12) - compile fail ... ok
test src/a.md - T - B (line 2 of 3) (line 3) ... FAILED
test src/a.md - T (line 30) - compile ... ignored
test src/a.md - T (line 40) has been running for over 60 seconds
test src/a.md - T (line 40) ... ok

failures:

---- src/a.md - T - B (line 2 of 3) (line 3) stdout ----
error[E0308]: mismatched types

 --> src/a.md:4:14

failures:
    src/a.md - T - B (line 2 of 3) (line 3)

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out
";

    #[test]
    fn what_rustdoc_prints_is_understood() {
        let blocks = read(OUTPUT);
        let short: Vec<_> = blocks.iter().map(|block| (block.line, block.verdict)).collect();
        let expected = [
            (3, Verdict::Failed),
            (12, Verdict::Passed),
            (30, Verdict::Ignored),
            (40, Verdict::Passed),
        ];
        assert_eq!(short, expected);
        assert_eq!(blocks[0].reason, "error[E0308]: mismatched types\n --> src/a.md:4:14");
        assert_eq!(blocks[0].place, "src/a.md:3");
    }

    #[test]
    fn fences_name_languages() {
        let text = "```rust\n> ~~~~ no_run\n```\n    let x = 1;\n- ``` \n";
        let named: Vec<_> = (1..=6).map(|line| names_language(text, line)).collect();
        assert_eq!(named, [true, true, false, false, false, false]);
    }
}
