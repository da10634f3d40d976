//! Reads the tables that programs print: for `as=table`, for series, and for cells that are bound.
//!
//! The first line of a table is its header. It says what stands between cells: a tab, or else `|`,
//! or else a comma. Where the header stands between two `|`, so do the rows, and below it the line
//! may stand that Markdown wants there. Blanks at the end of a line count for nothing, so between
//! tabs the last cells of a row may be missing: they are empty.
//!
//! 1. [`Header`] reads lines one by one, for a text that is a table from its start to its end.
//! 2. [`tables`] finds the tables among other lines.

/// The first line of a table, by which the others are read.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    cut: Cut,
    pub(crate) cells: Vec<&'a str>,
}

/// What a line below a header is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    Row(Vec<&'a str>),
    /// The line that Markdown wants below a header.
    Rule,
    /// It has another number of cells.
    Uneven(usize),
}

/// A table among other lines.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// The header's line, from zero.
    pub(crate) line: usize,
    pub(crate) header: Header<'a>,
    pub(crate) rows: Vec<Row<'a>>,
    /// The line that ends it because it has another number of cells.
    pub(crate) uneven: Option<Row<'a>>,
}

/// A line of a table.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The line, from zero.
    pub(crate) line: usize,
    pub(crate) text: &'a str,
    pub(crate) cells: Vec<&'a str>,
}

impl<'a> Header<'a> {
    pub(crate) fn of(line: &'a str) -> Self {
        let cut = Cut::of(line);
        Self { cells: cut.cells(line), cut }
    }

    /// Reads another line; `is_next` says whether it is the one below the header.
    pub(crate) fn read<'b>(&self, line: &'b str, is_next: bool) -> Line<'b> {
        let due = self.cells.len();
        // A program may print the line that Markdown wants below a header.
        let is_rule = self.cut.between == '|'
            && line.contains("--")
            && line.chars().all(|ch| "|-: ".contains(ch));
        if is_rule && is_next {
            return Line::Rule;
        }
        let mut cells = self.cut.cells(line);
        if self.cut.between == '\t' {
            cells.resize(cells.len().max(due), "");
        }
        if cells.len() == due { Line::Row(cells) } else { Line::Uneven(cells.len()) }
    }
}

/// The tables of a text. Each is a header of two cells or more, of which the first is no number,
/// with the lines below it that have as many cells. A blank line ends a table, a line that
/// `is_other`, and one that is a header itself: it begins as the header does, or has a word in
/// each cell below a row of numbers.
pub(crate) fn tables<'a>(text: &'a str, is_other: impl Fn(&str) -> bool) -> Vec<Table<'a>> {
    let mut tables = Vec::new();
    let mut open: Option<Table<'a>> = None;
    for (line, text) in text.lines().enumerate() {
        if text.trim().is_empty() || is_other(text) {
            tables.extend(open.take());
            continue;
        }
        if open.as_mut().is_some_and(|table| table.takes(line, text)) {
            continue;
        }
        tables.extend(open.take());
        let header = Header::of(text);
        if header.cells.len() > 1 && !is_number(header.cells[0]) {
            open = Some(Table { line, header, rows: Vec::new(), uneven: None });
        }
    }
    tables.extend(open);
    tables.retain(|table| !table.rows.is_empty() || table.broken_row().is_some());
    tables
}

impl<'a> Table<'a> {
    /// Adds a line, unless the table ends before it.
    fn takes(&mut self, line: usize, text: &'a str) -> bool {
        // Of other lines nobody knows that cells are missing.
        if !text.contains(self.header.cut.between) {
            return false;
        }
        match self.header.read(text, self.rows.is_empty()) {
            Line::Rule => true,
            Line::Row(cells) if self.is_header(&cells) => false,
            Line::Row(cells) => {
                self.rows.push(Row { line, text, cells });
                true
            }
            Line::Uneven(_) => {
                let cells = self.header.cut.cells(text);
                self.uneven = Some(Row { line, text, cells });
                false
            }
        }
    }

    /// Whether cells below this header are another one.
    fn is_header(&self, cells: &[&str]) -> bool {
        let first = self.header.cells[0];
        let are_numbers = |row: &Row<'_>| row.cells.iter().all(|cell| is_number(cell));
        let is_word = |cell: &&str| {
            cell.starts_with(char::is_alphabetic)
                && cell.chars().all(|ch| ch.is_alphanumeric() || "_-".contains(ch))
        };
        !first.is_empty() && cells[0] == first
            || cells.iter().all(is_word) && self.rows.last().is_some_and(are_numbers)
    }

