//! Operators that become others: of the same precedence where there is one.

use super::mutator::Mutator;
use syn::spanned::Spanned;
use syn::{BinOp, ExprBinary, ExprUnary, UnOp};

/// A binary operator or a compound assignment.
pub(super) fn binary(mutator: &mut Mutator, binary: &ExprBinary) {
    if let Some(instead) = exchanged(&binary.op) {
        let range = mutator.range(binary.op.span());
        mutator.add(range, instead, mutator.range(binary.span()));
    }
}

/// A minus or a negation, which is left out.
pub(super) fn unary(mutator: &mut Mutator, unary: &ExprUnary) {
    if matches!(unary.op, UnOp::Neg(_) | UnOp::Not(_)) {
        let range = mutator.range(unary.op.span());
        mutator.add(range, "", mutator.range(unary.span()));
    }
}

/// The operator that stands for another one.
fn exchanged(operator: &BinOp) -> Option<&'static str> {
    Some(match operator {
        BinOp::Add(_) => "-",
        BinOp::Sub(_) => "+",
        BinOp::Mul(_) => "/",
        BinOp::Div(_) | BinOp::Rem(_) => "*",
        BinOp::Lt(_) => "<=",
        BinOp::Le(_) => "<",
        BinOp::Gt(_) => ">=",
        BinOp::Ge(_) => ">",
        BinOp::Eq(_) => "!=",
        BinOp::Ne(_) => "==",
        BinOp::And(_) => "||",
        BinOp::Or(_) => "&&",
        BinOp::Shl(_) => ">>",
        BinOp::Shr(_) => "<<",
        BinOp::BitAnd(_) | BinOp::BitXor(_) => "|",
        BinOp::BitOr(_) => "&",
        BinOp::AddAssign(_) => "-=",
        BinOp::SubAssign(_) => "+=",
        BinOp::MulAssign(_) => "/=",
        BinOp::DivAssign(_) | BinOp::RemAssign(_) => "*=",
        BinOp::BitAndAssign(_) | BinOp::BitXorAssign(_) => "|=",
        BinOp::BitOrAssign(_) => "&=",
        BinOp::ShlAssign(_) => ">>=",
        BinOp::ShrAssign(_) => "<<=",
        _ => return None,
    })
}
