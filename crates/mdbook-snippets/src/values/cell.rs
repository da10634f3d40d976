//! Cells of printed tables, as addresses name them: `COLUMN[ROW]`.
//!
//! COLUMN is the header of the column, with a `-` for whatever is neither letter, digit nor `_`.
//! ROW is how the row begins: its first cell, or as many as tell it from others, with commas between.
//! Each has to lead to one place; where it leads to two, nobody can know which was meant.

use super::Printed;
use super::printed::{self, is_key};
use crate::table::Table;
use handbook_text::did_you_mean;
use std::collections::BTreeMap;

/// The tables that a snippet printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    tables: Vec<Rows>,
    /// Of each name, the tables with such a column, and its place in them.
    columns: BTreeMap<String, Vec<(usize, usize)>>,
}

/// A table. Lines are counted from one, as people do.
#[derive(Clone, Debug)]
struct Rows {
    /// The header's line.
    line: usize,
    /// The cells of each row, and its line.
    rows: Vec<(usize, Vec<String>)>,
    /// The cells of each row in one text, each with a comma behind it; sorted, with the row's index.
    texts: Vec<(String, usize)>,
    /// The line that ends the table because it has another number of cells.
    uneven: Option<usize>,
}

/// Why an address leads to no cell, or to none that is a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoCell {
    NoColumn,
    /// More than one column has the name: the lines of the headers of two.
    SeveralColumns([usize; 2]),
    /// No row begins so: the header's line, what was probably meant, how some rows begin, and the
    /// line that ends the table early.
    NoRow {
        line: usize,
        near: Option<String>,
        rows: Vec<String>,
        uneven: Option<usize>,
    },
    /// More than one row begins so: the lines of two.
    SeveralRows([usize; 2]),
    NoNumber {
        line: usize,
        cell: String,
    },
}

impl Cells {
    pub(super) fn of(tables: &[Table<'_>]) -> Self {
        let mut columns: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (index, table) in tables.iter().enumerate() {
            for (column, header) in table.header.cells.iter().enumerate() {
                let name = column_name(header);
                columns.entry(name).or_default().push((index, column));
            }
        }
        columns.remove("");
        Self { tables: tables.iter().map(Rows::of).collect(), columns }
    }

    /// The number in the cell of `column` in the row that begins with `row`.
    pub(super) fn get(&self, column: &str, row: &str) -> Result<Printed, NoCell> {
        let (table, column) = match self.columns.get(column).map(Vec::as_slice) {
            None | Some([]) => return Err(NoCell::NoColumn),
            Some([(table, column)]) => (&self.tables[*table], *column),
            Some([(one, _), (other, _), ..]) => {
                let lines = [one, other].map(|table| self.tables[*table].line);
                return Err(NoCell::SeveralColumns(lines));
            }
        };
        let (line, cells) = table.row(row)?;
        let cell = &cells[column];
        printed::number(cell).ok_or_else(|| NoCell::NoNumber { line: *line, cell: cell.clone() })
    }

    /// The names of all columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// How the first row below a column begins.
    pub(super) fn first_row(&self, column: &str) -> Option<&str> {
        let (table, _) = self.columns.get(column)?.first()?;
        let (_, cells) = self.tables[*table].rows.first()?;
        cells.first().map(String::as_str)
    }
}

impl Rows {
    fn of(table: &Table<'_>) -> Self {
        let rows = table.rows.iter().map(|row| {
            (row.line + 1, row.cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>())
        });
        let rows: Vec<_> = rows.collect();
        let texts = rows.iter().enumerate();
        let mut texts: Vec<_> =
            texts.map(|(index, (_, cells))| (beginning(&cells.join(",")), index)).collect();
        texts.sort_unstable();
        let uneven = table.uneven.as_ref().map(|row| row.line + 1);
        Self { line: table.line + 1, rows, texts, uneven }
    }

    /// The one row that begins so.
    fn row(&self, wanted: &str) -> Result<&(usize, Vec<String>), NoCell> {
        let text = beginning(wanted);
        let from = self.texts.partition_point(|(other, _)| *other < text);
        let mut found = self.texts[from..].iter().take_while(|(other, _)| other.starts_with(&text));
        let Some((_, one)) = found.next() else { return Err(self.no_row(wanted)) };
        match found.next() {
            None => Ok(&self.rows[*one]),
            Some((_, other)) => {
                let line = |row: usize| self.rows[row].0;
                Err(NoCell::SeveralRows([line(*one.min(other)), line(*one.max(other))]))
            }
        }
    }

