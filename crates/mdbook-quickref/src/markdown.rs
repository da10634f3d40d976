//! Markdown and HTML as cards are written in it.

/// A table. Cells are Markdown without bare bars.
pub(crate) fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let width = rows.iter().map(Vec::len).chain([header.len()]).max().unwrap_or(0);
    let row = |cells: &[String]| {
        let cells = (0..width).map(|at| cells.get(at).map_or("", String::as_str));
        let cells =
            cells.map(|cell| if cell.is_empty() { " |".into() } else { format!(" {cell} |") });
        format!("|{}\n", cells.collect::<String>())
    };
    let rows: String = rows.iter().map(|cells| row(cells)).collect();
    format!("{}|{}\n{rows}", row(header), "---|".repeat(width))
}

/// Plain text as Markdown that shows it, in a cell too.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if "\\`*_[]<>|~&{}$".contains(ch) {
            out.push('\\');
        }
        out.push(if ch.is_whitespace() { ' ' } else { ch });
    }
    out
}

/// Plain text as HTML that shows it and opens no directive.
pub(crate) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace("{{", "&#123;&#123;").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_as_many_cells_in_every_row() {
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        let rows: [Vec<String>; 2] = [cells(&["1"]), cells(&["2", "3"])];
        let header: Vec<String> = cells(&["", "b"]);
        assert_eq!(table(&header, &rows), "| | b |\n|---|---|\n| 1 | |\n| 2 | 3 |\n");
    }
}
