//! The words behind a fence: rustdoc's attributes, mdBook's, and ours.
//!
//! 1. [`words_of`]: in a book that uses the suite, our words are found and taken out, those with
//!    blanks around their `=` too.
//! 2. Entities and backslashes are resolved, as they are before rustdoc sees the rest.
//! 3. [`Tags`]: the words that rustdoc finds in it, if it can read it at all.
//! 4. [`Info::read`]: what they mean to rustdoc, where the order counts.

mod keywords;
mod tags;

use crate::output::Varying;
use handbook_book::{Span, unescaped_info};
use handbook_text::did_you_mean;
use keywords::is_keyword;
use snippet_runner::Edition;
use std::borrow::Cow;
use std::time::Duration;
use tags::{Tags, is_separator};

/// Words of ours; those with a value are written `word=value`.
const OURS: &[&str] =
    &["as", "mod", "name", "nondeterministic", "release", "run", "timeout", "use", "values"];

/// Words of ours that a later version of the suite gives a meaning to. Until then they are taken
/// from the page like the others, and a mistake.
const RESERVED: &[&str] = &["chart"];

/// Words that rustdoc and mdBook know and that say nothing about a verdict.
const THEIRS: &[&str] = &["editable", "mdbook-runnable", "noplayground", "noplaypen"];

/// What an info string says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Info {
    /// Whether the block is Rust.
    pub(crate) rust: bool,
    /// Whether it asks to be tested as Rust, for which rustdoc may have its reasons not to.
    pub(crate) says_rust: bool,
    pub(crate) ignored: bool,
    /// Parts of target triples on which it is ignored: rustdoc's `ignore-NAME`, which is stronger
    /// than `ignore`.
    pub(crate) ignored_on: Vec<String>,
    pub(crate) should_panic: bool,
    pub(crate) no_run: bool,
    pub(crate) compile_fail: bool,
    pub(crate) error_codes: Vec<String>,
    pub(crate) edition: Option<Edition>,
    pub(crate) standalone: bool,
    pub(crate) test_harness: bool,
    pub(crate) name: Option<Word>,
    /// The module that the snippet is.
    pub(crate) module: Option<Word>,
    /// The modules that it uses.
    pub(crate) uses: Vec<Word>,
    /// Whether the page shows what the snippet prints.
    pub(crate) run: bool,
    /// Whether it shows that as a table.
    pub(crate) table: bool,
    /// What of it may differ from one run to the next.
    pub(crate) varying: Varying,
    pub(crate) release: bool,
    /// Whether all values that it prints are meant to be used.
    pub(crate) values: bool,
    pub(crate) timeout: Option<Duration>,
    /// Our words with the separator before each, to be taken from the page.
    pub(crate) ours: Vec<Span>,
    pub(crate) problems: Vec<InfoProblem>,
}

/// A word and its place; of a word of ours, its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
}

impl Word {
    /// The last bytes of the word.
    fn ending(&self, text: &str) -> Self {
        let end = self.span.end();
        Self { text: text.to_owned(), span: Span::new(end - text.len(), end) }
    }
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
    /// The word means nothing yet.
    Reserved { word: String },
    /// The value of one of our words makes no sense.
    BadValue { word: String, expected: Cow<'static, str> },
    /// The word was said before, with another value or the same, and has one only.
    Repeated { word: String, key: String },
    /// rustdoc takes no notice of this word because of one before it.
    Misplaced { word: String },
}

impl Info {
    /// Whether nobody asks for a verdict on this target triple.
    pub(crate) fn is_ignored_on(&self, host: &str) -> bool {
        self.ignored || self.ignored_on.iter().any(|part| host.contains(part))
    }

