//! The text of a condition → its tests.

use std::ops::Range;

use super::{Field, Kind, Literal, Mistake, Node, Operator, Test};
use crate::diagnostic::nearest;
use crate::time;

/// Bytes of a condition, at most.
const LONGEST: usize = 10_000;

/// Conditions inside one another, at most: reading and trying one must not use up the stack.
const DEEPEST: usize = 50;

/// Words that are no names of fields.
const WORDS: [&str; 6] = ["and", "or", "not", "in", "true", "false"];

#[derive(Clone, Debug, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Number(f64),
    Text(&'a str),
    /// A comparison.
    Sign(&'static str),
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
    End,
}

struct Reader<'a, F> {
    text: &'a str,
    fields: &'a [Field<F>],
    tokens: Vec<(Token<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
}

pub(super) fn read<F: Copy>(text: &str, fields: &[Field<F>]) -> Result<Node<F>, Mistake> {
    if text.len() > LONGEST {
        return Err(Mistake {
            span: 0..text.len(),
            message: format!("this condition has more than {LONGEST} bytes"),
            help: "make it shorter".to_owned(),
        });
    }
    let mut reader = Reader {
        text,
        fields,
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let root = reader.any()?;
    match reader.peek() {
        Token::End => Ok(root),
        Token::Close => Err(reader.mistake("this bracket was never opened", "remove it")),
        _ => Err(reader.mistake(
            "a condition has ended before this",
            "join conditions by `and` or `or`",
        )),
    }
}

/// Cuts a condition into tokens. The last one is its end.
fn tokens(text: &str) -> Result<Vec<(Token<'_>, Range<usize>)>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(rest, first).map_err(|(length, message, help)| Mistake {
            span: at..at + length,
            message,
            help: help.to_owned(),
        })?;
        tokens.push((token, at..at + length));
        at += length;
    }
    tokens.push((Token::End, text.len()..text.len()));
    Ok(tokens)
}

/// The token that a text begins with, and its length; else the length of what is none, and why.
#[allow(clippy::type_complexity, reason = "used in one place")]
fn token(rest: &str, first: char) -> Result<(Token<'_>, usize), (usize, String, &'static str)> {
    let two = rest.get(..2).unwrap_or_default();
    let sign = ["==", "!=", "<=", ">="].into_iter().find(|it| *it == two);
    if let Some(sign) = sign {
        return Ok((Token::Sign(sign), 2));
    }
    let wrong = |length, help| {
        let shown = rest.get(..length).unwrap_or_default();
        Err((length, format!("`{shown}` has no meaning here"), help))
    };
    match (first, two) {
        ('<', _) => Ok((Token::Sign("<"), 1)),
        ('>', _) => Ok((Token::Sign(">"), 1)),
        ('(', _) => Ok((Token::Open, 1)),
        (')', _) => Ok((Token::Close, 1)),
        ('[', _) => Ok((Token::OpenList, 1)),
        (']', _) => Ok((Token::CloseList, 1)),
        (',', _) => Ok((Token::Comma, 1)),
        ('"' | '\'', _) => match rest[1..].find(first) {
            Some(length) => Ok((Token::Text(&rest[1..=length]), length + 2)),
            None => {
                let message = "this text does not end".to_owned();
                Err((rest.len(), message, "end it with the sign it begins with"))
            }
        },
        ('-' | '0'..='9', _) => {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let number = rest[..length].parse().ok();
            match number.filter(|number: &f64| number.is_finite()) {
                Some(number) => Ok((Token::Number(number), length)),
                None => {
                    let message = format!("`{}` is not a number", &rest[..length]);
                    Err((
                        length,
                        message,
                        "write it like 75 or 0.5; texts need quotes",
                    ))
                }
            }
        }
        (_, "&&") => wrong(2, "write `and`"),
        (_, "||") => wrong(2, "write `or`"),
        ('!', _) => wrong(1, "write `not`"),
        ('=', _) => wrong(1, "write `==`"),
        ('“' | '”' | '„' | '‘' | '’' | '«' | '»', _) => wrong(
            first.len_utf8(),
            "write texts between \" and \", or ' and '",
        ),
        _ if first.is_alphabetic() || first == '_' => {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            Ok((Token::Word(&rest[..length]), length))
        }
        _ => wrong(first.len_utf8(), "remove it; texts need quotes"),
    }
}

impl<'a, F: Copy> Reader<'a, F> {
    fn peek(&self) -> &Token<'a> {
        self.tokens
            .get(self.at)
            .map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Range<usize> {
        let end = self.text.len()..self.text.len();
        self.tokens
            .get(self.at)
            .map_or(end, |(_, span)| span.clone())
    }

