//! Tokens -> the `jmespath` crate's tree. Mirrors `jmespath/parser.py`.
//!
//! The crate's own parser refuses `f(a,)`, `` `bare text` `` and big numbers, binds `a.*.b[?c]` otherwise, and loses the
//! order and the digits of literals, which travel beside the tree here. Where the grammars agree, so do the trees.

use anyhow::{anyhow, bail, ensure};
use jmespath::Variable;
use jmespath::ast::{Ast, Comparator, KeyValuePair};
use num_bigint::Sign;

use super::Query;
use super::lexer::{self, Kind, Token};
use crate::python::Value;

/// How deep an expression may nest and how tall its tree may grow, which each dot or pipe of a chain does: v1 gives
/// up near there as Python's stack ends, in words that name the interpreter (D1).
const LIMIT: usize = 480;
const TOO_DEEP: &str = "the expression is nested too deeply";

/// Tokens below this power end a projection.
const PROJECTION_STOP: u8 = 10;

/// Tokens that may follow a dot, as v1's message lists it.
const AFTER_DOT: &str = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']";

const IDENTITY: Ast = Ast::Identity { offset: 0 };

/// Compiles an expression.
/// Errors: v1's words for what does not follow the grammar.
/// v1: `Parser.parse`. Parity: OUT-40.
pub(super) fn parse(expression: &str) -> anyhow::Result<Query> {
    if expression.is_empty() {
        bail!("Invalid JMESPath expression: cannot be empty.");
    }
    let tokens = lexer::tokens(expression)?;
    let mut parser = Parser { expression, tokens, at: 0, depth: 0, height: 0, literals: Vec::new() };
    let tree = parser.expression(0)?;
    match parser.token() {
        Token { kind: Kind::Eof, .. } => Ok(Query { tree, literals: parser.literals }),
        token => Err(parser.refused(&token, &format!("Unexpected token: {}", token.shown()))),
    }
}

/// The tokens and the place that is read next.
struct Parser<'e> {
    expression: &'e str,
    tokens: Vec<Token>,
    /// Place of the next token.
    at: usize,
    /// Expressions that are open.
    depth: usize,
    /// How tall the tree of the innermost open expression is so far.
    height: usize,
    literals: Vec<Value>,
}