    /// Reads the info string that stands at `span`.
    ///
    /// With `ours`, words of ours are taken out before rustdoc's rules apply, as they are from the
    /// page; error codes count, and what may be a word of ours mistyped is no reason to pass over
    /// the block. Without, the reading is that of a stable rustdoc.
    pub(crate) fn parse(text: &str, span: Span, ours: bool) -> Self {
        let words = words_of(text, span);
        let mut info = Info { says_rust: asks_for_rust(&words), ..Info::default() };
        let mut rest = Cow::Borrowed(text);
        for word in words.iter().filter(|_| ours) {
            let (at, end) = (word.span.start() - span.start(), word.span.end() - span.start());
            let start = text[..at].trim_end_matches(is_separator).len();
            if info.read_ours(word) {
                info.ours.push(Span::new(span.start() + start, word.span.end()));
            } else if !info.read_mistyped(word) {
                continue;
            }
            // Blanks keep the places of the others.
            rest.to_mut().replace_range(start..end, &" ".repeat(end - start));
        }
        let page = unescaped_info(&rest);
        let mut tags = Tags::of(&page);
        let mut seen = Seen::default();
        for tag in &mut tags {
            let start = span.start() + tag.at;
            let place = match page {
                Cow::Borrowed(_) => Span::new(start, start + tag.text.len()),
                Cow::Owned(_) => span,
            };
            info.read(&Word { text: tag.text.to_owned(), span: place }, ours, &mut seen);
        }
        info.rust = !seen.custom && !tags.gave_up() && (!seen.stranger || seen.rust);
        info.ignored &= info.ignored_on.is_empty();
        info
    }

    /// Reads a word as rustdoc's `LangString::parse` does.
    fn read(&mut self, word: &Word, ours: bool, seen: &mut Seen) {
        let text = word.text.as_str();
        match text {
            "rust" => seen.rust = true,
            "custom" => seen.custom = true,
            "should_panic" | "no_run" | "ignore" => self.forgetful(word, ours, seen),
            _ if text.starts_with("ignore-") => self.forgetful(word, ours, seen),
            "compile_fail" | "test_harness" | "standalone_crate" => {
                seen.rust |= !seen.stranger;
                self.compile_fail |= text == "compile_fail";
                self.test_harness |= text == "test_harness";
                self.standalone |= text == "standalone_crate";
            }
            _ if ours && is_error_code(text) => {
                seen.rust |= !seen.stranger;
                self.error_codes.push(text.to_owned());
            }
            // Even one that is none: rustdoc takes the book's then.
            _ if text.starts_with("edition") => self.edition = text.parse().ok(),
            _ => {
                seen.stranger = true;
                if ours {
                    self.read_stranger(word);
                }
            }
        }
    }

    /// Reads a word at which rustdoc forgets that a block is Rust if a stranger came before it.
    fn forgetful(&mut self, word: &Word, ours: bool, seen: &mut Seen) {
        match word.text.as_str() {
            "should_panic" => self.should_panic = true,
            "no_run" => self.no_run = true,
            "ignore" => self.ignored = true,
            other => self.ignored_on.extend(other.strip_prefix("ignore-").map(str::to_owned)),
        }
        if ours && seen.stranger && seen.rust {
            self.problem(word, InfoProblemKind::Misplaced { word: word.text.clone() });
        } else {
            seen.rust = !seen.stranger;
        }
    }

    /// Reads one of our words; says whether it is one.
    fn read_ours(&mut self, word: &Word) -> bool {
        let (written, value) = match word.text.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (word.text.as_str(), None),
        };
        let key = written.trim_end_matches(is_separator);
        let has_blanks =
            key != written || value.is_some_and(|value| value.starts_with(is_separator));
        if !OURS.contains(&key) && !RESERVED.contains(&key) {
            return false;
        }
        if RESERVED.contains(&key) {
            self.problem(word, InfoProblemKind::Reserved { word: key.to_owned() });
            return true;
        }
        let is_first = match (key, value) {
            (_, Some(value)) if has_blanks => {
                let value = value.trim_start_matches(is_separator);
                self.bad_value(word, format!("`{key}={value}`, without blanks").into())
            }
            ("name", Some(name)) if is_name(name) => set(&mut self.name, word.ending(name)),
            ("mod", Some(name)) if is_module_name(name) => set(&mut self.module, word.ending(name)),
            ("use", Some(name)) if is_module_name(name) => {
                self.uses.push(word.ending(name));
                true
            }
            ("timeout", Some(value)) if duration(value).is_some() => {
                duration(value).is_some_and(|time| set(&mut self.timeout, time))
            }
            ("run", None) => {
                self.run = true;
                true
            }
            ("release", None) => {
                self.release = true;
                true
            }
            ("as", Some("table")) => {
                self.table = true;
                true
            }
            ("nondeterministic", None) => {
                self.varying = Varying::Everything;
                true
            }
            ("nondeterministic", Some(names)) if Varying::of(names).is_some() => {
                self.varying = Varying::of(names).unwrap_or_default();
                true
            }
            ("values", None) => {
                self.values = true;
                true
            }
            _ => self.bad_value(word, expected(key, value)),
        };
        if !is_first {
            let (word_text, key) = (word.text.clone(), key.to_owned());
            self.problem(word, InfoProblemKind::Repeated { word: word_text, key });
        }
        true
    }

