//! What a part of a chapter is for its card: `<!-- ? card failures Mitigation -->`.

/// What a part is for the chapter's card, and for what else is made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The question that the chapter answers.
    Question,
    /// A table of situations and what to choose in each.
    Decisions,
    /// A table of what operations cost, perhaps one for each option.
    Costs,
    /// A table of what fails and what to do about it.
    Failures,
    /// Numbers to remember.
    Numbers,
    /// What to say when asked about the chapter's subject.
    Answer,
    /// A table of further questions and what to say to them.
    Questions,
    /// In a hub, the part that links its chapters.
    Spokes,
}

/// What the word `card` takes.
pub(crate) const TAKES: &str = "what the part is for a card, one of `answer`, `costs`, `decisions`, \
    `failures`, `numbers`, `question`, `questions` and `spokes`, and perhaps the columns that it \
    shows, as in `card failures Detection | Mitigation`";

impl Role {
    /// All roles.
    const ALL: [Self; 8] = [
        Self::Answer,
        Self::Costs,
        Self::Decisions,
        Self::Failures,
        Self::Numbers,
        Self::Question,
        Self::Questions,
        Self::Spokes,
    ];

    /// The word for it in templates.
    pub fn word(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Decisions => "decisions",
            Self::Costs => "costs",
            Self::Failures => "failures",
            Self::Numbers => "numbers",
            Self::Answer => "answer",
            Self::Questions => "questions",
            Self::Spokes => "spokes",
        }
    }

    /// Whether it is a table's, so that columns can be named.
    pub(crate) fn has_columns(self) -> bool {
        !matches!(self, Self::Question | Self::Answer | Self::Spokes)
    }
}

/// The role and the columns that follow the word `card`.
pub(crate) fn parse(args: &str) -> Option<(Role, Vec<String>)> {
    let (word, columns) = args.split_once(char::is_whitespace).unwrap_or((args, ""));
    let role = Role::ALL.into_iter().find(|role| role.word() == word)?;
    let columns = columns.split('|').map(str::trim).filter(|column| !column.is_empty());
    let columns: Vec<String> = columns.map(str::to_owned).collect();
    (columns.is_empty() || role.has_columns()).then_some((role, columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_and_its_columns_are_read() {
        let columns = vec!["Detection".to_owned(), "What to do".to_owned()];
        let failures = Some((Role::Failures, columns));
        assert_eq!(parse("failures Detection | What to do"), failures);
        assert_eq!(parse("answer"), Some((Role::Answer, Vec::new())));
        assert_eq!(parse("answer Column"), None);
        assert_eq!(parse("costing"), None);
    }

    #[test]
    fn every_role_is_read_by_its_word_and_stands_in_what_is_said_of_them() {
        assert!(Role::ALL.is_sorted_by_key(|role| role.word()));
        for role in Role::ALL {
            assert_eq!(parse(role.word()), Some((role, Vec::new())));
            assert!(TAKES.contains(&format!("`{}`", role.word())), "{role:?}");
        }
    }
}
