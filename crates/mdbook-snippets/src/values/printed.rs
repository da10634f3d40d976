//! What a snippet printed that can be spoken of: values, a line each, and series, a table each.

use super::number::Number;
use super::unit;
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

/// Everything that an output has a name for.
pub(crate) fn read(output: &str) -> BTreeMap<String, Known> {
    let mut known = BTreeMap::new();
    let mut lines = output.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some((name, printed)) = value(line) {
            add(&mut known, name, Known::Value(printed));
        } else if let Some(names) = header(line) {
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| row(line, names.len()).is_some()) {
                rows.extend(self::row(row, names.len()));
            }
            let odd_row = lines.peek().filter(|line| is_odd_row(line));
            let odd_row = odd_row.map(|line| line.trim().to_owned());
            for (column, name) in names.iter().enumerate().skip(1) {
                let points: Vec<_> = rows.iter().map(|row| (row[0], row[column])).collect();
                if !points.is_empty() || odd_row.is_some() {
                    let odd_row = odd_row.clone();
                    add(&mut known, name, Known::Series(Series { points, odd_row }));
                }
            }
        }
    }
    known
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

/// `name = number`, `name = number unit`, and nothing else on the line.
fn value(line: &str) -> Option<(&str, Printed)> {
    let (name, text) = line.split_once('=')?;
    let (name, text) = (name.trim(), text.trim());
    if !is_key(name) {
        return None;
    }
    let is_number = |ch: char| ch.is_ascii_digit() || "+-.eE".contains(ch);
    let end = text.find(|ch| !is_number(ch)).unwrap_or(text.len()).min(60);
    // `2 eggs` and `2eV`: what is no number any more belongs to the unit.
    let read = (1..=end).rev();
    let (number, rest) =
        read.into_iter().find_map(|end| Some((Number::parse(&text[..end])?, &text[end..])))?;
    // `0xff` is no zero.
    if rest.starts_with(['x', 'o', 'b']) && text[..text.len() - rest.len()].ends_with('0') {
        return None;
    }
    let unit = rest.trim();
    (unit.is_empty() || unit::is_unit(unit))
        .then(|| (name, Printed { number, unit: unit.to_owned(), text: text.to_owned() }))
}

/// Whether a text can be the name of a value: a letter, then letters, digits, `_` and `-`.
pub(crate) fn is_key(name: &str) -> bool {
    name.starts_with(|ch: char| ch.is_alphabetic() || ch == '_')
        && name.chars().all(|ch| ch.is_alphanumeric() || "_-".contains(ch))
}

/// The names of a table's columns: `n,steps`.
fn header(line: &str) -> Option<Vec<&str>> {
    let names: Vec<&str> = line.split(',').map(str::trim).collect();
    (names.len() > 1 && names.iter().all(|name| is_key(name))).then_some(names)
}

/// The numbers of a table's row, if there are so many.
fn row(line: &str, columns: usize) -> Option<Vec<f64>> {
    let cells = line.split(',').map(|cell| Number::parse(cell.trim()));
    let numbers: Vec<f64> = cells.map(|cell| cell.map(Number::to_f64)).collect::<Option<_>>()?;
    (numbers.len() == columns).then_some(numbers)
}

/// Whether a line that is no row of a table seems to be meant as one: it has cells, of which the first
/// is a size or begins like one.
fn is_odd_row(line: &str) -> bool {
    let Some((size, _)) = line.split_once(',') else { return false };
    let size = size.trim();
    size.starts_with(|ch: char| ch.is_ascii_digit()) && !size.contains(char::is_whitespace)
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
        read(output).into_iter().map(show).collect()
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
