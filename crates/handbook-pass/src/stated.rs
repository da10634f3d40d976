use handbook_book::{ChapterId, Span};
use handbook_template::Role;

/// What chapters state for cards, as their templates say: a fact of whoever reads templates.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    /// By [`ChapterId`]; `None` for a chapter without a template.
    pub chapters: Vec<Option<Statements>>,
}

/// What one chapter states for cards.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    /// What it is about: its title without what its kind's titles have in common.
    pub topic: String,
    /// The parts that have a role, in the order of the template, repeated ones one after the other.
    pub parts: Vec<StatedPart>,
    /// The blocks that can be derived in it.
    pub blocks: Vec<StatedBlock>,
    /// The template's placeholders that are still there: nothing is stated yet.
    pub placeholders: Vec<Span>,
}

/// A part of a chapter that a card is made of.
#[derive(Clone, Debug)]
pub struct StatedPart {
    /// What it is for the card.
    pub role: Role,
    /// The columns of its table that a card shows beside the first; none if all.
    pub columns: Vec<String>,
    /// The part.
    pub span: Span,
    /// The repeated part that it belongs to, such as the option of a table of costs.
    pub member: Option<Member>,
}

/// A repeated part of a chapter, such as one of its options.
#[derive(Clone, Debug)]
pub struct Member {
    /// What the author called it: `Jump hash`.
    pub name: String,
    /// All that it may be called elsewhere, in lower case.
    pub called: Vec<String>,
}

/// A place of the template where a block can be derived.
#[derive(Clone, Debug)]
pub struct StatedBlock {
    /// The block's name.
    pub name: String,
    /// The header of the table that the template shows there; empty if it shows none.
    pub header: Vec<String>,
    /// What the author wrote there by hand.
    pub written: Option<Span>,
}

impl Member {
    /// Whether `text` names it.
    pub fn is_named_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.called.iter().any(|name| has_word(&text, name))
    }
}

/// Whether `word` stands in `text` and is no part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let apart = |ch: Option<char>| ch.is_none_or(|ch| !ch.is_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        apart(text[..at].chars().next_back()) && apart(text[at + word.len()..].chars().next())
    })
}

impl Stated {
    /// What a chapter states.
    pub fn of(&self, id: ChapterId) -> Option<&Statements> {
        self.chapters.get(id.0)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::has_word;

    #[test]
    fn words_stand_alone() {
        assert!(has_word("jump hash, or ring", "ring") && !has_word("strings", "ring"));
    }
}
