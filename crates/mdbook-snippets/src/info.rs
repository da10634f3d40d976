//! The words behind a fence: rustdoc's attributes, mdBook's, and ours.

use handbook_book::Span;
use handbook_text::did_you_mean;
use snippet_runner::Edition;
use std::time::Duration;

/// Words of ours; those with a value are written `word=value`.
const OURS: &[&str] = &["name", "release", "run", "timeout"];

/// Words of ours that a later version of the suite gives a meaning to.
const RESERVED: &[&str] = &["as", "chart", "mod", "nondeterministic", "use", "values"];

/// Words that rustdoc and mdBook know and that say nothing about a verdict.
const THEIRS: &[&str] = &["editable", "mdbook-runnable", "noplayground", "noplaypen"];

/// What an info string says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Info {
    /// Whether the block is Rust.
    pub(crate) rust: bool,
    pub(crate) ignored: bool,
    pub(crate) should_panic: bool,
    pub(crate) no_run: bool,
    pub(crate) compile_fail: bool,
    pub(crate) error_codes: Vec<String>,
    pub(crate) edition: Option<Edition>,
    pub(crate) standalone: bool,
    pub(crate) test_harness: bool,
    pub(crate) name: Option<Word>,
    /// Whether the page shows what the snippet prints.
    pub(crate) run: bool,
    pub(crate) release: bool,
    pub(crate) timeout: Option<Duration>,
    /// Our words with the separator before each, to be taken from the page.
    pub(crate) ours: Vec<Span>,
    pub(crate) problems: Vec<InfoProblem>,
}

/// A word and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// Something wrong with a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InfoProblem {
    pub(crate) kind: InfoProblemKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InfoProblemKind {
    /// The word is nobody's, but near to one of ours.
    Unknown { word: String, near: &'static str },
    /// The value of one of our words makes no sense.
    BadValue { word: String, expected: &'static str },
    /// rustdoc takes no notice of this word because of one before it.
    Misplaced { word: String },
}

impl Info {
    /// Reads the info string that stands at `span`. With `ours` false, words of ours are strangers.
    pub(crate) fn parse(text: &str, span: Span, ours: bool) -> Self {
        let mut info = Info::default();
        let mut words = Words { strangers: false, rust: false };
        for word in words_of(text, span) {
            info.read(&word, ours, &mut words);
        }
        info.rust = !words.strangers || words.rust;
        let drop_comma = |word: &Span| {
            let before = text[..word.start() - span.start()].trim_end_matches([',', ' ', '\t']);
            Span::new(span.start() + before.len(), word.end())
        };
        info.ours = info.ours.iter().map(drop_comma).collect();
        info
    }

    fn read(&mut self, word: &Word, ours: bool, seen: &mut Words) {
        let text = word.text.as_str();
        // rustdoc forgets that a block is Rust at these words if a stranger came before them.
        let fragile =
            matches!(text, "should_panic" | "no_run" | "ignore") || text.starts_with("ignore-");
        if fragile {
            if seen.strangers {
                self.problem(word, InfoProblemKind::Misplaced { word: text.to_owned() });
            } else {
                seen.rust = true;
            }
        }
        match text {
            "rust" => seen.rust = true,
            "should_panic" => self.should_panic = true,
            "no_run" => self.no_run = true,
            "ignore" => self.ignored = true,
            "compile_fail" => self.compile_fail = true,
            "standalone_crate" | "standalone-crate" => self.standalone = true,
            "test_harness" => self.test_harness = true,
            _ if text.starts_with("ignore-") => self.ignored |= names_this_target(&text[7..]),
            _ if is_error_code(text) => self.error_codes.push(text.to_owned()),
            _ if text.starts_with("edition") && text.parse::<Edition>().is_ok() => {
                self.edition = text.parse().ok();
            }
            _ => {
                if !(ours && self.read_ours(word)) {
                    self.read_stranger(word, ours);
                }
                seen.strangers = true;
            }
        }
        let robust = matches!(text, "compile_fail" | "test_harness" | "standalone_crate");
        seen.rust |= (robust || is_error_code(text)) && !seen.strangers;
    }

    /// Reads one of our words; says whether it is one.
    fn read_ours(&mut self, word: &Word) -> bool {
        let (key, value) = match word.text.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (word.text.as_str(), None),
        };
        if !OURS.contains(&key) && !RESERVED.contains(&key) {
            return false;
        }
        self.ours.push(word.span);
        let is_name = |name: &str| {
            let allowed = |ch: char| ch.is_alphanumeric() || "_-.".contains(ch);
            !name.is_empty() && name.chars().all(allowed)
        };
        let expected = match (key, value) {
            ("name", Some(name)) if is_name(name) => {
                let start = word.span.end() - name.len();
                let span = Span::new(start, word.span.end());
                self.name = Some(Word { text: name.to_owned(), span });
                return true;
            }
            ("timeout", Some(value)) if duration(value).is_some() => {
                self.timeout = duration(value);
                return true;
            }
            ("run", None) => {
                self.run = true;
                return true;
            }
            ("release", None) => {
                self.release = true;
                return true;
            }
            ("name", _) => "`name=` and letters, digits, `_`, `-` or `.`",
            ("timeout", _) => "a time such as `timeout=2s` or `timeout=500ms`",
            ("run" | "release", Some(_)) => "the word alone, without a value",
            _ => "nothing of the kind: this version gives the word no meaning yet",
        };
        let kind = InfoProblemKind::BadValue { word: word.text.clone(), expected };
        self.problem(word, kind);
        true
    }

    /// A word of nobody's is a mistake if it is near to one of ours, otherwise somebody's own.
    fn read_stranger(&mut self, word: &Word, ours: bool) {
        let key = word.text.split('=').next().unwrap_or_default();
        if !ours || THEIRS.contains(&key) || key == "hidelines" || key.is_empty() {
            return;
        }
        let rustdoc = ["should_panic", "no_run", "ignore", "compile_fail", "test_harness"];
        let known = OURS.iter().chain(RESERVED).chain(THEIRS).copied().chain(rustdoc);
        if let Some(near) = did_you_mean(key, known) {
            self.problem(word, InfoProblemKind::Unknown { word: word.text.clone(), near });
        }
    }

    fn problem(&mut self, word: &Word, kind: InfoProblemKind) {
        self.problems.push(InfoProblem { kind, span: word.span });
    }
}

/// What rustdoc's reading of the words so far depends on.
struct Words {
    strangers: bool,
    rust: bool,
}

/// The words of an info string, which commas and blanks separate.
fn words_of(text: &str, span: Span) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, ch) in text.char_indices().chain([(text.len(), ',')]) {
        if matches!(ch, ',' | ' ' | '\t') {
            if at > start {
                let span = Span::new(span.start() + start, span.start() + at);
                words.push(Word { text: text[start..at].to_owned(), span });
            }
            start = at + ch.len_utf8();
        }
    }
    words
}

