//! Written outputs that say less than was printed, or something else that is allowed: elisions, and
//! what the author declares to differ each time.

use handbook_tests::{Book, Host, OURS};
use snapbox::{assert_data_eq, str};

/// A snippet that prints `lines`, behind `words`, and an output.
fn snippet(words: &str, lines: &[&str], output: &str) -> String {
    let prints: String = lines.iter().map(|line| format!("println!({line:?});\n")).collect();
    format!("```rust{words}\n{prints}```\n\n```output\n{output}\n```\n")
}

#[track_caller]
fn check_clean(text: &str) {
    let book = Book::new().chapter("a.md", text);
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(check.code, Some(0), "{check}");
    let fix = book.handbook(["fix"]);
    assert_eq!((fix.stdout.as_str(), fix.code), ("nothing to fix\n", Some(0)), "{fix}");
    assert_eq!(book.read("src/a.md"), text);
}

/// What `fix` makes of a chapter in the end.
#[track_caller]
fn fixed(text: &str) -> String {
    let book = Book::new().chapter("a.md", text);
    assert_eq!(book.handbook(["check"]).code, Some(1));
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.code, Some(0), "{fix}");
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(check.code, Some(0), "{check}");
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
    book.read("src/a.md")
}

#[test]
fn dots_stand_for_lines_and_parts_of_lines() {
    let lines = ["round 1: 10", "round 2: 20", "round 3: 30", "took 5 steps", "end"];
    for output in [
        "round 1: 10\n...\nend",
        "...\nround 3: 30\n...",
        "round 1: 10\n  ...\nround 2: 20\nround 3: 30\n...\ntook ... steps\nend\n...",
        "...",
        "round ...\nround 2... 20\n...\ntook 5 steps\ne...",
    ] {
        check_clean(&snippet("", &lines, output));
    }
}

#[test]
fn dots_that_are_printed_hide_nothing() {
    let old = "1 -> ... -> 65\n...\nend";
    check_clean(&snippet("", &["1 -> ... -> 65", "...", "end"], old));
    for lines in [["1 -> 2 -> ... -> 65", "...", "end"], ["1 -> ... -> 65", "...", "the end"]] {
        assert_eq!(fixed(&snippet("", &lines, old)), snippet("", &lines, &lines.join("\n")));
    }
}

#[test]
fn fix_keeps_what_is_elided() {
    let lines = ["head", "1: 11", "2: 21", "3: 31", "hash 9f3a of 4 keys", "last"];
    for (old, new) in [
        ("head\n1: 10\n...\nlast", "head\n1: 11\n...\nlast"),
        ("...\n3: 30\n...\nlast", "...\n3: 31\n...\nlast"),
        ("...\nhash ... of 3 keys\n...", "...\nhash ... of 4 keys\n..."),
        ("title\n...\nend", "head\n...\nlast"),
        ("head\nout of date\n1: 11\n...", "head\n1: 11\n..."),
    ] {
        let text = |output: &str| {
            // It may stand in a list or a quote.
            let block = snippet(",name=x", &lines, output);
            format!(
                "- Item\n\n  {}\n",
                block.trim_end().replace('\n', "\n  ").replace("\n  \n", "\n\n")
            )
        };
        assert_eq!(fixed(&text(old)), text(new));
    }
}

