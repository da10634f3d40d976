//! Snippets that build on snippets: what is run again after an edit, and what is found where.

use handbook_tests::{Book, OURS, Output};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use snapbox::{assert_data_eq, str};

const HASH: &str = "# Ring

```rust,mod=hash
pub fn hash(text: &str) -> u64 {
    assert!(!text.is_empty(), \"nothing to hash\");
    text.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte))
}
```
";

const REST: &str = "
```rust,mod=ring,use=hash
#[derive(Default)]
pub struct Ring {
    nodes: Vec<u64>,
}

impl Ring {
    pub fn add(&mut self, name: &str) {
        self.nodes.push(crate::hash::hash(name));
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }
}
```

```rust,mod=sample,use=ring
use super::ring::Ring;

pub fn ring(names: &[&str]) -> Ring {
    let mut ring = Ring::default();
    names.iter().for_each(|name| ring.add(name));
    ring
}
```

```rust,name=length,use=sample
println!(\"{}\", sample::ring(&[\"a\", \"b\"]).len());
```

```output
2
```

```rust,name=grows,use=ring,use=sample
let mut ring: ring::Ring = sample::ring(&[\"a\"]);
ring.add(\"c\");
assert_eq!(ring.len(), 2);
```
";

/// A snippet of another chapter, which uses nothing.
const APART: &str = "# Apart\n\n```rust\nassert!(true);\n```\n";

fn config() -> String {
    format!("{OURS}\n[rust]\nedition = \"2021\"\n")
}

fn ring() -> Book {
    let text = format!("{HASH}{REST}");
    Book::new().config(&config()).chapter("ring.md", text).chapter("apart.md", APART)
}

/// The counts of a run: passed, failed, from the cache.
fn counts(run: &Output) -> [u64; 3] {
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    ["passed", "failed", "cached"].map(|key| report["tally"][key].as_u64().expect("a count"))
}

fn run(book: &Book) -> Output {
    book.handbook(["run", "--format", "json"])
}

#[test]
fn only_what_builds_on_an_edited_snippet_is_run_again() {
    let book = ring();
    assert_eq!(counts(&run(&book)), [6, 0, 0]);
    assert_eq!(counts(&run(&book)), [6, 0, 6]);
    // The first snippet, on which all of its chapter build.
    book.write("src/ring.md", format!("{HASH}{REST}").replace("fold(7,", "fold(11,"));
    assert_eq!(counts(&run(&book)), [6, 0, 1]);
    // The third: the first two and the other chapter do not mind.
    let text = format!("{HASH}{REST}").replace("fold(7,", "fold(11,");
    book.write("src/ring.md", text.replace("|name| ring.add(name)", "|one| ring.add(one)"));
    assert_eq!(counts(&run(&book)), [6, 0, 3]);
    // A line above moves them all, and changes nothing.
    book.write("src/ring.md", book.read("src/ring.md").replace("# Ring\n", "# Ring\n\nText.\n"));
    assert_eq!(counts(&run(&book)), [6, 0, 6]);
}

/// Edits of the first snippet, and what is wrong then.
#[test]
fn what_an_edit_of_the_first_breaks_is_said_where_it_shows() {
    let book = ring();
    let after = |from: &str, to: &str| {
        let edited = HASH.replace(from, to);
        assert_ne!(edited, HASH);
        book.write("src/ring.md", format!("{edited}{REST}"));
        let check = book.handbook(["check", "--format", "json"]);
        assert_eq!(check.code, Some(1), "{check}");
        check.places()
    };
    let broken = |line, column| format!("error snippets/broken-module src/ring.md:{line}:{column}");
    let all_broken = [broken(10, 22), broken(27, 24), broken(37, 25), broken(45, 24)];
    // It does not compile: one error, and a short word at all that build on it.
    let found = after("-> u64", "-> Gone");
    assert_eq!(found[0], "error snippets/does-not-compile src/ring.md:4:28");
    assert_eq!(found[1..], all_broken);
    // It keeps its function to itself: the module that calls it is broken now.
    let found = after("pub fn", "fn");
    assert_eq!(found[0], "error snippets/private-item src/ring.md:18:38");
    assert_eq!(found[1..], all_broken[1..]);
    // It panics, in its own line, whoever calls.
    let found = after("!text.is_empty()", "text.is_empty()");
    assert_eq!(found, ["error snippets/panics src/ring.md:5:5"; 2]);
    // It says something else.
    let book = ring();
    book.write("src/ring.md", format!("{HASH}{REST}").replace("self.nodes.len()", "1"));
    let places = book.handbook(["check", "--format", "json"]).places();
    assert_eq!(
        places,
        ["error snippets/stale-output src/ring.md:42:1", "error snippets/panics src/ring.md:48:1"]
    );
}

