//! Lines and columns of a text, and how to get from one way of counting to another.
//!
//! rustc counts in three ways: diagnostics give byte offsets, a reader wants characters, and a
//! panic's column is a *display* column, where a tab is four wide and a Chinese character two.

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthChar;

/// A place in [`Snippet::code`](crate::Snippet::code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

/// The lines of a text, for lookups in both directions.
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// The byte offset at which each line starts; never empty.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// Returns the position of a byte offset, clamped to the text and to a character border.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|&start| start <= offset);
        let column = self.text[self.starts[line - 1]..offset].chars().count() + 1;
        Position { line, column }
    }

    /// Returns the byte offset of a 1-based line and display column, as a panic prints them.
    ///
    /// `None` when the text has no such line. A column past the line's end is its end.
    pub(crate) fn offset_of_display(&self, line: usize, column: usize) -> Option<usize> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let mut width = 1;
        let mut offset = start;
        for character in self.text[start..].chars().take_while(|&character| character != '\n') {
            if width >= column {
                break;
            }
            width += display_width(character);
            offset += character.len_utf8();
        }
        Some(offset)
    }
}

/// How many columns rustc gives a character.
fn display_width(character: char) -> usize {
    match character {
        '\t' => 4,
        _ => character.width().unwrap_or(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let lines = Lines::new("ab\nä日x\n");
        assert_eq!(lines.position(0), Position { line: 1, column: 1 });
        assert_eq!(lines.position(3), Position { line: 2, column: 1 });
        assert_eq!(lines.position(8), Position { line: 2, column: 3 });
        assert_eq!(lines.position(999), Position { line: 3, column: 1 });
    }

    #[test]
    fn an_offset_inside_a_character_is_its_start() {
        assert_eq!(Lines::new("日").position(2), Position { line: 1, column: 1 });
    }

    #[test]
    fn display_columns_widen_tabs_and_wide_characters() {
        let lines = Lines::new("\n\t日x");
        assert_eq!(lines.offset_of_display(2, 5), Some(2));
        assert_eq!(lines.offset_of_display(2, 7), Some(5));
        assert_eq!(lines.offset_of_display(2, 99), Some(6));
        assert_eq!(lines.offset_of_display(3, 1), None);
        assert_eq!(lines.offset_of_display(0, 1), None);
    }
}
