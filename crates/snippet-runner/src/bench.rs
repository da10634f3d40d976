//! One snippet at a time: compiled alone, or run.

use std::{borrow::Cow, fs, path::Path, sync::Arc};

use tempfile::TempDir;

use crate::{
    Config, Error, Expect, Report, Snippet,
    alone::Reason,
    batch,
    compiler::{self, CRATE_NAME, Call, Compiled, Compiler, Emit},
    judge,
    prepared::Prepared,
    process::{self, Job},
    relabel,
    sandbox::{Access, Role, Sandbox},
};

/// Where snippets are compiled and run.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) config: &'a Config,
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) compiler: Compiler<'a>,
    /// The folder of this run.
    pub(crate) scratch: &'a Path,
}

/// A program that can be run.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    /// The folder that it lies in, removed with the last of its programs.
    folder: Arc<TempDir>,
    /// The snippet to choose, in a batch.
    entry: Option<usize>,
}

/// What else goes on while a program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Compilers work, and come first: others wait for what they make.
    Beside,
    /// Nothing that matters.
    Quiet,
}

/// What became of a snippet that was compiled alone.
#[derive(Debug)]
pub(crate) enum Step {
    /// There is nothing to run.
    Judged(Report),
    /// There is.
    Built(Binary),
}

impl Binary {
    /// Returns the program of a batch for one of its members.
    pub(crate) fn of_batch(folder: Arc<TempDir>, entry: usize) -> Self {
        Binary { folder, entry: Some(entry) }
    }

    /// Returns whether the program holds other snippets, too.
    pub(crate) fn is_shared(&self) -> bool {
        self.entry.is_some()
    }
}

impl Bench<'_> {
    /// Makes a folder that is removed when it is dropped.
    pub(crate) fn folder(&self) -> Result<TempDir, Error> {
        TempDir::new_in(self.scratch).map_err(Error::io(self.scratch))
    }

    /// Compiles a snippet alone.
    pub(crate) fn compile(&self, snippet: &Snippet, prepared: &Prepared) -> Result<Step, Error> {
        let folder = self.folder()?;
        let file = folder.path().join(relabel::FILE);
        let sources = file.parent().unwrap_or(folder.path());
        fs::create_dir_all(sources).map_err(Error::io(sources))?;
        fs::write(&file, prepared.program.text()).map_err(Error::io(&file))?;
        self.config.furnish(folder.path())?;
        let compile = |emit| {
            self.compiler.compile(&Call {
                folder: folder.path(),
                root: relabel::FILE,
                name: if prepared.is_named { None } else { Some(CRATE_NAME) },
                edition: snippet.edition,
                release: snippet.release,
                test_harness: snippet.test_harness,
                emit,
                snippets: 1,
                reaches_out: prepared.reaches_out,
            })
        };
        // A crate of unusual shape may bring its own allocator or do without the standard
        // library: both want it inside, if at all.
        let emit = match prepared.alone {
            Some(Reason::CrateAttribute | Reason::Global) => Emit::Static,
            _ => Emit::Dynamic,
        };
        let verdict = match &snippet.expect {
            Expect::CompileError { codes } => {
                let compiled = match compile(Emit::Metadata)? {
                    // Some errors show only when code is generated.
                    Compiled::Fine => compile(emit)?,
                    compiled => compiled,
                };
                judge::compile_fail(compiled, codes, &prepared.program)
            }
            Expect::CompileOnly => judge::compile(compile(Emit::Metadata)?, &prepared.program),
            Expect::Success | Expect::Panic => match compile(emit)? {
                Compiled::Fine => {
                    return Ok(Step::Built(Binary { folder: Arc::new(folder), entry: None }));
                }
                compiled => judge::compile(compiled, &prepared.program),
            },
        };
        Ok(Step::Judged(Report::without_run(verdict)))
    }

    /// Runs a snippet's program in a folder of its own.
    pub(crate) fn run(
        &self,
        snippet: &Snippet,
        prepared: &Prepared,
        binary: &Binary,
        pace: Pace,
    ) -> Result<Report, Error> {
        let program = match binary.entry {
            Some(entry) => prepared.program.in_module(&batch::module(entry)),
            None => Cow::Borrowed(&prepared.program),
        };
        let program = &*program;
        let folder = self.folder()?;
        self.config.furnish(folder.path())?;
        let path = binary.folder.path().join(compiler::BINARY);
        let limit = self.config.limit(snippet);
        let mut environment = vec![
            ("PATH", "/usr/bin:/bin".into()),
            ("HOME", folder.path().into()),
            ("TMPDIR", folder.path().into()),
        ];
        if let Some(entry) = binary.entry {
            environment.push((batch::ENTRY_VARIABLE, entry.to_string().into()));
        }
        let job = Job {
            program: &path,
            called: Some(CRATE_NAME),
            arguments: Vec::new(),
            environment,
            folder: folder.path(),
            timeout: limit,
            cap: self.config.output_cap,
            yields: pace == Pace::Beside,
        };
        let read = self.config.readable().chain([path.as_path()]).collect();
        let access = Access {
            role: Role::Program,
            read,
            write: folder.path(),
            seconds: limit.as_secs(),
            reaches_out: prepared.reaches_out || self.config.has_foreign_code(),
        };
        let finished = process::run(&job, Some((self.sandbox, &access)))?;
        let file = binary.entry.map_or_else(|| relabel::FILE.to_owned(), batch::file);
        let setting = judge::Setting { config: self.config, sandbox: self.sandbox.report(), limit };
        let verdict = judge::run(snippet, program, &finished, &file, setting);
        Ok(Report {
            verdict,
            stderr: relabel::stderr(&finished.stderr, program, &file),
            stdout: if prepared.sees_place {
                relabel::stdout(&finished.stdout, program, &file)
            } else {
                finished.stdout
            },
            duration: finished.duration,
            from_cache: false,
        })
    }
}
