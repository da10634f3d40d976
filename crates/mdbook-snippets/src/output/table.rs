//! Printed rows as a table: what `as=table` makes of an output in the page.
//!
//! The first row is the header. It says what stands between cells: a tab, or else `|`, or else a
//! comma. Columns of numbers are right-aligned. In the source the rows stay in their `output`
//! block, as they were printed.

use super::elision::is_dots;

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
    let between = ['\t', '|'].into_iter().find(|ch| first.contains(*ch)).unwrap_or(',');
    let header = cells(first, between);
    let due = header.len();
    let mut rows = Vec::new();
    for (line, text) in lines {
        if is_dots(text) {
            rows.push(Row::Elided);
            continue;
        }
        // A program may print the line that Markdown wants below a header.
        let is_rule =
            between == '|' && text.contains("--") && text.chars().all(|ch| "|-: ".contains(ch));
        if is_rule && rows.is_empty() {
            continue;
        }
        let cells = cells(text, between);
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

fn cells(line: &str, between: char) -> Vec<&str> {
    let line = if between == '\t' { line } else { line.trim() };
    let line = if between == '|' {
        let line = line.strip_prefix('|').unwrap_or(line);
        line.strip_suffix('|').unwrap_or(line)
    } else {
        line
    };
    line.split(between).map(str::trim).collect()
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

/// A text, such as that of a cell, with nothing in it that means something to Markdown, to HTML or to mdBook.
pub(crate) fn escaped(cell: &str) -> String {
    let mut out = String::new();
    // Where typographic signs are made of dots and dashes, they are made of two at least.
    let is_single = !cell.contains("..") && !cell.contains("--");
    for ch in cell.chars() {
        if ch.is_ascii_punctuation() && !(",%:/+=()".contains(ch) || is_single && ".-".contains(ch))
        {
            out.push_str(&format!("&#{};", u32::from(ch)));
        } else {
            out.push(ch);
        }
    }
    out
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
    fn rows_have_as_many_cells_as_the_header() {
        assert_eq!(table("a,b\n1,2\n1,2,3"), Err(Uneven { line: 2, cells: 3, due: 2 }));
    }
}
