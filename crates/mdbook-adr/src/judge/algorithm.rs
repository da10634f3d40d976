//! Which code shows an algorithm, so that what it costs is a question.
//!
//! Pseudocode does. Rust does if a function other than `main` repeats something as often as what it is
//! given says: a `while` or `loop`, a `for` over anything but constants, or a call of itself. A formula
//! in a function is none, whoever calls it how often, and neither is an iterator that is summed. The
//! code is read line by line, as rustfmt writes it, because it need not be complete.

use handbook_book::Code;

/// Whether a block shows an algorithm that readers see.
pub(super) fn is_algorithm(code: &Code) -> bool {
    match code.language() {
        Some("pseudocode") => true,
        Some("rust") => repeats(&code.content),
        _ => false,
    }
}

/// A function of which the body is being read.
struct Function<'a> {
    name: &'a str,
    indent: usize,
}

fn repeats(code: &str) -> bool {
    // The innermost function is the last.
    let mut open: Vec<Function<'_>> = Vec::new();
    for line in code.lines().filter(|line| !line.starts_with("# ") && *line != "#") {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let text = text.split("//").next().unwrap_or_default();
        let mut body = text;
        if let Some((name, rest)) = function(text) {
            open.push(Function { name, indent });
            body = rest.split_once('{').map_or("", |(_, body)| body);
        }
        let Some(inner) = open.last() else { continue };
        if inner.name != "main" && (is_loop(body) || calls(body, inner.name)) {
            return true;
        }
        let is_over = text.starts_with('}') || text.trim_end().ends_with(['}', ';']);
        if indent <= inner.indent && is_over {
            open.pop();
        }
    }
    false
}

/// The name of a function that starts in a line, and what stands behind it.
fn function(line: &str) -> Option<(&str, &str)> {
    let (before, after) = line.split_once("fn ")?;
    let is_head = before.split_whitespace().all(|word| {
        let word = word.split('(').next().unwrap_or_default();
        ["pub", "const", "async", "unsafe", "extern", "crate)", "super)"].contains(&word)
    });
    let end = after.find(|ch: char| !is_of_word(ch))?;
    (is_head && end > 0).then(|| after.split_at(end))
}

/// Whether a loop starts in a line that goes round as often as something says.
fn is_loop(line: &str) -> bool {
    let line = line.trim_start();
    let line = match line.split_once(": ") {
        Some((label, rest)) if label.starts_with('\'') => rest,
        _ => line,
    };
    let over = line.strip_prefix("for ").and_then(|rest| rest.split_once(" in "));
    line.starts_with("while ")
        || line.starts_with("loop {")
        || over.is_some_and(|(_, over)| depends(over))
}

/// Whether an expression names anything but constants, types and methods.
fn depends(expression: &str) -> bool {
    let mut read = 0;
    let words = expression.split(|ch: char| !is_of_word(ch)).filter(|word| !word.is_empty());
    words.into_iter().any(|word| {
        let Some(at) = expression[read..].find(word).map(|at| read + at) else { return false };
        read = at + word.len();
        let before = &expression[..at];
        let is_method = before.ends_with('.') && !before.ends_with("..");
        let is_path = expression[read..].starts_with("::");
        word.starts_with(char::is_lowercase) && !is_method && !is_path
    })
}

/// Whether a function of this name is called: by itself, or on `self`, and not on anything else.
fn calls(line: &str, name: &str) -> bool {
    let call = format!("{name}(");
    line.match_indices(&call).any(|(at, _)| {
        let before = &line[..at];
        let own = ["self.", "Self::"].iter().find_map(|own| before.strip_suffix(own));
        let is_alone =
            |before: &str| !before.ends_with(|ch: char| is_of_word(ch) || ".:".contains(ch));
        is_alone(own.unwrap_or(before))
    })
}

fn is_of_word(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_that_depend_on_something_and_recursion_are_algorithms() {
        for code in [
            "fn find(x: &[u8]) {\n    for y in x {\n    }\n}",
            "impl A {\n    pub fn go(&self) {\n        'a: while true {}\n    }\n}",
            "pub(crate) const fn gcd(a: u32, b: u32) -> u32 {\n    if b == 0 { a } else { gcd(b, a % b) }\n}",
            "fn depth(&self) -> u32 {\n    1 + self.depth()\n}",
            "fn f(n: u32) {\n    for x in (0..n).rev() {}\n}",
            "fn main() {\n    fn g(n: u32) {\n        loop {\n        }\n    }\n    g(3);\n}",
        ] {
            assert!(repeats(code), "{code}");
        }
    }

    #[test]
    fn arithmetic_is_none_whoever_repeats_it() {
        for code in [
            "fn wait(load: f64) -> f64 {\n    load / (1.0 - load)\n}\n\nfn main() {\n    for load in loads {\n        println!(\"{}\", wait(load));\n    }\n}",
            "fn runs() -> u32 {\n    let mut sum = 0;\n    for seed in 0..100_u32 {\n        sum += seed;\n    }\n    for n in [1, N].into_iter() {}\n    sum\n}",
            "fn len(&self) -> usize { self.nodes.len() }\nfor node in nodes {}",
            "fn mean(x: &[f64]) -> f64 {\n    x.iter().sum::<f64>() // while it lasts, mean(x)\n}",
            "trait A {\n    fn go(&self);\n    fn to(&self);\n}\nfor x in y {}",
            "# fn hidden(x: &[u8]) {\n#     for y in x {}\n# }",
            "fn",
            "}",
        ] {
            assert!(!repeats(code), "{code}");
        }
    }
}
