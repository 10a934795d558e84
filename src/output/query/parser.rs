//! Tokens -> tree. Mirrors `jmespath/parser.py`.
//!
//! The tree is the `jmespath` crate's own [`Ast`]. Its parser is not used to build it, because it is another
//! grammar than v1's in ways that scripts can see: it refuses `f(a,)`, `{a: b c: d}`, `` `bare text` ``, numbers
//! beyond 32 bits and `-0`; it binds `a.*.b[?c]` and `a[0][1:2].b` otherwise; its literals lose the order of
//! keys, big integers, NaN and lone surrogates; and v1's messages name v1's tokens. Where the two grammars agree
//! the trees are the same, but for slices, which the tests below check against the crate.
//!
//! The literals travel beside the tree ([`Parsed::literals`]), by their number in `offset`.

use jmespath::Variable;
use jmespath::ast::{Ast, Comparator, KeyValuePair};
use num_bigint::Sign;

use super::lexer::{Kind, Token};
use super::node::{
    Node, Parse, binary, field, identity, leaf, node, projection, subexpression, too_deep, unary, values_of,
};
use super::syntax::SyntaxError;
use crate::python::Value;

/// How deep an expression may nest: v1 gives up where Python's stack ends, near 480 parentheses.
const DEPTH: usize = 480;

/// Tokens below this power end a projection.
const PROJECTION_STOP: u8 = 10;

/// Tokens that may follow a dot, as v1's message lists it.
const AFTER_DOT: &str = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']";

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    /// The tree.
    pub(super) tree: Ast,
    /// The literals, by the `offset` of their `Ast::Literal`.
    pub(super) literals: Vec<Value>,
}

/// Parses `tokens`.
/// Errors: v1's words for what does not follow the grammar.
/// v1: `Parser.parse`. Parity: OUT-40.
pub(super) fn parse(tokens: Vec<Token>) -> Parse<Parsed> {
    let mut parser = Parser { tokens, at: 0, depth: 0, literals: Vec::new() };
    let tree = parser.expression(0)?.ast;
    if parser.kind() != Kind::Eof {
        let token = parser.token();
        return Err(token.refused(&format!("Unexpected token: {}", token.shown())));
    }
    Ok(Parsed { tree, literals: parser.literals })
}

/// The tokens and the place that is read next.
struct Parser {
    /// The tokens.
    tokens: Vec<Token>,
    /// Place of the next one.
    at: usize,
    /// Expressions that are open.
    depth: usize,
    /// The literals so far.
    literals: Vec<Value>,
}

impl Parser {
    /// Returns the next token; the end where there is none.
    fn token(&self) -> Token {
        let end = || Token { kind: Kind::Eof, value: "".into(), start: 0 };
        self.tokens.get(self.at).cloned().unwrap_or_else(end)
    }

    /// Returns the kind of the next token.
    fn kind(&self) -> Kind {
        self.kind_at(0)
    }

