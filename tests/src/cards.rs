//! A book of which cards are made, and a chapter of one.

use crate::Book;
use crate::in_process::{Files, OneChapter};
use mdbook_quickref::{Cards, Flashcard};
use std::path::Path;

/// The book in `fixtures/cards`: a hub and five chapters, one of them without tables, one in another
/// language.
pub fn book() -> Book {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cards");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).expect("a fixture");
    let mut book = Book::new().config(&read("book.toml")).summary(&read("src/SUMMARY.md"));
    for path in [
        "templates/dive.md",
        "templates/hub.md",
        "templates/kapitel.md",
        "references.bib",
        "src/storage.md",
        "src/topics/consensus.md",
        "src/topics/caching.md",
        "src/topics/sharding.md",
        "src/topics/warteschlangen.md",
        "src/topics/bare.md",
        "src/sheet.md",
        "src/practice.md",
    ] {
        book = book.file(path, read(path));
    }
    book
}

/// The cards of a deck.
pub fn deck(book: &Book) -> Vec<serde_json::Value> {
    let output = book.handbook(["cards", "--format", "json"]);
    let deck: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    deck["cards"].as_array().expect("a list").clone()
}

/// A template with each role that a part can have on a card.
pub const TEMPLATE: &str = "\
# [Topic]

## Option A: [Name] <!-- ? repeat 1.., define option, optional -->

<!-- ? card costs -->
| Step | Time | Space |
|------|------|-------|
| [a]  | [b]  | [c]   |

## Choice <!-- ? optional -->

<!-- ? card decisions Option -->
| Case | Option |
|------|--------|
| [a]  | [b]    |

## Numbers <!-- ? optional, card numbers -->

[Numbers]

## Say <!-- ? optional, card answer -->

[Words]

## Questions <!-- ? optional -->

<!-- ? card questions -->
| Question | Points |
|----------|--------|
| [a]      | [b]    |

## Card <!-- ? derive card -->
";

/// One chapter that follows [`TEMPLATE`].
pub fn one_chapter() -> OneChapter {
    let config = "[preprocessor.handbook]\ncommand = \"x\"\n\
                  [preprocessor.handbook.adr.kinds.chapter]\n\
                  template = \"t.md\"\nchapters = [\"*.md\"]\n";
    let files = Files([("t.md".into(), TEMPLATE.to_owned())].into());
    OneChapter { config: config.to_owned(), files }
}

/// The flashcards of a book whose one chapter has this text.
pub fn flashcards(book: &OneChapter, text: &str) -> Vec<Flashcard> {
    let analysis = book.analyse(text);
    analysis.facts.get::<Cards>().expect("cards").deck(&analysis.book).0
}
