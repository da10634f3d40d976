use crate::Outcome;
use crate::arguments::{Cards, CardsFormat, Format, Shared};
use crate::open::OpenBook;
use crate::report::{remark, report};
use anyhow::Context;
use handbook_engine::Located;
use handbook_mdbook::{DiskFiles, UNKNOWN_SETTING};
use handbook_text::Level;
use serde_json::{Value, json};
use std::io::Write;

/// Writes the flashcards of a book. Nothing is run for them, and nothing is written where something
/// is wrong with what they are made from.
pub(crate) fn cards(shared: &Shared, cards: &Cards) -> anyhow::Result<Outcome> {
    let mut book = OpenBook::open(shared, None, &DiskFiles)?;
    book.environment.execute = false;
    let mut input = book.input(&DiskFiles)?;
    let analysis = book.analyse(&mut input, &DiskFiles);
    let wrong: Vec<&Located> = analysis.findings.iter().filter(|one| is_about_all(one)).collect();
    if !wrong.is_empty() {
        remark("no cards were written: the book cannot be read as its author means it");
        report(shared, Format::Text, &wrong, &book.root)?;
        return Ok(Outcome::Found);
    }
    let made = analysis.facts.get::<mdbook_quickref::Cards>();
    let deck = made.map(|cards| cards.deck(&analysis.book)).unwrap_or_default();
    let title = book.config.get(&["book", "title"]).and_then(Value::as_str);
    let text = match cards.format {
        CardsFormat::Anki => deck.anki(title.unwrap_or("Handbook")),
        CardsFormat::Json => format!("{:#}\n", json!({ "book": title, "cards": deck.0 })),
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

/// Whether a finding says that the book is not read as its author means it: a setting, a template or
/// a file is wrong. Then cards may be missing that are in the deck of yesterday.
fn is_about_all(located: &Located) -> bool {
    let finding = &located.finding;
    let is_error = finding.level == Level::Error
        && (located.chapters.is_empty() || finding.rule.starts_with("book/"));
    is_error || finding.rule == UNKNOWN_SETTING.id
}