fn is_error_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with('E') && word[1..].bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether rustdoc's `ignore-NAME` means the machine that this runs on: it looks for the name in
/// the target triple.
fn names_this_target(name: &str) -> bool {
    let triple = [std::env::consts::ARCH, std::env::consts::OS, std::env::consts::FAMILY];
    triple.iter().any(|part| part.contains(name))
}

/// `2s`, `500ms`, or bare seconds.
fn duration(text: &str) -> Option<Duration> {
    if let Some(millis) = text.strip_suffix("ms") {
        return millis.parse().ok().map(Duration::from_millis);
    }
    let seconds = text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok()?;
    (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Info {
        Info::parse(text, Span::new(0, text.len()), true)
    }

    #[test]
    fn our_words_leave_the_page_with_the_comma_before_them() {
        let text = "rust,no_run,name=ring, run";
        let info = parse(text);
        let cut: Vec<_> = info.ours.iter().map(|span| &text[span.range()]).collect();
        assert_eq!(cut, [",name=ring", ", run"]);
        assert!(info.rust && info.no_run && info.run && info.problems.is_empty());
    }

    #[test]
    fn a_word_that_rustdoc_would_not_heed_any_more_is_misplaced() {
        let kinds: Vec<_> = parse("rust,name=a,should_panic")
            .problems
            .into_iter()
            .map(|problem| problem.kind)
            .collect();
        assert_eq!(kinds, [InfoProblemKind::Misplaced { word: "should_panic".into() }]);
    }

    #[test]
    fn near_misses_are_told_and_strangers_left_alone() {
        let kinds = |text| -> Vec<_> {
            parse(text).problems.into_iter().map(|problem| problem.kind).collect()
        };
        let unknown = |word: &str, near| InfoProblemKind::Unknown { word: word.into(), near };
        assert_eq!(kinds("rust,nmae=x"), [unknown("nmae=x", "name")]);
        assert_eq!(kinds("rust,timeout=soon").len(), 1);
        assert_eq!(kinds("rust,ferris-says"), []);
        assert_eq!(kinds("rust,editable"), []);
    }

    #[test]
    fn what_is_rust_follows_rustdoc() {
        let rust = |text| parse(text).rust;
        assert!(
            rust("rust") && rust("no_run") && rust("rust,ignore") && rust("compile_fail,E0308")
        );
        assert!(!rust("text") && !rust("toml,no_run") && !rust("console"));
    }

    #[test]
    fn times_are_read_in_seconds_and_milliseconds() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!((duration("0"), duration("x"), duration("1e300")), (None, None, None));
    }
}
