//! Branches that are always taken, or never.

use super::mutator::Mutator;
use syn::spanned::Spanned;
use syn::{Expr, ExprBreak, ExprContinue, ExprIf, ExprLit, ExprWhile, Lit, PatGuard, Stmt};

/// The condition becomes `true` and `false`; an `else` behind statements goes.
pub(super) fn if_else(mutator: &mut Mutator, branch: &ExprIf) {
    condition(mutator, &branch.cond, &["true", "false"]);
    // An `else` that gives a value cannot go.
    let gives_value = matches!(branch.then_branch.stmts.last(), Some(Stmt::Expr(_, None)));
    let Some((_, other)) = branch.else_branch.as_ref().filter(|_| !gives_value) else { return };
    let then = mutator.range(branch.then_branch.span());
    let range = then.end..mutator.range(other.span()).end;
    mutator.add(range.clone(), "", range);
}

/// The condition becomes `false`. With `true`, most loops would never end.
pub(super) fn while_loop(mutator: &mut Mutator, branch: &ExprWhile) {
    condition(mutator, &branch.cond, &["false"]);
}

/// The condition of a pattern becomes `true` and `false`.
pub(super) fn guard(mutator: &mut Mutator, guarded: &PatGuard) {
    condition(mutator, &guarded.guard, &["true", "false"]);
}

/// `break` becomes `continue`.
pub(super) fn jump_out(mutator: &mut Mutator, jump: &ExprBreak) {
    if jump.label.is_none() && jump.expr.is_none() {
        let range = mutator.range(jump.span());
        mutator.add(range.clone(), "continue", range);
    }
}

/// `continue` becomes `break`.
pub(super) fn jump_on(mutator: &mut Mutator, jump: &ExprContinue) {
    if jump.label.is_none() {
        let range = mutator.range(jump.span());
        mutator.add(range.clone(), "break", range);
    }
}

/// A condition, unless it binds names or is a constant, which is changed as such.
fn condition(mutator: &mut Mutator, condition: &Expr, instead: &[&str]) {
    if !binds(condition) && !is_constant(condition) {
        let range = mutator.range(condition.span());
        instead.iter().for_each(|instead| mutator.add(range.clone(), *instead, range.clone()));
    }
}

/// Whether a condition holds a `let`.
fn binds(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(binary) => binds(&binary.left) || binds(&binary.right),
        _ => false,
    }
}

fn is_constant(condition: &Expr) -> bool {
    matches!(condition, Expr::Lit(ExprLit { lit: Lit::Bool(_), .. }))
}
