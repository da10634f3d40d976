//! What `handbook mutate` changes, who notices, and what it tells of it.

use handbook_tests::{Book, OURS, Output};
use serde_json::Value;

/// Tries all changes of a book whose snippets run quickly.
fn mutate(book: &Book) -> Output {
    let output = book.handbook(["mutate"]);
    assert_eq!(output.code, Some(0), "{output}");
    output
}

/// The survivors that a report names, as `file:line:column: change`.
fn survivors(output: &Output) -> Vec<&str> {
    output.stdout.lines().filter(|line| line.contains(": `") && line.contains("` -> `")).collect()
}

/// The last line: the score of all chapters.
fn score(output: &Output) -> &str {
    output.stdout.lines().last().unwrap_or_default()
}

fn json(book: &Book, args: &[&str]) -> Value {
    let output = book.handbook(["mutate", "--format", "json"].iter().chain(args));
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

#[test]
fn an_output_notices_what_it_shows_and_nothing_else() {
    let chapter = "# A\n\n\
                   ```rust,name=sum,run\n\
                   let all = 3 + 4;\n\
                   let unseen = 3 * 4;\n\
                   if unseen < 5 {\n    println!(\"small\");\n}\n\
                   println!(\"{all}\");\n\
                   ```\n\n```output\n7\n```\n";
    let output = mutate(&Book::new().chapter("a.md", chapter));
    let expected = [
        "src/a.md:5:14: `3` -> `2`",
        "src/a.md:5:14: `3` -> `4`",
        "src/a.md:5:18: `4` -> `3`",
        "src/a.md:5:18: `4` -> `5`",
        "src/a.md:6:11: `unseen < 5` -> `unseen <= 5`",
        "src/a.md:6:4: `unseen < 5` -> `false`",
        "src/a.md:6:13: `5` -> `4`",
        "src/a.md:6:13: `5` -> `6`",
    ];
    let mut found = survivors(&output);
    let mut expected = expected.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{output}");
    // Five of `3 + 4`, `3 / 4`, and the branch that is taken though it should not be.
    assert_eq!(score(&output), "7 of 15 changes noticed (46.7 %)");
    assert!(output.stdout.starts_with("a.md: 7 of 15 changes noticed (46.7 %)\n"), "{output}");
    assert!(
        output.stdout.contains("\nnobody notices in `sum` (src/a.md:3):\nsrc/a.md:5:14"),
        "{output}"
    );
    assert!(output.stdout.contains("\n    let unseen = 3 * 4;\n"), "{output}");
}

#[test]
fn code_without_evidence_has_a_score_of_nought() {
    // What is printed and not written down is shown to readers, and held by nothing.
    let chapter = "```rust\nlet x = 1 + 2;\nprintln!(\"{x}\");\n```\n\n\
                   ```rust,run\nprintln!(\"{}\", 1 + 2);\n```\n";
    let output = mutate(&Book::new().chapter("a.md", chapter));
    assert_eq!(score(&output), "0 of 10 changes noticed (0.0 %)", "{output}");
    let foreign = "```rust\nlet x = 1 + 2;\nprintln!(\"{x}\");\n```\n\n```output\n3\n```\n";
    let output = mutate(&Book::foreign().chapter("a.md", foreign));
    assert_eq!(score(&output), "0 of 5 changes noticed (0.0 %)", "{output}");
}

#[test]
fn verdicts_are_evidence() {
    let chapter = "```rust\nassert_eq!(2 + 2, 4);\nlet x = 2 + 2;\nassert!(x == 4);\n```\n\n\
                   ```rust,should_panic\nlet x = 2;\nif x == 2 {\n    panic!();\n}\n```\n\n\
                   ```rust\nlet mut x = 0;\nwhile x != 8 {\n    x += 2;\n}\n```\n\n\
                   ```rust,no_run\nlet x = 1;\n```\n\n\
                   ```rust,ignore\nlet x = 1;\n```\n\n\
                   ```rust,compile_fail\nlet x: u8 = 1 + 256;\n```\n";
    let output = mutate(&Book::new().chapter("a.md", chapter));
    // Eight is reached by ones, too, and a loop that never begins fails nothing.
    let expected = [
        "src/a.md:9:4: `x == 2` -> `true`",
        "src/a.md:16:7: `x != 8` -> `false`",
        "src/a.md:16:9: `x != 8` -> `x == 8`",
        "src/a.md:17:10: `2` -> `1`",
    ];
    assert_eq!(survivors(&output), expected, "{output}");
    assert!(score(&output).starts_with("16 of 20 changes noticed (80.0 %)"), "{output}");
    assert!(output.stdout.contains("nobody notices in the snippet (src/a.md:7):"), "{output}");
}

#[test]
fn places_are_exact_wherever_the_block_stands() {
    let part = "Text\n\n> - ```rust\n>   # let hidden = 1 + 1;\n>   let ä = 'ä'; let b = 7u8;\n\
                >   ##[allow(unused)]\n>   if b\n>      < 9 { }\n>   ```\n";
    let book = Book::new()
        .chapter(
            "a.md",
            "# A\r\n\r\n```rust\r\nlet c = true;\r\n```\r\n\r\n{{#include part.md}}\r\n",
        )
        .file("src/part.md", part);
    let output = mutate(&book);
    let mut found = survivors(&output);
    found.sort_unstable();
    let mut expected = vec![
        "src/a.md:4:9: `true` -> `false`",
        "src/part.md:5:26: `7u8` -> `6u8`",
        "src/part.md:5:26: `7u8` -> `8u8`",
        "src/part.md:7:8: `b` -> `true`",
        "src/part.md:7:8: `b` -> `false`",
        "src/part.md:8:8: `<` -> `<=`",
        "src/part.md:8:10: `9` -> `8`",
        "src/part.md:8:10: `9` -> `10`",
    ];
    expected.sort_unstable();
    // A condition of two lines stands in its first one.
    let shown: Vec<String> =
        found.iter().map(|line| line.replace("`b < 9` -> ", "`b` -> ")).collect();
    assert_eq!(shown, expected, "{output}");
}

#[test]
fn a_module_is_judged_by_whoever_builds_on_it() {
    let chapter = "```rust,mod=twice\npub fn twice(x: u32) -> u32 {\n    x * 2\n}\n\
                   pub fn unused() -> u32 {\n    5\n}\n```\n";
    let user = "```rust,use=twice,run\nuse twice::twice;\nprintln!(\"{}\", twice(3));\n```\n\n\
                ```output\n6\n```\n\n```rust,use=twice\nassert_eq!(twice::twice(0), 0);\n```\n";
    let book = Book::new().chapter("a.md", chapter).chapter("b.md", user);
    let output = book.handbook(["mutate", "src/a.md"]);
    assert_eq!(
        survivors(&output),
        ["src/a.md:6:5: `5` -> `4`", "src/a.md:6:5: `5` -> `6`"],
        "{output}"
    );
    assert_eq!(score(&output), "3 of 5 changes noticed (60.0 %)");
    let output = mutate(&book);
    assert!(output.stdout.contains("b.md: 2 of 2 changes noticed"), "{output}");
    // A module that nobody uses has no evidence at all.
    let output = mutate(&Book::new().chapter("a.md", chapter));
    assert_eq!(score(&output), "0 of 5 changes noticed (0.0 %)", "{output}");
}

#[test]
fn what_one_witness_cannot_compile_another_may_notice() {
    let module = "```rust,mod=size\npub const SIZE: usize = 2;\n```\n";
    let users = "```rust,use=size\nlet _two: [u8; 2] = [0; size::SIZE];\n```\n\n\
                 ```rust,use=size\nassert_eq!(size::SIZE, 2);\n```\n";
    let book = Book::new().chapter("a.md", module).chapter("b.md", users);
    let output = book.handbook(["mutate", "src/a.md"]);
    assert_eq!(score(&output), "2 of 2 changes noticed (100.0 %)", "{output}");
}

#[test]
fn a_bound_value_is_evidence_as_far_as_it_is_written() {
    let code = "```rust,name=share\nprintln!(\"share = {} %\", 100.0 * 0.25 + 0.01);\n```\n\n";
    let book = Book::new().chapter("a.md", format!("{code}Some 25 %<!-- =share.share -->.\n"));
    let output = mutate(&book);
    // Written without digits behind the point, it does not tell a quarter.
    assert_eq!(
        survivors(&output),
        [
            "src/a.md:2:26: `100.0` -> `101.0`",
            "src/a.md:2:39: `100.0 * 0.25 + 0.01` -> `100.0 * 0.25 - 0.01`",
            "src/a.md:2:41: `0.01` -> `0.0`",
        ],
        "{output}"
    );
    // A directive shows whatever is printed.
    let book = Book::new().chapter("a.md", format!("{code}Some {{{{#value share.share}}}}.\n"));
    assert!(score(&mutate(&book)).starts_with("0 of "));
}

#[test]
fn only_what_is_compared_of_an_output_is_evidence() {
    let chapter = |words: &str, printed: &str| {
        format!(
            "```rust{words}\nprintln!(\"took {{}} ms\", 5);\n```\n\n```output\n{printed}\n```\n"
        )
    };
    let noticed = |words: &str, printed: &str| {
        let output = mutate(&Book::new().chapter("a.md", chapter(words, printed)));
        score(&output).to_owned()
    };
    assert_eq!(noticed("", "took 5 ms"), "2 of 2 changes noticed (100.0 %)");
    assert_eq!(noticed("", "took ..."), "0 of 2 changes noticed (0.0 %)");
    let durations = noticed(",nondeterministic=durations", "took 5 ms");
    assert_eq!(durations, "0 of 2 changes noticed (0.0 %)");
    assert_eq!(noticed(",nondeterministic", "whatever"), "0 of 2 changes noticed (0.0 %)");
}

#[test]
fn an_author_may_leave_a_line_out_with_a_reason() {
    let chapter = "```rust\nlet a = 1; // not mutated: any will do\n\
                   # // not mutated: nor here\nlet b = 2;\nlet c = true; // not mutated: \n```\n";
    let output = mutate(&Book::new().chapter("a.md", chapter));
    assert_eq!(survivors(&output), ["src/a.md:5:9: `true` -> `false`"], "{output}");
    assert_eq!(score(&output), "0 of 1 changes noticed (0.0 %); 4 left out by their authors");
}

#[test]
fn what_does_not_compile_is_no_change() {
    let chapter = "```rust\nlet a: [u8; 2] = [1, 2];\nassert_eq!(a, [1, 2]);\n```\n";
    let output = mutate(&Book::new().chapter("a.md", chapter));
    assert_eq!(
        score(&output),
        "4 of 4 changes noticed (100.0 %); 2 do not compile and do not count"
    );
}

#[test]
fn a_snippet_that_our_parser_cannot_read_is_skipped_and_told() {
    let chapter = "```rust,edition2015\nlet async = 1;\nlet b = async + 1;\n```\n\n\
                   ```rust\nassert!(true);\nlet x = 1;\n```\n";
    let output = mutate(&Book::new().chapter("a.md", chapter));
    let notice = "src/a.md:1:1: the snippet cannot be read here; nothing is changed in it";
    assert!(output.stdout.contains(notice), "{output}");
    assert!(score(&output).starts_with("0 of 2 changes noticed"), "{output}");
}

#[test]
fn what_fails_as_it_is_cannot_notice_anything() {
    for chapter in [
        "```rust,name=bad\npanic!();\n```\n",
        "```rust,name=bad\nprintln!(\"{}\", 1);\n```\n\n```output\n2\n```\n",
        "```rust,name=bad\nprintln!(\"x = {}\", 1);\n```\n\nSome 2<!-- =bad.x -->.\n",
        "```rust,name=bad,use=nobody\nlet x = 1;\n```\n",
    ] {
        let output = Book::new().chapter("a.md", chapter).handbook(["mutate"]);
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains("see src/a.md:1 bad"), "{output}");
        assert!(output.stderr.contains("error"), "{output}");
    }
}

