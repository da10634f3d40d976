//! Printed rows as a table: what `as=table` makes of an output in the page.
//!
//! The first row is the header. It says what stands between cells: a tab, or else `|`, or else a
//! comma. Where the header stands between two `|`, so do the rows. Blanks at the end of a line count
//! for nothing, so between tabs the last cells of a row may be missing: they are empty. Columns of
//! numbers are right-aligned. In the source the rows stay in their `output` block, as they were
//! printed.

use super::elision::is_dots;
use handbook_book::escaped;

/// A row that has another number of cells than the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uneven {
    /// The line, from zero.
    pub(crate) line: usize,
    pub(crate) cells: usize,
    pub(crate) due: usize,
}

/// The table as Markdown. Without rows there is none.
///
/// # Errors
///
/// The first row that does not fit the header.
pub(crate) fn table(text: &str) -> Result<Option<String>, Uneven> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, first)) = lines.next() else { return Ok(None) };
    let cut = Cut::of(first);
    let header = cut.cells(first);
    let due = header.len();
    let mut rows = Vec::new();
    for (line, text) in lines {
        if is_dots(text) {
            rows.push(Row::Elided);
            continue;
        }
        // A program may print the line that Markdown wants below a header.
        let is_rule =
            cut.between == '|' && text.contains("--") && text.chars().all(|ch| "|-: ".contains(ch));
        if is_rule && rows.is_empty() {
            continue;
        }
        let mut cells = cut.cells(text);
        if cut.between == '\t' {
            cells.resize(cells.len().max(due), "");
        }
        if cells.len() != due {
            return Err(Uneven { line, cells: cells.len(), due });
        }
        rows.push(Row::Cells(cells));
    }
    let is_numeric = |column: usize| {
        let mut cells = rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells[column]).filter(|cell| !cell.is_empty()),
            Row::Elided => None,
        });
        cells.clone().next().is_some() && cells.all(is_number)
    };
    let marks = (0..due).map(|column| if is_numeric(column) { "--:" } else { "---" });
    let mut out = vec![row(header.iter().map(|cell| escaped(cell))), row(marks.map(str::to_owned))];
    out.extend(rows.iter().map(|one| match one {
        Row::Cells(cells) => row(cells.iter().map(|cell| escaped(cell))),
        Row::Elided => row((0..due).map(|column| if column == 0 { "…" } else { "" }.to_owned())),
    }));
    Ok(Some(out.join("\n")))
}

enum Row<'a> {
    Cells(Vec<&'a str>),
    /// Rows that the author left out.
    Elided,
}

/// How lines are cut into cells.
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

fn row(cells: impl Iterator<Item = String>) -> String {
    cells.fold("|".to_owned(), |row, cell| format!("{row} {cell} |"))
}

/// Whether a cell is a number, perhaps with a sign, separators, or a unit of one character.
fn is_number(cell: &str) -> bool {
    let digits = cell.trim_start_matches(['+', '-', '−', '±', '~']);
    let end = digits.trim_end_matches(|ch: char| !ch.is_ascii_digit());
    digits.starts_with(|ch: char| ch.is_ascii_digit())
        && digits[end.len()..].trim().chars().count() <= 1
        && end.chars().all(|ch| ch.is_ascii_digit() || "._, e+-".contains(ch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(table(text).unwrap().unwrap_or_default(), expected);
    }

    #[test]
    fn the_header_says_what_stands_between_cells() {
        check("a, b\n1,x", "| a | b |\n| --: | --- |\n| 1 | x |");
        check("a\tb, c\n\t1,5", "| a | b, c |\n| --- | --: |\n|  | 1,5 |");
        check("| a | b |\n|---|:-:|\n| 1 | 2 % |", "| a | b |\n| --: | --: |\n| 1 | 2 % |");
        check("a | b\n\n...\nx | -1.5e3", "| a | b |\n| --- | --: |\n| … |  |\n| x | -1.5e3 |");
        check("", "");
    }

    #[test]
    fn cells_are_plain_text() {
        check(
            "a\n<b>|`c` {{#d}} [e] *f* -- \\",
            "| a |\n| --- |\n| &#60;b&#62;&#124;&#96;c&#96; &#123;&#123;&#35;d&#125;&#125; \
             &#91;e&#93; &#42;f&#42; &#45;&#45; &#92; |",
        );
    }

    #[test]
    fn cells_may_be_empty() {
        check(
            "a\tb\tc\n1\t2\t\n1\t2\n3\t\n\t\t4",
            "\
            | a | b | c |\n| --: | --: | --: |\n| 1 | 2 |  |\n| 1 | 2 |  |\n| 3 |  |  |\n|  |  | 4 |",
        );
        check("a|b\n1 |\n| 2", "| a | b |\n| --: | --: |\n| 1 |  |\n|  | 2 |");
        check("|a|b|\n|1||\n||2|", "| a | b |\n| --: | --: |\n| 1 |  |\n|  | 2 |");
        check("a,b\n1,\n,2", "| a | b |\n| --: | --: |\n| 1 |  |\n|  | 2 |");
    }

    #[test]
    fn rows_have_as_many_cells_as_the_header() {
        let uneven = |text| table(text).map_err(|uneven| uneven.cells);
        assert_eq!(uneven("a\tb\n1\t2\t3"), Err(3));
        assert_eq!(uneven("a|b\n|1|2|"), Err(4));
        assert_eq!(uneven("|a|b|\n|1|"), Err(1));
        assert_eq!(table("a,b\n1,2\n1,2,3"), Err(Uneven { line: 2, cells: 3, due: 2 }));
    }
}