    /// The line that ends the table, if it seems to be meant as a row: `1,000,5` below `n,steps`.
    pub(crate) fn broken_row(&self) -> Option<&Row<'a>> {
        self.uneven.as_ref().filter(|row| row.has_size())
    }
}

impl Row<'_> {
    /// Whether the first cell is a size, or begins like one.
    pub(crate) fn has_size(&self) -> bool {
        let size = self.cells[0];
        size.starts_with(|ch: char| ch.is_ascii_digit()) && !size.contains(char::is_whitespace)
    }
}

/// How lines are cut into cells.
#[derive(Debug)]
struct Cut {
    between: char,
    /// Whether `|` stands at the start, and at the end.
    edges: [bool; 2],
}

impl Cut {
    fn of(header: &str) -> Self {
        let header = header.trim();
        let between = ['\t', '|'].into_iter().find(|ch| header.contains(*ch)).unwrap_or(',');
        let edges = [header.starts_with('|'), header.ends_with('|')];
        Self { between, edges: edges.map(|edge| edge && between == '|') }
    }

    fn cells<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let line = line.trim_end();
        let line = if self.between == '\t' { line } else { line.trim_start() };
        let [start, end] = self.edges;
        let line = line.strip_prefix('|').filter(|_| start).unwrap_or(line);
        let line = line.strip_suffix('|').filter(|_| end).unwrap_or(line);
        line.split(self.between).map(str::trim).collect()
    }
}

/// Whether a cell is a number, perhaps with a sign, separators, or a unit of one character.
pub(crate) fn is_number(cell: &str) -> bool {
    let digits = cell.trim_start_matches(['+', '-', '−', '±', '~']);
    let end = digits.trim_end_matches(|ch: char| !ch.is_ascii_digit());
    digits.starts_with(|ch: char| ch.is_ascii_digit())
        && digits[end.len()..].trim().chars().count() <= 1
        && end.chars().all(|ch| ch.is_ascii_digit() || "._, e+-".contains(ch))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables as their lines' numbers and how many columns they have, with the uneven line.
    fn found(text: &str) -> Vec<String> {
        let show = |table: Table<'_>| {
            let rows: Vec<String> = table.rows.iter().map(|row| row.line.to_string()).collect();
            let uneven = table.uneven.map(|row| format!(" up to {}", row.line));
            let columns = table.header.cells.len();
            let rows = rows.join(",");
            format!("{}: {columns} [{rows}]{}", table.line, uneven.unwrap_or_default())
        };
        tables(text, |line| line.contains(" = ")).into_iter().map(show).collect()
    }

    #[test]
    fn tables_stand_among_other_lines() {
        assert_eq!(found("Results\n\nn | moved\n--|--\n1 | 2 %\n2 | 3 %\nx = 1\n"), ["2: 2 [4,5]"]);
        assert_eq!(found("n\tp 99\na\t1\nb\t\ndone"), ["0: 2 [1,2]"]);
        assert_eq!(found("n,x\n1,2\nx = 3\n2,3\n"), ["0: 2 [1]"]);
        for text in ["", "a, b", "no table\nat all", "1, 2\n3, 4", "a, b\nx = 1, 2"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_table_ends_where_another_begins() {
        assert_eq!(found("n,x\n1,2\n\nm,x\n1,2\n"), ["0: 2 [1]", "3: 2 [4]"]);
        assert_eq!(found("n,x\n1,2\nn,y\n1,2\n"), ["0: 2 [1]", "2: 2 [3]"]);
        assert_eq!(found("n,x\n1,2\nm,y\n1,2\n"), ["0: 2 [1]", "2: 2 [3]"]);
        // Words below words are a row, and so are sentences.
        assert_eq!(found("n,x\n1,2\nin all, 2 s\n3,4\n"), ["0: 2 [1,2,3]"]);
        assert_eq!(found("n,x\na,2\nm,y\nb,2\n"), ["0: 2 [1,2,3]"]);
        assert_eq!(found("n,x\n1,2\n2,3,4\n3,4\n"), ["0: 2 [1] up to 2"]);
        assert_eq!(found("n,x\n1,000,2\n"), ["0: 2 [] up to 1"]);
    }
}
