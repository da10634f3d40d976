//! What no compiler checks: that ARCHITECTURE.md is true, and that files stay short.

use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// How many lines a Rust file may have, tests aside.
const LONGEST: usize = 600;

/// Checks the workspace at `root`; the error lists everything that is wrong.
pub(crate) fn tidy(root: &Path) -> anyhow::Result<()> {
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).context("no ARCHITECTURE.md")?;
    let mut wrong = Vec::new();
    layers(root, &map, &mut wrong)?;
    cited_tests(root, &map, &mut wrong);
    for file in rust_files(root)? {
        let text = fs::read_to_string(&file)?;
        let lines = text.split("#[cfg(test)]").next().unwrap_or_default().lines().count();
        if lines > LONGEST && !file.components().any(|part| part.as_os_str() == "tests") {
            wrong.push(format!(
                "{}: {lines} lines; which second subject hides there?",
                file.display()
            ));
        }
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

/// The crates in the order of the map's table of layers: each may depend on those above it only.
fn layers(root: &Path, map: &str, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `"));
    let order: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let place = |name: &str| order.iter().position(|other| *other == name);
    for folder in fs::read_dir(root.join("crates"))? {
        let folder = folder?.path();
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let Some(own) = place(&name) else {
            wrong.push(format!("ARCHITECTURE.md: the table of layers lacks `{name}`"));
            continue;
        };
        let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml"))?.parse()?;
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let below = dependencies.into_iter().flat_map(toml::Table::keys);
        let below = below.filter(|dependency| place(dependency).is_some_and(|other| other >= own));
        wrong.extend(below.map(|dependency| {
            format!("crates/{name}: depends on `{dependency}`, which stands below it")
        }));
    }
    let gone = order.iter().filter(|name| !root.join("crates").join(name).is_dir());
    wrong.extend(gone.map(|name| format!("ARCHITECTURE.md: there is no crate `{name}`")));
    Ok(())
}

/// Every `path.rs::name` that the map cites has to be a function in that file.
fn cited_tests(root: &Path, map: &str, wrong: &mut Vec<String>) {
    let cited = map.split('`').filter_map(|code| code.split_once(".rs::"));
    for (file, name) in cited {
        let path = root.join(format!("{file}.rs"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        if !text.contains(&format!("fn {name}(")) {
            wrong.push(format!("ARCHITECTURE.md: there is no `{file}.rs::{name}`"));
        }
    }
}

/// The Rust files of the workspace.
fn rust_files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["crates", "tests", "xtask"].iter().map(|name| root.join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
