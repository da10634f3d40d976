use crate::Outcome;
use crate::arguments::{Cards, CardsFormat, Shared};
use crate::open::OpenBook;
use crate::report::remark;
use anyhow::Context;
use handbook_mdbook::DiskFiles;
use mdbook_quickref::Deck;
use serde_json::{Value, json};
use std::io::Write;

/// Writes the flashcards of a book. Nothing is run for them.
pub(crate) fn cards(shared: &Shared, cards: &Cards) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, None, &DiskFiles)?;
    book.environment.execute = false;
    let mut input = book.input(&DiskFiles)?;
    let analysis = book.analyse(&mut input, &DiskFiles);
    let none = Deck::default();
    let deck = analysis.facts.get::<Deck>().unwrap_or(&none);
    let title = book.config.get(&["book", "title"]).and_then(Value::as_str);
    let text = match cards.format {
        CardsFormat::Anki => deck.anki(title.unwrap_or("Handbook")),
        CardsFormat::Json => format!("{:#}\n", json!({ "cards": deck.0 })),
    };
    match &cards.out {
        Some(path) => {
            let path = book.environment.directory.join(path);
            let failed = || format!("cannot write `{}`", path.display());
            std::fs::write(&path, text).with_context(failed)?;
        }
        // As it is: a deck is a file, whoever shows it.
        None => std::io::stdout().write_all(text.as_bytes())?,
    }
    let number = deck.0.len();
    remark(&format!("{number} {}", if number == 1 { "card" } else { "cards" }));
    if number == 0 {
        remark("help: templates say what cards are made of, as in `<!-- ? card questions -->`");
    }
    Ok(Outcome::Clean)
}