    /// Notes that a word of ours makes no sense, which is all that there is to say of it.
    fn bad_value(&mut self, word: &Word, expected: Cow<'static, str>) -> bool {
        self.problem(word, InfoProblemKind::BadValue { word: word.text.clone(), expected });
        true
    }

    /// Reads a word with a value that may be one of ours mistyped; says whether it is. rustdoc could
    /// not read it.
    fn read_mistyped(&mut self, word: &Word) -> bool {
        let key = word.text.split_once('=').map(|(key, _)| key);
        let Some(near) = key.and_then(near) else { return false };
        self.problem(word, InfoProblemKind::Unknown { word: word.text.clone(), near });
        true
    }

    /// A word of nobody's is a mistake if it is near to a known one, otherwise somebody's own.
    fn read_stranger(&mut self, word: &Word) {
        if let Some(near) = near(&word.text) {
            self.problem(word, InfoProblemKind::Unknown { word: word.text.clone(), near });
        }
    }

    fn problem(&mut self, word: &Word, kind: InfoProblemKind) {
        self.problems.push(InfoProblem { kind, span: word.span });
    }
}

/// What has been seen so far, as far as it decides whether a block is Rust.
#[derive(Default)]
struct Seen {
    /// A word that only Rust blocks have.
    rust: bool,
    /// A word that rustdoc does not know.
    stranger: bool,
    /// rustdoc's `custom`, which says that the classes in braces are all there is.
    custom: bool,
}

/// The known word that somebody may have meant who wrote this one.
fn near(key: &str) -> Option<&'static str> {
    let is_word = key.chars().all(|ch| ch.is_alphanumeric() || "_-".contains(ch));
    if key.is_empty() || !is_word || THEIRS.contains(&key) || key == "hidelines" {
        return None;
    }
    let rustdoc = ["should_panic", "no_run", "ignore", "compile_fail", "test_harness"];
    did_you_mean(key, OURS.iter().chain(THEIRS).copied().chain(rustdoc))
}

/// Sets a value that can be said once; says whether it was the first.
fn set<T>(place: &mut Option<T>, value: T) -> bool {
    let is_first = place.is_none();
    place.get_or_insert(value);
    is_first
}

/// What should stand in the place of one of our words that makes no sense.
fn expected(key: &str, value: Option<&str>) -> Cow<'static, str> {
    match (key, value) {
        ("mod" | "use", Some(name)) if is_keyword(name) => {
            format!("another name: `{name}` is a keyword").into()
        }
        ("mod", _) => "`mod=` and a name that Rust allows, such as `mod=ring`".into(),
        ("use", _) => "a module's name, such as `use=ring`; for two, `use=ring,use=hash`".into(),
        ("name", _) => "`name=` and letters, digits, `_`, `-` or `.`".into(),
        ("timeout", _) => "a time such as `timeout=2s` or `timeout=500ms`, a day at most".into(),
        ("as", _) => "`as=table`".into(),
        ("nondeterministic", _) => "the word alone, or what differs: `addresses`, `durations`, \
                                    `paths`, `threads`, with `+` between them"
            .into(),
        _ => "the word alone, without a value".into(),
    }
}