    /// Takes the next token if it is this one.
    fn takes(&mut self, token: &Token<'_>) -> bool {
        let is_next = self.peek() == token;
        self.at += usize::from(is_next);
        is_next
    }

    /// A mistake at the next token.
    fn mistake(&self, message: impl Into<String>, help: impl Into<String>) -> Mistake {
        Mistake {
            span: self.span(),
            message: message.into(),
            help: help.into(),
        }
    }

    fn any(&mut self) -> Result<Node<F>, Mistake> {
        let mut nodes = vec![self.all()?];
        while self.takes(&Token::Word("or")) {
            nodes.push(self.all()?);
        }
        Ok(joined(nodes, Node::Any))
    }

    fn all(&mut self) -> Result<Node<F>, Mistake> {
        let mut nodes = vec![self.single()?];
        while self.takes(&Token::Word("and")) {
            nodes.push(self.single()?);
        }
        Ok(joined(nodes, Node::All))
    }

    fn single(&mut self) -> Result<Node<F>, Mistake> {
        let is_bracket = match self.peek() {
            Token::Open => true,
            Token::Word("not") => false,
            _ => return self.test().map(Node::Test),
        };
        if self.depth == DEEPEST {
            let message = format!("more than {DEEPEST} conditions are inside one another");
            return Err(self.mistake(message, "write it with fewer brackets"));
        }
        self.depth += 1;
        let start = self.span();
        self.at += 1;
        let node = if is_bracket {
            let node = self.any()?;
            if !self.takes(&Token::Close) {
                let help = "close it with `)`; conditions are joined by `and` or `or`";
                return Err(Mistake {
                    span: start,
                    message: "this bracket is not closed".to_owned(),
                    help: help.to_owned(),
                });
            }
            node
        } else {
            Node::Not(Box::new(self.single()?))
        };
        self.depth -= 1;
        Ok(node)
    }

    fn test(&mut self) -> Result<Test<F>, Mistake> {
        let start = self.span();
        let (field, path) = self.field()?;
        let name = &self.text[start.clone()];
        self.at += 1;
        let signs_at = self.span();
        let is_negated = self.takes(&Token::Word("not"));
        let (operator, values) = match self.peek().clone() {
            Token::Word("in") => {
                self.at += 1;
                let operator = match is_negated {
                    true => Operator::NotIn,
                    false => Operator::In,
                };
                (operator, self.list(name, field.kind)?)
            }
            _ if is_negated => {
                let help =
                    format!("write `{name} not in [\"a\", \"b\"]`, or `not` before `{name}`");
                return Err(self.mistake("`in` is missing here", help));
            }
            Token::Sign(sign) => {
                self.at += 1;
                let operator = operator(sign);
                let is_order = !matches!(operator, Operator::In | Operator::NotIn);
                if is_order && !matches!(field.kind, Kind::Number | Kind::Age | Kind::Any) {
                    return Err(Mistake {
                        span: signs_at,
                        message: format!("`{name}` cannot be compared by `{sign}`"),
                        help: "it can be compared by `==`, `!=`, `in` and `not in`".to_owned(),
                    });
                }
                let at = self.span();
                let value = self.value(name, field.kind)?;
                if is_order && !matches!(value, Literal::Number(_)) {
                    return Err(Mistake {
                        span: at,
                        message: format!("`{sign}` compares numbers, and this is none"),
                        help: "write a number, without quotes".to_owned(),
                    });
                }
                (operator, vec![value])
            }
            _ if matches!(field.kind, Kind::Boolean | Kind::Any) => {
                (Operator::In, vec![Literal::Boolean(true)])
            }
            _ => {
                let message = format!("this does not say what `{name}` is compared with");
                let help = format!("write it like `{}`", example(name, field.kind));
                return Err(Mistake {
                    span: start,
                    message,
                    help,
                });
            }
        };
        let end = self.tokens[self.at - 1].1.end;
        Ok(Test {
            field: field.id,
            path: path.to_owned(),
            kind: field.kind,
            operator,
            values,
            span: start.start..end,
        })
    }

