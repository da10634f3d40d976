//! The least that anything which reads a book's Markdown has to do: take the JSON that mdBook
//! hands to a preprocessor, parse every chapter, hand it back. `cargo xtask bench` compares
//! `handbook run` with it.

use mdbook_markdown::{MarkdownOptions, new_cmark_parser};
use mdbook_preprocessor::PreprocessorContext;
use mdbook_preprocessor::book::{Book, BookItem};
use std::hint::black_box;
use std::io::{Read as _, Write as _};

fn main() -> anyhow::Result<()> {
    let mut json = Vec::new();
    std::io::stdin().lock().read_to_end(&mut json)?;
    let (_, book): (PreprocessorContext, Book) = serde_json::from_slice(&json)?;
    let options = MarkdownOptions::default();
    for item in book.iter() {
        if let BookItem::Chapter(chapter) = item {
            let events = new_cmark_parser(&chapter.content, &options).into_offset_iter();
            events.for_each(|event| drop(black_box(event)));
        }
    }
    let json = serde_json::to_vec(&book)?;
    Ok(std::io::stdout().lock().write_all(&json)?)
}