/// The words of an info string, which commas and blanks separate; what quotes, braces or parentheses
/// hold is not taken apart, nor one of our words with blanks around its `=`.
fn words_of(text: &str, span: Span) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut start, mut closing) = (0, None);
    for (at, ch) in text.char_indices().chain([(text.len(), ',')]) {
        if closing.is_some() && at < text.len() {
            closing = closing.filter(|closing| *closing != ch);
        } else if is_separator(ch) {
            if at > start {
                let span = Span::new(span.start() + start, span.start() + at);
                words.push(Word { text: text[start..at].to_owned(), span });
            }
            start = at + ch.len_utf8();
        } else {
            closing = match ch {
                '{' => Some('}'),
                '(' => Some(')'),
                '"' => Some('"'),
                _ => None,
            };
        }
    }
    joined(words, text, span.start())
}

/// Puts words such as `use = ring` back together: rustdoc could not read the `=` and would pass
/// over the block. `text` starts at `base`.
fn joined(words: Vec<Word>, text: &str, base: usize) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::with_capacity(words.len());
    let mut lacks_value = false;
    for word in words {
        let belongs = joined.last().is_some_and(|before| {
            let is_near = !text[before.span.end() - base..word.span.start() - base].contains(',');
            let is_ours = || {
                OURS.iter().chain(RESERVED).any(|key| before.text.split('=').next() == Some(key))
            };
            let begins_value = || word.text.starts_with('=') && !before.text.contains('=');
            is_near && (lacks_value || (begins_value() && is_ours()))
        });
        lacks_value = word.text == "=" && belongs;
        let Some(before) = joined.last_mut().filter(|_| belongs) else {
            joined.push(word);
            continue;
        };
        before.span = Span::new(before.span.start(), word.span.end());
        before.text = text[before.span.start() - base..before.span.end() - base].to_owned();
    }
    joined
}

/// Whether somebody who does not know rustdoc's grammar expects a test.
fn asks_for_rust(words: &[Word]) -> bool {
    let has =
        |wanted: &str| words.iter().any(|word| word.text.split(['{', '(']).next() == Some(wanted));
    has("rust") && !has("ignore")
}

fn is_name(name: &str) -> bool {
    let allowed = |ch: char| ch.is_alphanumeric() || "_-.".contains(ch);
    !name.is_empty() && name.chars().all(allowed)
}

/// Whether Rust may take it for a name.
fn is_module_name(name: &str) -> bool {
    !is_keyword(name)
        && !name.starts_with(|ch: char| ch.is_numeric())
        && !name.is_empty()
        && name.chars().all(|ch| ch.is_alphanumeric() || ch == '_')
}

fn is_error_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with('E') && word[1..].bytes().all(|byte| byte.is_ascii_digit())
}

