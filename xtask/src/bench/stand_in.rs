//! A stand-in for a published book, which the repository does not keep: written anew each time,
//! always the same.
//!
//! Each chapter is a theme of `stand_in/`, filled with other names and numbers, so that no two
//! programs are alike. It has about five snippets, as many as a chapter of The Rust Programming
//! Language or the Reference has: rustdoc sees one chapter at a time, and has more to do at once in
//! longer ones.

use anyhow::Context;
use std::fs;
use std::path::Path;

/// What chapters are about.
const THEMES: &[(&str, &str)] = &[
    ("hello", include_str!("stand_in/hello.md")),
    ("types", include_str!("stand_in/types.md")),
    ("flow", include_str!("stand_in/flow.md")),
    ("functions", include_str!("stand_in/functions.md")),
    ("modules", include_str!("stand_in/modules.md")),
    ("traits", include_str!("stand_in/traits.md")),
    ("generics", include_str!("stand_in/generics.md")),
    ("collections", include_str!("stand_in/collections.md")),
    ("errors", include_str!("stand_in/errors.md")),
    ("ownership", include_str!("stand_in/ownership.md")),
    ("macros", include_str!("stand_in/macros.md")),
    ("threads", include_str!("stand_in/threads.md")),
];

/// Snippets that fail, each for a reason of its own.
const BROKEN: &str = include_str!("stand_in/broken.md");

/// Stands between the snippets of [`BROKEN`].
const RULE: &str = "\n---\n";

/// What the snippets are about.
const NOUNS: &[&str] = &[
    "Anchor", "Beacon", "Candle", "Garden", "Engine", "Ledger", "Planet", "Recipe", "Signal",
    "Harbor", "Parcel", "Teapot", "Meadow", "Orchard", "Compass", "Library", "Kettle", "Canyon",
    "Bridge", "Mirror",
];

/// How many snippets fail in a book that has such.
pub(crate) fn broken_snippets() -> usize {
    BROKEN.split(RULE).count()
}

/// The least number of chapters about each theme for a book of so many snippets.
pub(crate) fn sections_for(snippets: usize) -> usize {
    let themes = THEMES.iter().map(|(_, theme)| theme.matches("\n```rust").count());
    snippets.div_ceil(themes.sum())
}

/// Writes a book with so many chapters about each theme; with `broken` ten of its chapters end with
/// a snippet that fails.
pub(crate) fn write(folder: &Path, sections: usize, broken: bool) -> anyhow::Result<()> {
    let src = folder.join("src");
    fs::create_dir_all(&src)?;
    let mut summary = String::from("# Summary\n\n");
    let mut failing = BROKEN.split(RULE).filter(|_| broken);
    for (number, (name, theme)) in THEMES.iter().enumerate() {
        for section in 0..sections {
            let name = format!("{name}-{section}");
            let mut page = format!("# {name}\n\n{}", fill(theme, number, section));
            if section == 0 {
                let fault = failing.next().map(|text| fill(text, number, sections));
                page += &fault.unwrap_or_default();
            }
            fs::write(src.join(format!("{name}.md")), page)?;
            summary += &format!("- [{name}]({name}.md)\n");
        }
    }
    fs::write(src.join("SUMMARY.md"), summary)?;
    let configuration = "[book]\ntitle = \"Stand-in\"\n\n[rust]\nedition = \"2021\"\n";
    fs::write(folder.join("book.toml"), configuration).context("cannot write the stand-in")
}

/// Puts names and numbers in for `@Type` and `@Other`, `@name` and `@other`, `@UPPER`, and for
/// `@1`, `@2` and `@3`, which have so many digits.
fn fill(theme: &str, chapter: usize, section: usize) -> String {
    let noun = |further| NOUNS[(chapter + section + further) % NOUNS.len()];
    let (first, second) = (noun(0), noun(1));
    let seed = (chapter * 1000 + section) as u64;
    // No number is 0 or 1, which would make some of the programs meaningless.
    let number = |digits: u32| {
        let least = 10_u64.pow(digits - 1).max(2);
        least + mixed(seed * 10 + u64::from(digits)) % (10_u64.pow(digits) - least)
    };
    theme
        .replace("@Type", first)
        .replace("@Other", second)
        .replace("@name", &first.to_lowercase())
        .replace("@other", &second.to_lowercase())
        .replace("@UPPER", &first.to_uppercase())
        .replace("@1", &number(1).to_string())
        .replace("@2", &number(2).to_string())
        .replace("@3", &number(3).to_string())
}

/// A number that looks like any other: the last step of `SplitMix64`.
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_programs_are_alike() {
        let sections = sections_for(1000);
        let mut programs = BTreeSet::new();
        let mut count = 0;
        for (chapter, (_, theme)) in THEMES.iter().enumerate() {
            for section in 0..sections {
                let page = fill(theme, chapter, section);
                let blocks = page.split("\n```").skip(1).step_by(2).map(str::to_owned);
                let before = programs.len();
                programs.extend(blocks);
                count += theme.matches("\n```rust").count();
                assert!(programs.len() > before);
            }
        }
        assert!(count >= 1000);
        assert_eq!(programs.len(), count);
    }

    #[test]
    fn nothing_is_left_to_be_filled_in() {
        for (chapter, (_, theme)) in THEMES.iter().enumerate() {
            let page = fill(theme, chapter, 3);
            let places = page.match_indices('@').filter(|(at, _)| !page[at + 1..].starts_with(' '));
            assert_eq!(places.count(), 0, "{page}");
        }
    }
}