    fn no_row(&self, wanted: &str) -> NoCell {
        /// So many rows are named.
        const MOST: usize = 8;

        let firsts = || self.rows.iter().filter_map(|(_, cells)| cells.first()).map(String::as_str);
        let near = did_you_mean(wanted.trim(), firsts()).map(str::to_owned);
        let mut rows: Vec<String> = firsts().map(str::to_owned).collect();
        rows.dedup();
        rows.truncate(MOST);
        NoCell::NoRow { line: self.line, near, rows, uneven: self.uneven }
    }
}

/// What a column is called in addresses.
pub(crate) fn column_name(header: &str) -> String {
    if is_key(header) {
        return header.to_owned();
    }
    let words = header.split(|ch: char| !ch.is_alphanumeric() && ch != '_');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// The cells with which a row begins as one text, in which blanks count once.
fn beginning(cells: &str) -> String {
    let cells = cells.split(',').map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
    cells.map(|cell| cell + ",").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OUTPUT: &str = "\
policy | mean of p99s | p99.9
random | 9.84 ms      | 1.0 %
in  turn | n/a | -
queue = 3
κ,threads,law
0.001,8,5.69
0.001,16,8.04
0.002,8,5.5
1,2,3,4

n\tlaw
8\t[9, 10]
8\t5
";

    fn get(address: &str) -> Result<String, NoCell> {
        let (column, row) = address.strip_suffix(']').unwrap().split_once('[').unwrap();
        Cells::of(&printed::tables(OUTPUT)).get(column, row).map(|printed| printed.text)
    }

    #[test]
    fn a_cell_is_named_by_its_column_and_how_its_row_begins() {
        assert_eq!(get("mean-of-p99s[random]").unwrap(), "9.84 ms");
        assert_eq!(get("p99-9[ random ]").unwrap(), "1.0 %");
        assert_eq!(get("threads[0.002]").unwrap(), "8");
        assert_eq!(get("κ[0.001, 16]").unwrap(), "0.001");
    }

    #[test]
    fn what_leads_to_no_number_is_told_apart() {
        let no_number = |line, cell: &str| Err(NoCell::NoNumber { line, cell: cell.to_owned() });
        assert_eq!(get("mean-of-p99s[in turn]"), no_number(3, "n/a"));
        assert_eq!(get("p99-9[in turn]"), no_number(3, "-"));
        assert_eq!(get("mean[random]"), Err(NoCell::NoColumn));
        assert_eq!(get("law[0.002]"), Err(NoCell::SeveralColumns([5, 11])));
        assert_eq!(get("threads[0.001]"), Err(NoCell::SeveralRows([6, 7])));
        let rows = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect();
        let (near, uneven) = (Some("random".to_owned()), None);
        let all = rows(&["random", "in  turn"]);
        assert_eq!(get("p99-9[randon]"), Err(NoCell::NoRow { line: 1, near, rows: all, uneven }));
        let (near, uneven) = (None, Some(9));
        let all = rows(&["0.001", "0.002"]);
        assert_eq!(get("threads[9]"), Err(NoCell::NoRow { line: 5, near, rows: all, uneven }));
    }

    proptest! {
        /// Every cell of every table is found, whatever stands between cells and around tables.
        #[test]
        fn each_cell_is_the_one_that_was_printed(
            tables in prop::collection::vec((0..3_usize, any_rows(), 0..3_usize), 1..5),
        ) {
            let mut output = String::new();
            let mut expected = Vec::new();
            for (index, (cut, rows, other)) in tables.iter().enumerate() {
                let between = ["\t", " |  ", ", "][*cut];
                output += &format!("label{between}no.{between}a.{index}{between}b {index}\n");
                for (row, (label, cells)) in rows.iter().enumerate() {
                    output += &format!("{label}{between}{row}{between}{}\n", cells.join(between));
                    for (column, cell) in ["a", "b"].iter().zip(cells) {
                        let column = format!("{column}-{index}");
                        expected.push((column, format!("{label}, {row}"), cell));
                    }
                }
                output += ["\n", "x = 5\n", "and so on\n"][*other];
            }
            let cells = Cells::of(&printed::tables(&output));
            for (column, row, cell) in expected {
                match cells.get(&column, &row) {
                    Ok(printed) => prop_assert_eq!(&printed.text, cell),
                    Err(no_cell) => {
                        let no_number = matches!(no_cell, NoCell::NoNumber { .. });
                        prop_assert!(no_number && printed::number(cell).is_none(), "{output}");
                    }
                }
            }
        }
    }

    fn any_rows() -> impl Strategy<Value = Vec<(&'static str, [&'static str; 2])>> {
        let label = prop::sample::select(vec!["ring", "two words", "a.b", "[x]", "p99", "-"]);
        let cell = || prop::sample::select(vec!["1", "-2.5 %", "1.5e-3 s", "n/a", "", "64 KiB"]);
        prop::collection::vec((label, [cell(), cell()]), 1..6)
    }

    #[test]
    fn columns_are_called_after_their_words() {
        for (header, name) in [
            ("p99.9", "p99-9"),
            ("sqrt((1-s)/k)", "sqrt-1-s-k"),
            ("at twice  as many", "at-twice-as-many"),
            ("n_max", "n_max"),
            ("λW (ms)", "λW-ms"),
            ("%", ""),
        ] {
            assert_eq!(column_name(header), name);
            assert_eq!(column_name(name), name);
        }
    }
}
