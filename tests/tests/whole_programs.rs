//! The page of a snippet that builds on others holds its whole program: hidden from readers, run by
//! the button that runs it and by `mdbook test`, and copied.

use handbook_tests::{Book, Host, OURS};
use snapbox::{assert_data_eq, str};

/// Two modules in a chapter, for snippets of other chapters.
const MODULES: &str = r##"# Modules

```rust,mod=hash
//! Hashes.
#![allow(missing_docs)]

#[derive(Debug, Clone, PartialEq)]
pub struct Hash(pub u64);

/// One of few.
pub fn hash(text: &str) -> Hash {
    let text = text.trim_start_matches("
# hidden
##  doubled
");
    assert!(!text.is_empty(), "nothing to hash");
    # let seed = 7;
    Hash(text.bytes().fold(seed, |sum, byte| sum * 31 + u64::from(byte)))
}

#[cfg(test)]
##[test]
fn differs() {
    assert!(hash("a") != hash("b"));
}

macro_rules! hashed {
    ($text:expr) => { $crate::hash::hash($text).0 };
}
pub(crate) use hashed;

fn main() {} // It is no program's.
```

```rust,use=hash,mod=ring,no_run
use super::hash::{hash, Hash};

pub struct Ring(Vec<Hash>);

impl Ring {
    pub fn new(names: &[&str]) -> Self {
        Ring(names.iter().map(|name| hash(name)).collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}
```
"##;

/// Snippets of all shapes that use them.
const USERS: &str = r##"# Users

```rust,use=ring
use ring::Ring;
assert_eq!(Ring::new(&["a", "b"]).len(), 2);
```

- A list with what has its own `main`, and a head:

  ```rust,use=ring
  #![allow(dead_code)]
  extern crate core;

  use ring::Ring;

  fn main() {
      let length = || Ring::new(&[]).len();

      assert_eq!(length(), 0);
  }
  ```

> 1. A quote, and a result:
>
>    ```rust,use=ring,run
>    use ring::Ring;
>
>    let number: usize = "1".parse()?;
>    println!("{}", Ring::new(&["a"]).len() + number);
>    # Ok::<(), std::num::ParseIntError>(())
>    ```

```should_panic,use=hash,name=panics
hash::hash("");
```

```rust,use=hash,compile_fail,E0061
hash::hash();
```

```rust,use=hash,test_harness
#[test]
fn same() {
    assert_eq!(hash::hash("a"), hash::hash("a"));
}
```

~~~rust,standalone_crate,use=hash,use=ring,ferris
#[derive(Debug)]
struct Both { hash: hash::Hash, length: usize }
let both = Both { hash: hash::hash("x"), length: ring::Ring::new(&[]).len() };
assert!(format!("{:?}", both).starts_with("Both"));
~~~

```rust,use=hash
```

```rust,use=hash,ignore
not even Rust
```
"##;

/// What only newer editions have.
const NEWER: &str = r##"# Newer

```rust,use=hash
use crate::hash::{hash, hashed};
mod inner {
    pub fn length() -> usize { crate::hash::hash("abc").0.to_string().len() }
}
assert_eq!(hashed!("a"), hash("a").0);
assert!(inner::length() > 1);
```
"##;

fn sample(edition: &str) -> Book {
    let config = format!("{OURS}\n[rust]\nedition = \"{edition}\"\n\n[output.html]\n");
    let modules = match edition {
        // There is no way to name a macro by a path.
        "2015" => MODULES.replace("pub(crate) use hashed;\n", ""),
        _ => MODULES.to_owned(),
    };
    let book = Book::new()
        .config(&config)
        .chapter("users.md", USERS)
        .chapter("modules.md", modules)
        .chapter("plain.md", "# Plain\n\n```rust,name=plain\nlet x = 1;\n```\n");
    if edition == "2015" { book } else { book.chapter("newer.md", NEWER) }
}

#[test]
fn rustdoc_passes_what_we_pass_in_every_edition() {
    for edition in ["2015", "2018", "2021", "2024"] {
        let book = sample(edition);
        let check = book.handbook(["check", "--deny", "warnings"]);
        assert_eq!(check.code, Some(0), "{edition}: {check}");
        let tested = Host::test(&book);
        assert_eq!((tested.error, tested.log.as_str()), (None, ""), "{edition}");
    }
}

/// Programs whose head ends in the middle of a line, or in what is no head.
const HEADS: &[&str] = &[
    "#![allow(\n    unused,\n)] /* of no matter */\na::f();",
    "#![allow(\n    unused)] use a::f;\nf();",
    "#![allow(unused)]\n#![allow(\n    dead_code)] use a::f;\nf();",
    "/* comment\n*/ #![allow(unused)] /* more\n*/ let x = a::f();",
    "#![allow(unused)] // one\n/* two\n\nthree */ #![allow(dead_code)] // four\n\nfn main() { a::f() }",
    "extern\ncrate core; // one\n/// Two.\nfn main() { core::mem::drop(a::f()) }",
];

