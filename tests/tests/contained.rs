//! What a hostile snippet tries comes to nothing, becomes a finding that says what it was, and does
//! no harm to its neighbours.
#![cfg(target_os = "linux")]

use handbook_tests::{Book, Output};
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// The names of snippets, what they do, and what the finding says: rule and message.
type Case = (&'static str, String, &'static str, String);

const FORK: &str = "unsafe extern \"C\" { fn fork() -> i32; fn setsid() -> i32; }";

/// A book of hostile snippets, each between good ones.
fn hostile(cases: &[Case]) -> Book {
    let neighbour = "```rust,timeout=60s\nprintln!(\"fine\");\n```\n\n```output\nfine\n```\n\n";
    let block = |(name, code, ..): &Case| {
        format!("```rust,name={name},timeout=5s\n{code}\n```\n\n{neighbour}")
    };
    let chapter =
        format!("# Hostile\n\n{neighbour}{}", cases.iter().map(block).collect::<String>());
    Book::new().chapter("hostile.md", chapter)
}

/// Runs the book; each case has exactly the finding that it should, and nobody else has one.
fn assert_contained(cases: &[Case]) {
    let book = hostile(cases);
    let before = book.tree();
    let started = Instant::now();
    let output = book.handbook(["check", "--format", "json"]);
    assert!(started.elapsed() < Duration::from_secs(120), "{:?}", started.elapsed());
    let findings = messages(&output);
    for (name, _, rule, message) in cases {
        let found = findings.iter().find(|(_, said)| said.contains(&format!("`{name}`")));
        let Some((found, said)) = found else { panic!("nothing about `{name}`: {findings:#?}") };
        assert_eq!(found, rule, "{name}: {said}");
        assert!(said.contains(message.as_str()), "{name}: {said}");
    }
    assert_eq!(findings.len(), cases.len(), "{findings:#?}");
    assert_eq!(book.tree(), before);
}

fn messages(output: &Output) -> Vec<(String, String)> {
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = output.findings();
    findings.iter().map(|finding| (text(finding, "rule"), text(finding, "message"))).collect()
}

fn case(name: &'static str, code: impl Into<String>, rule: &'static str, said: &str) -> Case {
    (name, code.into(), rule, said.to_owned())
}

#[test]
fn whatever_a_snippet_tries_is_stopped_and_told() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("id_ed25519");
    fs::write(&secret, "secret").unwrap();
    let (folder, secret) = (outside.path().display(), secret.display());
    assert_contained(&[
        case(
            "forks",
            format!("{FORK}\nfn main() {{ loop {{ unsafe {{ fork(); }} }} }}"),
            "snippets/too-many-processes",
            "started more than 500 processes and was stopped",
        ),
        case(
            "allocates",
            "let mut all = Vec::new(); loop { all.push(Vec::<u8>::with_capacity(1 << 26)); }",
            "snippets/out-of-memory",
            "wanted more than 4096 MiB of memory",
        ),
        case("prints", "loop { println!(\"again\"); }", "snippets/output-too-long", "65536 bytes"),
        case(
            "writes",
            format!("let _ = std::fs::write(\"{folder}/new\", \"x\");"),
            "snippets/refused",
            &format!("was refused to write `{folder}/new`"),
        ),
        case(
            "removes",
            format!("let _ = std::fs::remove_dir_all(\"{folder}\");"),
            "snippets/refused",
            &format!("was refused to read `{folder}`"),
        ),
        case(
            "reads",
            format!("println!(\"{{:?}}\", std::fs::read(\"{secret}\").unwrap());"),
            "snippets/refused",
            &format!("was refused to read `{secret}`"),
        ),
        case(
            "includes",
            format!("println!(\"{{}}\", include_str!(\"{secret}\"));"),
            "snippets/refused",
            &format!("was refused to read `{secret}`"),
        ),
        case(
            "dials",
            "let _ = std::net::TcpStream::connect(\"127.0.0.1:22\");",
            "snippets/refused",
            "was refused to open a socket (IPv4)",
        ),
        case(
            "whispers",
            "let _ = std::os::unix::net::UnixStream::connect(\"/run/docker.sock\");",
            "snippets/refused",
            "was refused to open a socket (Unix)",
        ),
        case(
            "broadcasts",
            "unsafe extern \"C\" { fn socket(a: i32, b: i32, c: i32) -> i32; }\n\
             fn main() { unsafe { for family in [16, 17, 40] { socket(family, 3, 0); } } }",
            "snippets/refused",
            "was refused to open a socket (family 40), to open a socket (netlink), \
             to open a socket (packet)",
        ),
        case(
            "daemon",
            format!(
                "{FORK}\nfn main() {{ unsafe {{ if fork() == 0 {{ setsid(); loop {{}} }} }} }}"
            ),
            "snippets/refused",
            "was refused to call `setsid`",
        ),
        case(
            "leaves",
            "std::process::Command::new(\"sleep\").arg(\"1000\").spawn().unwrap();",
            "snippets/leaves-processes",
            "left behind processes, which were killed: `sleep`",
        ),
        case(
            "sleeps",
            "std::thread::sleep(std::time::Duration::MAX);",
            "snippets/times-out",
            "was stopped after 5s",
        ),
        case(
            "fills",
            "std::fs::File::create(\"large\").unwrap().set_len(1 << 29).unwrap();",
            "snippets/killed",
            "it wrote a larger file than it may",
        ),
    ]);
    assert_eq!(fs::read_to_string(outside.path().join("id_ed25519")).unwrap(), "secret");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

