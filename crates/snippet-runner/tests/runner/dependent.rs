//! Snippets that use other crates: real ones in folders, built by the real cargo. Nothing here
//! needs the network.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use snippet_runner::{
    Config, Dependencies, DependencyProblem, Edition, Error, Failure, LOCKFILE, Outcome, Progress,
    Refusal, Report, Runner, Snippet, Wanted,
};
use tempfile::TempDir;

mod strange;

use crate::{assert_passed, config, failure, names_files, query, snippet};

/// A folder with crates, a cache, and what a book says of them.
struct World {
    folder: TempDir,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let world = World { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| world.write(path, text));
        world
    }

    /// Writes a file of the book.
    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The book's folder.
    fn root(&self) -> PathBuf {
        self.folder.path().join("book")
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn config(&self, wanted: Wanted) -> Config {
        let query = query();
        let variables = [
            ("PATH", Some(query.search_path)),
            ("HOME", query.home.map(OsString::from)),
            ("CARGO_HOME", query.cargo_home.map(OsString::from)),
        ];
        let variables = variables.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let environment = variables.map(|(name, value)| (name.into(), value)).collect();
        let dependencies = Dependencies {
            wanted,
            environment,
            cache: Some(self.cache()),
            ignored: vec![self.root().join("pages")],
        };
        let mut config = config();
        config.cache = Some(self.cache());
        config.dependencies = Some(dependencies);
        config
    }

    fn table(&self, table: &Value) -> Config {
        let table = table.as_object().unwrap().clone();
        self.config(Wanted::Table { table, root: self.root() })
    }

    fn manifest(&self, path: &str) -> Config {
        self.config(Wanted::Manifest(self.root().join(path)))
    }
}

fn run(config: &Config, snippets: &[Snippet]) -> Outcome {
    Runner::new(config.clone()).run(snippets, &()).unwrap_or_else(|error| panic!("{error:?}"))
}

