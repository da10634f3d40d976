//! What the file of a new chapter is called.

use anyhow::{Context, bail};
use unicode_width::UnicodeWidthChar;

/// Names that mean something else to mdBook or to a system, in lower case.
const RESERVED: &[&str] = &[
    "404", "index", "print", "readme", "summary", "toc", // pages and files of mdBook's own
    "aux", "con", "nul", "prn", // devices, on Windows
];

/// The longest name that is made up. Systems allow a little more.
const LONGEST: usize = 200;

/// How the names of chapters beside the new one are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    upper: bool,
    underscores: bool,
    /// The words behind the topic, if there are any.
    suffix: Vec<String>,
    /// The number before the topic, and its digits.
    number: Option<(u32, usize)>,
}

impl Style {
    /// The style of names without their endings. `suffix` is what a kind's titles end with.
    pub(crate) fn of(names: &[String], suffix: &str) -> Self {
        let more_than_half = |fits: &dyn Fn(&str) -> bool| {
            2 * names.iter().filter(|name| fits(name)).count() > names.len()
        };
        let upper =
            more_than_half(&|name| name.to_lowercase() != name && name.to_uppercase() == name);
        let separated = |by: char| names.iter().filter(|name| name.contains(by)).count();
        let underscores =
            if separated('-') == separated('_') { upper } else { separated('_') > separated('-') };
        let suffix = words(suffix);
        let ends_so = |name: &str| words(name).ends_with(&suffix);
        let numbers: Vec<_> = names.iter().filter_map(|name| number(name)).collect();
        let is_counted = !names.is_empty() && numbers.len() == names.len();
        let last = numbers.into_iter().max().filter(|_| is_counted);
        Self {
            upper,
            underscores,
            number: last.map(|(number, digits)| (number.saturating_add(1), digits)),
            suffix: if more_than_half(&ends_so) { suffix } else { Vec::new() },
        }
    }

    /// The name for a chapter about `topic`.
    ///
    /// # Errors
    ///
    /// If there is none that a file can have.
    pub(crate) fn name(&self, topic: &str) -> anyhow::Result<String> {
        let mut words = words(topic);
        words.first().with_context(|| {
            format!("no letter of `{topic}` can stand in a file's name; name one, `--file PATH`")
        })?;
        words.extend(self.suffix.iter().cloned());
        let number = self.number.map(|(number, digits)| format!("{number:0digits$}"));
        let words: Vec<String> = number.into_iter().chain(words).collect();
        let name = words.join(if self.underscores { "_" } else { "-" });
        let name = if self.upper { name.to_uppercase() } else { name };
        if is_reserved(&name) {
            bail!("`{name}.md` would mean something else; name another file, `--file PATH`");
        }
        if name.len() > LONGEST {
            bail!("the title is too long for a file's name; name one, `--file PATH`");
        }
        Ok(name)
    }
}

/// Whether a file of this name, without its ending, is more than a chapter.
pub(crate) fn is_reserved(name: &str) -> bool {
    let name = name.to_lowercase();
    let port = name.strip_prefix("com").or(name.strip_prefix("lpt"));
    let is_port = port.is_some_and(|digit| digit.len() == 1 && digit.parse::<u8>().is_ok());
    RESERVED.contains(&name.as_str()) || is_port
}

/// The words of a text in lower case, in any script: letters, digits, and marks on them.
fn words(text: &str) -> Vec<String> {
    let text: String = text.to_lowercase().chars().filter(|ch| !['\'', '’'].contains(ch)).collect();
    let belongs = |ch: char| ch.is_alphanumeric() || !ch.is_ascii() && ch.width() == Some(0);
    let words = text.split(|ch| !belongs(ch));
    words.filter(|word| word.contains(char::is_alphanumeric)).map(str::to_owned).collect()
}

/// The number that a name starts with, and its digits.
fn number(name: &str) -> Option<(u32, usize)> {
    let digits = name.find(|ch: char| !ch.is_ascii_digit())?;
    let is_apart = name[digits..].starts_with(['-', '_']);
    let number = name[..digits].parse().ok()?;
    is_apart.then_some((number, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(beside: &[&str], suffix: &str, topic: &str) -> String {
        let beside: Vec<String> = beside.iter().map(|name| (*name).to_owned()).collect();
        Style::of(&beside, suffix).name(topic).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn names_are_written_as_those_beside_them() {
        assert_eq!(name(&[], "", "Consistent Hashing"), "consistent-hashing");
        assert_eq!(name(&["guide", "two-words"], "", "A B"), "a-b");
        assert_eq!(name(&["two_words", "one"], "", "A B"), "a_b");
        assert_eq!(name(&["ONE", "TWO_WORDS"], "", "A B"), "A_B");
        assert_eq!(name(&["ONE", "two", "three"], "", "A B"), "a-b");
        assert_eq!(name(&["RING-HASHING"], "", "A B"), "A-B");
    }

    #[test]
    fn a_suffix_is_taken_over_where_it_is_usual() {
        let beside = ["RING_DEEP_DIVE", "JUMP_DEEP_DIVE", "SHARDING"];
        assert_eq!(name(&beside, " — Deep Dive", "Raft"), "RAFT_DEEP_DIVE");
        assert_eq!(name(&["SHARDING"], " — Deep Dive", "Raft"), "RAFT");
        assert_eq!(name(&[], " — Deep Dive", "Raft"), "raft");
    }

    #[test]
    fn numbers_are_counted_on() {
        assert_eq!(name(&["0001-use-raft", "0009-use-tls"], "", "Use Rust"), "0010-use-rust");
        assert_eq!(name(&["1_a", "b"], "", "Use Rust"), "use_rust");
        assert_eq!(name(&["99999999999999-a"], "", "Use Rust"), "use-rust");
    }

    #[test]
    fn any_script_makes_a_name() {
        assert_eq!(name(&[], "", "一致性哈希：简介"), "一致性哈希-简介");
        assert_eq!(name(&[], "", "Größe & Maß"), "größe-maß");
        assert_eq!(name(&[], "", "संगत हैशिंग"), "संगत-हैशिंग");
        assert_eq!(name(&[], "", "Don’t panic: `Vec<T>` in O(n)!"), "dont-panic-vec-t-in-o-n");
        assert_eq!(name(&[], "", "../../etc/passwd"), "etc-passwd");
    }

    #[test]
    fn what_cannot_be_a_name_is_refused() {
        assert!(name(&[], "", "…!").contains("--file"));
        assert!(name(&[], "", "Summary").contains("something else"));
        assert!(name(&["A"], "", "Com1").contains("something else"));
        assert!(name(&[], "", &"long ".repeat(80)).contains("too long"));
    }
}