    /// Returns the kind of the token `ahead` places after the next.
    fn kind_at(&self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).map_or(Kind::Eof, |token| token.kind)
    }

    /// Consumes the next token.
    fn next(&mut self) -> Token {
        let token = self.token();
        self.at += 1;
        token
    }

    /// Consumes the next token where it is a `kind`.
    fn consume(&mut self, kind: Kind) -> Parse<()> {
        if self.kind() != kind {
            return Err(self.expected(kind.name()));
        }
        self.at += 1;
        Ok(())
    }

    /// Returns the error for a next token that is not the `expected` one.
    fn expected(&self, expected: &str) -> SyntaxError {
        let token = self.token();
        if token.kind == Kind::Eof {
            return SyntaxError::Incomplete;
        }
        token.refused(&format!("Expecting: {expected}, got: {}", token.kind.name()))
    }

    /// Returns the error for a next token that breaks the grammar.
    fn refused(&self, message: &str) -> SyntaxError {
        self.token().refused(message)
    }

    /// Parses an expression up to a token that binds no stronger than `power`.
    fn expression(&mut self, power: u8) -> Parse<Node> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(too_deep());
        }
        let token = self.next();
        let mut left = self.prefix(token)?;
        while power < self.kind().binding_power() {
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// Parses the expression that `token` begins.
    fn prefix(&mut self, token: Token) -> Parse<Node> {
        match token.kind {
            Kind::Literal => {
                self.literals.push(token.value);
                let offset = self.literals.len() - 1;
                leaf(Ast::Literal { offset, value: Variable::Null.into() })
            }
            Kind::Quoted if self.kind() == Kind::Lparen => {
                let paren = Token { start: 0, ..self.token() };
                Err(paren.refused("Quoted identifier not allowed for function names."))
            }
            Kind::Unquoted | Kind::Quoted => leaf(field(&token)),
            Kind::Star => {
                let right = self.projected(Kind::Star.binding_power())?;
                values_of(identity(), right)
            }
            Kind::Filter => self.filter(identity()),
            Kind::Lbrace => self.hash(),
            Kind::Lparen => {
                let inside = self.expression(0)?;
                self.consume(Kind::Rparen)?;
                Ok(inside)
            }
            Kind::Flatten => self.flatten(identity()),
            Kind::Not => {
                let inside = self.expression(Kind::Not.binding_power())?;
                unary(|node| Ast::Not { offset: 0, node }, inside)
            }
            Kind::Lbracket => self.bracket(),
            Kind::Current => Ok(identity()),
            Kind::Expref => self.reference(),
            Kind::Eof => Err(SyntaxError::Incomplete),
            _ => Err(token.refused("invalid token")),
        }
    }

    /// Parses the rest of an expression whose `left` part is complete.
    fn infix(&mut self, left: Node) -> Parse<Node> {
        let token = self.next();
        let kind = token.kind;
        match kind {
            Kind::Dot => self.dot(left),
            Kind::Pipe => binary(left, self.expression(kind.binding_power())?, subexpression),
            Kind::Or => binary(left, self.expression(kind.binding_power())?, |lhs, rhs| Ast::Or {
                offset: 0,
                lhs,
                rhs,
            }),
            Kind::And => binary(left, self.expression(kind.binding_power())?, |lhs, rhs| Ast::And {
                offset: 0,
                lhs,
                rhs,
            }),
            Kind::Lparen => self.call(left),
            Kind::Filter => self.filter(left),
            Kind::Flatten => self.flatten(left),
            Kind::Lbracket => self.index(left),
            _ => match comparator(kind) {
                Some(comparator) => {
                    let right = self.expression(kind.binding_power())?;
                    binary(left, right, |lhs, rhs| Ast::Comparison { offset: 0, comparator, lhs, rhs })
                }
                None => Err(token.refused("invalid token")),
            },
        }
    }

    /// Parses what follows `left.`: a name, a list, a hash, or `*`.
    fn dot(&mut self, left: Node) -> Parse<Node> {
        if self.kind() == Kind::Star {
            self.at += 1;
            let right = self.projected(Kind::Dot.binding_power())?;
            return values_of(left, right);
        }
        let right = self.after_dot(Kind::Dot.binding_power())?;
        binary(left, right, subexpression)
    }

    /// Parses what follows a dot.
    fn after_dot(&mut self, power: u8) -> Parse<Node> {
        match self.kind() {
            Kind::Quoted | Kind::Unquoted | Kind::Star => self.expression(power),
            Kind::Lbracket => {
                self.at += 1;
                self.list()
            }
            Kind::Lbrace => {
                self.at += 1;
                self.hash()
            }
            kind => Err(self.refused(&format!("Expecting: {AFTER_DOT}, got: {}", kind.name()))),
        }
    }

    /// Parses the expression for each element of a projection.
    fn projected(&mut self, power: u8) -> Parse<Node> {
        match self.kind() {
            kind if kind.binding_power() < PROJECTION_STOP => Ok(identity()),
            Kind::Lbracket | Kind::Filter => self.expression(power),
            Kind::Dot => {
                self.at += 1;
                self.after_dot(power)
            }
            _ => Err(self.refused("syntax error")),
        }
    }

    /// Parses what follows `[?`: the condition, and the expression for each element.
    fn filter(&mut self, left: Node) -> Parse<Node> {
        let condition = self.expression(0)?;
        self.consume(Kind::Rbracket)?;
        let right = self.projected(Kind::Filter.binding_power())?;
        let chosen =
            binary(condition, right, |predicate, then| Ast::Condition { offset: 0, predicate, then })?;
        binary(left, chosen, projection)
    }

    /// Parses what follows `[]`.
    fn flatten(&mut self, left: Node) -> Parse<Node> {
        let flat = unary(|node| Ast::Flatten { offset: 0, node }, left)?;
        let right = self.projected(Kind::Flatten.binding_power())?;
        binary(flat, right, projection)
    }

    /// Parses what follows `[` at the beginning of an expression.
    fn bracket(&mut self) -> Parse<Node> {
        match self.kind() {
            Kind::Number | Kind::Colon => {
                let index = self.index_or_slice()?;
                self.projected_if_slice(identity(), index)
            }
            Kind::Star if self.kind_at(1) == Kind::Rbracket => {
                self.at += 2;
                let right = self.projected(Kind::Star.binding_power())?;
                binary(identity(), right, projection)
            }
            _ => self.list(),
        }
    }

    /// Parses what follows `left[`. A further `[..]` after an index is added to it as it is: `a[0][1:2]` does not
    /// project, while `a[1:2]` does.
    /// v1: `Parser._token_led_lbracket`. Parity: OUT-43.
    fn index(&mut self, left: Node) -> Parse<Node> {
        if !matches!(self.kind(), Kind::Number | Kind::Colon) {
            self.consume(Kind::Star)?;
            self.consume(Kind::Rbracket)?;
            let right = self.projected(Kind::Star.binding_power())?;
            return binary(left, right, projection);
        }
        let index = self.index_or_slice()?;
        if left.indexed {
            let longer = binary(left, index, subexpression)?;
            return Ok(Node { indexed: true, ..longer });
        }
        self.projected_if_slice(left, index)
    }

    /// Returns `left[5]` as it is; `left[1:2]` begins a projection.
    fn projected_if_slice(&mut self, left: Node, index: Node) -> Parse<Node> {
        let is_slice = matches!(index.ast, Ast::Slice { .. });
        let indexed = binary(left, index, subexpression)?;
        if !is_slice {
            return Ok(Node { indexed: true, ..indexed });
        }
        let right = self.projected(Kind::Star.binding_power())?;
        binary(indexed, right, projection)
    }

    /// Parses what follows `[` where that is a number or a colon.
    fn index_or_slice(&mut self) -> Parse<Node> {
        if self.kind() == Kind::Colon || self.kind_at(1) == Kind::Colon {
            return self.slice();
        }
        let idx = place(&self.next().value);
        self.consume(Kind::Rbracket)?;
        leaf(Ast::Index { offset: 0, idx })
    }

    /// Parses `start:stop:step`, each of which may be missing, and the bracket behind them.
    fn slice(&mut self) -> Parse<Node> {
        let mut parts = [None, None, None];
        let mut part = 0;
        while self.kind() != Kind::Rbracket {
            match (self.kind(), parts.get_mut(part)) {
                (Kind::Colon, _) if part < 2 => part += 1,
                (Kind::Number, Some(number)) => *number = Some(place(&self.token().value)),
                _ => return Err(self.refused("syntax error")),
            }
            self.at += 1;
        }
        self.consume(Kind::Rbracket)?;
        let [start, stop, stride] = parts;
        leaf(Ast::Slice { offset: 0, start, stop, step: stride.unwrap_or(1) })
    }

    /// Parses what follows `[`: expressions up to the bracket, with commas between them.
    fn list(&mut self) -> Parse<Node> {
        let mut elements = Vec::new();
        let mut height = 0;
        loop {
            let element = self.expression(0)?;
            height = height.max(element.height);
            elements.push(element.ast);
            if self.kind() == Kind::Rbracket {
                break;
            }
            self.consume(Kind::Comma)?;
        }
        self.at += 1;
        node(Ast::MultiList { offset: 0, elements }, height)
    }

    /// Parses what follows `{`: `key: expression` up to the brace; the commas between them may be missing.
    fn hash(&mut self) -> Parse<Node> {
        let mut elements = Vec::new();
        let mut height = 0;
        loop {
            let token = self.token();
            if !matches!(token.kind, Kind::Quoted | Kind::Unquoted) {
                return Err(self.expected("['quoted_identifier', 'unquoted_identifier']"));
            }
            self.at += 1;
            self.consume(Kind::Colon)?;
            let value = self.expression(0)?;
            height = height.max(value.height);
            elements.push(KeyValuePair { key: token.shown(), value: value.ast });
            match self.kind() {
                Kind::Comma => self.at += 1,
                Kind::Rbrace => break,
                _ => {}
            }
        }
        self.at += 1;
        node(Ast::MultiHash { offset: 0, elements }, height)
    }

    /// Parses what follows `name(`: expressions up to the parenthesis; the commas between them may be missing.
    fn call(&mut self, left: Node) -> Parse<Node> {
        let Ast::Field { name, .. } = left.ast else {
            let before = self.at.checked_sub(2).and_then(|at| self.tokens.get(at)).cloned();
            let before = before.unwrap_or_else(|| self.token());
            return Err(before.refused(&format!("Invalid function name '{}'", before.shown())));
        };
        let mut args = Vec::new();
        let mut height = 0;
        while self.kind() != Kind::Rparen {
            let argument = self.expression(0)?;
            height = height.max(argument.height);
            args.push(argument.ast);
            if self.kind() == Kind::Comma {
                self.at += 1;
            }
        }
        self.at += 1;
        node(Ast::Function { offset: 0, name, args }, height)
    }

    /// Parses what follows `&`.
    fn reference(&mut self) -> Parse<Node> {
        let inside = self.expression(0)?;
        unary(|ast| Ast::Expref { offset: 0, ast }, inside)
    }
}