/// The longest that a snippet may ask for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// `2s`, `500ms`, or bare seconds.
fn duration(text: &str) -> Option<Duration> {
    let seconds = match text.strip_suffix("ms") {
        Some(millis) => millis.parse::<u32>().ok().map(f64::from)? / 1000.0,
        None => text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok()?,
    };
    let time = Duration::try_from_secs_f64(seconds).ok()?;
    (!time.is_zero() && time <= LONGEST).then_some(time)
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
        assert_eq!(parse("rust,name=a,should_panic").problems, []);
        let kinds: Vec<_> = parse("rust,other,should_panic")
            .problems
            .into_iter()
            .map(|problem| problem.kind)
            .collect();
        assert_eq!(kinds, [InfoProblemKind::Misplaced { word: "should_panic".into() }]);
    }

    #[test]
    fn modules_have_names_that_rust_allows() {
        let text = "rust,mod=ring,use=a_1,no_run,use=日本";
        let info = parse(text);
        let uses: Vec<_> = info.uses.iter().map(|word| &text[word.span.range()]).collect();
        assert_eq!((info.module.unwrap().text.as_str(), &uses[..]), ("ring", &["a_1", "日本"][..]));
        assert!(info.rust && info.no_run && info.problems.is_empty());
        for text in ["mod", "mod=", "use=a+b", "use=1a", "mod=a-b", "use", "mod=fn", "use=_"] {
            assert_eq!(parse(text).problems.len(), 1, "{text}");
        }
    }

    #[test]
    fn blanks_around_the_sign_are_told_and_the_block_is_rust() {
        for text in ["rust,use = ring", "rust,use =ring, no_run", "rust,mod  =\tring", "run = x"] {
            let info = parse(text);
            assert!(info.rust, "{text}");
            assert_eq!((info.problems.len(), info.ours.len()), (1, 1), "{text}");
        }
        let expected = |text| match parse(text).problems.remove(0).kind {
            InfoProblemKind::BadValue { expected, .. } => expected.into_owned(),
            kind => panic!("{kind:?}"),
        };
        assert_eq!(expected("rust,use = ring"), "`use=ring`, without blanks");
        assert_eq!(expected("rust,use =ring"), "`use=ring`, without blanks");
        assert_eq!(expected("rust,mod=crate"), "another name: `crate` is a keyword");
        let apart = parse("rust,run,=x");
        assert!(apart.run && !apart.rust);
    }

    #[test]
    fn a_word_with_one_value_has_the_first() {
        let info = parse("rust,mod=a,mod=b,name=c,name=c,timeout=1s,timeout=2s,use=d,use=e");
        assert_eq!(info.module.unwrap().text, "a");
        assert_eq!(info.timeout, Some(Duration::from_secs(1)));
        let keys = info.problems.into_iter().map(|problem| match problem.kind {
            InfoProblemKind::Repeated { key, .. } => key,
            kind => panic!("{kind:?}"),
        });
        assert_eq!(keys.collect::<Vec<_>>(), ["mod", "name", "timeout"]);
    }

    #[test]
    fn what_may_differ_is_everything_or_named() {
        assert_eq!(parse("rust,nondeterministic").varying, Varying::Everything);
        let info = parse("rust,as=table,nondeterministic=threads+paths,no_run");
        assert!(info.table && info.no_run && info.problems.is_empty());
        assert_eq!(Some(info.varying), Varying::of("threads+paths"));
        for text in ["as", "as=chart", "nondeterministic=", "nondeterministic=time"] {
            assert_eq!(parse(text).problems.len(), 1, "{text}");
        }
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
        let foreign = |text: &str| Info::parse(text, Span::new(0, text.len()), false).rust;
        assert!(rust("rust,name=x") && !foreign("rust,name=x") && !foreign("{.a #b}"));
        assert!(
            !foreign("rust,other,should_panic") && !foreign("E0308") && !foreign("custom,rust")
        );
    }

    #[test]
    fn our_words_stand_between_words_and_not_in_them() {
        let info = parse("run,rust(a, run),{.b} release");
        assert!(info.rust && info.run && info.release && info.ours.len() == 2);
        let info = parse("rust,\"name=a b\",name=日本");
        assert!(info.rust && info.name.is_some_and(|name| name.text == "日本"));
        assert!(!parse("rust,title=x").rust && parse("rust,nmae=x").rust);
    }

    #[test]
    fn entities_and_backslashes_are_resolved_before_words_are_read() {
        let info = parse("rust,name=a,x&amp;y,should&#95;panic\\,no\\_run");
        assert!(info.rust && info.should_panic && info.no_run && info.name.is_some());
        assert!(!parse("rust,&quot;").rust);
    }

    #[test]
    fn a_target_is_stronger_than_ignore_and_the_last_edition_counts() {
        let info = parse("ignore,ignore-x,edition2015,edition2020");
        assert!(!info.ignored && info.ignored_on == ["x"] && info.rust && info.edition.is_none());
    }

    #[test]
    fn times_are_read_in_seconds_and_milliseconds() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        let refused = ["0", "0ms", "x", "-1", "nan", "1e19", "1e300", "1 s"];
        assert_eq!(refused.map(duration), [None; 8]);
    }
}