impl Parser<'_> {
    /// Returns the next token; the end where there is none.
    fn token(&self) -> Token {
        let end = || Token { kind: Kind::Eof, value: "".into(), start: 0 };
        self.tokens.get(self.at).cloned().unwrap_or_else(end)
    }

    fn kind(&self) -> Kind {
        self.kind_at(0)
    }

    /// Returns the kind of the token `ahead` places after the next.
    fn kind_at(&self, ahead: usize) -> Kind {
        self.tokens.get(self.at + ahead).map_or(Kind::Eof, |token| token.kind)
    }

    /// Consumes the next token where it is a `kind`, and returns whether it is.
    fn accept(&mut self, kind: Kind) -> bool {
        let is_next = self.kind() == kind;
        self.at += usize::from(is_next);
        is_next
    }

    /// Consumes the next token, which must be a `kind`.
    fn consume(&mut self, kind: Kind) -> anyhow::Result<()> {
        if self.accept(kind) { Ok(()) } else { Err(self.expected(&kind.name())) }
    }

    /// Returns the error for a next token that is not the `expected` one.
    fn expected(&self, expected: &str) -> anyhow::Error {
        match self.token() {
            Token { kind: Kind::Eof, .. } => self.incomplete(),
            token => self.refused(&token, &format!("Expecting: {expected}, got: {}", token.kind.name())),
        }
    }

    /// Returns the error for an expression that ends too early.
    fn incomplete(&self) -> anyhow::Error {
        let (expression, at) = (self.expression, self.expression.chars().count() + 1);
        anyhow!("Invalid jmespath expression: Incomplete expression:\n\"{expression}\"\n{:at$}^", "")
    }

    /// Returns the error for a token that stands where it cannot; the quote in front of the expression moves the caret.
    /// v1: `ParseError.__str__`. Parity: OUT-40, OUT-41.
    fn refused(&self, token: &Token, message: &str) -> anyhow::Error {
        let (expression, at) = (self.expression, lexer::column(self.expression, token.start));
        let (shown, kind, caret) = (token.shown(), token.kind.name().to_uppercase(), at + 1);
        anyhow!(
            "{message}: Parse error at column {at}, token \"{shown}\" ({kind}), for expression:\n\
             \"{expression}\"\n{:caret$}^",
            ""
        )
    }

    /// Parses an expression up to a token that binds no stronger than `power`.
    fn expression(&mut self, power: u8) -> anyhow::Result<Ast> {
        self.depth += 1;
        ensure!(self.depth <= LIMIT, TOO_DEEP);
        let beside = std::mem::take(&mut self.height);
        let mut left = self.prefix()?;
        loop {
            self.height += 1;
            ensure!(self.height <= LIMIT, TOO_DEEP);
            if self.kind().binding_power() <= power {
                break;
            }
            left = self.infix(left)?;
        }
        self.height = self.height.max(beside);
        self.depth -= 1;
        Ok(left)
    }

    /// Parses the right side of an operator.
    fn operand(&mut self, operator: Kind) -> anyhow::Result<Box<Ast>> {
        self.expression(operator.binding_power()).map(Box::new)
    }

    /// Parses the beginning of an expression.
    fn prefix(&mut self) -> anyhow::Result<Ast> {
        let token = self.token();
        self.at += 1;
        match token.kind {
            Kind::Literal => {
                self.literals.push(token.value);
                Ok(Ast::Literal { offset: self.literals.len() - 1, value: Variable::Null.into() })
            }
            Kind::Quoted if self.kind() == Kind::Lparen => {
                let paren = Token { start: 0, ..self.token() };
                Err(self.refused(&paren, "Quoted identifier not allowed for function names."))
            }
            Kind::Unquoted | Kind::Quoted => Ok(Ast::Field { offset: 0, name: token.shown() }),
            Kind::Star => self.project(Ast::ObjectValues { offset: 0, node: IDENTITY.into() }, Kind::Star),
            Kind::Filter => self.filter(IDENTITY),
            Kind::Flatten => self.project(Ast::Flatten { offset: 0, node: IDENTITY.into() }, Kind::Flatten),
            Kind::Lbrace => self.hash(),
            Kind::Lparen => {
                let inside = self.expression(0)?;
                self.consume(Kind::Rparen)?;
                Ok(inside)
            }
            Kind::Lbracket => match (self.kind(), self.kind_at(1)) {
                (Kind::Number | Kind::Colon, _) | (Kind::Star, Kind::Rbracket) => self.index(IDENTITY),
                _ => self.list(),
            },
            Kind::Not => Ok(Ast::Not { offset: 0, node: self.operand(Kind::Not)? }),
            Kind::Expref => Ok(Ast::Expref { offset: 0, ast: self.operand(Kind::Expref)? }),
            Kind::Current => Ok(IDENTITY),
            Kind::Eof => Err(self.incomplete()),
            _ => Err(self.refused(&token, "invalid token")),
        }
    }

    /// Parses the rest of an expression whose `left` part is complete.
    fn infix(&mut self, left: Ast) -> anyhow::Result<Ast> {
        let token = self.token();
        self.at += 1;
        let kind = token.kind;
        match kind {
            Kind::Dot if self.accept(Kind::Star) => {
                self.project(Ast::ObjectValues { offset: 0, node: left.into() }, Kind::Dot)
            }
            Kind::Dot => Ok(subexpression(left, self.after_dot(Kind::Dot)?)),
            Kind::Pipe => Ok(subexpression(left, self.operand(kind)?)),
            Kind::Or => Ok(Ast::Or { offset: 0, lhs: left.into(), rhs: self.operand(kind)? }),
            Kind::And => Ok(Ast::And { offset: 0, lhs: left.into(), rhs: self.operand(kind)? }),
            Kind::Lparen => self.call(left),
            Kind::Filter => self.filter(left),
            Kind::Flatten => self.project(Ast::Flatten { offset: 0, node: left.into() }, Kind::Flatten),
            Kind::Lbracket => self.index(left),
            _ => {
                let comparator = comparator(kind).ok_or_else(|| self.refused(&token, "invalid token"))?;
                Ok(Ast::Comparison { offset: 0, comparator, lhs: left.into(), rhs: self.operand(kind)? })
            }
        }
    }

    /// Parses what follows a dot: a name, a list, a hash, or `*`.
    fn after_dot(&mut self, operator: Kind) -> anyhow::Result<Box<Ast>> {
        match self.kind() {
            Kind::Quoted | Kind::Unquoted | Kind::Star => self.operand(operator),
            _ if self.accept(Kind::Lbracket) => self.list().map(Box::new),
            _ if self.accept(Kind::Lbrace) => self.hash().map(Box::new),
            kind => {
                let message = format!("Expecting: {AFTER_DOT}, got: {}", kind.name());
                Err(self.refused(&self.token(), &message))
            }
        }
    }

    /// Parses the expression for each element of `left` behind an `operator`.
    fn project(&mut self, left: Ast, operator: Kind) -> anyhow::Result<Ast> {
        Ok(Ast::Projection { offset: 0, lhs: left.into(), rhs: self.projected(operator)? })
    }

    /// Parses the expression for each element of a projection.
    fn projected(&mut self, operator: Kind) -> anyhow::Result<Box<Ast>> {
        match self.kind() {
            kind if kind.binding_power() < PROJECTION_STOP => Ok(IDENTITY.into()),
            Kind::Lbracket | Kind::Filter => self.operand(operator),
            _ if self.accept(Kind::Dot) => self.after_dot(operator),
            _ => Err(self.refused(&self.token(), "syntax error")),
        }
    }

    /// Parses what follows `[?`: the condition, and the expression for each element.
    fn filter(&mut self, left: Ast) -> anyhow::Result<Ast> {
        let predicate = self.expression(0)?.into();
        self.consume(Kind::Rbracket)?;
        let chosen = Ast::Condition { offset: 0, predicate, then: self.projected(Kind::Filter)? };
        Ok(Ast::Projection { offset: 0, lhs: left.into(), rhs: chosen.into() })
    }

    /// Parses what follows `left[`: `*` and slices begin a projection. A further `[..]` after an index is added to it
    /// as it is: `a[0][1:2]` does not project, while `a[1:2]` does.
    /// v1: `Parser._token_led_lbracket`. Parity: OUT-43.
    fn index(&mut self, left: Ast) -> anyhow::Result<Ast> {
        if !matches!(self.kind(), Kind::Number | Kind::Colon) {
            self.consume(Kind::Star)?;
            self.consume(Kind::Rbracket)?;
            return self.project(left, Kind::Star);
        }
        let is_place = |tree: &Ast| matches!(tree, Ast::Index { .. } | Ast::Slice { .. });
        let follows_index = matches!(&left, Ast::Subexpr { rhs, .. } if is_place(rhs));
        let is_slice = self.kind() == Kind::Colon || self.kind_at(1) == Kind::Colon;
        let index = if is_slice { self.slice()? } else { Ast::Index { offset: 0, idx: self.number() } };
        self.consume(Kind::Rbracket)?;
        let indexed = subexpression(left, index.into());
        if is_slice && !follows_index { self.project(indexed, Kind::Star) } else { Ok(indexed) }
    }

    /// Consumes a place in a list; those that no list can have are all the same.
    fn number(&mut self) -> i32 {
        let Value::Int(number) = self.token().value else { return 0 };
        self.at += 1;
        let end = if number.sign() == Sign::Minus { i32::MIN } else { i32::MAX };
        i32::try_from(number).unwrap_or(end)
    }

    /// Parses `start:stop:step`, each of which may be missing.
    fn slice(&mut self) -> anyhow::Result<Ast> {
        let mut parts = [None, None, None];
        let mut part = 0;
        while self.kind() != Kind::Rbracket {
            match (self.kind(), parts.get_mut(part)) {
                _ if part < 2 && self.accept(Kind::Colon) => part += 1,
                (Kind::Number, Some(number)) => *number = Some(self.number()),
                _ => return Err(self.refused(&self.token(), "syntax error")),
            }
        }
        let [start, stop, stride] = parts;
        Ok(Ast::Slice { offset: 0, start, stop, step: stride.unwrap_or(1) })
    }

    /// Parses what follows `[`: expressions up to the bracket, with commas between them.
    fn list(&mut self) -> anyhow::Result<Ast> {
        let mut elements = vec![self.expression(0)?];
        while !self.accept(Kind::Rbracket) {
            self.consume(Kind::Comma)?;
            elements.push(self.expression(0)?);
        }
        Ok(Ast::MultiList { offset: 0, elements })
    }

    /// Parses what follows `{`: `key: expression` up to the brace; the commas between them may be missing.
    fn hash(&mut self) -> anyhow::Result<Ast> {
        let mut elements = Vec::new();
        loop {
            let token = self.token();
            if !matches!(token.kind, Kind::Quoted | Kind::Unquoted) {
                return Err(self.expected("['quoted_identifier', 'unquoted_identifier']"));
            }
            self.at += 1;
            self.consume(Kind::Colon)?;
            elements.push(KeyValuePair { key: token.shown(), value: self.expression(0)? });
            if !self.accept(Kind::Comma) && self.accept(Kind::Rbrace) {
                return Ok(Ast::MultiHash { offset: 0, elements });
            }
        }
    }

    /// Parses what follows `name(`: expressions up to the parenthesis; the commas between them may be missing.
    fn call(&mut self, left: Ast) -> anyhow::Result<Ast> {
        let Ast::Field { name, .. } = left else {
            self.at -= 2; // back to the last token of `left`
            let token = self.token();
            return Err(self.refused(&token, &format!("Invalid function name '{}'", token.shown())));
        };
        let mut args = Vec::new();
        while !self.accept(Kind::Rparen) {
            args.push(self.expression(0)?);
            self.accept(Kind::Comma);
        }
        Ok(Ast::Function { offset: 0, name, args })
    }
}

