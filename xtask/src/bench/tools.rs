//! The programs that are compared.

use super::process::{Ran, command, run};
use super::{Options, book};
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The programs, built and found.
pub(crate) struct Tools {
    handbook: PathBuf,
    /// mdBook as a library, for what its own program is not needed for.
    host: PathBuf,
    floor: PathBuf,
    /// mdBook's own program.
    mdbook: Option<PathBuf>,
    mdbook_lint: Option<PathBuf>,
    /// The compiler itself, not a proxy.
    rustc: PathBuf,
    libraries: Vec<PathBuf>,
}

/// What `handbook run` counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
    pub(crate) cached: usize,
    pub(crate) rustc_calls: usize,
}

impl Tools {
    /// Builds what is ours in release, and finds the rest.
    pub(crate) fn new(root: &Path, options: &Options) -> anyhow::Result<Self> {
        let built = build(root)?;
        let program = |name: &str| built.get(name).cloned().context("cargo built something else");
        let mdbook = match &options.mdbook {
            Some(path) => Some(fs::canonicalize(path).context("there is no such mdbook")?),
            None => run(command("mdbook").arg("--version")).is_ok().then(|| "mdbook".into()),
        };
        let mdbook_lint = match &options.mdbook_lint {
            Some(path) => Some(fs::canonicalize(path).context("there is no such mdbook-lint")?),
            None => {
                run(command("mdbook-lint").arg("--version")).is_ok().then(|| "mdbook-lint".into())
            }
        };
        let sysroot = run(command("rustc").args(["--print", "sysroot"]))?.ok()?.stdout;
        let rustc = Path::new(String::from_utf8(sysroot)?.trim()).join("bin/rustc");
        ensure!(rustc.is_file(), "there is no `{}`", rustc.display());
        let libraries = options.libraries.iter().map(fs::canonicalize);
        Ok(Self {
            handbook: program("handbook")?,
            host: program("host")?,
            floor: program("floor")?,
            mdbook,
            mdbook_lint,
            rustc,
            libraries: libraries.collect::<Result<_, _>>().context("a folder of libraries")?,
        })
    }

    /// Our program.
    pub(crate) fn handbook_path(&self) -> &Path {
        &self.handbook
    }

    /// `handbook run` on a book.
    pub(crate) fn handbook(&self, book: &Path, cache: &Path) -> Command {
        let mut handbook = command(&self.handbook);
        handbook.args([OsStr::new("run"), "--dir".as_ref(), book.as_ref()]);
        handbook.args([OsStr::new("--cache-dir"), cache.as_ref()]);
        for library in &self.libraries {
            handbook.arg("-L").arg(library);
        }
        handbook
    }

    /// Runs `handbook run`, and returns what it took and counted.
    pub(crate) fn run_handbook(
        &self,
        book: &Path,
        cache: &Path,
    ) -> anyhow::Result<(Duration, Tally)> {
        run_handbook(&mut self.handbook(book, cache))
    }

    /// Which mdBook [`Tools::mdbook_test`] is.
    pub(crate) fn mdbook_name(&self) -> &'static str {
        if self.mdbook.is_some() { "mdbook test" } else { "mdbook test (the library's)" }
    }

    /// Runs `mdbook test`; returns what it took, and whether everything passed.
    pub(crate) fn mdbook_test(&self, book: &Path) -> anyhow::Result<(Duration, bool)> {
        let mut test = command(self.mdbook.as_ref().unwrap_or(&self.host));
        test.arg("test").arg(book);
        for library in &self.libraries {
            test.args(self.mdbook.is_some().then_some("-L")).arg(library);
        }
        let ran = run(&mut test)?;
        let said = String::from_utf8_lossy(&ran.stderr);
        let is_about_tests = ran.status.success() || said.contains("rustdoc returned an error");
        ensure!(is_about_tests, "{test:?} ended with {}:\n{said}", ran.status);
        Ok((ran.took, ran.status.success()))
    }

    /// Checks a book of `chapters` chapters without running anything; returns what it took.
    pub(crate) fn check(&self, book: &Path, chapters: usize) -> anyhow::Result<Duration> {
        let mut check = command(&self.handbook);
        check.args(["check", "--no-run", "--no-cache", "--dir"]).arg(book);
        let ran = run(&mut check)?;
        let said = String::from_utf8_lossy(&ran.stderr);
        let is_whole = said.contains(&format!("{chapters} chapters checked"))
            || String::from_utf8_lossy(&ran.stdout)
                .contains(&format!("{chapters} chapters checked"));
        ensure!(is_whole && ran.status.success(), "{check:?} ended with {}:\n{said}", ran.status);
        Ok(ran.took)
    }

    /// Whether there is an mdbook-lint to compare with.
    pub(crate) fn has_mdbook_lint(&self) -> bool {
        self.mdbook_lint.is_some()
    }

    /// Runs mdbook-lint on a book; returns what it took, whatever it found.
    pub(crate) fn run_mdbook_lint(&self, book: &Path) -> anyhow::Result<Duration> {
        let program = self.mdbook_lint.as_ref().context("there is no mdbook-lint")?;
        let mut lint = command(program);
        lint.arg("lint").arg("src").current_dir(book);
        let ran = run(&mut lint)?;
        let said = String::from_utf8_lossy(&ran.stderr);
        let is_whole = matches!(ran.status.code(), Some(0 | 1));
        ensure!(is_whole, "{lint:?} ended with {}:\n{said}", ran.status);
        Ok(ran.took)
    }

    /// Writes down what mdBook hands to a preprocessor, and returns it.
    pub(crate) fn json(&self, book: &Path, file: &Path) -> anyhow::Result<Value> {
        let json = run(command(&self.host).arg("json").arg(book))?.ok()?.stdout;
        fs::write(file, &json)?;
        Ok(serde_json::from_slice(&json)?)
    }

    /// Runs the floor on such a file.
    pub(crate) fn run_floor(&self, json: &Path) -> anyhow::Result<Duration> {
        let json = File::open(json)?;
        Ok(run(command(&self.floor).stdin(json))?.ok()?.took)
    }

    /// Compiles a program as a user would, and runs it.
    pub(crate) fn run_rustc(
        &self,
        program: &str,
        edition: &str,
        folder: &Path,
    ) -> anyhow::Result<Duration> {
        fs::write(folder.join("main.rs"), program)?;
        let mut rustc = command(&self.rustc);
        rustc.args(["--edition", edition, "main.rs"]).current_dir(folder);
        for library in &self.libraries {
            rustc.arg("-L").arg(library);
        }
        let compiled = run(&mut rustc)?.ok()?;
        let ran = run(command(folder.join("main")).current_dir(folder))?.ok()?;
        Ok(compiled.took + ran.took)
    }

    /// The snippet to change, which works without a book around it.
    pub(crate) fn example(
        &self,
        book: &Path,
        json: &Value,
        edition: &str,
        folder: &Path,
    ) -> anyhow::Result<book::Example> {
        let src = json[0]["config"]["book"]["src"].as_str().unwrap_or("src");
        for example in book::Example::all(&book.join(src), json)? {
            let works = self.run_rustc(&example.change(0)?, edition, folder).is_ok();
            example.restore()?;
            if works {
                return Ok(example);
            }
        }
        bail!("the book has no snippet with a `main` that compiles and runs alone")
    }
}