/// Returns the crate's name for a comparison; `None` for any other token.
fn comparator(kind: Kind) -> Option<Comparator> {
    Some(match kind {
        Kind::Eq => Comparator::Equal,
        Kind::Ne => Comparator::NotEqual,
        Kind::Lt => Comparator::LessThan,
        Kind::Lte => Comparator::LessThanEqual,
        Kind::Gt => Comparator::GreaterThan,
        Kind::Gte => Comparator::GreaterThanEqual,
        _ => return None,
    })
}

/// Returns a place in a list; those that no list can have are all the same.
fn place(number: &Value) -> i32 {
    let Value::Int(number) = number else { return 0 };
    let end = if number.sign() == Sign::Minus { i32::MIN } else { i32::MAX };
    i32::try_from(number).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::query::lexer;
    use crate::output::query::node::HEIGHT;

    /// Returns a tree without its offsets and literals.
    fn shape(tree: &Ast) -> String {
        let shown = format!("{tree:?}");
        let mut bare = String::new();
        let mut rest = shown.as_str();
        while let Some((before, after)) = rest.split_once("offset: ") {
            bare.push_str(before);
            rest = after.trim_start_matches(|digit: char| digit.is_ascii_digit());
        }
        bare + rest
    }

    /// Slices and an index alone stand elsewhere in the crate's tree, which comes to the same.
    #[test]
    fn trees_are_those_of_the_crate_where_the_grammars_agree() {
        let expressions = [
            "a",
            "a.b.c",
            "\"a b\".c",
            "a[0]",
            "a[-1].b",
            "a[*].b[*].c",
            "a[]",
            "a[][].b",
            "*",
            "*.a",
            "a.*",
            "[*]",
            "[]",
            "[a, b.c]",
            "{a: b, c: d[0]}",
            "a.[b, c]",
            "a.{b: c}",
            "a | b | c",
            "a || b && c",
            "(a || b) && c",
            "!a",
            "!(a.b)",
            "a == b",
            "a[?b > c]",
            "a[?b].c",
            "[?a]",
            "a[?b == c && d].e",
            "length(a)",
            "sort(keys(@))",
            "join(a, b.c[*].d)",
            "f()",
            "@",
            "@.a",
            "a[0] | b[*]",
            "sort_by(a, &b.c)",
        ];
        for expression in expressions {
            let ours = parse(lexer::tokens(expression).unwrap()).unwrap();
            assert_eq!(shape(&ours.tree), shape(&jmespath::parse(expression).unwrap()), "{expression}");
        }
    }

    #[test]
    fn depth_and_height_end_in_an_error() {
        let run = || {
            let deep = format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000));
            let chains = ["|", "."].map(|sign| vec!["a"; 60_000].join(sign));
            for expression in [deep, "!".repeat(60_000)].iter().chain(&chains) {
                assert!(parse(lexer::tokens(expression).unwrap()).is_err());
            }
            let wide = format!("[{}]", vec!["(a)"; 2 * DEPTH].join(","));
            let deep = |depth| "(".repeat(depth) + "a" + &")".repeat(depth);
            for (expression, is_good) in [(wide, true), (deep(DEPTH - 1), true), (deep(DEPTH), false)] {
                assert_eq!(parse(lexer::tokens(&expression).unwrap()).is_ok(), is_good);
            }
            let tall = vec!["@"; HEIGHT].join("|");
            let query = crate::output::query::compile(&tall).unwrap();
            assert!(query.search(crate::python::Dict::default()).is_ok());
        };
        let main_stack = 8 << 20;
        std::thread::Builder::new().stack_size(main_stack).spawn(run).unwrap().join().unwrap();
    }
}