/// Returns `left.right` and `left | right`.
fn subexpression(left: Ast, rhs: Box<Ast>) -> Ast {
    Ast::Subexpr { offset: 0, lhs: left.into(), rhs }
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

#[cfg(test)]
mod tests {
    use super::*;

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
            let ours = parse(expression).unwrap();
            assert_eq!(shape(&ours.tree), shape(&jmespath::parse(expression).unwrap()), "{expression}");
        }
    }

    #[test]
    fn depth_and_height_end_in_an_error() {
        let run = || {
            let deep = format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000));
            let chains = ["|", "."].map(|sign| vec!["a"; 60_000].join(sign));
            for expression in [deep, "!".repeat(60_000)].iter().chain(&chains) {
                assert!(parse(expression).is_err());
            }
            let wide = format!("[{}]", vec!["(a)"; 2 * LIMIT].join(","));
            let deep = |depth| "(".repeat(depth) + "a" + &")".repeat(depth);
            for (expression, is_good) in [(wide, true), (deep(LIMIT - 1), true), (deep(LIMIT), false)] {
                assert_eq!(parse(&expression).is_ok(), is_good);
            }
            for tall in [vec!["@"; LIMIT].join("|"), format!("@{}", "[]".repeat(LIMIT - 1))] {
                assert!(parse(&tall).unwrap().search(crate::python::Dict::default()).is_ok());
                assert!(parse(&format!("{tall}|@")).is_err());
            }
        };
        let main_stack = 8 << 20;
        std::thread::Builder::new().stack_size(main_stack).spawn(run).unwrap().join().unwrap();
    }
}
