//! What a snippet printed that can be spoken of: values, a line each, and series, a column each.

use super::cell::column_name;
use super::number::Number;
use super::unit;
use crate::table::{self, Row, Table};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A number that was printed, with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) number: Number,
    /// Empty for none.
    pub(crate) unit: String,
    /// Both as they were printed.
    pub(crate) text: String,
}

/// What a name stands for in one output.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Known {
    Value(Printed),
    Series(Series),
    /// The output says more than one thing under the name.
    Several,
}

/// A column of a printed table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    /// Sizes, and what was counted or measured at each.
    pub(crate) points: Vec<(f64, f64)>,
    /// The row that ends the table, although it looks like one of it.
    pub(crate) odd_row: Option<String>,
}

/// Everything that an output with these tables has a name for.
pub(crate) fn read(output: &str, tables: &[Table<'_>]) -> BTreeMap<String, Known> {
    let mut known = BTreeMap::new();
    for (name, printed) in output.lines().filter_map(value) {
        add(&mut known, name, Known::Value(printed));
    }
    let columns = tables
        .iter()
        .flat_map(|table| (1..table.header.cells.len()).map(move |column| (table, column)));
    let series = columns.filter_map(|(table, column)| {
        let name = column_name(table.header.cells[column]);
        Some((name, series(table, column)?)).filter(|(name, _)| !name.is_empty())
    });
    let (series, broken): (Vec<_>, Vec<_>) =
        series.partition(|(_, series)| !series.points.is_empty());
    series.into_iter().for_each(|(name, series)| add(&mut known, &name, Known::Series(series)));
    // A column without counts takes the name from nothing else.
    for (name, series) in broken {
        known.entry(name).or_insert(Known::Series(series));
    }
    known
}

/// The tables of an output.
pub(crate) fn tables(output: &str) -> Vec<Table<'_>> {
    table::tables(output, is_value)
}

/// The points of a column, up to the first row that has none.
fn series(table: &Table<'_>, column: usize) -> Option<Series> {
    let number = |cell: &str| Number::parse(cell).map(Number::to_f64);
    let point = |row: &Row<'_>| Some((number(row.cells[0])?, number(row.cells[column])?));
    let points: Vec<_> = table.rows.iter().map_while(point).collect();
    let next = table.rows.get(points.len()).or(table.uneven.as_ref());
    let odd_row = next.filter(|row| row.has_size()).map(|row| row.text.trim().to_owned());
    (!points.is_empty() || odd_row.is_some()).then_some(Series { points, odd_row })
}

fn add(known: &mut BTreeMap<String, Known>, name: &str, found: Known) {
    match known.entry(name.to_owned()) {
        Entry::Vacant(place) => {
            place.insert(found);
        }
        Entry::Occupied(mut place) if *place.get() != found => {
            place.insert(Known::Several);
        }
        Entry::Occupied(_) => {}
    }
}

/// Whether a line is a value.
pub(crate) fn is_value(line: &str) -> bool {
    value(line).is_some()
}

/// `name = number`, `name = number unit`, and nothing else on the line.
fn value(line: &str) -> Option<(&str, Printed)> {
    let (name, text) = line.split_once('=')?;
    let name = name.trim();
    if is_key(name) { Some((name, number(text)?)) } else { None }
}

/// A number as programs print it, alone or with a unit behind it.
pub(crate) fn number(text: &str) -> Option<Printed> {
    let text = text.trim();
    let is_number = |ch: char| ch.is_ascii_digit() || "+-.eE".contains(ch);
    let end = text.find(|ch| !is_number(ch)).unwrap_or(text.len()).min(60);
    // `2 eggs` and `2eV`: what is no number any more belongs to the unit.
    let read = (1..=end).rev();
    let (number, rest) =
        read.into_iter().find_map(|end| Some((Number::parse(&text[..end])?, &text[end..])))?;
    // `0xff` is no zero.
    let is_zero = text[..text.len() - rest.len()].trim_start_matches(['+', '-']) == "0";
    if is_zero && rest.starts_with(['x', 'o', 'b']) {
        return None;
    }
    let unit = unit::in_signs(rest.trim());
    let is_unit = unit.is_empty() || unit::is_unit(&unit);
    is_unit.then(|| Printed { number, unit, text: text.to_owned() })
}

/// Whether a text can be the name of a value: a letter, then letters, digits, `_` and `-`.
pub(crate) fn is_key(name: &str) -> bool {
    name.starts_with(|ch: char| ch.is_alphabetic() || ch == '_')
        && name.chars().all(|ch| ch.is_alphanumeric() || "_-".contains(ch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(output: &str) -> Vec<String> {
        let show = |(name, known)| match known {
            Known::Value(printed) => format!("{name}: {} [{}]", printed.text, printed.unit),
            Known::Series(Series { points, odd_row: None }) => format!("{name}: {points:?}"),
            Known::Series(Series { points, odd_row: Some(row) }) => {
                format!("{name}: {points:?} up to {row}")
            }
            Known::Several => format!("{name}: several"),
        };
        read(output, &tables(output)).into_iter().map(show).collect()
    }

    #[test]
    fn numbers_of_other_bases_are_none() {
        assert_eq!(values("hex = 0xff\nbits = 0b10\n"), [""; 0]);
    }

    #[test]
    fn lines_with_a_name_and_a_number_are_values() {
        let output = "moved = 9.07 %\ntokens=640\n  p99 = 1.5e-3 s\nsize = 2KiB\neggs = 2 eggs\ngrew = +5 %\n";
        let expected = [
            "eggs: 2 eggs [eggs]",
            "grew: +5 % [%]",
            "moved: 9.07 % [%]",
            "p99: 1.5e-3 s [s]",
            "size: 2KiB [KiB]",
            "tokens: 640 []",
        ];
        assert_eq!(values(output), expected);
    }

    #[test]
    fn other_lines_are_none() {
        let output = "a == 1\nb = x\nc = 1 of 2\nd = 1,000\n1 = 1\ne f = 2\ng = 1 = 2\nh: 3\ni = \nj = -\nk = 1.2.3\n";
        assert_eq!(values(output), [""; 0]);
    }

    #[test]
    fn a_name_that_says_two_things_says_none() {
        assert_eq!(values("a = 1\na = 1\nb = 1\nb = 2\n"), ["a: 1 []", "b: several"]);
    }

    #[test]
    fn a_table_is_a_series_for_each_column_but_the_first() {
        let output = "n,steps, probes\n10,4,1\n100, 7, 1.5\nn,other\ntext,more\n";
        assert_eq!(
            values(output),
            ["probes: [(10.0, 1.0), (100.0, 1.5)]", "steps: [(10.0, 4.0), (100.0, 7.0)]"]
        );
    }

    #[test]
    fn a_row_that_cannot_be_read_is_known() {
        let steps = |row: &str| values(&format!("n,steps\n10,4\n{row}\n40,9\n"));
        for odd in ["20,n/a", "1,000,5", "20,5,", "20, 5 ms", "1_000,5", "20,"] {
            assert_eq!(steps(odd), [format!("steps: [(10.0, 4.0)] up to {odd}")]);
        }
        for other in ["", "done, in 5 s", "2 of them, at least", "x = 5", "total"] {
            assert_eq!(steps(other)[0], "steps: [(10.0, 4.0)]", "{other}");
        }
        assert_eq!(values("n,steps\n1,000,5\n"), ["steps: [] up to 1,000,5"]);
        assert_eq!(values("yes,no\n10 apples, 5 pears\n"), [""; 0]);
    }
}
