use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Where lines start in one text, for turning byte offsets into lines and columns and back.
///
/// Lines end with `\n`; a `\r` before it counts as part of the line, as editors count it.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// Offsets of first bytes of lines, ascending; the first is zero.
    starts: Vec<usize>,
    len: usize,
}

/// A place for people: line and column, both from one, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from one.
    pub line: usize,
    /// The column, from one, in characters (Unicode scalar values).
    pub column: usize,
}

impl LineIndex {
    /// Indexes `text`.
    pub fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(newlines.map(|(offset, _)| offset + 1)).collect();
        Self { starts, len: text.len() }
    }

    /// The line of `offset`, from one. Offsets past the end belong to the last line.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The position of `offset` in `text`, which must be the indexed text. An offset past the end
    /// or inside a character is moved back to a border.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor_char_boundary(text, offset);
        let line = self.line(offset);
        let column = text[self.starts[line - 1]..offset].chars().count() + 1;
        Position { line, column }
    }

    /// The byte offset where `line` (from one) starts; the end of the text past the last line.
    pub fn line_start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.len)
    }

    /// How many lines the text has; a text that ends with a newline has an empty last line.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }
}

/// Where lines start in many texts, each looked through once however often it is asked for.
#[derive(Debug, Default)]
pub struct LineIndexes(HashMap<usize, (Arc<str>, LineIndex)>);

impl LineIndexes {
    /// The lines of a text. Another text of the same words is looked through again.
    pub fn of(&mut self, text: &Arc<str>) -> &LineIndex {
        // The text is held, so that no other can come to stand where it stands.
        let new = || (Arc::clone(text), LineIndex::new(text));
        &self.0.entry(text.as_ptr().addr()).or_insert_with(new).1
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_newlines() {
        let text = "äb\r\nc\n";
        let index = LineIndex::new(text);
        let at = |offset| index.position(text, offset).to_string();
        assert_eq!([at(0), at(2), at(3), at(5), at(7)], ["1:1", "1:2", "1:3", "2:1", "3:1"]);
        assert_eq!(at(1), "1:1", "inside a character");
        assert_eq!(at(99), "3:1", "past the end");
        let text: Arc<str> = text.into();
        let mut indexes = LineIndexes::default();
        assert_eq!(indexes.of(&text).line(5), 2);
        assert_eq!(indexes.of(&Arc::from("one")).line_count(), 1);
        assert_eq!(indexes.of(&text).line_count(), 3);
        assert_eq!((index.line_start(2), index.line_start(9)), (5, 7));
        assert_eq!(index.line_count(), 3);
    }
}