    /// The field that the next token names, and the path after it.
    fn field(&self) -> Result<(Field<F>, &'a str), Mistake> {
        let names = || {
            let names = self.fields.iter().map(|field| match field.kind {
                Kind::Any => format!("`{}.…`", field.name),
                _ => format!("`{}`", field.name),
            });
            format!("fields are {}", names.collect::<Vec<_>>().join(", "))
        };
        let word = match self.peek() {
            Token::Word(word) if !WORDS.contains(word) => *word,
            Token::End => return Err(self.mistake("a condition is missing here", names())),
            Token::Text(_) | Token::Number(_) | Token::Word("true" | "false") => {
                let help = "write `quality >= 75`, and not `75 <= quality`";
                return Err(self.mistake("a condition begins with a field", help));
            }
            _ => return Err(self.mistake("the name of a field is missing here", names())),
        };
        for field in self.fields {
            let path = match field.kind {
                Kind::Any => word
                    .strip_prefix(field.name)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .filter(|path| !path.is_empty()),
                _ => (word == field.name).then_some(""),
            };
            if let Some(path) = path {
                return Ok((*field, path));
            }
        }
        let known = self.fields.iter().map(|field| field.name);
        let help = match nearest(word, known.chain(WORDS)) {
            Some(right) if right == word => format!("write `{right}.` and a name after it"),
            Some(right) => format!("did you mean `{right}`?"),
            None => names(),
        };
        Err(self.mistake(format!("there is no field `{word}`"), help))
    }

    fn list(&mut self, name: &str, kind: Kind) -> Result<Vec<Literal>, Mistake> {
        let start = self.span();
        if !self.takes(&Token::OpenList) {
            let help = format!("write `{name} in [\"a\", \"b\"]`");
            return Err(self.mistake("a list is missing here", help));
        }
        let mut values = Vec::new();
        loop {
            if self.takes(&Token::CloseList) {
                break;
            }
            values.push(self.value(name, kind)?);
            if !self.takes(&Token::Comma) && *self.peek() != Token::CloseList {
                let message = "this list goes on without a comma, or does not end";
                return Err(self.mistake(message, "write it like [\"a\", \"b\"]"));
            }
        }
        if values.is_empty() {
            return Err(Mistake {
                span: start,
                message: "this list is empty, and nothing is in it".to_owned(),
                help: "write values between the brackets".to_owned(),
            });
        }
        Ok(values)
    }

    fn value(&mut self, name: &str, kind: Kind) -> Result<Literal, Mistake> {
        let literal = match (self.peek(), kind) {
            (Token::Number(number), Kind::Number | Kind::Any) => Some(Literal::Number(*number)),
            #[allow(
                clippy::cast_precision_loss,
                reason = "at most 10,000 years in seconds"
            )]
            (Token::Text(text), Kind::Age) => {
                time::duration(text).map(|seconds| Literal::Number(seconds as f64))
            }
            (Token::Text(text), Kind::Text | Kind::Texts | Kind::Language | Kind::Any) => {
                Some(Literal::Text(text.to_lowercase()))
            }
            (Token::Word(word @ ("true" | "false")), Kind::Boolean | Kind::Any) => {
                Some(Literal::Boolean(*word == "true"))
            }
            _ => None,
        };
        let what = match kind {
            Kind::Number => "a number",
            Kind::Age => "a length of time",
            Kind::Text | Kind::Texts => "a text",
            Kind::Language => "a language",
            Kind::Boolean => "`true` or `false`",
            Kind::Any => "a value",
        };
        let Some(literal) = literal else {
            let message = match self.peek() {
                Token::End => format!("{what} for `{name}` is missing here"),
                _ => format!("`{name}` is compared with {what}, and this is none"),
            };
            let help = format!("write it like `{}`", example(name, kind));
            return Err(self.mistake(message, help));
        };
        self.at += 1;
        Ok(literal)
    }
}

fn operator(sign: &str) -> Operator {
    match sign {
        "==" => Operator::In,
        "!=" => Operator::NotIn,
        "<" => Operator::Less,
        "<=" => Operator::AtMost,
        ">" => Operator::More,
        _ => Operator::AtLeast,
    }
}

fn joined<F>(mut nodes: Vec<Node<F>>, join: fn(Vec<Node<F>>) -> Node<F>) -> Node<F> {
    match nodes.len() {
        1 => nodes.remove(0),
        _ => join(nodes),
    }
}

/// How a field of a kind is compared.
fn example(name: &str, kind: Kind) -> String {
    match kind {
        Kind::Number => format!("{name} >= 75"),
        Kind::Age => format!("{name} < \"2 days\""),
        Kind::Text | Kind::Texts => format!("{name} == \"a text\""),
        Kind::Language => format!("{name} == \"en\""),
        Kind::Boolean => format!("{name} == true"),
        Kind::Any => format!("{name} == \"a text\"` or `{name} > 5"),
    }
}
