//! `handbook fix` writes down what the snippets print, and leaves every other byte alone.

use handbook_tests::{Book, Host};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use snapbox::{IntoData, assert_data_eq, str};

/// One stale number in every surrounding; `641` is what `fix` has to find.
const STALE: &str = r#"# Ring   

Trailing blanks   
and * a mess   of	tabs

```rust,name=NAME
println!("before\ntokens = {}", 4 * 160);
println!("after");
```

```output
before
tokens = 641
after
```

Text with 641 in it.
* * *
No newline at the end"#;

/// A book in which `text` is a chapter, and what it becomes.
fn fixed(text: &str) -> String {
    let book = Book::new().chapter("a.md", text);
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.code, Some(0), "{fix}");
    let once = book.read("src/a.md");
    let again = book.handbook(["fix"]);
    assert_eq!((again.stdout.as_str(), again.code), ("nothing to fix\n", Some(0)), "{again}");
    assert_eq!(book.read("src/a.md"), once);
    once
}

/// Asserts that of `text` the number alone changes.
#[track_caller]
fn check_number(text: &str) {
    assert_eq!(fixed(text), text.replacen("tokens = 641", "tokens = 640", 1));
}

#[test]
fn a_number_is_repaired_and_nothing_else() {
    check_number(STALE);
}

#[test]
fn line_endings_of_windows_survive() {
    check_number(&STALE.replace('\n', "\r\n"));
}

#[test]
fn a_byte_order_mark_survives() {
    check_number(&format!("\u{feff}{STALE}"));
}

#[test]
fn lists_and_quotes_keep_their_shape() {
    let block = &STALE[STALE.find("```rust").unwrap()..STALE.find("\nText").unwrap()];
    for (first, others) in [("- ", "  "), ("> ", "> "), ("10. > * ", "    >   ")] {
        check_number(&format!(
            "{first}{}\n",
            block.trim_end().replace('\n', &format!("\n{others}"))
        ));
    }
    // What is lazy about blanks stays lazy.
    check_number(&format!("> {}\n", block.trim_end().replace('\n', "\n> ").replace("> \n", ">\n")));
}

#[test]
fn fences_keep_their_marks_and_their_words() {
    let output = "```output\nbefore";
    for fence in ["~~~~output\nbefore", "````output\nbefore", "```output,wide\nbefore"] {
        let marks: String = fence.chars().take_while(|ch| "`~".contains(*ch)).collect();
        let text = STALE.replace(output, fence).replace("after\n```", &format!("after\n{marks}"));
        check_number(&text);
    }
}

#[test]
fn a_number_in_an_included_file_is_repaired_there_once() {
    let chapter = "# A\n\n{{#include part.md}}\n\nEnd.\n";
    let book = Book::new()
        .file("src/part.md", STALE)
        .chapter("a.md", chapter)
        .chapter("b.md", "{{#include part.md}}");
    // Two chapters cannot both be the home of one name.
    book.write("src/part.md", STALE.replace(",name=NAME", ""));
    let fix = book.handbook(["fix"]);
    assert_eq!((fix.stdout.as_str(), fix.code), ("fixed src/part.md\n", Some(0)), "{fix}");
    assert_eq!(book.read("src/part.md"), STALE.replace(",name=NAME", "").replacen("641", "640", 1));
    assert_eq!(book.read("src/a.md"), chapter);
}

