//! Whether the handbook's outputs are evidence: a program that computes something else has to print
//! something else. Operators are exchanged one at a time; nine of ten such changes must show.

use handbook_book::{Document, Host};
use snippet_runner::{
    Config, Edition, Failure, Runner, Snippet, Toolchain, ToolchainQuery, Verdict,
};
use std::path::{Path, PathBuf};
use std::time::Duration;
use syn::BinOp;
use syn::visit::{Visit, visit_expr_binary};

/// How many changes are tried, evenly spread over all there are. All of them take a minute and a
/// half.
const SAMPLE: usize = 80;

/// A program of the chapter, with the lines that readers see.
struct Program {
    code: String,
    visible: Vec<bool>,
}

/// A program with one operator exchanged.
struct Mutant {
    /// The program's place in the chapter.
    of: usize,
    code: String,
    /// The line and what was done to it.
    change: String,
}

#[test]
fn nine_of_ten_operator_changes_change_an_output() {
    let programs = programs("CONSISTENT_HASHING_DEEP_DIVE.md");
    let all: Vec<Mutant> =
        programs.iter().enumerate().flat_map(|(of, program)| mutants(of, program)).collect();
    let step = all.len().div_ceil(SAMPLE).max(1);
    let mutants: Vec<&Mutant> = all.iter().step_by(step).collect();
    assert!(mutants.len() >= SAMPLE / 2, "only {} changes to try", mutants.len());

    let originals = run(programs.iter().map(|program| program.code.as_str()));
    let changed = run(mutants.iter().map(|mutant| mutant.code.as_str()));
    let mut survivors = Vec::new();
    let mut tried = 0;
    for (mutant, (verdict, printed)) in mutants.iter().zip(&changed) {
        if matches!(verdict, Verdict::Failed(Failure::DoesNotCompile { .. })) {
            continue;
        }
        tried += 1;
        if *verdict == Verdict::Passed && *printed == originals[mutant.of].1 {
            survivors.push(mutant.change.as_str());
        }
    }
    let list = survivors.join("\n");
    assert!(survivors.len() * 10 <= tried, "{} of {tried} survive:\n{list}", survivors.len());
}

/// The programs of a chapter that have an output.
fn programs(chapter: &str) -> Vec<Program> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src").join(chapter);
    let document = Document::parse(std::fs::read_to_string(path).unwrap(), Host::default());
    let codes = document.code_blocks().map(|(code, _)| code);
    let programs =
        codes.filter(|code| code.info.as_ref().is_some_and(|(info, _)| info.ends_with(",run")));
    let unhidden = |line: &str| match line.strip_prefix('#') {
        Some("") => (String::new(), false),
        Some(rest) if rest.starts_with(' ') => (rest[1..].to_owned(), false),
        _ => (line.to_owned(), true),
    };
    programs
        .map(|code| {
            let (lines, visible): (Vec<_>, Vec<_>) = code.content.lines().map(unhidden).unzip();
            Program { code: lines.join("\n"), visible }
        })
        .collect()
}

/// Every program that differs from `program` in one visible operator.
fn mutants(of: usize, program: &Program) -> Vec<Mutant> {
    let file = syn::parse_file(&program.code).expect("the handbook's programs are whole files");
    let mut operators = Operators::default();
    operators.visit_file(&file);
    let lines: Vec<&str> = program.code.lines().collect();
    let visible = operators.found.into_iter().filter(|(line, ..)| program.visible[line - 1]);
    visible
        .map(|(line, column, old, new)| {
            let text = lines[line - 1];
            let start = text.char_indices().nth(column).map_or(text.len(), |(offset, _)| offset);
            let replaced = format!("{}{new}{}", &text[..start], &text[start + old.len()..]);
            let mut code: Vec<&str> = lines.clone();
            code[line - 1] = &replaced;
            let change = format!("{line}: `{old}` -> `{new}` in {}", text.trim());
            Mutant { of, code: code.join("\n"), change }
        })
        .collect()
}

/// The binary operators of a file: line from one, column from zero, the operator and another.
#[derive(Default)]
struct Operators {
    found: Vec<(usize, usize, &'static str, &'static str)>,
}

impl<'ast> Visit<'ast> for Operators {
    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        use syn::spanned::Spanned;
        let exchange = match binary.op {
            BinOp::Add(_) => ("+", "-"),
            BinOp::Sub(_) => ("-", "+"),
            BinOp::Mul(_) => ("*", "+"),
            BinOp::Div(_) => ("/", "*"),
            BinOp::Rem(_) => ("%", "/"),
            BinOp::Lt(_) => ("<", "<="),
            BinOp::Le(_) => ("<=", "<"),
            BinOp::Gt(_) => (">", ">="),
            BinOp::Ge(_) => (">=", ">"),
            BinOp::Eq(_) => ("==", "!="),
            BinOp::Ne(_) => ("!=", "=="),
            BinOp::And(_) => ("&&", "||"),
            BinOp::Or(_) => ("||", "&&"),
            BinOp::Shl(_) => ("<<", ">>"),
            BinOp::Shr(_) => (">>", "<<"),
            BinOp::BitAnd(_) => ("&", "|"),
            BinOp::BitOr(_) => ("|", "&"),
            BinOp::BitXor(_) => ("^", "|"),
            BinOp::AddAssign(_) => ("+=", "-="),
            BinOp::SubAssign(_) => ("-=", "+="),
            _ => return visit_expr_binary(self, binary),
        };
        let start = binary.op.span().start();
        self.found.push((start.line, start.column, exchange.0, exchange.1));
        visit_expr_binary(self, binary);
    }
}

/// What became of each program and what it printed.
#[expect(clippy::disallowed_methods, reason = "tests look for the compiler that runs them")]
fn run<'a>(programs: impl Iterator<Item = &'a str>) -> Vec<(Verdict, String)> {
    let snippets: Vec<Snippet> = programs
        .map(|code| Snippet { edition: Edition::E2024, ..Snippet::new("program", code) })
        .collect();
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let query = ToolchainQuery {
        search_path: std::env::var_os("PATH").unwrap_or_default(),
        working_directory: env!("CARGO_MANIFEST_DIR").into(),
        home: folder("HOME"),
        rustup_home: folder("RUSTUP_HOME"),
        cargo_home: folder("CARGO_HOME"),
        ..ToolchainQuery::default()
    };
    let mut config = Config::new(Toolchain::locate(&query).unwrap(), std::env::temp_dir());
    config.timeout = Duration::from_secs(5);
    let outcome = Runner::new(config).run(&snippets, &()).unwrap();
    outcome.reports.into_iter().map(|report| (report.verdict, report.stdout)).collect()
}
