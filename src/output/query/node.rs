//! The parts that the parser puts together: the `jmespath` crate's nodes, none of them above a tree that is too tall.

use jmespath::ast::Ast;

use super::lexer::Token;
use super::syntax::SyntaxError;

/// How tall a tree may grow, a chain of dots or pipes growing it by one each: v1 walks as many pipes before
/// Python's stack ends, which is after the request.
pub(super) const HEIGHT: usize = 480;

/// Result of a step of the parser.
pub(super) type Parse<T> = Result<T, SyntaxError>;

/// A part of the tree.
pub(super) struct Node {
    /// The part.
    pub(super) ast: Ast,
    /// How many nodes stand on its longest branch.
    pub(super) height: usize,
    /// True for what v1 calls an index expression, to which a further `[..]` is added without a projection.
    pub(super) indexed: bool,
}

/// Returns the node of a name.
pub(super) fn field(token: &Token) -> Ast {
    Ast::Field { offset: 0, name: token.shown() }
}

/// Returns the node of `@`.
pub(super) fn identity() -> Node {
    Node { ast: Ast::Identity { offset: 0 }, height: 1, indexed: false }
}

/// Returns the node of `left.right` and `left | right`.
pub(super) fn subexpression(lhs: Box<Ast>, rhs: Box<Ast>) -> Ast {
    Ast::Subexpr { offset: 0, lhs, rhs }
}

/// Returns the node of `left[*]` and the expression for each element.
pub(super) fn projection(lhs: Box<Ast>, rhs: Box<Ast>) -> Ast {
    Ast::Projection { offset: 0, lhs, rhs }
}

/// Returns the node of `left.*` and the expression for each value.
pub(super) fn values_of(left: Node, right: Node) -> Parse<Node> {
    let values = unary(|node| Ast::ObjectValues { offset: 0, node }, left)?;
    binary(values, right, projection)
}

/// Returns a node without nodes below it.
pub(super) fn leaf(ast: Ast) -> Parse<Node> {
    node(ast, 0)
}

/// Returns a node above another.
pub(super) fn unary(make: impl FnOnce(Box<Ast>) -> Ast, below: Node) -> Parse<Node> {
    node(make(Box::new(below.ast)), below.height)
}

/// Returns a node above two others.
pub(super) fn binary(left: Node, right: Node, make: impl FnOnce(Box<Ast>, Box<Ast>) -> Ast) -> Parse<Node> {
    node(make(Box::new(left.ast), Box::new(right.ast)), left.height.max(right.height))
}

/// Returns a node above others of which the tallest has `below`.
pub(super) fn node(ast: Ast, below: usize) -> Parse<Node> {
    if below >= HEIGHT {
        return Err(too_deep());
    }
    Ok(Node { ast, height: below + 1, indexed: false })
}

/// Returns the error where v1 dies as Python's stack ends; its words name the interpreter (D1).
pub(super) fn too_deep() -> SyntaxError {
    SyntaxError::Other("the expression is nested too deeply".to_owned())
}
