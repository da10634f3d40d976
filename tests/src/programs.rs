//! Our programs: built once for a test process, started on a book.

use crate::running::Running;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The packages whose programs are tested.
const PACKAGES: [&str; 3] = ["handbook-cli", "mdbook-handbook", "mdbook-snippets"];

/// The path of one of our programs, which is built if it is not up to date.
pub(crate) fn program(name: &str) -> &'static Path {
    static PROGRAMS: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(build).get(name).unwrap_or_else(|| panic!("no program `{name}` was built"))
}

#[expect(clippy::disallowed_methods, reason = "programs are tested by starting them")]
fn command(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Builds the programs as the tests were built: same profile, same target folder.
fn build() -> BTreeMap<String, PathBuf> {
    let test = std::env::current_exe().expect("a test knows where it lies");
    // target/debug/deps/test-0123456789abcdef
    let profile = test.ancestors().nth(2).expect("cargo's layout");
    let name = profile.file_name().and_then(OsStr::to_str).expect("a profile's folder");
    let mut cargo = command(env!("CARGO"));
    cargo
        .args(["build", "--message-format=json", "--profile"])
        .arg(if name == "debug" { "dev" } else { name })
        .args(PACKAGES.iter().flat_map(|package| ["--package", package]))
        .arg("--target-dir")
        .arg(profile.parent().expect("cargo's layout"))
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the programs do not build:\n{errors}");
    let messages = String::from_utf8(output.stdout).expect("JSON");
    let built = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        let executable = message.get("executable")?.as_str()?;
        let name = message.pointer("/target/name")?.as_str()?;
        Some((name.to_owned(), PathBuf::from(executable)))
    });
    built.collect()
}

/// A program that is about to be started.
pub struct Start {
    command: Command,
    input: Vec<u8>,
    /// What the outputs call the book's folder.
    root: PathBuf,
}

impl Start {
    pub(crate) fn new(program: impl AsRef<OsStr>, root: &Path, cache: &Path) -> Self {
        let mut command = command(program);
        command
            .current_dir(root)
            .env("XDG_CACHE_HOME", cache)
            // What the machine's owner prefers is none of the tests' business.
            .env("NO_COLOR", "1")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("RUSTC")
            .env_remove("RUST_BACKTRACE")
            .env_remove("RUST_LOG");
        Self { command, input: Vec::new(), root: root.to_owned() }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives the program something to read.
    #[must_use]
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Starts the program and lets it run. What it writes goes to a file.
    pub fn run(mut self, log: PathBuf) -> Running {
        let file = fs::File::create(&log).expect("a file for what is written");
        let other = file.try_clone().expect("the same file");
        self.command.stdin(Stdio::null()).stdout(file).stderr(other);
        Running::new(self.command.spawn().expect("the program starts"), log)
    }

    /// Starts the program and waits for its end.
    pub fn output(mut self) -> Output {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program starts");
        // A program that reads nothing may be gone by now.
        let _ = child.stdin.take().expect("a pipe").write_all(&self.input);
        let output = child.wait_with_output().expect("the program ends");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("our programs write UTF-8");
            without_sandbox(&text.replace(&self.root.display().to_string(), "[BOOK]"))
        };
        Output {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code(),
        }
    }
}

/// Which layers of the sandbox are active is the machine's, not the book's.
fn without_sandbox(text: &str) -> String {
    let line = |line: &str| match line.split_once("; ") {
        Some((counts, _)) if counts.contains("from the cache, rustc") => {
            format!("{counts}; [SANDBOX]\n")
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// What a program wrote, the book's folder called `[BOOK]`, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
}

impl Output {
    /// The findings on standard output, as `--format json` writes them.
    pub fn findings(&self) -> Vec<Value> {
        let report: Value = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}):\n{self}"));
        report["findings"].as_array().unwrap_or_else(|| panic!("no findings:\n{self}")).clone()
    }

    /// The findings of `--format json` in short: level, rule, file, line, column.
    pub fn places(&self) -> Vec<String> {
        let place = |finding: &Value| {
            let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
            let start = &finding["start"];
            let place = match (start["line"].as_u64(), start["column"].as_u64()) {
                (Some(line), Some(column)) => format!(":{line}:{column}"),
                _ => String::new(),
            };
            format!("{} {} {}{place}", text("level"), text("rule"), text("file"))
        };
        self.findings().iter().map(place).collect()
    }

    /// The same for findings that standard error holds for people. Information is left out there.
    pub fn printed_places(&self) -> Vec<String> {
        printed_places(&self.stderr)
    }
}

/// The findings in a text for people in short: level, rule, file, line, column.
pub(crate) fn printed_places(text: &str) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        let title = line.split_once("]: ").and_then(|(head, _)| head.split_once('['));
        if let Some((level @ ("error" | "warning" | "info"), rule)) = title {
            places.push(format!("{level} {rule} -"));
            is_open = true;
        } else if let Some(place) = line.trim_start().strip_prefix("--> ").filter(|_| is_open) {
            let last = places.last_mut().expect("a title stands before its place");
            last.truncate(last.len() - 1);
            last.push_str(place);
            is_open = false;
        }
    }
    places
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stdout, stderr, code } = self;
        let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        write!(f, "ended with {code}\n--- standard output\n{stdout}--- standard error\n{stderr}")
    }
}