#[test]
fn a_missing_output_is_written_down() {
    let text = "# A\n\n```rust,run\nprintln!(\"one\\ntwo\");\n```\nText right below.\n\n\
                - ```rust,run\n  println!(\"three\");\n  ```\n- next\n\n\
                > ```rust,run\n> println!(\"four\");\n> ```\n\n\
                ```rust,run\nlet nothing_is_printed = 1;\n```\n\n\
                ```rust,run\nprint!(\"five\");\n```";
    assert_data_eq!(
        fixed(text),
        str![[r##"
# A

```rust,run
println!("one\ntwo");
```

```output
one
two
```

Text right below.

- ```rust,run
  println!("three");
  ```
  ```output
  three
  ```
- next

> ```rust,run
> println!("four");
> ```
> ```output
> four
> ```

```rust,run
let nothing_is_printed = 1;
```

```rust,run
print!("five");
```

```output
five
```

"##]]
        .raw()
    );
}

#[test]
fn a_missing_output_takes_the_line_endings_of_its_chapter() {
    let text = "# A\r\n\r\n```rust,run\r\nprintln!(\"one\\ntwo\");\r\n```\r\n\r\nText.\r\n";
    let output = "```output\r\none\r\ntwo\r\n```\r\n\r\nText";
    assert_eq!(fixed(text), text.replace("Text", output));
}

/// What a snippet prints may look like a fence, a directive, or a mark of ours.
#[test]
fn outputs_that_look_like_markdown_come_to_rest() {
    let text = "# A\n\n```rust,run\nlet open = \"{\".repeat(2);\n\
                println!(\"\\x60``\\n{open}#include a.md}}}}\\n\\n<!-- handbook:output -->\\n~~~~\");\n```\n";
    assert_data_eq!(
        fixed(text),
        str![[r##"
# A

```rust,run
let open = "{".repeat(2);
println!("\x60``\n{open}#include a.md}}}}\n\n<!-- handbook:output -->\n~~~~");
```

````output
```
\{{#include a.md}}

<!-- handbook:output -->
~~~~
````

"##]]
        .raw()
    );
}

/// Whatever a snippet prints and wherever it stands: what is written down is not stale, and the pages
/// show it to the letter.
#[test]
fn all_that_can_be_printed_is_written_and_shown() {
    let known = [
        "\n\nblank lines first",
        "trailing blanks  \nand a tab\t",
        "```\n~~~\n````output\n```",
        "> quote\n- list\n# heading\n    code\n---",
        "<b> &amp; </code></pre> <!-- x -->",
        "{{#include a.md}} \\{{#include a.md}} {{ #include a.md }}\n{{#title x}} {{#playground a.rs}}",
        "<!-- handbook:output -->\n<!-- /handbook:output -->",
        "[a]: https://example.org\n[^1]: x\n| a |\n|---|",
        "line\r\nof Windows\r\n",
        "lone\rreturn",
        "ä 𝄞 \u{feff} \u{a0} \u{2028}",
        "escape \u{1b}[31m and \u{7} bell",
        "\n",
        " ",
    ];
    let mut runner = TestRunner::deterministic();
    let odd = "[ `~>#<&{}#\\\\\n\tä-]{1,16}";
    let odd = (0..40).map(|_| odd.new_tree(&mut runner).expect("a text").current());
    let printed: Vec<String> = known.map(str::to_owned).into_iter().chain(odd).collect();
    let containers = [("", ""), ("- ", "  "), ("> ", "> "), ("1. > ", "   > ")];
    let mut text = String::from("# A\n\n");
    for (index, printed) in printed.iter().enumerate() {
        // Escaped to the last character, or the source itself would hold fences and directives.
        let literal: String =
            printed.chars().map(|ch| format!("\\u{{{:x}}}", u32::from(ch))).collect();
        let (first, others) = containers[index % containers.len()];
        text.push_str(&format!(
            "{first}```rust,run\n{others}print!(\"{{}}\", \"{literal}\");\n{others}```\n\nNext.\n\n"
        ));
    }
    let book = Book::new().chapter("a.md", &text);
    let shown = |host: Host| host.build(&book).ok().select("a.html", "pre code.output");
    // Control characters are shown as their pictures.
    let picture = |ch: char| match u32::from(ch) {
        code @ (0..=8 | 11..=31) => char::from_u32(0x2400 + code).expect("a picture"),
        _ => ch,
    };
    let expected: Vec<String> = printed
        .iter()
        .filter(|printed| !printed.trim().is_empty())
        .map(|printed| printed.trim_end().replace("\r\n", "\n") + "\n")
        .map(|printed| printed.chars().map(picture).collect())
        .collect();
    for host in Host::ALL {
        assert_eq!(shown(host), expected, "{host:?}, nothing written down");
    }
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.code, Some(0), "{fix}");
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(check.code, Some(0), "{check}");
    let again = book.handbook(["fix"]);
    assert_eq!(again.stdout, "nothing to fix\n", "{again}");
    for host in Host::ALL {
        assert_eq!(shown(host), expected, "{host:?}, outputs written down");
    }
}

#[test]
fn a_diff_changes_nothing_and_says_that_something_would() {
    let book = Book::new().chapter("a.md", STALE).chapter("b.md", "# B\n");
    let before = book.tree();
    assert_data_eq!(
        book.handbook(["fix", "--diff"]).to_string(),
        str![[r#"
ended with 1
--- standard output
--- a/src/a.md
+++ b/src/a.md
@@ -10,7 +10,7 @@
 
 ```output
 before
-tokens = 641
+tokens = 640
 after
 ```
--- standard error

"#]]
        .raw()
    );
    assert_eq!(book.tree(), before);
    assert_eq!(book.handbook(["fix", "src/b.md"]).stdout, "nothing to fix\n");
    assert_eq!(book.tree(), before);
}

/// Nothing is known about what a snippet prints that fails, so nothing is written.
#[test]
fn snippets_that_fail_are_reported_and_left_alone() {
    let text = STALE.replace("println!(\"after\");", "panic!();");
    let book = Book::new().chapter("a.md", &text);
    let fix = book.handbook(["fix"]);
    assert_eq!((fix.stdout.as_str(), fix.code), ("nothing to fix\n", Some(1)), "{fix}");
    assert_eq!(fix.printed_places(), ["error snippets/panics src/a.md:8:1"]);
    assert_eq!(book.read("src/a.md"), text);
}

/// What is written into a region is for whoever reads the source, whatever ends its lines; the page
/// shows what is for its readers.
#[test]
fn regions_are_fresh_once_they_are_written() {
    let text = "# B\n\n> - <!-- handbook:navigation -->\n>   <!-- /handbook:navigation -->\n\n\
                <!-- handbook:document-map -->\n<!-- /handbook:document-map -->\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let book = Book::new()
            .chapter("b.md", &text)
            .chapter("sub/README.md", "# A front page\n")
            .summary("# Summary\n\n- [B](b.md)\n- [A](sub/README.md)\n");
        assert_eq!(book.handbook(["fix"]).stdout, "fixed src/b.md\n");
        let written = book.read("src/b.md");
        assert!(written.contains("](sub/README.md)"), "{written}");
        assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
        assert_eq!(book.handbook(["check", "--deny=warnings"]).code, Some(0));
        let built = Host::V0_5.build(&book).ok();
        let links = built.select("b.html", "main a[href='sub/index.html']");
        assert_eq!(links.len(), 2, "{}", built.text("b.html"));
    }
}
