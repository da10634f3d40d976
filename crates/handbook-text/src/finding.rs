use crate::{Edit, Span};
use std::fmt;

/// How bad a finding is. Ordered: information, warning, error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; never fails anything.
    Info,
    /// Fails only where warnings are denied.
    Warning,
    /// Fails a build or check.
    Error,
}

/// How much what a finding is about matters, as its book says. Ordered: the first matters most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Nothing is worth more.
    P0,
    /// Before all that is merely useful.
    P1,
    /// Useful.
    P2,
    /// Nice to have.
    P3,
}

/// What a rule has to say about one place in the text that `T` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<T> {
    /// The rule's id, `pass/defect`.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// How much it matters; `None` if nobody says.
    pub priority: Option<Priority>,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// The place. `None` speaks of the text as a whole.
    pub span: Option<Span<T>>,
    /// What the place itself is, a few words shown under the carets.
    pub label: Option<String>,
    /// Facts that explain the finding: a diagnostic's text, a diff, the way through includes.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The remedy as edits of the same text.
    pub fix: Option<Fix<T>>,
}

/// Edits that remedy a finding, all or none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix<T> {
    /// The edits, of the text that the finding is about.
    pub edits: Vec<Edit<T>>,
    /// Whether it may be applied without asking.
    pub safety: Safety,
    /// What it makes of a sentence of the author's, which may be false then: `9.1 % is now 9.2 %`.
    /// `None` where no sentence changes.
    pub rewrites: Option<String>,
}

/// Whether a fix may be applied unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// Derived text written down; the author's own words stay.
    Safe,
    /// Adds text that the author has to complete, or guesses a meaning.
    Unsafe,
}

impl<T> Finding<T> {
    /// A finding of `rule` with nothing but its message.
    pub fn new(rule: &'static str, level: Level, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            priority: None,
            message: message.into(),
            span: None,
            label: None,
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// An error of `rule`.
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Level::Error, message)
    }

    /// A warning of `rule`.
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Level::Warning, message)
    }

    /// Information from `rule`.
    pub fn info(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Level::Info, message)
    }

    /// Says how much it matters.
    #[must_use]
    pub fn priority(mut self, priority: impl Into<Option<Priority>>) -> Self {
        self.priority = priority.into();
        self
    }

    /// Places the finding at `span`.
    #[must_use]
    pub fn at(mut self, span: Span<T>) -> Self {
        self.span = Some(span);
        self
    }

    /// Says what the place is.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds an explaining fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn fix(mut self, safety: Safety, edits: Vec<Edit<T>>) -> Self {
        self.fix = Some(Fix { edits, safety, rewrites: None });
        self
    }

    /// Says what the remedy makes of a sentence; without a remedy, nothing.
    #[must_use]
    pub fn rewriting(mut self, what: impl Into<String>) -> Self {
        if let Some(fix) = &mut self.fix {
            fix.rewrites = Some(what.into());
        }
        self
    }

    /// The same finding about another text: without its place and its fix, which the caller maps.
    pub fn without_place<U>(self) -> Finding<U> {
        Finding {
            rule: self.rule,
            level: self.level,
            priority: self.priority,
            message: self.message,
            span: None,
            label: self.label,
            notes: self.notes,
            help: self.help,
            fix: None,
        }
    }
}

impl Level {
    /// The level's name in reports: `info`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Priority {
    /// All priorities; the place of each is its number.
    pub const ALL: [Self; 4] = [Self::P0, Self::P1, Self::P2, Self::P3];

    /// The priority's name in reports: `P0` to `P3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::P0 => "P0",
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