#[test]
fn heads_of_all_shapes_are_left_whole() {
    let module = "```rust,mod=a\npub fn f() {}\n```\n";
    let users = HEADS.iter().map(|code| format!("\n```rust,use=a\n{code}\n```\n"));
    let text = module.to_owned() + &users.collect::<String>();
    let config = format!("{OURS}\n[rust]\nedition = \"2021\"\n\n[output.html]\n");
    let book = Book::new().config(&config).chapter("a.md", &text);
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(check.code, Some(0), "{check}");
    let tested = Host::test(&book);
    assert_eq!((tested.error, tested.log.as_str()), (None, ""));
    let built = Host::ALL[0].build(&book).ok();
    assert_eq!(lines(built.visible_code("a.html")), lines(visible(&text)));
}

/// Fences that their quote or list item closes, as rustdoc sees them.
#[test]
fn what_a_quote_or_item_ends_is_completed() {
    let config = format!("{OURS}\n[rust]\nedition = \"2021\"\n\n[output.html]\n");
    let book = Book::new()
        .config(&config)
        .chapter("a.md", "```rust,mod=good\npub fn f() {}\n```\n")
        .chapter("b.md", "> ```rust,use=good\n> good::f();\n\nAfter.\n")
        .chapter("c.md", "- ```rust,use=good\n  good::f();\n- next\n\nEnd.\n");
    let check = book.handbook(["check"]);
    assert_eq!(check.code, Some(0), "{check}");
    let tested = Host::test(&book);
    assert_eq!((tested.error, tested.log.as_str()), (None, ""));
    let built = Host::ALL[0].build(&book).ok();
    for page in ["b.html", "c.html"] {
        assert!(built.text(page).contains("<script>\n// mdBook's copy button"), "{page}");
    }
}

/// The program that rustdoc finds wrong is the one that we find wrong.
#[test]
fn rustdoc_fails_what_we_fail() {
    let broken = [
        "```rust,use=hash\nuse hash::Gone;\n```\n",
        "```rust,use=ring\nring::Ring(vec![]);\n```\n",
        "```rust,use=hash\nhash::hash(\"\");\n```\n",
        "```rust,mod=more,use=hash\nlet x = 1;\n```\n",
        "```rust,mod=other,use=hash\npub fn f() -> u8 { crate::hash::hash(\"\") }\n```\n",
    ];
    for text in broken {
        let book = sample("2021").chapter("broken.md", text);
        let check = book.handbook(["check"]);
        assert_eq!(check.code, Some(1), "{text}: {check}");
        assert!(Host::test(&book).error.is_some(), "rustdoc passes this:\n{text}");
    }
}

/// The lines of an author's code blocks that a reader sees.
fn visible(chapter: &str) -> Vec<String> {
    let document = handbook_book::Document::parse(chapter, handbook_book::Host::default());
    let seen = |line: &&str| !matches!(line.trim(), "#") && !line.trim().starts_with("# ");
    let shown = |line: &str| line.replacen("##", "#", usize::from(line.trim().starts_with("##")));
    let of_block = |content: &str| -> String {
        content.lines().filter(seen).map(|line| shown(line) + "\n").collect()
    };
    document.code_blocks().map(|(code, _)| of_block(&code.content)).collect()
}

/// An error that `main` hands on panics in a hidden line, and is told at the fence.
#[test]
fn a_result_that_fails_is_told_at_the_fence() {
    let book = sample("2021").chapter(
        "fails.md",
        "```rust,use=hash\nlet x: u8 = \"x\".parse()?;\n# Ok::<(), std::num::ParseIntError>(())\n```\n",
    );
    let check = book.handbook(["check", "--format", "json"]);
    assert_eq!(check.places(), ["error snippets/panics src/fails.md:1:1"]);
}

#[test]
fn readers_see_what_the_author_wrote() {
    let book = sample("2021");
    for host in Host::ALL {
        let built = host.build(&book).ok();
        assert_eq!(built.log, "", "{host:?}");
        for (page, chapter) in [("modules.html", MODULES), ("newer.html", NEWER)] {
            assert_eq!(lines(built.visible_code(page)), lines(visible(chapter)), "{host:?}");
        }
        let mut users = visible(USERS);
        // What a snippet prints.
        users.insert(3, "2\n".to_owned());
        assert_eq!(lines(built.visible_code("users.html")), lines(users), "{host:?}");
        assert!(built.text("users.html").contains("<script>\n// mdBook's copy button"), "{host:?}");
        assert!(!built.text("plain.html").contains("complete-copy"), "{host:?}");
    }
}

/// Lines that are hidden may be the ones that end with a newline.
fn lines(blocks: Vec<String>) -> Vec<String> {
    blocks.into_iter().map(|block| block.trim_end().to_owned()).collect()
}