fn problem(config: &Config) -> DependencyProblem {
    match Runner::new(config.clone()).run(&[snippet("")], &()) {
        Err(Error::Dependencies { source }) => source,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_all_passed(outcome: &Outcome) {
    outcome.reports.iter().for_each(|report: &Report| assert_passed(report));
}

const GREETER: [(&str, &str); 2] = [
    (
        "crates/greeter/Cargo.toml",
        "[package]\nname = \"greeter\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[features]\nloud = []\n",
    ),
    (
        "crates/greeter/src/lib.rs",
        "pub fn hello() -> &'static str { if cfg!(feature = \"loud\") { \"HELLO\" } else { \"hello\" } }\n",
    ),
];

#[test]
fn a_table_with_a_renamed_crate_and_a_feature() {
    let world = World::new(&GREETER);
    let config = world.table(&json!({
        "host": { "package": "greeter", "path": "crates/greeter", "features": ["loud"] }
    }));
    let print = "println!(\"{}\", host::hello());";
    let old = Snippet {
        edition: Edition::E2015,
        ..snippet(&format!("extern crate host;\nfn main() {{ {print} }}"))
    };
    let snippets = [
        snippet(print),
        snippet(&format!("use host::hello;\nassert_eq!(hello(), \"HELLO\");\n{print}")),
        Snippet { standalone: true, ..snippet(print) },
        Snippet { release: true, ..snippet(print) },
        old,
    ];
    let outcome = run(&config, &snippets);
    assert_all_passed(&outcome);
    assert!(outcome.reports.iter().all(|report| report.stdout == "HELLO\n"));
    let lockfile = fs::read_to_string(world.root().join(LOCKFILE)).unwrap();
    assert!(lockfile.contains("name = \"greeter\""), "{lockfile}");

    let again = run(&config, &snippets);
    assert_eq!((again.cached, again.rustc_calls), (5, 0));
    // Features count.
    let quiet = world.table(&json!({ "host": { "package": "greeter", "path": "crates/greeter" } }));
    let outcome = run(&quiet, &snippets[..1]);
    assert_eq!((outcome.cached, outcome.reports[0].stdout.as_str()), (0, "hello\n"));
    // Without them there is no such crate.
    assert!(!crate::run_with(crate::config(), &snippets[..1]).reports[0].verdict.passed());
}

#[test]
fn what_a_crate_says_counts_and_its_times_do_not() {
    let world = World::new(&GREETER);
    let config = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    let print = [snippet("println!(\"{}\", greeter::hello());")];
    let stdout = || {
        let outcome = run(&config, &print);
        (outcome.reports[0].stdout.clone(), outcome.cached)
    };
    let file = world.root().join("crates/greeter/src/lib.rs");
    let set_time = |time| {
        fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    };
    assert_eq!(stdout(), ("hello\n".to_owned(), 0));
    set_time(SystemTime::now());
    assert_eq!(stdout(), ("hello\n".to_owned(), 1));
    fs::write(&file, GREETER[1].1.replace("\"hello\"", "\"bye\"")).unwrap();
    assert_eq!(stdout(), ("bye\n".to_owned(), 0));
    assert_eq!(stdout(), ("bye\n".to_owned(), 1));
    // cargo looks at times only, and this one tells nothing.
    fs::write(&file, GREETER[1].1.replace("\"hello\"", "\"again\"")).unwrap();
    set_time(SystemTime::now() - Duration::from_secs(1000));
    assert_eq!(stdout(), ("again\n".to_owned(), 0));
    // What was there before is remembered.
    fs::write(&file, GREETER[1].1).unwrap();
    assert_eq!(stdout(), ("hello\n".to_owned(), 1));
    // A file that the crate includes is a part of it; others are not.
    fs::write(&file, "pub fn hello() -> &'static str { include_str!(\"../word.txt\") }").unwrap();
    world.write("crates/greeter/word.txt", "one");
    assert_eq!(stdout(), ("one\n".to_owned(), 0));
    world.write("crates/greeter/other.txt", "one");
    assert_eq!(stdout(), ("one\n".to_owned(), 1));
    world.write("crates/greeter/word.txt", "two");
    assert_eq!(stdout(), ("two\n".to_owned(), 0));
}

#[test]
fn the_sources_of_a_macro_count() {
    let world = World::new(&[(
        "macros/Cargo.toml",
        "[package]\nname = \"macros\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[lib]\nproc-macro = true\n",
    )]);
    let number = |number: u8| {
        let text = format!(
            "#[proc_macro]\npub fn number(_: proc_macro::TokenStream) -> proc_macro::TokenStream {{\n\
             \"{number}\".parse().unwrap() }}\n"
        );
        world.write("macros/src/lib.rs", &text);
    };
    number(1);
    let table = world.table(&json!({ "macros": { "path": "macros" } }));
    let print = [snippet("println!(\"{}\", macros::number!());")];
    for (round, config) in [table, world.manifest("macros/Cargo.toml")].iter().enumerate() {
        for says in 1..3 {
            number(says);
            assert_eq!(run(config, &print).reports[0].stdout, format!("{says}\n"), "{round}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let world = World::new(&GREETER);
    // Not even root makes a folder there.
    fs::write(world.cache(), "a file").unwrap();
    let config = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    assert_all_passed(&run(&config, &[snippet("greeter::hello();")]));
}

#[test]
fn the_books_own_crate() {
    let world = World::new(&GREETER);
    world.write(
        "Cargo.toml",
        "[package]\nname = \"my-book\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
         [dependencies]\nold_name = { package = \"greeter\", path = \"crates/greeter\" }\n\
         [workspace]\nmembers = [\"crates/*\"]\n\
         [profile.dev]\npanic = \"abort\"\nlto = true\n",
    );
    world.write("src/lib.rs", "pub struct Thing;\npub use old_name::hello;\n");
    world.write("src/chapter.md", "# Chapter\n");
    // Configuration of the book's must not name programs.
    world.write(".cargo/config.toml", "[build]\nrustc-wrapper = \"/no/such/program\"\n");
    let config = world.manifest("Cargo.toml");
    let snippets = [
        snippet("use my_book::Thing;\nlet _thing = Thing;\nprintln!(\"{}\", my_book::hello());"),
        snippet("println!(\"{}\", old_name::hello());"),
    ];
    let outcome = run(&config, &snippets);
    assert_all_passed(&outcome);
    assert!(world.root().join("Cargo.lock").is_file());
    assert!(!world.root().join("target").exists());
    // A chapter is no source.
    world.write("src/chapter.md", "# Another\n");
    assert_eq!(run(&config, &snippets).cached, 2);
    world.write("src/lib.rs", "pub use old_name::hello;\n");
    let outcome = run(&config, &snippets);
    assert!(!outcome.reports[0].verdict.passed() && outcome.reports[1].verdict.passed());
    // A panic is one that a snippet may promise.
    let panics = Snippet { expect: snippet_runner::Expect::Panic, ..snippet("panic!();") };
    assert_all_passed(&run(&config, &[panics]));
}

#[test]
fn fetching_runs_nothing_of_the_book() {
    let world = World::new(&GREETER);
    let spy = world.root().join("spy");
    let script = format!("#!/bin/sh\ntouch '{}.was-here'\nexec \"$@\"\n", spy.display());
    world.write("spy", &script);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&spy, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let build = format!(
        "[build]\nrustc = {spy:?}\nrustc-wrapper = {spy:?}\n[registry]\n\
         global-credential-providers = [{spy:?}]\n[net]\ngit-fetch-with-cli = true\n"
    );
    for folder in ["", "crates/greeter/", "own/"] {
        world.write(&format!("{folder}.cargo/config.toml"), &build);
        world.write(&format!("{folder}rust-toolchain.toml"), "[toolchain]\nchannel = \"0.0.0\"\n");
    }
    world.write(
        "own/Cargo.toml",
        "[package]\nname = \"own\"\n[workspace]\n\
         [dependencies]\ngreeter = { path = \"../crates/greeter\" }\n",
    );
    world.write("own/src/lib.rs", "");
    let table = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    for config in [table, world.manifest("own/Cargo.toml")] {
        assert_all_passed(&run(&config, &[snippet("greeter::hello();")]));
    }
    assert!(!world.root().join("spy.was-here").exists());
}

#[cfg(unix)]
#[test]
fn a_crate_from_a_repository() {
    let world = World::new(&GREETER);
    let folder = world.root().join("crates/greeter");
    let git = |arguments: &[&str]| {
        #[expect(clippy::disallowed_methods, reason = "a test makes what it needs")]
        let git = std::process::Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
            .args(arguments)
            .current_dir(&folder)
            .stdout(std::process::Stdio::null())
            .status();
        git.is_ok_and(|status| status.success())
    };
    if !(git(&["init", "-q"]) && git(&["add", "."]) && git(&["commit", "-q", "-m", "all"])) {
        // A machine without git has no such dependencies.
        return;
    }
    let url = format!("file://{}", folder.display());
    let mut config = world.table(&json!({ "greeter": { "git": url } }));
    // Where it is fetched to is gone with the test.
    let environment = &mut config.dependencies.as_mut().unwrap().environment;
    environment.insert("CARGO_HOME".into(), world.folder.path().join("cargo").into());
    let outcome = run(&config, &[snippet("println!(\"{}\", greeter::hello());")]);
    assert_eq!(outcome.reports[0].stdout, "hello\n");
}

#[test]
fn problems_are_told_apart() {
    let world = World::new(&GREETER);
    let manifest = world.manifest("nowhere/Cargo.toml");
    assert!(matches!(problem(&manifest), DependencyProblem::NoManifest { .. }));
    world.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
    let workspace = world.manifest("Cargo.toml");
    assert!(matches!(problem(&workspace), DependencyProblem::NoPackage { .. }));
    world.write("empty/Cargo.toml", "[package]\nname = \"empty\"\n[workspace]\n");
    world.write("empty/src/main.rs", "fn main() {}\n");
    let empty = world.manifest("empty/Cargo.toml");
    assert!(matches!(problem(&empty), DependencyProblem::Nothing { .. }));
    let missing = world.table(&json!({ "greeter": { "path": "crates/nobody" } }));
    match problem(&missing) {
        DependencyProblem::Unresolved { message } => {
            assert!(message.contains("crates/nobody/Cargo.toml"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    world.write("crates/greeter/src/lib.rs", "pub fn hello() -> u8 { \"x\" }\n");
    let broken = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    for _ in 0..2 {
        match problem(&broken) {
            DependencyProblem::DoNotBuild { message } => {
                assert!(message.contains("E0308") && message.contains("src/lib.rs:1"), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
    // Once it is mended, it is built.
    world.write("crates/greeter/src/lib.rs", GREETER[1].1);
    assert_all_passed(&run(&broken, &[snippet("greeter::hello();")]));
    // A package that holds a home folder could be asked for what lies there.
    let mut private = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    let home = world.root().join("crates/greeter/home");
    fs::create_dir_all(&home).unwrap();
    let environment = &mut private.dependencies.as_mut().unwrap().environment;
    environment.insert("HOME".into(), home.into());
    world.write("crates/greeter/src/lib.rs", "\n");
    assert!(matches!(problem(&private), DependencyProblem::HoldsHome { .. }));
}

/// A function that tries whatever a build script or macro should not do, and copes.
fn tries(secret: &Path) -> String {
    format!(
        "fn tries() -> String {{\n\
         let read = std::fs::read(r\"{secret}\").is_ok();\n\
         let write = std::fs::write(r\"{secret}.new\", \"lost\").is_ok();\n\
         let connect = std::net::TcpStream::connect(\"127.0.0.1:1\");\n\
         let refused = connect.unwrap_err().kind() == std::io::ErrorKind::PermissionDenied;\n\
         let variable = std::env::var(\"SECRET\").is_ok();\n\
         format!(\"{{read}} {{write}} {{refused}} {{variable}}\") }}\n",
        secret = secret.display()
    )
}

/// Checks that all of that was refused, as far as the system tells.
fn assert_told(refusals: &[Refusal], secret: &Path) {
    let told: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    assert!(told.contains(&"to open a socket (IPv4)".to_owned()), "{told:?}");
    if names_files() {
        let new = format!("to write `{}.new`", secret.display());
        assert!(told.contains(&new), "{told:?}");
    }
}

const MACRO: &str = "#[proc_macro]\npub fn expansion(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n\
                     format!(\"{:?}\", tries()).parse().unwrap() }\n";

/// A secret, and a world with a crate whose build script and one whose macro tries to get at it.
fn nosy() -> (TempDir, PathBuf, World) {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().canonicalize().unwrap().join("credentials.toml");
    fs::write(&secret, "secret").unwrap();
    let package = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{more}")
    };
    let world = World::new(&[]);
    let tries = tries(&secret);
    world.write("crates/script/Cargo.toml", &package("script", ""));
    let main = "fn main() { println!(\"cargo::rustc-env=SAID={}\", tries()); }\n";
    world.write("crates/script/build.rs", &format!("{tries}{main}"));
    world.write("crates/script/src/lib.rs", "pub const SAID: &str = env!(\"SAID\");\n");
    world.write("crates/nosy/Cargo.toml", &package("nosy", "[lib]\nproc-macro = true\n"));
    world.write("crates/nosy/src/lib.rs", &format!("{tries}{MACRO}"));
    let uses = "[dependencies]\nnosy = { path = \"../nosy\" }\n";
    world.write("crates/user/Cargo.toml", &package("user", uses));
    world.write("crates/user/src/lib.rs", "pub const SAID: &str = nosy::expansion!();\n");
    (folder, secret, world)
}

#[test]
fn builds_are_confined() {
    let (folder, secret, world) = nosy();
    for name in ["script", "user"] {
        let path = format!("crates/{name}");
        let mut config = world.table(&json!({ name: { "path": path } }));
        let environment = &mut config.dependencies.as_mut().unwrap().environment;
        environment.insert("SECRET".into(), "secret".into());
        match Runner::new(config).run(&[snippet("")], &()) {
            Err(Error::Dependencies { source: DependencyProblem::Refused { refusals, .. } }) => {
                assert_told(&refusals, &secret);
            }
            Ok(outcome) if !outcome.sandbox.is_complete() => return,
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn macros_in_snippets_are_confined() {
    let (folder, secret, world) = nosy();
    let config = world.table(&json!({ "nosy": { "path": "crates/nosy" } }));
    let said = snippet("println!(\"{}\", nosy::expansion!());");
    let outcome = run(&config, &[snippet("()"), said, snippet("println!();")]);
    if !outcome.sandbox.is_complete() {
        return;
    }
    match failure(&outcome.reports[1]) {
        Failure::Refused { refusals } => assert_told(refusals, &secret),
        other => panic!("{other:?}"),
    }
    assert_passed(&outcome.reports[0]);
    assert_passed(&outcome.reports[2]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// What comes to nothing in a build that copes is nobody's business.
#[test]
fn a_build_that_looks_around_is_fine() {
    let (_folder, secret, world) = nosy();
    let look = "fn main() { println!(\"cargo::rustc-env=SAID={} {}\", std::fs::read(r\"SECRET\").is_ok(), std::env::var(\"SECRET\").is_ok()); }";
    let shown = secret.display().to_string();
    world.write("crates/script/build.rs", &look.replacen("SECRET", &shown, 1));
    let mut config = world.table(&json!({ "script": { "path": "crates/script" } }));
    let environment = &mut config.dependencies.as_mut().unwrap().environment;
    environment.insert("SECRET".into(), "secret".into());
    let outcome = run(&config, &[snippet("println!(\"{}\", script::SAID);")]);
    assert_all_passed(&outcome);
    if outcome.sandbox.is_complete() {
        assert_eq!(outcome.reports[0].stdout, "false false\n");
    }
    // It did not say what it looks at, so all of its package counts.
    world.write("crates/script/data.txt", "new");
    assert_eq!(run(&config, &[snippet("")]).cached, 0);
}

#[test]
fn a_build_script_that_says_what_it_looks_at() {
    let world = World::new(&GREETER);
    world.write(
        "crates/greeter/build.rs",
        "fn main() {\n\
         println!(\"cargo::rerun-if-changed=data\");\n\
         let word = std::fs::read_to_string(\"data/word.txt\").unwrap();\n\
         println!(\"cargo::rustc-env=WORD={word}\");\n}\n",
    );
    world.write("crates/greeter/src/lib.rs", "pub const WORD: &str = env!(\"WORD\");\n");
    world.write("crates/greeter/data/word.txt", "one");
    let config = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    let print = [snippet("println!(\"{}\", greeter::WORD);")];
    assert_eq!(run(&config, &print).reports[0].stdout, "one\n");
    world.write("crates/greeter/README.md", "new");
    assert_eq!(run(&config, &print).cached, 1);
    world.write("crates/greeter/data/word.txt", "two");
    assert_eq!(run(&config, &print).reports[0].stdout, "two\n");
}

#[test]
fn a_build_that_somebody_spoilt_is_made_again() {
    #[derive(Default)]
    struct Told(Mutex<Vec<String>>);
    impl Progress for Told {
        fn preparing(&self, what: &str) {
            self.0.lock().unwrap().push(what.to_owned());
        }
    }
    let world = World::new(&GREETER);
    let config = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    let mut number = 0;
    let mut told = || {
        let told = Told::default();
        // Another snippet each time: it has no report.
        number += 1;
        let code = format!("greeter::hello(); let _ = {number};");
        let outcome = Runner::new(config.clone()).run(&[snippet(&code)], &told).unwrap();
        assert_all_passed(&outcome);
        told.0.into_inner().unwrap()
    };
    let work = ["choosing and fetching dependencies", "building dependencies: greeter"];
    assert_eq!(told(), work);
    assert_eq!(told(), [""; 0]);
    let builds = world.cache().join("dependencies");
    let build = fs::read_dir(&builds).unwrap().map(|entry| entry.unwrap().path());
    let build = build.into_iter().find(|path| path.is_dir()).unwrap();
    // It was interrupted.
    fs::remove_file(build.join("record.json")).unwrap();
    assert_eq!(told(), work);
    // Something else stands in the place of what compilers may read.
    fs::rename(build.join("build/target"), build.join("build/elsewhere")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(build.join("build/elsewhere"), build.join("build/target")).unwrap();
    assert_eq!(told(), work);
    fs::remove_dir_all(&builds).unwrap();
    assert_eq!(told(), work);
}

#[test]
fn runs_at_once_share_a_build() {
    let world = World::new(&GREETER);
    let config = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    std::thread::scope(|scope| {
        for number in 0..4 {
            let config = &config;
            scope.spawn(move || {
                let code = format!("assert_eq!(greeter::hello().len(), {number} - {number} + 5);");
                assert_all_passed(&run(config, &[snippet(&code)]));
            });
        }
    });
}

#[test]
fn without_a_cache_and_audited() {
    let world = World::new(&GREETER);
    let mut config = world.table(&json!({ "greeter": { "path": "crates/greeter" } }));
    config.cache = None;
    config.dependencies.as_mut().unwrap().cache = None;
    let used = [snippet("greeter::hello();")];
    assert_all_passed(&run(&config, &used));
    let audit = Runner::new(config).audit(&used, &()).unwrap();
    assert_all_passed(&audit.outcome);
    assert_eq!(audit.doubts, []);
    assert!(!world.cache().exists());
}