impl Tally {
    /// Reads what `handbook run` prints at its end.
    fn read(stdout: &str) -> Option<Self> {
        let mut tally = Self::default();
        let mut is_whole = false;
        for line in stdout.lines() {
            let words: Vec<&str> = line.split([' ', ',', ';']).filter(|w| !w.is_empty()).collect();
            match words[..] {
                [cached, "from", "the", "cache", "rustc", "started", times, ..] => {
                    tally.cached = cached.parse().ok()?;
                    tally.rustc_calls = if times == "once" { 1 } else { times.parse().ok()? };
                }
                [passed, "passed", failed, "failed", ignored, "ignored"] => {
                    tally.passed = passed.parse().ok()?;
                    tally.failed = failed.parse().ok()?;
                    tally.ignored = ignored.parse().ok()?;
                    is_whole = true;
                }
                _ => {}
            }
        }
        is_whole.then_some(tally)
    }

    /// All snippets that were counted.
    pub(crate) fn snippets(self) -> usize {
        self.passed + self.failed + self.ignored
    }
}

/// Builds our programs, and returns their paths by name.
fn build(root: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    const ARGUMENTS: &[&str] = &[
        "build",
        "--release",
        "--package",
        "handbook-cli",
        "--package",
        "xtask",
        "--bin",
        "handbook",
        "--example",
        "floor",
        "--example",
        "host",
        "--message-format=json-render-diagnostics",
    ];
    let mut cargo = command(env!("CARGO"));
    let output = cargo.args(ARGUMENTS).current_dir(root).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "the programs do not build");
    let built = output.stdout.split(|byte| *byte == b'\n').filter_map(|line| {
        let message: Value = serde_json::from_slice(line).ok()?;
        let executable = message.get("executable")?.as_str()?;
        let name = message.pointer("/target/name")?.as_str()?;
        Some((name.to_owned(), PathBuf::from(executable)))
    });
    Ok(built.collect())
}

/// Runs `handbook run` as it is prepared, and returns what it took and counted.
pub(crate) fn run_handbook(handbook: &mut Command) -> anyhow::Result<(Duration, Tally)> {
    let Ran { took, status, stdout, stderr } = run(handbook)?;
    let stdout = String::from_utf8_lossy(&stdout);
    let tally = matches!(status.code(), Some(0 | 1)).then(|| Tally::read(&stdout)).flatten();
    let said = || format!("{stdout}{}", String::from_utf8_lossy(&stderr));
    Ok((took, tally.with_context(said)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read() {
        let stdout = "3 from the cache, rustc started once; landlock 7, seccomp, limits\n\
                      12 passed, 1 failed, 4 ignored\n";
        let tally = Tally { passed: 12, failed: 1, ignored: 4, cached: 3, rustc_calls: 1 };
        assert_eq!(Tally::read(stdout), Some(tally));
        let stdout = stdout.replace("once", "7 times");
        assert_eq!(Tally::read(&stdout), Some(Tally { rustc_calls: 7, ..tally }));
        assert_eq!(Tally::read("nothing"), None);
    }
}
