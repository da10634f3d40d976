//! What a link from one chapter to another has to say.

use crate::address::{between, encoded};
use crate::{Book, ChapterId};

/// Who follows a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who reads the finished page, where mdBook calls `README.md` `index.md`.
    OfPage,
    /// Somebody who reads the Markdown.
    OfSource,
}

impl Book {
    /// What a link in one chapter to another, or to an anchor there, has to say.
    pub fn way(
        &self,
        from: ChapterId,
        to: ChapterId,
        anchor: Option<&str>,
        reader: Reader,
    ) -> String {
        let anchor = anchor.map(|anchor| format!("#{}", encoded(anchor))).unwrap_or_default();
        if from == to && !anchor.is_empty() {
            return anchor;
        }
        let path = match reader {
            Reader::OfSource => between(&self[from].path, &self[to].path),
            // mdBook makes `.html` of `.md`, and of no other name that a chapter may have.
            Reader::OfPage => {
                between(&self.page_path(from), &self.page_path(to).with_extension("md"))
            }
        };
        format!("{}{anchor}", encoded(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Chapter, Document, Host};

    #[test]
    fn readers_of_pages_are_led_to_pages_and_those_of_the_source_to_files() {
        let host = Host::default();
        let chapter = |path: &&str| Chapter {
            path: path.into(),
            name: String::new(),
            parent: None,
            document: Document::parse("", host),
        };
        let paths = ["a b.md", "README.md", "sub/README.markdown", "sub/c.markdown", "./x/../d.md"];
        let book = Book::new(host, paths.iter().map(chapter).collect());
        let ways = |from, reader| {
            (0..paths.len())
                .map(|to| book.way(ChapterId(from), ChapterId(to), None, reader))
                .collect::<Vec<_>>()
        };
        let pages = ["a%20b.md", "index.md", "sub/index.md", "sub/c.md", "d.md"];
        assert_eq!(ways(0, Reader::OfPage), pages);
        let pages = ["../a%20b.md", "../index.md", "index.md", "c.md", "../d.md"];
        assert_eq!(ways(3, Reader::OfPage), pages);
        let files = ["../a%20b.md", "../README.md", "README.markdown", "c.markdown"];
        assert_eq!(ways(3, Reader::OfSource)[..4], files);
        assert_eq!(book.way(ChapterId(0), ChapterId(0), Some("x y"), Reader::OfPage), "#x%20y");
    }
}
