//! What may differ from one run to the next: all that a snippet prints, or parts of a few sorts.
//!
//! Nothing varies unless the author says so. An address, a duration or a path often means nothing,
//! but `0xff` in a chapter about bits and `250ms` in one about time-outs do, and nobody but the
//! author can tell them apart. A number in a book must not drift in silence.
//!
//! Columns are padded, so the blanks beside such a part follow its length, and count for nothing.

use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What of the things that a snippet prints may differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Varying {
    /// Nothing: `nondeterministic` is not said.
    #[default]
    Nothing,
    /// Parts of these sorts: `nondeterministic=durations+threads`.
    Parts(Vec<Sort>),
    /// Anything: `nondeterministic`.
    Everything,
}

/// A sort of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Addresses,
    Durations,
    Paths,
    Threads,
}

/// The name of each sort, and how its parts look. What the first group finds stands before one.
const SORTS: &[(&str, Sort, &str)] = &[
    ("addresses", Sort::Addresses, r"\b0x[0-9a-fA-F]+\b"),
    ("durations", Sort::Durations, r"\b\d+(?:\.\d+)?\s?(?:ns|us|µs|μs|ms|s)\b"),
    // What has a single slash may be a fraction or a unit; behind two begins the host of a URL.
    ("paths", Sort::Paths, r#"(^|[^\w/]|\bfile://)/[^\s"'`:;,()\[\]<>/]+/[^\s"'`:;,()\[\]<>]*"#),
    ("threads", Sort::Threads, r"\bThreadId\(\d+\)"),
];

static PATTERNS: LazyLock<Vec<(Sort, Regex, String)>> = LazyLock::new(|| {
    let sorts = SORTS.iter().filter_map(|(name, sort, pattern)| {
        Some((*sort, Regex::new(pattern).ok()?, format!("${{1}}\u{fffc}{name}\u{fffc}")))
    });
    sorts.collect()
});

/// What stands for a part, and the blanks beside it.
static PADDING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[ \t]*(?<part>\u{fffc}[a-z]+\u{fffc})[ \t]*").expect("a fixed pattern")
});

impl Varying {
    /// The names of sorts, `+` between them.
    pub(crate) fn of(names: &str) -> Option<Self> {
        let sort = |name: &str| SORTS.iter().find(|(known, ..)| *known == name);
        let sorts = names.split('+').map(|name| sort(name).map(|(_, sort, _)| *sort));
        Some(Self::Parts(sorts.collect::<Option<_>>()?))
    }

    /// A line with one and the same text for all parts of a sort that may differ.
    pub(super) fn common<'a>(&self, line: &'a str) -> Cow<'a, str> {
        let Self::Parts(sorts) = self else { return Cow::Borrowed(line) };
        let patterns = PATTERNS.iter().filter(|(sort, ..)| sorts.contains(sort));
        let common = patterns.fold(Cow::Borrowed(line), |line, (_, pattern, common)| {
            Cow::Owned(pattern.replace_all(&line, common).into_owned())
        });
        PADDING.replace_all(&common, "$part").into_owned().into()
    }

    /// Whether it is no wonder that a snippet prints `one` first, and then `other`.
    pub(crate) fn allows(&self, one: &str, other: &str) -> bool {
        match self {
            Self::Nothing => one == other,
            Self::Parts(_) => {
                let common = |text: &'_ str| -> Vec<String> {
                    text.lines().map(|line| self.common(line).into_owned()).collect()
                };
                common(one) == common(other)
            }
            Self::Everything => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &str, one: &str, other: &str, expected: bool) {
        let varying = Varying::of(names).expect("names of sorts");
        assert_eq!(varying.allows(one, other), expected, "{one} and {other}");
    }

    #[test]
    fn parts_of_the_sorts_that_are_named_may_differ() {
        assert_eq!(PATTERNS.len(), SORTS.len());
        check("addresses", "at 0x7ffd12, 1", "at 0x55aa, 1", true);
        check("addresses", "at 0x7ffd12, 1", "at 0x55aa, 2", false);
        check("durations", "1.234ms, 2s; 35.2µs", "10 ns, 1.5s; 3ms", true);
        check("durations", "3 sets", "4 sets", false);
        check("durations", "1.2 m", "1.3 m", false);
        check("durations", "0x1f", "0x2f", false);
        check("threads", "ThreadId(3)", "ThreadId(14)", true);
        check("durations", "| sort |  9.8ms |", "| sort | 10.2ms |", true);
        check("durations", "sort 9.8ms  12", "sort 10.2ms 12", true);
        check("durations", "  9 ms\n100 ms", " 10 ms\n  9 ms", true);
        check("durations", "sort  a 9ms", "sort a 9ms", false);
        check("threads+durations", "ThreadId(3)  1s", "ThreadId(14) 20s", true);
        check("paths", "https://one.org/a/b", "https://two.org/a/b", false);
        check("paths", "http://[::1]:80/a/b", "http://[::2]:80/a/b", false);
        check("paths", "file:///tmp/a", "file:///home/b/c", true);
        check("paths", "/tmp/a: x", "/home/b/c: x", true);
        check("paths", "in \"/tmp/a/b\": 1", "in \"/home/c\": 1", true);
        check("paths", "1/2/3", "1/2/4", false);
        check("paths", "/s", "/m", false);
        check("threads+durations", "ThreadId(3) 1s", "ThreadId(4) 2s", true);
        check("threads", "ThreadId(3) 1s", "ThreadId(4) 2s", false);
    }

    #[test]
    fn other_names_are_none() {
        for names in ["", "+", "durations+", "duration", "durations,threads"] {
            assert_eq!(Varying::of(names), None, "{names}");
        }
    }
}