#[test]
fn what_cannot_be_tried_is_wrong_use() {
    let book = Book::new().chapter("a.md", "# A\n\n```rust,name=a\nfn main() {}\n```\n");
    for (args, says) in [
        (&["mutate"][..], "there is nothing to change"),
        (&["mutate", "b.md"], "no chapter `b.md`"),
        (&["mutate", "--name", "b"], "no snippet there has the name `b`"),
        (&["mutate", "--min-score", "101"], "a number from 0 to 100"),
        (&["mutate", "--sample", "0"], "invalid value '0'"),
    ] {
        let output = book.handbook(args);
        assert_eq!(output.code, Some(2), "{output}");
        assert!(output.stderr.contains(says), "{output}");
    }
    let config = format!("{OURS}\n[preprocessor.handbook.snippets]\nrun = false\n");
    let output = book.config(&config).handbook(["mutate"]);
    assert!(output.code == Some(2) && output.stderr.contains("`run = false`"), "{output}");
}

#[test]
fn a_low_score_fails_where_a_higher_one_is_asked_for() {
    let chapter = "```rust\nlet x = 1;\nassert_eq!(x, 1);\nlet y = 1;\n```\n";
    let book = Book::new().chapter("a.md", chapter);
    let code = |least: &str| book.handbook(["mutate", "--min-score", least]).code;
    assert_eq!([code("50"), code("50.1"), code("50 %")], [Some(0), Some(1), Some(0)]);
}

#[test]
fn samples_and_reports_are_the_same_each_time_and_nothing_on_disk_changes() {
    let lines: String = (0..40).map(|n| format!("let x{n} = {n} + 1;\n")).collect();
    let book = Book::new().chapter("a.md", format!("```rust\n{lines}assert_eq!(x7, 8);\n```\n"));
    let before = book.tree();
    let first = json(&book, &["--sample", "20"]);
    assert_eq!(first["tried"], 20);
    assert_eq!(first["changes"], 199);
    assert_eq!(first, json(&book, &["--sample", "20"]));
    assert_eq!(first, json(&book, &["--sample", "20", "--no-cache"]));
    let all = json(&book, &[]);
    assert_eq!(all["percent"].as_f64().map(|percent| percent > 0.0), Some(true));
    assert_eq!(all["chapters"][0]["noticed"], 5);
    assert_eq!(all["findings"].as_array().map(Vec::len), Some(194));
    assert!(book.tree() == before);
}