#[test]
fn the_first_line_that_does_not_match_is_told() {
    let lines = ["a", "b", "c", "total = 4"];
    let book = Book::new().chapter("a.md", snippet(",name=x", &lines, "a\n...\ntotal = 3"));
    assert_data_eq!(
        book.handbook(["check"]).stderr,
        str![[r#"
error[snippets/stale-output]: `x` prints `total = 4` here
  --> src/a.md:11:1
   |
11 | total = 3
   | ^^^^^^^^^
   |
   = note:  ...
           -total = 3
           +total = 4
            ```
   = help: `handbook fix` writes down what the book gives now

1 error found

"#]]
    );
}

#[test]
fn elisions_that_belong_nowhere_are_left_to_the_author() {
    let text = snippet(",name=x", &["a", "b", "c"], "...\ntotal = 3\n...");
    let book = Book::new().chapter("a.md", &text);
    let fix = book.handbook(["fix"]);
    assert_eq!((fix.stdout.as_str(), fix.code), ("nothing to fix\n", Some(1)), "{fix}");
    assert_eq!(book.read("src/a.md"), text);
    assert_data_eq!(
        book.handbook(["check"]).stderr,
        str![[r#"
error[snippets/stale-output]: `x` prints `a` here
 --> src/a.md:9:1
  |
9 | total = 3
  | ^^^^^^^^^
  |
  = note:  ```output
          -...
          -total = 3
          -...
          +a
          +b
          +c
           ```
  = help: what stands between two `...` is not printed any more, so `fix` cannot tell where they belong: write the block anew, or remove it and let `fix` do so

1 error found

"#]]
    );
}

#[test]
fn the_page_shows_what_is_written() {
    let text = snippet("", &["a", "b", "c 1"], "a\n...\nc ...");
    let book = Book::new().chapter("a.md", text);
    for host in Host::ALL {
        let shown = host.build(&book).ok().select("a.html", "pre code.output");
        assert_eq!(shown, ["a\n...\nc ...\n"]);
    }
}

#[test]
fn what_is_nondeterministic_is_shown_as_written() {
    let text = snippet(",nondeterministic", &["1"], "some number\n");
    check_clean(&text);
    let book = Book::new().chapter("a.md", text);
    for host in Host::ALL {
        let shown = host.build(&book).ok().select("a.html", "pre code.output");
        assert_eq!(shown, ["some number\n\n"]);
    }
    // It still has to pass.
    let book = Book::new().chapter("a.md", "```rust,nondeterministic\npanic!();\n```\n");
    assert_eq!(book.handbook(["check"]).printed_places(), ["error snippets/panics src/a.md:2:1"]);
}

#[test]
fn declared_parts_may_differ_and_nothing_else() {
    let lines = ["ThreadId(7) took 3.25ms for 4 keys at 0x7ffc1234 in /tmp/a/b"];
    let all = ",nondeterministic=addresses+durations+paths+threads";
    let old = "ThreadId(2) took 81µs for 4 keys at 0x55d0 in /home/me/x";
    check_clean(&snippet(all, &lines, old));
    assert_eq!(
        fixed(&snippet(all, &lines, &old.replace("4 keys", "5 keys"))),
        snippet(all, &lines, lines[0])
    );
    let two = [lines[0], "end"];
    assert_eq!(
        fixed(&snippet(all, &two, &format!("{old}\nstart"))),
        snippet(all, &two, &format!("{old}\nend"))
    );
    // Of what is not declared a book means every digit.
    for words in ["", ",nondeterministic=addresses+paths+threads"] {
        assert_eq!(fixed(&snippet(words, &lines, old)), snippet(words, &lines, lines[0]));
    }
}

#[test]
fn an_output_that_differs_each_time_is_written_once() {
    let clock = "use std::time::SystemTime;\n\
                 println!(\"{:?}\", SystemTime::UNIX_EPOCH.elapsed().unwrap());\n";
    for words in ["nondeterministic", "nondeterministic=durations"] {
        let text = format!("# A\n\n```rust,name=clock,run,{words}\n{clock}```\n");
        let book = Book::new().chapter("a.md", &text);
        let check = book.handbook(["check"]);
        assert_eq!(check.code, Some(1), "{check}");
        assert_eq!(check.printed_places(), ["error snippets/unwritten-output src/a.md:3:1"]);
        assert_eq!(book.handbook(["check", "--no-run"]).stderr, check.stderr);
        assert_eq!(book.handbook(["fix"]).code, Some(0));
        let once = book.read("src/a.md");
        assert!(once.starts_with(&text) && once.contains("\n```output\n"), "{once}");
        for _ in 0..2 {
            let check = book.handbook(["check", "--no-cache", "--deny", "warnings"]);
            assert_eq!(check.code, Some(0), "{check}");
            assert_eq!(book.handbook(["fix", "--no-cache"]).stdout, "nothing to fix\n");
        }
        assert_eq!(book.read("src/a.md"), once);
    }
}

#[test]
fn an_audit_takes_the_author_s_word() {
    let clock = "println!(\"{:?}\", std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap());";
    let text = format!(
        "```rust,nondeterministic\n{clock}\n```\n\n\
         ```rust,nondeterministic=durations\n{clock}\n```\n\n\
         ```rust,name=other,nondeterministic=addresses\n{clock}\n```\n"
    );
    let book = Book::new().chapter("a.md", text);
    let run = book.handbook(["run", "--audit", "--deny=warnings"]);
    assert_eq!(run.printed_places(), ["warning snippets/nondeterminism src/a.md:9:1"], "{run}");
}

/// Rows that a program prints, with all that means something to Markdown.
const ROWS: &str = "println!(\"node | keys | share\");\n\
                    println!(\"<a> `b` *c* {} [d] | 1_200 | 33.5 %\", \"{\".repeat(2) + \"#include x}}\");\n\
                    println!(\"node-2 -- x | 90 | 66.5 %\");\n";

const WRITTEN_ROWS: &str = "```output\nnode | keys | share\n\
                            <a> `b` *c* \\{{#include x}} [d] | 1_200 | 33.5 %\n\
                            node-2 -- x | 90 | 66.5 %\n```\n";

/// A chapter for each place in which `blocks` can stand, and what it says behind them.
fn everywhere(blocks: &str) -> Vec<(String, &'static str)> {
    let containers = [("", ""), ("- ", "  "), ("> ", "> "), ("1. > ", "   > ")];
    let behind = ["", "\nText after.\n", "Text right after.\n"];
    let text = |(first, others): (&str, &str), after: &str| {
        let text = format!("{blocks}{after}");
        let text = text.trim_end().replace('\n', &format!("\n{others}"));
        format!("# A\n\n{first}{text}\n\n[d]: https://example.org\n")
    };
    let all = containers.into_iter().flat_map(|container| behind.map(|after| (container, after)));
    let all = all.map(|(container, after)| (text(container, after), after.trim()));
    all.flat_map(|(text, after)| [(text.replace('\n', "\r\n"), after), (text, after)]).collect()
}

#[test]
fn values_around_rows_are_text_wherever_the_table_stands() {
    let code = "```rust,run,as=table\n\
                println!(\"least = 1\\nnode | keys\\nring | 2\\n\\nmost = 3 %\");\n```\n";
    let written = "\n```output\nleast = 1\nnode | keys\nring | 2\n\nmost = 3 %\n```\n";
    let chapters: Vec<_> =
        ["", written].into_iter().flat_map(|it| everywhere(&format!("{code}{it}"))).collect();
    let book = chapters
        .iter()
        .enumerate()
        .fold(Book::new(), |book, (index, (text, _))| book.chapter(&format!("{index}.md"), text));
    for host in Host::ALL {
        let built = host.build(&book).ok();
        for (index, (text, after)) in chapters.iter().enumerate() {
            let shown = |selector: &str| built.select(&format!("{index}.html"), selector);
            assert_eq!(shown("main td"), ["ring", "2"], "{host:?}\n{text}");
            let values = shown("main pre code.output");
            let values: Vec<&str> = values.iter().map(|text| text.trim()).collect();
            assert_eq!(values, ["least = 1", "most = 3 %"], "{host:?}\n{text}");
            assert_eq!(shown("main p").concat().trim(), *after, "{host:?}\n{text}");
        }
    }
}

#[test]
fn rows_become_a_table() {
    let code = format!("```rust,run,as=table\n{ROWS}```\n");
    let chapters: Vec<_> = ["", WRITTEN_ROWS]
        .into_iter()
        .flat_map(|written| everywhere(&format!("{code}{written}")))
        .collect();
    let book = chapters
        .iter()
        .enumerate()
        .fold(Book::new(), |book, (index, (text, _))| book.chapter(&format!("{index}.md"), text));
    for host in Host::ALL {
        let built = host.build(&book).ok();
        for (index, (text, after)) in chapters.iter().enumerate() {
            let shown = |selector: &str| built.select(&format!("{index}.html"), selector);
            assert_eq!(shown("main th"), ["node", "keys", "share"], "{host:?}\n{text}");
            let odd = "<a> `b` *c* {{#include x}} [d]";
            // Numbers keep their units on their line.
            let cells = [odd, "1_200", "33.5\u{a0}%", "node-2 -- x", "90", "66.5\u{a0}%"];
            assert_eq!(shown("main td"), cells, "{host:?}\n{text}");
            assert_eq!(
                shown("main td[style*=right]"),
                ["1_200", "33.5\u{a0}%", "90", "66.5\u{a0}%"]
            );
            assert_eq!(shown("main pre code.output"), [""; 0]);
            assert_eq!(shown("main p").concat().trim(), *after, "{host:?}\n{text}");
        }
    }
    // The source keeps the rows as they were printed.
    let fix = book.handbook(["fix"]);
    assert_eq!(fix.code, Some(0), "{fix}");
    for index in 0..chapters.len() {
        assert!(book.read(&format!("src/{index}.md")).contains("node-2 -- x | 90 | 66.5 %"));
    }
    let check = book.handbook(["check", "--deny", "warnings"]);
    assert_eq!(check.code, Some(0), "{check}");
}

#[test]
fn uneven_rows_are_told_and_shown_as_they_are() {
    let uneven = snippet(",as=table,name=x", &["a,b", "1"], "a,b\n1");
    let missing = "```rust,as=table,run\nprintln!(\"a\\tb\\n1\\t2\\t3\");\n```\n";
    let book = Book::new().chapter("a.md", format!("{uneven}\n{missing}"));
    assert_data_eq!(
        book.handbook(["check"]).stderr,
        str![[r#"
error[snippets/uneven-table]: line 2 of what `x` prints has 1 cell, the header has 2 cells
 --> src/a.md:8:1
  |
8 | 1
  | ^
  |
  = help: print as many cells in each row, with a tab, `|` or a comma between them

error[snippets/uneven-table]: line 2 of what the snippet prints has 3 cells, the header has 2 cells
  --> src/a.md:11:1
   |
11 | ```rust,as=table,run
   | ^^^^^^^^^^^^^^^^^^^^
   |
   = help: print as many cells in each row, with a tab, `|` or a comma between them

2 errors found

"#]]
    );
    let book = Book::new()
        .chapter("a.md", uneven.replace(",name=x", "").replace("a,b\n1\n", "a,b\n...\n"));
    assert_eq!(book.handbook(["check"]).code, Some(0));
    for host in Host::ALL {
        assert_eq!(host.build(&book).ok().select("a.html", "main td"), ["…", ""]);
    }
}

#[test]
fn long_outputs_are_folded() {
    let code =
        |words| format!("```rust,run{words}\nfor n in 1..=31 {{ println!(\"{{n}},\"); }}\n```\n");
    let lines: String = (1..=31).map(|n| format!("{n},\n")).collect();
    let long = format!("```output\n{lines}```\n");
    let sorts = [("", ""), ("", &*long), (",as=table", ""), (",as=table", &long)];
    let chapters: Vec<_> = sorts
        .into_iter()
        .flat_map(|(words, written)| {
            let all = everywhere(&format!("{}{written}", code(words))).into_iter();
            all.map(move |(text, after)| (words, text, after))
        })
        .collect();
    let book = chapters.iter().enumerate().fold(Book::new(), |book, (index, (_, text, _))| {
        book.chapter(&format!("{index}.md"), text)
    });
    for host in Host::ALL {
        let built = host.build(&book).ok();
        for (index, (words, text, after)) in chapters.iter().enumerate() {
            let name = format!("{index}.html");
            let shown = |selector: &str| built.select(&name, selector);
            let folded = |selector| shown(&format!("main details.long-output[open] {selector}"));
            assert_eq!(folded("> summary"), ["31 lines of output"], "{host:?}\n{text}");
            if words.is_empty() {
                assert_eq!(folded("> pre > code.output"), [&*lines], "{host:?}\n{text}");
            } else {
                assert_eq!(folded("td").len(), 60, "{host:?}\n{text}");
            }
            assert_eq!(shown("main p").concat().trim(), *after, "{host:?}\n{text}");
            assert_eq!(folded("p").concat(), "");
            assert!(built.text(&name).contains("<script>\n// Long outputs"));
        }
    }
}

/// An included block is folded where it is included, and only there.
#[test]
fn included_outputs_are_shown_like_others() {
    let lines: Vec<String> = (1..=31).map(|line| line.to_string()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let part =
        snippet("", &lines, &lines.join("\n")) + "\n" + &snippet(",as=table", &["a", "1"], "a\n1");
    let book = Book::new()
        .file("src/part.md", &part)
        .chapter("a.md", "# A\n\n> {{#include part.md}}\n")
        .chapter("b.md", "# B\n\n{{#include part.md}}\n");
    for host in Host::ALL {
        let built = host.build(&book).ok();
        let shown = |selector: &str| built.select("b.html", selector);
        assert_eq!(shown("details > pre > code.output"), [lines.join("\n") + "\n"]);
        assert_eq!(shown("td"), ["1"]);
    }
    assert_eq!(book.read("src/part.md"), part);
}

#[test]
fn the_book_says_what_is_long() {
    let text = "# A\n\n```rust,run\nprintln!(\"1\\n2\\n3\");\n```\n";
    for (longest, folded) in [(0, 0), (2, 1), (3, 0)] {
        let config = format!("{OURS}[preprocessor.handbook.snippets]\nfold-output = {longest}\n");
        let book = Book::new().config(&config).chapter("a.md", text);
        for host in Host::ALL {
            let page = host.build(&book).ok();
            assert_eq!(page.select("a.html", "details").len(), folded);
            assert_eq!(page.text("a.html").contains("Long outputs"), folded == 1);
        }
    }
}

/// A row beside an elision stays the row that it is, and where that cannot be told, it is the
/// author's.
#[test]
fn an_elision_stays_where_the_author_put_it() {
    let rows: Vec<String> = (1..=9).map(|row| format!("{row} {}", row * 11)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let near = snippet("", &rows, "1 10\n...\n5 50\n...\n9 90");
    let tied = snippet("", &["n = 6", "n = 7", "n = 8"], "...\nn = 5\n...");
    let book = Book::new().chapter("a.md", &near).chapter("b.md", &tied);
    assert_eq!(book.handbook(["fix"]).stdout, "fixed src/a.md\n");
    assert_eq!(
        book.read("src/a.md"),
        near.replace("10\n", "11\n").replace("50\n", "55\n").replace("90\n", "99\n")
    );
    assert_eq!(book.read("src/b.md"), tied);
    let check = book.handbook(["check"]);
    assert_eq!(check.printed_places().len(), 1, "{check}");
    assert!(check.stderr.contains("may have become one of several"), "{check}");
}

/// Blanks at the end of a line count for nothing, also where they are an empty cell.
#[test]
fn the_last_cell_of_a_row_may_be_empty() {
    let code = "```rust,run,as=table\nlet four = 4;\nprintln!(\"a\\tb\\tc\\n1\\t2\\t\\n3\\t{four}\\t5\");\n```\n";
    let book = Book::new().chapter("a.md", format!("# A\n\n{code}"));
    // Not written yet, written as it is printed, and stale.
    for stale in [None, None, Some(["3\t4", "3\t9"])] {
        if let Some([now, then]) = stale {
            book.write("src/a.md", book.read("src/a.md").replace(now, then));
            assert_eq!(book.handbook(["fix"]).stdout, "fixed src/a.md\n");
            assert!(book.read("src/a.md").contains("\n1\t2\n3\t4\t5\n"));
        }
        let check = book.handbook(["check", "--deny", "warnings"]);
        assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{check}");
        let built = Host::ALL[0].build(&book).ok();
        assert_eq!(built.select("a.html", "main td"), ["1", "2", "", "3", "4", "5"]);
        book.handbook(["fix"]);
    }
    assert_eq!(book.handbook(["fix"]).stdout, "nothing to fix\n");
}
