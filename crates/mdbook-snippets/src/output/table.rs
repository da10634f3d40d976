//! Printed rows as a table: what `as=table` makes of an output in the page.
//!
//! The output is one table, which [`crate::table`] reads; values, `name = number`, may stand before
//! and behind it, and stay text. Columns of numbers are right-aligned. In the source the rows stay
//! in their `output` block, as they were printed.

use super::elision::is_dots;
use super::fence;
use crate::table::{Header, Line, is_number};
use crate::values::printed;
use handbook_book::escaped;

/// A row that has another number of cells than the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Uneven {
    /// The line, from zero.
    pub(crate) line: usize,
    pub(crate) cells: usize,
    pub(crate) due: usize,
}

/// The table as Markdown, and the values around it. Without rows there is none.
///
/// # Errors
///
/// The first row that does not fit the header.
pub(crate) fn table(text: &str) -> Result<Option<String>, Uneven> {
    let lines: Vec<&str> = text.lines().collect();
    let is_apart = |line: &&&str| line.trim().is_empty() || printed::is_value(line);
    let from = lines.iter().take_while(is_apart).count();
    let until = lines.len() - lines[from..].iter().rev().take_while(is_apart).count();
    if from == until {
        return rows(text);
    }
    let table = rows(&lines[from..until].join("\n"));
    let table = table.map_err(|uneven| Uneven { line: from + uneven.line, ..uneven })?;
    let values = |lines: &[&str]| {
        let values = lines.join("\n");
        let values = values.trim_matches('\n');
        (!values.is_empty()).then(|| fence::page(values).markdown().to_owned())
    };
    let parts = [values(&lines[..from]), table, values(&lines[until..])];
    Ok(Some(parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")))
}

/// A text that is a table from its start to its end.
fn rows(text: &str) -> Result<Option<String>, Uneven> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, first)) = lines.next() else { return Ok(None) };
    let header = Header::of(first);
    let due = header.cells.len();
    let mut rows = Vec::new();
    for (line, text) in lines {
        if is_dots(text) {
            rows.push(Row::Elided);
            continue;
        }
        match header.read(text, rows.is_empty()) {
            Line::Rule => {}
            Line::Row(cells) => rows.push(Row::Cells(cells)),
            Line::Uneven(cells) => return Err(Uneven { line, cells, due }),
        }
    }
    let is_numeric = |column: usize| {
        let mut cells = rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells[column]).filter(|cell| !cell.is_empty()),
            Row::Elided => None,
        });
        cells.clone().next().is_some() && cells.all(is_quantity)
    };
    let marks = (0..due).map(|column| if is_numeric(column) { "--:" } else { "---" });
    let mut out =
        vec![row(header.cells.iter().map(|cell| escaped(cell))), row(marks.map(str::to_owned))];
    out.extend(rows.iter().map(|one| match one {
        Row::Cells(cells) => row(cells.iter().map(|cell| shown(cell))),
        Row::Elided => row((0..due).map(|column| if column == 0 { "…" } else { "" }.to_owned())),
    }));
    Ok(Some(out.join("\n")))
}

/// Whether a cell is a number, with a unit or without.
fn is_quantity(cell: &str) -> bool {
    is_number(cell) || printed::number(cell).is_some()
}

/// A cell as Markdown. A number keeps its unit on its line.
fn shown(cell: &str) -> String {
    let text = escaped(cell);
    if is_quantity(cell) { text.replace(' ', "\u{a0}") } else { text }
}

enum Row<'a> {
    Cells(Vec<&'a str>),
    /// Rows that the author left out.
    Elided,
}

fn row(cells: impl Iterator<Item = String>) -> String {
    cells.fold("|".to_owned(), |row, cell| format!("{row} {cell} |"))
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
        check("| a | b |\n|---|:-:|\n| 1 | 2 % |", "| a | b |\n| --: | --: |\n| 1 | 2\u{a0}% |");
        check("a | b\n\n...\nx | -1.5e3", "| a | b |\n| --- | --: |\n| … |  |\n| x | -1.5e3 |");
        check("a | b\nx | 2.5 ms", "| a | b |\n| --- | --: |\n| x | 2.5\u{a0}ms |");
        check("", "");
    }

    #[test]
    fn values_around_a_table_stay_text() {
        let text = "a | b\n1 | 2\n\nmost = 2\nleast = 1 %";
        let table = "| a | b |\n| --: | --: |\n| 1 | 2 |";
        check(text, &format!("{table}\n\n```text,output\nmost = 2\nleast = 1 %\n```"));
        check("most = 2\na | b\n1 | 2", &format!("```text,output\nmost = 2\n```\n\n{table}"));
        let uneven = super::table("x = 1\na | b\n1\ny = 2").unwrap_err();
        assert_eq!(uneven, Uneven { line: 2, cells: 1, due: 2 });
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