#[test]
fn the_page_holds_the_program_behind_the_prefix_of_its_block() {
    let book = Book::new()
        .config(&format!("{OURS}\n[rust]\nedition = \"2021\"\n\n[output.markdown]\n"))
        .chapter("a.md", "> - ```rust,mod=a\n>   #[inline]\n>\n>   pub fn f() {}\n>   ```\n")
        .chapter("b.md", "1. ```no_run,use=a,name=b\r\n   a::f();\r\n   ```\r\n");
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let page = |name| built.text(name).split("<script>").next().unwrap_or_default().to_owned();
        assert_data_eq!(
            page("a.md"),
            str![[r#"
> - ```rust,complete-copy
>   # mod a {
>   #[inline]
>
>   pub fn f() {}
>   # }
>   # fn main() {}
>   ```



"#]]
        );
        assert_data_eq!(
            page("b.md").replace('\r', ""),
            str![[r#"
1. ```rust,no_run,complete-copy
   # mod a {
   # #[inline]
   #
   # pub fn f() {}
   # }
   # fn main() {
   a::f();
   # }
   ```



"#]]
        );
    }
}

/// What a block may stand in: what its first line begins with, what the others do, and what its
/// blank lines consist of.
const CONTAINERS: &[(&str, &str, &str)] = &[
    ("", "", ""),
    ("  ", "  ", ""),
    ("> ", "> ", ">"),
    (">", ">", ">"),
    ("- ", "  ", ""),
    ("-\t", "\t", ""),
    ("10. ", "    ", "    "),
    ("> - ", ">   ", ">"),
    ("- > ", "  > ", "  >"),
    ("1. - > ", "     > ", "     >"),
    ("[^1]: Note.\n\n    ", "    ", ""),
];

/// Blocks that use a module, or are one.
const BODIES: &[&str] = &[
    "```rust,use=m\nm::f();\n```",
    "```rust,use=m\n```",
    "```rust,use=m\n\n\nm::f();\n\n```",
    "~~~~no_run,use=m,name=x\n#![allow(unused)]\n\n# hidden();\n##[test]\nfn main() {}\n~~~~~",
    "```rust,use=m\n#![allow(unused)]\n```",
    "```mod=x,use=m\n\n#[inline]\nfn f() {}\n```",
    "```rust,use=m,test_harness\n#[test]\nfn f() {\n}\n```",
];

/// The lines that say something: blank ones may stand before the end of what is never closed.
fn said(code: &str) -> Vec<&str> {
    code.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// Wherever a block stands, its page holds the same lines, and nothing else on the page changes.
#[test]
fn what_holds_a_block_makes_no_difference_to_its_program() {
    use handbook_book::{Document, Host, HostVersion};
    use handbook_tests::in_process::analyse;

    let module = "```rust,mod=m\n\n#[inline]\npub fn f() {\n\tlet x = \"\n# y\n## z\";\n}\n```\n";
    let page = |chapter: &str, version| {
        let chapters = [module.to_owned(), chapter.to_owned()];
        let pages = analyse(&chapters, version).pages;
        let page = pages[1].clone().expect("a page that changes");
        let end = page.find("\n\n<script>").expect("a script");
        page[..end].to_owned()
    };
    let code = |page: &str, version| {
        let document = Document::parse(page, Host::new(version));
        let codes = document.code_blocks();
        codes.map(|(code, _)| (code.content.clone(), code.closed)).collect::<Vec<_>>()
    };
    for version in [HostVersion::V0_4, HostVersion::V0_5] {
        for body in BODIES {
            let alone = code(&page(body, version), version);
            assert_eq!(alone.len(), 1, "{body}");
            for (first, others, blank) in CONTAINERS {
                let prefix = |(index, line): (usize, &str)| match (index, line) {
                    (0, line) => format!("{first}{line}\n"),
                    (_, "") => format!("{blank}\n"),
                    (_, line) => format!("{others}{line}\n"),
                };
                let block: Vec<String> = body.lines().enumerate().map(prefix).collect();
                let page = |block: &[String]| {
                    let block = block.concat();
                    let page = page(&format!("Text.[^1]\n\n{block}\nEnd.\n"), version);
                    assert!(page.starts_with("Text.[^1]\n\n"), "{page}");
                    assert!(page.ends_with("\nEnd.\n"), "{page}");
                    page
                };
                let closed = page(&block);
                assert_eq!(code(&closed, version), alone, "{closed}");
                // What a quote, a list item or a footnote ends needs no closing fence.
                if others.trim().is_empty() && first.trim().is_empty() {
                    continue;
                }
                let open = page(&block[..block.len() - 1]);
                let (content, is_closed) = code(&open, version).remove(0);
                assert_eq!((said(&content), is_closed), (said(&alone[0].0), false), "{open}");
            }
        }
    }
}