#[test]
fn a_panic_in_a_module_is_told_of_whichever_chapter_is_asked_for() {
    let user = "```rust,use=hash\nhash::hash(\"\");\n```\n\n".repeat(2);
    let book = ring().chapter("user.md", user);
    for arguments in [&["check"][..], &["check", "user.md"], &["run", "user.md"]] {
        let output = book.handbook(arguments);
        assert_eq!(output.code, Some(1), "{arguments:?}: {output}");
        assert_data_eq!(
            output.stderr,
            str![[r#"
error[snippets/panics]: the snippet panics: nothing to hash
 --> src/ring.md:5:5
  |
5 |     assert!(!text.is_empty(), "nothing to hash");
  |     ^^^^^^
  |
  = note: the snippet is here: src/user.md:1
  = note: the snippet is here: src/user.md:5

1 error found
...
"#]]
        );
    }
}

#[test]
fn a_circle_is_told_of_whichever_of_its_chapters_is_asked_for() {
    let book = Book::new()
        .chapter("a.md", "```rust,mod=a,use=b\n```\n")
        .chapter("b.md", "```rust,mod=b,use=a\n```\n")
        .chapter("c.md", "```rust\n```\n");
    let found = ["error snippets/module-cycle src/a.md:1:19"];
    assert_eq!(book.handbook(["check", "a.md"]).printed_places(), found);
    assert_eq!(book.handbook(["run", "b.md"]).printed_places(), found);
    assert_eq!(book.handbook(["run", "c.md"]).printed_places(), [""; 0]);
    let second = book.handbook(["run", "--name", "b"]);
    assert_eq!(second.printed_places(), ["error snippets/module-cycle src/b.md:1:19"]);
}

#[test]
fn a_module_that_was_not_asked_for_is_shown_where_it_is_wrong() {
    let book = ring();
    book.write("src/ring.md", format!("{}{REST}", HASH.replace("-> u64", "-> Gone")));
    let output = book.handbook(["run", "--name", "length"]);
    let found = [
        "error snippets/does-not-compile src/ring.md:4:28",
        "error snippets/broken-module src/ring.md:37:25",
    ];
    assert_eq!(output.printed_places(), found);
    assert!(output.stderr.contains("]: `hash` does not compile: cannot find type"), "{output}");
    // In another chapter, with a module in between, and beside one whose author wants an error.
    let user = "```rust,use=sample\nsample::ring(&[]);\n```\n\n\
                ```rust,use=hash,compile_fail,E0061\nhash::hash();\n```\n";
    book.write("src/apart.md", user);
    let found = [
        "error snippets/does-not-compile src/ring.md:4:28",
        "error snippets/broken-module src/apart.md:1:13",
        "error snippets/broken-module src/apart.md:5:13",
    ];
    for arguments in [["check", "apart.md"], ["run", "apart.md"]] {
        let output = book.handbook(arguments);
        assert_eq!(
            (output.code, output.printed_places()),
            (Some(1), found.map(str::to_owned).to_vec()),
            "{output}"
        );
    }
    let counted = book.handbook(["run", "apart.md", "--format", "json"]);
    assert_eq!(counts(&counted), [0, 2, 2]);
}

/// A snippet that is meant not to compile does not, because of its module, for another reason.
#[test]
fn an_error_that_was_wanted_is_not_one_of_a_module() {
    let book = Book::new().config(&config()).chapter(
        "a.md",
        "```rust,mod=bad\npub fn f() -> u8 { \"\" }\n```\n\n\
         ```rust,use=bad,compile_fail\nlet x: u8 = bad::f();\n```\n\n\
         ```rust,use=bad,compile_fail,E0308\nlet x: &str = bad::f();\n```\n",
    );
    let output = book.handbook(["check", "--format", "json"]);
    assert_eq!(
        output.places(),
        [
            "error snippets/does-not-compile src/a.md:2:20",
            "error snippets/broken-module src/a.md:5:13",
            "error snippets/broken-module src/a.md:9:13",
        ]
    );
    assert_eq!(counts(&run(&book)), [0, 3, 3]);
}

#[test]
fn a_module_of_another_edition_fails_whoever_uses_it() {
    let book = Book::new().config(&config()).chapter(
        "a.md",
        "```rust,mod=old,edition2018\npub fn f() {}\n```\n\n```rust,use=old\nold::f();\n```\n",
    );
    let output = run(&book);
    assert_eq!(output.code, Some(1), "{output}");
    assert_eq!(counts(&output), [1, 1, 0]);
}

/// A module's own brackets close what it opens, and not what is opened for it.
#[test]
fn a_module_whose_brackets_do_not_match_does_not_compile() {
    let book = Book::new().config(&config()).chapter(
        "a.md",
        "```rust,mod=out\n}\npub fn f() {}\nmod x {\n```\n\n```rust,use=out\nf();\n```\n",
    );
    let output = book.handbook(["check", "--format", "json"]);
    let found = [
        "error snippets/does-not-compile src/a.md:2:1",
        "error snippets/broken-module src/a.md:7:13",
    ];
    assert_eq!(output.places(), found);
}

/// What two chapters include is one module in a circle, too.
#[test]
fn a_circle_in_an_included_file_is_told_once() {
    let part = "```rust,mod=a,use=b\n```\n\n```rust,mod=b,use=a\n```\n";
    let book = Book::new()
        .file("src/part.md", part)
        .chapter("first.md", "{{#include part.md}}\n")
        .chapter("second.md", "{{#include part.md}}\n");
    let found = ["error snippets/module-cycle src/part.md:1:19"];
    for arguments in [&["check"][..], &["check", "first.md"], &["check", "second.md"]] {
        assert_eq!(book.handbook(arguments).printed_places(), found, "{arguments:?}");
    }
}

/// A file that two chapters include is one module, and its faults are told once.
#[test]
fn an_included_file_is_one_module() {
    let book = Book::new()
        .config(&config())
        .file("src/part.md", "```rust,mod=part\npub fn f() -> u8 { 1 }\n```\n")
        .file("src/part.rs", "pub fn g() -> u8 { crate::part::f() }\n")
        .chapter("a.md", "{{#include part.md}}\n")
        .chapter("b.md", "{{#include part.md}}\n\n```rust,use=part\npart::f();\n```\n")
        .chapter("c.md", "```rust,mod=more,use=part\n{{#include part.rs}}\n```\n")
        .chapter("d.md", "```rust,use=more\nassert_eq!(more::g(), 1);\n```\n");
    let output = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{output}");
    book.write("src/part.rs", "pub fn g() -> u8 { crate::part::h() }\n");
    let places = book.handbook(["check", "--format", "json"]).places();
    assert_eq!(
        places,
        [
            "error snippets/does-not-compile src/part.rs:1:33",
            "error snippets/broken-module src/d.md:1:13"
        ]
    );
}

/// A chapter's modules, each with the ones that it uses, in the order in which they are written.
#[derive(Clone, Debug)]
struct Graph(Vec<(usize, Vec<usize>)>);

impl Graph {
    /// Whether a module builds on itself.
    fn is_circular(&self) -> bool {
        let mut left = self.0.clone();
        loop {
            let names: Vec<usize> = left.iter().map(|(name, _)| *name).collect();
            let before = left.len();
            left.retain(|(_, uses)| uses.iter().any(|used| names.contains(used)));
            if left.is_empty() || left.len() == before {
                return !left.is_empty();
            }
        }
    }

    /// What the function of a module returns.
    fn value(&self, name: usize) -> u64 {
        let (_, uses) = self.0.iter().find(|(one, _)| *one == name).expect("a module");
        1 + uses.iter().map(|used| self.value(*used)).sum::<u64>()
    }

    /// The chapter; names begin with `prefix`.
    fn chapter(&self, prefix: &str) -> String {
        let mut text = String::new();
        for (name, uses) in &self.0 {
            let words: String = uses.iter().map(|used| format!(",use={prefix}{used}")).collect();
            let paths = ["crate", "super"].iter().cycle().zip(uses);
            let sum: String =
                paths.map(|(path, used)| format!(" + {path}::{prefix}{used}::value()")).collect();
            text += &format!(
                "```rust,mod={prefix}{name}{words}\npub fn value() -> u64 {{ 1{sum} }}\n```\n\n"
            );
        }
        text
    }
}

fn graph() -> impl Strategy<Value = Graph> {
    let uses = prop::collection::vec(prop::collection::btree_set(0..7_usize, 0..3), 7);
    let order = Just((0..7).collect::<Vec<usize>>()).prop_shuffle();
    // Half of the time, modules use only those with a smaller number.
    (uses, order, any::<bool>()).prop_map(|(uses, order, is_downward)| {
        let uses = |name: usize| {
            let used = uses[name].iter().copied();
            used.filter(|used| !is_downward || *used < name).collect()
        };
        Graph(order.into_iter().map(|name| (name, uses(name))).collect())
    })
}

/// The circles that findings show, each as the names in it.
fn circles(output: &Output) -> Vec<Vec<String>> {
    let message = |finding: &Value| finding["message"].as_str().unwrap_or_default().to_owned();
    let findings = output.findings();
    let shown = findings.iter().filter(|finding| finding["rule"] == "snippets/module-cycle");
    let names = |message: String| {
        let (_, names) = message.split_once(": ").expect("a circle");
        names.split(" → ").map(str::to_owned).collect()
    };
    shown.map(message).map(names).collect()
}

/// Modules in any order compile if they are acyclic; otherwise a circle that is one is shown.
#[test]
fn graphs_of_modules_compile_or_show_their_circles() {
    let mut runner = TestRunner::deterministic();
    let graphs: Vec<Graph> =
        (0..40).map(|_| graph().new_tree(&mut runner).expect("a graph").current()).collect();
    let (circular, fine): (Vec<Graph>, Vec<Graph>) =
        graphs.into_iter().partition(Graph::is_circular);
    assert!(circular.len() > 5 && fine.len() > 5, "{} and {}", circular.len(), fine.len());

    let mut book = Book::new().config(&config());
    for (index, graph) in fine.iter().enumerate() {
        let prefix = format!("g{index}_");
        let (name, value) = (format!("{prefix}6"), graph.value(6));
        let user = format!(
            "```rust,use={name}\nprintln!(\"{{}}\", {name}::value());\n```\n\n```output\n{value}\n```\n"
        );
        book = book.chapter(&format!("{index}.md"), graph.chapter(&prefix) + &user);
    }
    let output = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(output.code, Some(0), "{output}");

    for graph in circular {
        let book = Book::new().config(&config()).chapter("a.md", graph.chapter("m"));
        let output = book.handbook(["check", "--no-run", "--format", "json"]);
        let circles = circles(&output);
        assert!(!circles.is_empty(), "{graph:?}: {output}");
        for circle in circles {
            let number = |name: &String| name[1..].parse::<usize>().expect("a number");
            let names: Vec<usize> = circle.iter().map(number).collect();
            assert_eq!(names.first(), names.last(), "{graph:?}");
            let uses = |pair: &[usize]| {
                let (_, uses) = graph.0.iter().find(|(name, _)| *name == pair[0]).expect("it");
                uses.contains(&pair[1])
            };
            assert!(names.windows(2).all(uses), "{graph:?}: {names:?}");
        }
    }
}

/// Nobody follows the words one by one: a chain as long as a book breaks nothing.
#[test]
fn long_chains_are_followed_to_their_end() {
    let link = |index: usize| format!("```rust,mod=m{index},use=m{},no_run\n```\n\n", index + 1);
    let chain: String = (0..1000).map(link).collect();
    let book = Book::new().chapter("a.md", chain.clone() + "```rust,mod=m1000,use=m0\n```\n");
    let output = book.handbook(["check", "--no-run", "--format", "json"]);
    assert_eq!(circles(&output).iter().map(Vec::len).collect::<Vec<_>>(), [1002]);
}
