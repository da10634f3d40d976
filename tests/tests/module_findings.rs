//! What is wrong with modules that snippets are or use, and where it is said.

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
fn modules_that_cannot_be_used() {
    check(
        "```rust,mod=first,use=second\n```\n\n```rust,mod=second,use=third\n```\n\n\
         ```rust,mod=third,use=first\n```\n\n```rust,mod=own,use=own\n```\n\n\
         ```rust,use=first\n```\n\n```rust,use=frist\n```\n\n```rust,name=wide\n```\n\n\
         ```rust,use=wide\n```\n\n```rust,mod=outline,ignore\n```\n\n\
         ```rust,mod=wrong,compile_fail\nx\n```\n\n```rust,use=outline,use=wrong\n```\n\n\
         ```rust,mod=old,edition2018\n```\n\n```rust,use=old\n```\n\n\
         ```rust,mod=first,name=own\n```\n\n```rust,mod=same,name=same\n```\n\n\
         ```rust,mod=a+b,use\n```\n\n```rust,mod=fn\n```\n",
        str![[r#"
error[snippets/module-cycle]: modules use each other in a circle: first → second → third → first
 --> src/a.md:1:23
  |
1 | ```rust,mod=first,use=second
  |                       ^^^^^^
  |
  = note: `second` is here: src/a.md:4
  = note: `third` is here: src/a.md:7
  = help: move what they share into a module of its own

error[snippets/module-cycle]: the module uses itself: own → own
  --> src/a.md:10:21
   |
10 | ```rust,mod=own,use=own
   |                     ^^^
   |
   = help: move what they share into a module of its own

error[snippets/broken-module]: `first`, which is used here, cannot be put together
  --> src/a.md:13:13
   |
13 | ```rust,use=first
   |             ^^^^^
   |
   = note: `first` is here: src/a.md:1

error[snippets/unknown-module]: no snippet is the module `frist`
  --> src/a.md:16:13
   |
16 | ```rust,use=frist
   |             ^^^^^
   |
   = help: did you mean `first`?

error[snippets/unknown-module]: no snippet is the module `wide`
  --> src/a.md:22:13
   |
22 | ```rust,use=wide
   |             ^^^^
   |
   = help: a snippet has that name; `mod=wide` behind its fence makes a module of it

error[snippets/unchecked-module]: `outline` says `ignore`, so nothing can build on it
  --> src/a.md:32:13
   |
32 | ```rust,use=outline,use=wrong
   |             ^^^^^^^
   |
   = note: `outline` is here: src/a.md:25
   = help: drop `ignore` there, or do not use it here

error[snippets/unchecked-module]: `wrong` says `compile_fail`, so nothing can build on it
  --> src/a.md:32:25
   |
32 | ```rust,use=outline,use=wrong
   |                         ^^^^^
   |
   = note: `wrong` is here: src/a.md:28
   = help: drop `compile_fail` there, or do not use it here

error[snippets/mixed-editions]: `old` is written for edition 2018, this for 2021
  --> src/a.md:38:13
   |
38 | ```rust,use=old
   |             ^^^
   |
   = note: `old` is here: src/a.md:35
   = help: say the same edition behind both fences

error[snippets/duplicate-name]: another snippet has the name `first`
  --> src/a.md:41:13
   |
41 | ```rust,mod=first,name=own
   |             ^^^^^
   |
   = note: the first is here: src/a.md:1
   = help: names are unique in the book; choose another

error[snippets/duplicate-name]: another snippet has the name `own`
  --> src/a.md:41:24
   |
41 | ```rust,mod=first,name=own
   |                        ^^^
   |
   = note: the first is here: src/a.md:10
   = help: names are unique in the book; choose another

error[snippets/unknown-attribute]: `mod=a+b` is not understood
  --> src/a.md:47:9
   |
47 | ```rust,mod=a+b,use
   |         ^^^^^^^
   |
   = help: expected is `mod=` and a name that Rust allows, such as `mod=ring`

error[snippets/unknown-attribute]: `use` is not understood
  --> src/a.md:47:17
   |
47 | ```rust,mod=a+b,use
   |                 ^^^
   |
   = help: expected is a module's name, such as `use=ring`; for two, `use=ring,use=hash`

error[snippets/unknown-attribute]: `mod=fn` is not understood
  --> src/a.md:50:9
   |
50 | ```rust,mod=fn
   |         ^^^^^^
   |
   = help: expected is another name: `fn` is a keyword

13 errors found

"#]],
    );
}

#[test]
fn what_a_module_keeps_to_itself() {
    check(
        "```rust,mod=ring\n#[derive(Default)]\npub struct Ring {\n    size: usize,\n    r#type: u8,\n\
         }\npub struct Id(u8);\nimpl Ring {\n    fn len(&self) -> usize { self.size }\n}\n\
         mod inner { pub fn f() {} }\n```\n\n\
         ```rust,use=ring\nring::Ring::default().size;\n```\n\n\
         > ```rust,use=ring\n> ring::Id(1);\n> ```\n\n\
         ```rust,use=ring\nring::Ring::default().len();\n```\n\n\
         ```rust,use=ring,name=inner\nring::inner::f();\n```\n\n\
         ```rust,use=ring,name=pattern\nlet ring::Ring { size, .. } = ring::Ring::default();\n```\n\n\
         ```rust,use=ring,name=own\nmod mine { fn f() {} }\nmine::f();\n```\n\n\
         ```rust,use=ring\nuse ring::Gone;\n```\n",
        str![[r#"
error[snippets/private-item]: the snippet does not compile: field `size` of struct `Ring` is private in `ring` [E0616]
  --> src/a.md:15:23
   |
15 | ring::Ring::default().size;
   |                       ^^^^ private field
   |
   = note: it is defined here: src/a.md:4
   = note: error[E0616]: field `size` of struct `Ring` is private
             --> src/main.rs:14:23
              |
           14 | ring::Ring::default().size;
              |                       ^^^^ private field
   = help: write `pub` before it where it is defined

error[snippets/private-item]: the snippet does not compile: tuple struct constructor `Id` is private in `ring` [E0603]
  --> src/a.md:19:9
   |
19 | > ring::Id(1);
   |         ^^ private tuple struct constructor
   |
   = note: it is defined here: src/a.md:7
   = note: error[E0603]: tuple struct constructor `Id` is private
             --> src/main.rs:14:7
              |
            7 | pub struct Id(u8);
              |               -- a constructor is private if any of the fields is private
           ...
           14 | ring::Id(1);
              |       ^^ private tuple struct constructor
              |
           note: the tuple struct constructor `Id` is defined here
             --> src/main.rs:7:1
              |
            7 | pub struct Id(u8);
              | ^^^^^^^^^^^^^^^^^^
           help: consider making the field publicly accessible
              |
            7 | pub struct Id(pub u8);
              |               +++
   = help: make its fields `pub`, or give it a `pub fn new`

error[snippets/private-item]: the snippet does not compile: method `len` is private in `ring` [E0624]
  --> src/a.md:23:23
   |
23 | ring::Ring::default().len();
   |                       ^^^ private method
   |
   = note: it is defined here: src/a.md:9
   = note: error[E0624]: method `len` is private
             --> src/main.rs:14:23
              |
            9 |     fn len(&self) -> usize { self.size }
              |     ---------------------- private method defined here
           ...
           14 | ring::Ring::default().len();
              |                       ^^^ private method
   = help: write `pub` before it where it is defined

error[snippets/private-item]: `inner` does not compile: module `inner` is private in `ring` [E0603]
  --> src/a.md:27:7
   |
27 | ring::inner::f();
   |       ^^^^^ private module
   |
   = note: it is defined here: src/a.md:11
   = note: error[E0603]: module `inner` is private
             --> src/main.rs:14:7
              |
           14 | ring::inner::f();
              |       ^^^^^  - function `f` is not publicly re-exported
              |       |
              |       private module
              |
           note: the module `inner` is defined here
             --> src/main.rs:11:1
              |
           11 | mod inner { pub fn f() {} }
              | ^^^^^^^^^
   = help: write `pub` before it where it is defined

error[snippets/private-item]: `pattern` does not compile: field `size` of struct `Ring` is private in `ring` [E0451]
  --> src/a.md:31:18
   |
31 | let ring::Ring { size, .. } = ring::Ring::default();
   |                  ^^^^ private field
   |
   = note: it is defined here: src/a.md:4
   = note: error[E0451]: field `size` of struct `Ring` is private
             --> src/main.rs:14:18
              |
           14 | let ring::Ring { size, .. } = ring::Ring::default();
              |                  ^^^^ private field
   = help: write `pub` before it where it is defined

error[snippets/does-not-compile]: `own` does not compile: function `f` is private [E0603]
  --> src/a.md:36:7
   |
36 | mine::f();
   |       ^ private function
   |
   = note: error[E0603]: function `f` is private
             --> src/main.rs:15:7
              |
           15 | mine::f();
              |       ^ private function
              |
           note: the function `f` is defined here
             --> src/main.rs:14:12
              |
           14 | mod mine { fn f() {} }
              |            ^^^^^^

error[snippets/does-not-compile]: the snippet does not compile: unresolved import `ring::Gone` [E0432]
  --> src/a.md:40:5
   |
40 | use ring::Gone;
   |     ^^^^^^^^^^ no `Gone` in `ring`
   |
   = note: error[E0432]: unresolved import `ring::Gone`
             --> src/main.rs:14:5
              |
           14 | use ring::Gone;
              |     ^^^^^^^^^^ no `Gone` in `ring`

7 errors found

"#]],
    );
}

#[test]
fn modules_that_nobody_asked_for() {
    check(
        "```rust,mod=hash\npub fn f() {}\n```\n\n```rust,mod=ring\nuse crate::hash::f;\n```\n\n\
         ```rust,name=forgets,use=hash,ring\nhash::f();\nring::f();\n```\n",
        str![[r#"
error[snippets/does-not-compile]: `ring` does not compile: unresolved import `crate::hash` [E0432]
 --> src/a.md:6:12
  |
6 | use crate::hash::f;
  |            ^^^^ unresolved import
  |
  = note: error[E0432]: unresolved import `crate::hash`
           --> src/main.rs:2:12
            |
          2 | use crate::hash::f;
            |            ^^^^ unresolved import
            |
          help: a similar path exists
            |
          2 | use crate::core::hash::f;
            |            ++++++
  = help: `hash` is a module of this book: say `use=hash`

error[snippets/does-not-compile]: `forgets` does not compile: cannot find module or crate `ring` in this scope [E0433]
  --> src/a.md:11:1
   |
11 | ring::f();
   | ^^^^ use of unresolved module or unlinked crate `ring`
   |
   = note: error[E0433]: cannot find module or crate `ring` in this scope
            --> src/main.rs:6:1
             |
           6 | ring::f();
             | ^^^^ use of unresolved module or unlinked crate `ring`
             |
             = help: you might be missing a crate named `ring`
   = help: `ring` is a module of this book: say `use=ring`

2 errors found

"#]],
    );
}

#[test]
fn statements_have_no_place_in_a_module() {
    check(
        "```rust,mod=ring\npub fn f() {}\nlet x = 1;\n```\n\n\
         ```rust,mod=calls\n# fn f() {}\nf();\n```\n\n```rust,mod=open\nfn f() {\n```\n",
        str![[r#"
error[snippets/does-not-compile]: `ring` does not compile: expected item, found keyword `let`
 --> src/a.md:3:1
  |
3 | let x = 1;
  | ^^^ `let` cannot be used for global variables
  |
  = note: error: expected item, found keyword `let`
           --> src/main.rs:3:1
            |
          3 | let x = 1;
            | ^^^
            | |
            | `let` cannot be used for global variables
            | help: consider using `static` or `const` instead of `let`
            |
            = note: for a full list of items that can appear in modules, see <https://doc.rust-lang.org/reference/items.html>
  = help: a module holds items: put statements into a function

error[snippets/does-not-compile]: `calls` does not compile: missing `fn` or `struct` for function or struct definition
 --> src/a.md:8:1
  |
8 | f();
  | ^
  |
  = note: error: missing `fn` or `struct` for function or struct definition
           --> src/main.rs:3:1
            |
          3 | f();
            | ^
            |
          help: if you meant to call a macro, try
            |
          3 | f!();
            |  +
  = help: a module holds items: put statements into a function

error[snippets/does-not-compile]: `open` does not compile: this file contains an unclosed delimiter
  --> src/a.md:12:1
   |
12 | fn f() {
   | ^^
   |
   = note: error: this file contains an unclosed delimiter
            --> src/main.rs:1:10
             |
           1 | fn f() {
             |        -^
             |        |
             |        unclosed delimiter

3 errors found

"#]],
    );
}
