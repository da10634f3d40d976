//! What is advised where a module, or what it holds, is not to be had in the way that is written.

use handbook_tests::{Book, OURS};
use snapbox::{assert_data_eq, str};

/// Asserts what `check` finds in a chapter.
#[track_caller]
fn check(chapter: &str, expected: impl snapbox::IntoData) {
    let book = Book::new()
        .config(&format!("{OURS}\n[rust]\nedition = \"2021\"\n"))
        .chapter("a.md", chapter);
    let output = book.handbook(["check"]);
    assert_eq!(output.code, Some(1), "{output}");
    assert_data_eq!(output.stderr, expected.into_data());
}

#[test]
fn words_that_cannot_be_what_is_meant() {
    check(
        "```rust,mod=ring\n```\n\n```rust,use = ring\nnonsense\n```\n\n\
         ```rust,mod=one,mod=two\n```\n\n```rust,mod=nm,name=other\n```\n\n\
         ```rust,use=other\n```\n\n```text,mod=txt\n```\n\n```rust,use=txt\n```\n",
        str![[r#"
error[snippets/unknown-attribute]: `use = ring` is not understood
 --> src/a.md:4:9
  |
4 | ```rust,use = ring
  |         ^^^^^^^^^^
  |
  = help: expected is `use=ring`, without blanks

error[snippets/does-not-compile]: the snippet does not compile: cannot find value `nonsense` in this scope [E0425]
 --> src/a.md:5:1
  |
5 | nonsense
  | ^^^^^^^^ not found in this scope
  |
  = note: error[E0425]: cannot find value `nonsense` in this scope
           --> src/main.rs:1:1
            |
          1 | nonsense
            | ^^^^^^^^ not found in this scope

error[snippets/unknown-attribute]: a snippet has one `mod=`
 --> src/a.md:8:17
  |
8 | ```rust,mod=one,mod=two
  |                 ^^^^^^^
  |
  = help: remove `mod=two`, or the one before it

error[snippets/unknown-module]: no snippet is the module `other`
  --> src/a.md:14:13
   |
14 | ```rust,use=other
   |             ^^^^^
   |
   = help: `other` is the module `nm`: say `use=nm`

error[snippets/unknown-module]: no snippet is the module `txt`
  --> src/a.md:20:13
   |
20 | ```rust,use=txt
   |             ^^^
   |
   = help: the block that says `mod=txt` is not Rust, and rustdoc passes over it

5 errors found

"#]],
    );
}

/// A field is searched for in its type, and comments are none.
#[test]
fn fields_of_types_that_are_spoken_of() {
    check(
        "```rust,mod=ring\n/// The struct Ring has a value: it.\n#[derive(Default)]\n\
         pub struct Ring {\n    // value: of it\n    value: u8,\n}\n\
         pub struct Pair(u8, pub u8);\nimpl Pair {\n    pub const ONE: Pair = Pair(1, 1);\n}\n```\n\n\
         ```rust,mod=other\n#[derive(Default)]\npub struct Twin { x: u8 }\n\
         pub mod inner {\n    pub struct Twin { x: u8 }\n}\n```\n\n\
         ```rust,use=ring\nring::Ring::default().value;\n```\n\n\
         ```rust,use=ring\nuse ring::Pair;\nlet pair = Pair(1, 2);\n```\n\n\
         ```rust,use=ring\nuse ring::Pair;\nlet Pair(a, b) = Pair::ONE;\n```\n\n\
         ```rust,use=ring\nring::Pair::ONE.0;\n```\n\n\
         ```rust,use=other\nother::Twin::default().x;\n```\n\n\
         ```rust,use=other\nmod m { pub struct Pair(u8); }\nuse m::Pair;\nPair(1);\n```\n",
        str![[r#"
error[snippets/private-item]: the snippet does not compile: field `value` of struct `Ring` is private in `ring` [E0616]
  --> src/a.md:23:23
   |
23 | ring::Ring::default().value;
   |                       ^^^^^ private field
   |
   = note: it is defined here: src/a.md:6
   = note: error[E0616]: field `value` of struct `Ring` is private
             --> src/main.rs:14:23
              |
           14 | ring::Ring::default().value;
              |                       ^^^^^ private field
   = help: write `pub` before it where it is defined

error[snippets/private-item]: the snippet does not compile: cannot initialize a tuple struct which contains private fields in `ring` [E0423]
  --> src/a.md:28:12
   |
28 | let pair = Pair(1, 2);
   |            ^^^^
   |
   = note: it is defined here: src/a.md:8
   = note: error[E0423]: cannot initialize a tuple struct which contains private fields
             --> src/main.rs:15:12
              |
           15 | let pair = Pair(1, 2);
              |            ^^^^
              |
           note: constructor is not visible here due to private fields
             --> src/main.rs:8:17
              |
            8 | pub struct Pair(u8, pub u8);
              |                 ^^ private field
           help: consider making the fields publicly accessible
              |
            8 | pub struct Pair(pub u8, pub u8);
              |                 +++
   = help: make its fields `pub`, or give it a `pub fn new`

error[snippets/private-item]: the snippet does not compile: cannot match against a tuple struct which contains private fields in `ring` [E0532]
  --> src/a.md:33:5
   |
33 | let Pair(a, b) = Pair::ONE;
   |     ^^^^
   |
   = note: it is defined here: src/a.md:8
   = note: error[E0532]: cannot match against a tuple struct which contains private fields
             --> src/main.rs:15:5
              |
           15 | let Pair(a, b) = Pair::ONE;
              |     ^^^^
              |
           note: constructor is not visible here due to private fields
             --> src/main.rs:15:10
              |
           15 | let Pair(a, b) = Pair::ONE;
              |          ^ private field
           help: consider making the fields publicly accessible
              |
            8 | pub struct Pair(pub u8, pub u8);
              |                 +++
   = help: make its fields `pub`, or give it a `pub fn new`

error[snippets/private-item]: the snippet does not compile: field `0` of struct `Pair` is private in `ring` [E0616]
  --> src/a.md:37:17
   |
37 | ring::Pair::ONE.0;
   |                 ^ private field
   |
   = note: it is defined here: src/a.md:8
   = note: error[E0616]: field `0` of struct `Pair` is private
             --> src/main.rs:14:17
              |
           14 | ring::Pair::ONE.0;
              |                 ^ private field
   = help: write `pub` before it where it is defined

error[snippets/private-item]: the snippet does not compile: field `x` of struct `other::Twin` is private in `other` [E0616]
  --> src/a.md:41:24
   |
41 | other::Twin::default().x;
   |                        ^ private field
   |
   = note: error[E0616]: field `x` of struct `other::Twin` is private
            --> src/main.rs:9:24
             |
           9 | other::Twin::default().x;
             |                        ^ private field
   = help: write `pub` before it where it is defined

error[snippets/does-not-compile]: the snippet does not compile: cannot initialize a tuple struct which contains private fields [E0423]
  --> src/a.md:47:1
   |
47 | Pair(1);
   | ^^^^
   |
   = note: error[E0423]: cannot initialize a tuple struct which contains private fields
             --> src/main.rs:11:1
              |
           11 | Pair(1);
              | ^^^^
              |
           note: constructor is not visible here due to private fields
             --> src/main.rs:9:25
              |
            9 | mod m { pub struct Pair(u8); }
              |                         ^^ private field
           help: consider making the field publicly accessible
              |
            9 | mod m { pub struct Pair(pub u8); }
              |                         +++

6 errors found

"#]],
    );
}

/// Only where a path begins can a module of the book be meant.
#[test]
fn paths_that_lead_to_a_module_and_others() {
    check(
        "```rust,mod=hash\npub fn f() {}\n```\n\n```rust,use=hash,mod=calls\n\
         pub fn g() { hash::f() }\n```\n\n```rust,use=hash,mod=imports\nuse hash::f;\n```\n\n\
         ```rust\nuse std::hash::Gone;\n```\n\n```rust\nstd::hash::Gone::new();\n```\n\n\
         ```rust\nmod own {}\nown::hash::f();\n```\n\n```rust\ncrate::hash::f();\n```\n\n\
         ```rust,use=hash\nuse hash::Gone;\n```\n",
        str![[r#"
error[snippets/does-not-compile]: `calls` does not compile: cannot find module or crate `hash` in this scope [E0433]
 --> src/a.md:6:14
  |
6 | pub fn g() { hash::f() }
  |              ^^^^ use of unresolved module or unlinked crate `hash`
  |
  = note: error[E0433]: cannot find module or crate `hash` in this scope
           --> src/main.rs:5:14
            |
          5 | pub fn g() { hash::f() }
            |              ^^^^ use of unresolved module or unlinked crate `hash`
            |
            = help: you might be missing a crate named `hash`
          help: consider importing this module
            |
          5 + use crate::hash;
            |
  = help: in a module, write `crate::hash`

error[snippets/does-not-compile]: `imports` does not compile: unresolved import `hash` [E0432]
  --> src/a.md:10:5
   |
10 | use hash::f;
   |     ^^^^
   |
   = note: error[E0432]: unresolved import `hash`
            --> src/main.rs:5:5
             |
           5 | use hash::f;
             |     ^^^^
             |
             = note: `use` statements changed in Rust 2018; read more at <https://doc.rust-lang.org/edition-guide/rust-2018/module-system/path-clarity.html>
           help: a similar path exists
             |
           5 | use crate::hash::f;
             |     +++++++
   = help: in a module, write `crate::hash`

error[snippets/does-not-compile]: the snippet does not compile: unresolved import `std::hash::Gone` [E0432]
  --> src/a.md:14:5
   |
14 | use std::hash::Gone;
   |     ^^^^^^^^^^^^^^^ no `Gone` in `hash`
   |
   = note: error[E0432]: unresolved import `std::hash::Gone`
            --> src/main.rs:1:5
             |
           1 | use std::hash::Gone;
             |     ^^^^^^^^^^^^^^^ no `Gone` in `hash`

error[snippets/does-not-compile]: the snippet does not compile: cannot find `Gone` in `hash` [E0433]
  --> src/a.md:18:12
   |
18 | std::hash::Gone::new();
   |            ^^^^ could not find `Gone` in `hash`
   |
   = note: error[E0433]: cannot find `Gone` in `hash`
            --> src/main.rs:1:12
             |
           1 | std::hash::Gone::new();
             |            ^^^^ could not find `Gone` in `hash`

error[snippets/does-not-compile]: the snippet does not compile: cannot find `hash` in `own` [E0433]
  --> src/a.md:23:6
   |
23 | own::hash::f();
   |      ^^^^ could not find `hash` in `own`
   |
   = note: error[E0433]: cannot find `hash` in `own`
            --> src/main.rs:2:6
             |
           2 | own::hash::f();
             |      ^^^^ could not find `hash` in `own`

error[snippets/does-not-compile]: the snippet does not compile: cannot find `hash` in `crate` [E0433]
  --> src/a.md:27:8
   |
27 | crate::hash::f();
   |        ^^^^ unresolved import
   |
   = note: error[E0433]: cannot find `hash` in `crate`
            --> src/main.rs:1:8
             |
           1 | crate::hash::f();
             |        ^^^^ unresolved import
             |
           help: a similar path exists
             |
           1 | crate::core::hash::f();
             |        ++++++
   = help: `hash` is a module of this book: say `use=hash`

error[snippets/does-not-compile]: the snippet does not compile: unresolved import `hash::Gone` [E0432]
  --> src/a.md:31:5
   |
31 | use hash::Gone;
   |     ^^^^^^^^^^ no `Gone` in `hash`
   |
   = note: error[E0432]: unresolved import `hash::Gone`
            --> src/main.rs:5:5
             |
           5 | use hash::Gone;
             |     ^^^^^^^^^^ no `Gone` in `hash`

7 errors found

"#]],
    );
}
