//! Whether the handbook's outputs are evidence: a program that computes something else has to print
//! something else, or fail.

use handbook_tests::Book;
use serde_json::Value;
use std::path::Path;

/// How many changes are tried, evenly spread over all there are. All of them take some minutes.
const SAMPLE: &str = "300";

#[test]
fn seven_of_eight_changes_of_the_code_are_noticed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let elsewhere = Book::new();
    let start = elsewhere.start("handbook").args(["mutate", "--format", "json"]);
    let start = start.args(["--dir".as_ref(), root.as_os_str()]);
    let output = start.args(["--sample", SAMPLE, "--min-score", "88"]).output();
    assert_eq!(output.code, Some(0), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(report["tried"].to_string(), SAMPLE);
}
