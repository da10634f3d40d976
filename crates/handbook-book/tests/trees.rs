//! Golden trees: what [`Document::dump`] says of each `trees/*.md` stands beside it in a `.tree`.
//!
//! `UPDATE=1 cargo test -p handbook-book --test trees` writes the trees anew. Read the difference:
//! the tree is what templates match and passes see.

use handbook_book::{Document, Host};
use std::path::{Path, PathBuf};
use std::{fs, io};

#[test]
fn every_fixture_has_the_tree_beside_it() -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "a test is asked to update what it expects")]
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in fixtures()? {
        let golden = path.with_extension("tree");
        let tree = tree(&fs::read_to_string(&path)?);
        if update {
            fs::write(&golden, &tree)?;
        } else if fs::read_to_string(&golden).unwrap_or_default() != tree {
            wrong.push(format!("{}:\n{tree}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "trees differ (UPDATE=1 accepts them):\n{}", wrong.join("\n"));
    Ok(())
}

/// The Markdown files in `trees`, sorted.
fn fixtures() -> io::Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees");
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures");
    Ok(paths)
}

/// The dump of `text`, and below it whatever else stands in the document.
fn tree(text: &str) -> String {
    let document = Document::parse(text, Host::default());
    let mut lines = vec![document.dump()];
    let mut add = |line: String| lines.push(line + "\n");
    for link in &document.links {
        let what = if link.image { "image" } else { "link" };
        add(format!("{what} {:?} to {:?} @{:?}", link.text, link.destination, link.span));
    }
    for directive in &document.directives {
        let place = if directive.block { "block" } else { "inline" };
        let (name, args) = (&directive.name, &directive.args);
        add(format!("{place} directive {name:?} {args:?} @{:?}", directive.span));
    }
    for region in &document.regions {
        let (name, args) = (&region.name, &region.args);
        add(format!("region {name:?} {args:?} @{:?} body {:?}", region.span, region.body));
    }
    for broken in &document.broken_regions {
        let what = if broken.closing { "closes nothing" } else { "never closed" };
        add(format!("region {:?} {what} @{:?}", broken.name, broken.span));
    }
    lines.concat()
}