/// A promise that refusals must not keep.
#[test]
fn a_refusal_is_no_panic_that_was_promised() {
    let chapter = "# A\n\n```rust,should_panic,name=fails\n\
                   std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();\n```\n";
    let output = Book::new().chapter("a.md", chapter).handbook(["check", "--format", "json"]);
    let findings: BTreeMap<_, _> = messages(&output).into_iter().collect();
    assert_eq!(findings.keys().collect::<Vec<_>>(), ["snippets/refused"], "{output}");
}

#[test]
fn who_runs_a_book_chooses() {
    let chapter = "# A\n\n```rust\nstd::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();\n```\n";
    let book = Book::new().chapter("a.md", chapter);
    let output = book.handbook(["run", "--sandbox", "off", "--verbose"]);
    assert_eq!(output.code, Some(0), "{output}");
    let missing = "no landlock, no seccomp, no limits";
    assert!(output.stderr.contains(missing), "{output}");
    // What was done outside is not believed inside.
    for how in ["required", "best-effort"] {
        let output = book.handbook(["run", "--sandbox", how]);
        assert_eq!(output.code, Some(1), "{output}");
    }
    // A book cannot choose that.
    book.write("book.toml", "[preprocessor.handbook.snippets]\nsandbox = \"off\"\n");
    let output = book.handbook(["check", "--format", "json"]);
    let rules: Vec<String> = messages(&output).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!(rules, ["book/unknown-setting", "snippets/refused"], "{output}");
}

#[test]
fn what_is_allowed_can_be_read() {
    let config =
        "[book]\ntitle = \"A\"\n\n[preprocessor.handbook.snippets]\nallow = [\"data/words.txt\"]\n";
    let chapter = "# A\n\n```rust,run,name=reads\n\
                   print!(\"{}\", std::fs::read_to_string(\"data/words.txt\").unwrap());\n\
                   print!(\"{}\", include_str!(\"../data/words.txt\"));\n```\n\n\
                   ```output\none\none\n```\n\n\
                   ```rust,name=other\nstd::fs::read(\"data/other.txt\").unwrap_err();\n```\n";
    let book = Book::new()
        .config(config)
        .chapter("a.md", chapter)
        .file("data/words.txt", "one\n")
        .file("data/other.txt", "other\n");
    let output = book.handbook(["check"]);
    assert_eq!(output.code, Some(0), "{output}");
    // What was read belongs to what the verdict depends on.
    book.write("data/words.txt", "two\n");
    let output = book.handbook(["check", "--format", "json"]);
    assert_eq!(messages(&output)[0].0, "snippets/stale-output", "{output}");
    // Without the permission, both ways are refused.
    book.write("book.toml", config.replace("words", "other"));
    let output = book.handbook(["check", "--format", "json"]);
    assert!(!messages(&output).is_empty(), "{output}");
    book.write("book.toml", config.replace("words", "no-such"));
    let output = book.handbook(["check", "--format", "json"]);
    let (rule, message) = &messages(&output)[0];
    assert_eq!(rule, "snippets/not-run");
    assert!(message.contains("`data/no-such.txt`"), "{message}");
}
