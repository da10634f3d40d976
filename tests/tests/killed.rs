//! `handbook` may be killed at any moment: nothing that it started goes on, and what it remembered
//! is right.
//!
//! 1. Two books with the same snippets share a cache. In each, `handbook run` is killed again and
//!    again, after a time of chance; now and then the snippets change, so that it starts cold, and
//!    is killed when a program has started another.
//! 2. After each kill, soon there is no process that has to do with the book's folder: by what it
//!    executes, where it works, what it was told, or its environment.
//! 3. In the end, what comes from the cache is what comes from running everything, and the scratch
//!    folders are gone.
//!
//! Whatever is started here ends by itself within a minute.
#![cfg(target_os = "linux")]

use handbook_tests::{Book, Output};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often each of the two books is run and killed.
const KILLS: u64 = 50;

/// How many versions of its snippets are met on the way.
const VERSIONS: u64 = 3;

/// When it is killed at the latest, in milliseconds: a run that is cold takes about as long.
const LATEST: u64 = 1000;

/// How long what was started may take to end where others keep the processors busy; what goes on
/// takes much longer.
const SOON: Duration = Duration::from_secs(10);

/// The attributes of snippets and their code: some pass, fail, write, wait, and leave others behind.
const SNIPPETS: [(&str, &str); 10] = [
    ("rust,run", "println!(\"{}\", 41 + 1);"),
    ("rust,run", "for line in 0..9 { println!(\"line {line}\"); }"),
    ("rust", "panic!(\"by mistake\");"),
    ("rust,should_panic", "panic!(\"on purpose\");"),
    ("rust", "let x: u8 = \"\";"),
    ("rust,compile_fail,E0308", "let x: u8 = \"\";"),
    ("rust,standalone", "println!(\"{}\", line!());"),
    ("rust", "std::process::Command::new(\"sleep\").arg(\"40\").spawn().unwrap();"),
    (
        "rust",
        "let nested = \"sh -c 'sleep 40 & sleep 40 & wait' & wait\";
let mut child = std::process::Command::new(\"sh\").args([\"-c\", nested]).spawn().unwrap();
std::thread::sleep(std::time::Duration::from_millis(600));
assert!(child.try_wait().unwrap().is_none());",
    ),
    ("rust", "std::thread::sleep(std::time::Duration::from_secs(1));"),
];

/// The snippets as a chapter. Versions differ in nothing that is seen, but have no verdict in
/// common.
fn chapter(version: u64) -> String {
    let snippet = |(attributes, code): &(&str, &str)| {
        let output = if attributes.contains("run") { "\n```output\nstale\n```\n" } else { "" };
        format!("```{attributes}\n{code}\n// {version}\n```\n{output}\n")
    };
    SNIPPETS.iter().map(snippet).collect()
}

/// Returns the names of the processes that have to do with a folder.
fn processes(folder: &Path) -> Vec<String> {
    let path = folder.to_str().expect("UTF-8");
    let is_ours = |process: &Path| {
        let leads_there =
            |link| fs::read_link(process.join(link)).is_ok_and(|target| target.starts_with(folder));
        let names_it = |file| {
            fs::read(process.join(file))
                .is_ok_and(|text| String::from_utf8_lossy(&text).contains(path))
        };
        ["cwd", "exe"].into_iter().any(leads_there)
            || ["cmdline", "environ"].into_iter().any(names_it)
    };
    let entries = fs::read_dir("/proc").expect("processes").flatten().map(|entry| entry.path());
    let ours = entries.filter(|process| is_ours(process));
    let name = |process: &Path| fs::read_to_string(process.join("comm")).unwrap_or_default();
    ours.map(|process| name(&process).trim_end().to_owned()).collect()
}

/// The scratch folders that have been left, but for those that were just being made or removed:
/// without a lock they are nobody's only after a day.
fn left_over(scratch: &Path) -> usize {
    let entries = fs::read_dir(scratch).expect("a folder").flatten();
    entries.filter(|entry| entry.path().join("lock").exists()).count()
}

/// Runs `handbook` on a book and kills it, many times; returns who was there then, and how often.
fn kill_again_and_again(book: &Book, cache: &Path, seed: u64) -> BTreeMap<String, usize> {
    let folder = book.beside("").canonicalize().expect("the book's folder");
    let mut seen = BTreeMap::new();
    let mut random = seed;
    for round in 0..KILLS {
        let version = round * VERSIONS / KILLS;
        book.write("src/a.md", chapter(version));
        // Numerical Recipes' generator; its upper bits are good.
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let moment = Duration::from_millis((random >> 33) % LATEST);
        #[expect(clippy::disallowed_methods, reason = "a program that can be killed")]
        let mut handbook = Command::new(book.program("handbook"))
            .arg("run")
            .arg("--cache-dir")
            .arg(cache)
            .current_dir(book.root())
            .env("TMPDIR", folder.join("scratch"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("handbook starts");
        let is_changed = round == 0 || version != (round - 1) * VERSIONS / KILLS;
        if is_changed {
            // However slow the machine is, this is met: what a program has started runs.
            let is_over = |handbook: &mut Child| !matches!(handbook.try_wait(), Ok(None));
            while !processes(&folder).iter().any(|name| name == "sleep") && !is_over(&mut handbook)
            {
                thread::sleep(Duration::from_millis(20));
            }
        } else {
            thread::sleep(moment);
        }
        for name in processes(&folder) {
            *seen.entry(name).or_default() += 1;
        }
        handbook.kill().expect("it has not been waited for");
        let killed = Instant::now();
        handbook.wait().expect("it ends");
        loop {
            let left = processes(&folder);
            let took = killed.elapsed();
            if left.is_empty() {
                break;
            }
            assert!(took < SOON, "killed after {moment:?}, seed {seed}, round {round}: {left:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }
    seen
}

/// What is found, and the verdict on each snippet: without the times, and without what was
/// remembered.
fn judged(run: &Output) -> (Vec<Value>, Vec<Value>) {
    let mut report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let snippets = report["snippets"].as_array_mut().expect("a list");
    (run.findings(), snippets.iter_mut().map(|snippet| snippet["verdict"].take()).collect())
}

#[test]
fn a_hundred_kills_leave_nothing_behind() {
    let cache = tempfile::tempdir().expect("a folder");
    let mut books = [(); 2].map(|()| Book::new().chapter("a.md", chapter(0)));
    let scratch = |book: &Book| book.beside("scratch");
    for book in &books {
        fs::create_dir(scratch(book)).expect("a folder");
    }
    let run = |book: &Book, more: &[&str]| {
        let run = book.start("handbook").args(["run"]).args(more);
        run.env("TMPDIR", scratch(book)).output()
    };
    let expected = judged(&run(&books[0], &["--no-cache", "--format=json"]));

    let kill = |seed, book: &Book| kill_again_and_again(book, cache.path(), seed);
    let kill = &kill;
    let seen: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (1..)
            .zip(&mut books)
            .map(|(seed, book)| scope.spawn(move || kill(seed, &*book)))
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("nothing is left")).collect()
    });
    // Something of every sort was there to be left behind.
    for name in ["rustc", "program", "sleep", "snippet-keeper"] {
        let count: usize = seen.iter().filter_map(|seen| seen.get(name)).sum();
        assert!(count > 0, "{name}: {seen:?}");
    }

    let cache = cache.path().to_str().expect("UTF-8");
    let mut remembered = 0;
    for version in 0..VERSIONS {
        books.iter().for_each(|book| book.write("src/a.md", chapter(version)));
        let first = run(&books[0], &["--cache-dir", cache]).stdout;
        let count = first.lines().find_map(|line| line.split_once(" from the cache"));
        let count: usize = count.expect("a count").0.parse().expect("a number");
        remembered += count;
        let cached = run(&books[1], &["--cache-dir", cache, "--format=json"]);
        assert_eq!(judged(&cached), expected, "version {version}");
    }
    assert!(remembered > 0);
    for book in &books {
        book.write("src/a.md", "```rust\n```\n");
        run(book, &["--no-cache"]);
        assert_eq!(left_over(&scratch(book)), 0);
    }
}
