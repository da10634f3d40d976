//! mdBook as `cargo xtask bench` needs it.
//!
//! - `host test BOOK [DIR]...`: what `mdbook test BOOK -L DIR...` does.
//! - `host json BOOK`: what mdBook writes to a preprocessor.

use anyhow::bail;
use mdbook_driver::MDBook;
use mdbook_preprocessor::PreprocessorContext;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["test", book, ref libraries @ ..] => MDBook::load(book)?.test(libraries.to_vec()),
        ["json", book] => {
            let MDBook { root, config, book, .. } = MDBook::load(book)?;
            let context = PreprocessorContext::new(root, config, "html".to_owned());
            Ok(serde_json::to_writer(std::io::stdout().lock(), &(context, book))?)
        }
        _ => bail!("expected `test BOOK [DIR]...` or `json BOOK`"),
    }
}
