//! Names of variables and fields in templates, checked before anything is rendered.
//!
//! Tera reports an unknown field only where it is shown; in a condition it counts as false, and a
//! front page is empty without any message. What stands in the tags of a template is read here
//! token by token, and each path is followed through [`super::fields`]: through loops, assignments,
//! and the parameters of components as far as they have one meaning. What cannot be followed is not
//! judged.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::fields::{self, Type};
use super::tokens::{Placed, Tag, Token, name, tags};
use crate::diagnostic::nearest;

/// A name that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// Where it stands, in bytes.
    pub(super) span: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// What was probably meant.
    pub(super) meant: Option<String>,
}

/// Words of the language that name no value.
const WORDS: [&str; 14] = [
    "and", "as", "else", "elif", "false", "if", "in", "is", "none", "None", "not", "or", "true",
    "loop",
];

/// Names that the language itself gives a value.
const IMPLICIT: [&str; 2] = ["__tera_context", "body"];

/// Filters that give a list of the same items, or one that is cut or sorted.
const SAME_LIST: [&str; 5] = ["filter", "reverse", "slice", "sort", "unique"];

/// Filters that give one item of a list.
const ITEM: [&str; 3] = ["first", "last", "nth"];

/// What the parameters of components mean, by the names of both: of those only that are given in
/// every call, and always mean the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters(BTreeMap<(String, String), Type>);

/// What a call of a component gives it, by the names of its parameters.
struct Call {
    component: String,
    given: BTreeMap<String, Type>,
}

impl Parameters {
    /// What they mean in some templates, which call each other's components.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Parameters {
        /// So deep, components that hand on what they were given are followed.
        const DEPTH: usize = 8;
        let texts: Vec<Vec<Tag<'_>>> = texts.map(tags).collect();
        let mut known = Parameters::default();
        for _ in 0..DEPTH {
            let mut calls = Vec::new();
            for tags in &texts {
                let mut check = Check::new(&known);
                tags.iter().for_each(|tag| check.tag(tag));
                calls.append(&mut check.calls);
            }
            let found = Parameters::common(&calls);
            if found == known {
                break;
            }
            known = found;
        }
        known
    }

    fn common(calls: &[Call]) -> Parameters {
        let mut by_component: BTreeMap<&str, BTreeMap<&str, Type>> = BTreeMap::new();
        for Call { component, given } in calls {
            match by_component.get_mut(component.as_str()) {
                Some(known) => known.retain(|name, kind| given.get(*name) == Some(kind)),
                None => {
                    let given = given.iter().map(|(name, kind)| (name.as_str(), *kind));
                    by_component.insert(component, given.collect());
                }
            }
        }
        let each = by_component.into_iter().flat_map(|(component, given)| {
            let name = move |name: &str| (component.to_owned(), name.to_owned());
            given
                .into_iter()
                .map(move |(parameter, kind)| (name(parameter), kind))
        });
        Parameters(each.filter(|(_, kind)| *kind != Type::Any).collect())
    }
}

/// Names of the templates' own: what they set, go over, or hand to components. A template that
/// includes another one shares them with it.
pub(super) fn own_names<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<&'t str> {
    let of_tag = |tag: Tag<'t>| -> Vec<&'t str> {
        let names = |tokens: &[Placed<'t>]| {
            let names = tokens.iter().filter_map(|(token, _)| match token {
                Token::Name(name) => Some(*name),
                _ => None,
            });
            names.collect::<Vec<_>>()
        };
        match tag.tokens.as_slice() {
            [(Token::Name("set" | "set_global"), _), name, ..] => names(std::slice::from_ref(name)),
            [(Token::Name("for"), _), rest @ ..] => {
                let is_in = |(token, _): &Placed<'_>| *token == Token::Name("in");
                names(&rest[..rest.iter().position(is_in).unwrap_or(0)])
            }
            [(Token::Name("component"), _), rest @ ..] => names(rest),
            _ => Vec::new(),
        }
    };
    texts.flat_map(tags).flat_map(of_tag).collect()
}

/// What the templates of a site see.
pub(super) struct Seen<'a> {
    /// What components are given.
    pub(super) parameters: &'a Parameters,
    /// Names of the templates' own.
    pub(super) own: &'a BTreeSet<&'a str>,
    /// Those variables of single pages that some page has which the template makes or is a part
    /// of; none if it is not known of which pages it is.
    pub(super) on_pages: Option<BTreeSet<&'static str>>,
}

/// Names in a template that mean nothing.
pub(super) fn unknown(text: &str, seen: &Seen<'_>) -> Vec<Unknown> {
    let mut check = Check::new(seen.parameters);
    check.seen = Some(seen);
    for tag in tags(text) {
        check.tag(&tag);
    }
    check.found
}

/// What the names of a template mean while it is read.
struct Check<'p> {
    parameters: &'p Parameters,
    /// What the template sees; none while only parameters are found out.
    seen: Option<&'p Seen<'p>>,
    /// Names of the template's own: the innermost last; with what they mean.
    scopes: Vec<BTreeMap<String, Type>>,
    set: BTreeMap<String, Type>,
    found: Vec<Unknown>,
    calls: Vec<Call>,
}

impl<'p> Check<'p> {
    fn new(parameters: &'p Parameters) -> Check<'p> {
        Check {
            parameters,
            seen: None,
            scopes: Vec::new(),
            set: BTreeMap::new(),
            found: Vec::new(),
            calls: Vec::new(),
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let tokens = tag.tokens.as_slice();
        let Some(((Token::Name(keyword), _), rest)) =
            tokens.split_first().filter(|_| tag.is_statement)
        else {
            return self.expression(tokens);
        };
        match *keyword {
            "if" | "elif" => self.expression(rest),
            "for" => self.enter_loop(rest),
            "endfor" | "endcomponent" => drop(self.scopes.pop()),
            "component" => self.enter_component(rest),
            "set" | "set_global" => self.assign(rest),
            _ => {}
        }
    }

    /// `for x in xs`, `for key, value in object`.
    fn enter_loop(&mut self, tokens: &[Placed<'_>]) {
        let is_in = |(token, _): &(Token<'_>, _)| *token == Token::Name("in");
        let Some(at) = tokens.iter().position(is_in) else {
            return self.scopes.push(BTreeMap::new());
        };
        let (names, list) = (&tokens[..at], &tokens[at + 1..]);
        self.expression(list);
        let item = match self.type_of(list) {
            Type::List(object) => Type::Object(object),
            Type::Scalars => Type::Scalar,
            _ => Type::Any,
        };
        let names: Vec<&str> = names.iter().filter_map(|(token, _)| name(token)).collect();
        let item = if names.len() == 1 { item } else { Type::Any };
        let scope = names.into_iter().map(|name| (name.to_owned(), item));
        self.scopes.push(scope.collect());
    }

    /// `component name(a, b: map, c="…")`.
    fn enter_component(&mut self, tokens: &[Placed<'_>]) {
        let (component, _) = dotted(tokens);
        let names = tokens.iter().filter_map(|(token, _)| name(token));
        let scope = names.map(|name| {
            let known = (component.clone(), name.to_owned());
            let kind = self.parameters.0.get(&known).copied();
            (known.1, kind.unwrap_or(Type::Any))
        });
        self.scopes.push(scope.collect());
    }

    /// `<name a={…} b="…" />`, from behind the sign on.
    fn call(&mut self, tokens: &[Placed<'_>]) {
        let (component, mut rest) = dotted(tokens);
        let mut given = BTreeMap::new();
        loop {
            match rest {
                [
                    (Token::Name(name), _),
                    (Token::Sign("="), _),
                    (Token::Sign("{"), _),
                    value @ ..,
                ] => {
                    let end = closing(value);
                    given.insert((*name).to_owned(), self.type_of(&value[..end]));
                    rest = value.get(end + 1..).unwrap_or_default();
                }
                [
                    (Token::Name(name), _),
                    (Token::Sign("="), _),
                    (Token::Text(_), _),
                    behind @ ..,
                ] => {
                    given.insert((*name).to_owned(), Type::Scalar);
                    rest = behind;
                }
                // Anything else gives what cannot be followed, or ends the call.
                [(Token::Name(_), _), behind @ ..] => rest = behind,
                _ => break,
            }
        }
        self.calls.push(Call { component, given });
    }

    /// `set x = …`, or `set x` with a body.
    fn assign(&mut self, tokens: &[Placed<'_>]) {
        let Some(((Token::Name(name), _), rest)) = tokens.split_first() else {
            return;
        };
        let mut kind = Type::Any;
        if let Some(((Token::Sign("="), _), value)) = rest.split_first() {
            self.expression(value);
            kind = self.type_of(value);
        }
        // What is set in one branch may be something else after the other.
        let mut scopes = self.scopes.iter_mut().rev();
        if let Some(known) = scopes.find_map(|scope| scope.get_mut(*name)) {
            if *known != kind {
                *known = Type::Any;
            }
            return;
        }
        let before = self
            .set
            .get(*name)
            .copied()
            .or_else(|| fields::variable(name));
        let kind = if before.is_none_or(|before| before == kind) {
            kind
        } else {
            Type::Any
        };
        self.set.insert((*name).to_owned(), kind);
    }

    /// What a name means; none when nothing has it.
    fn variable(&self, name: &str) -> Option<Type> {
        let own = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        own.or_else(|| self.set.get(name))
            .copied()
            .or_else(|| fields::variable(name))
    }

    /// Whether the template, or another one, gives a name a meaning of its own.
    fn is_own(&self, name: &str) -> bool {
        let mut scopes = self.scopes.iter();
        scopes.any(|scope| scope.contains_key(name))
            || self.set.contains_key(name)
            || self.seen.is_none_or(|seen| seen.own.contains(name))
    }

    /// What an expression gives: that of a path, with filters that keep a list a list.
    fn type_of(&self, tokens: &[Placed<'_>]) -> Type {
        let end = tokens
            .iter()
            .position(|(token, _)| *token == Token::Sign("|"));
        let (path, filters) = tokens.split_at(end.unwrap_or(tokens.len()));
        let Some(((Token::Name(first), _), rest)) = path.split_first() else {
            return Type::Any;
        };
        let Some(mut kind) = self.variable(first) else {
            return Type::Any;
        };
        let mut rest = rest;
        while let Some((step, behind)) = step(rest) {
            kind = match (step, kind) {
                (Step::Field(field, _), Type::Object(object)) => {
                    fields::field(object, field).unwrap_or(Type::Any)
                }
                (Step::Item, Type::List(object)) => Type::Object(object),
                (Step::Item, Type::Scalars) => Type::Scalar,
                _ => return Type::Any,
            };
            rest = behind;
        }
        if !rest.is_empty() {
            return Type::Any;
        }
        for pair in filters
            .windows(2)
            .filter(|pair| pair[0].0 == Token::Sign("|"))
        {
            let filter = name(&pair[1].0).unwrap_or_default();
            kind = match kind {
                _ if SAME_LIST.contains(&filter) => kind,
                Type::List(object) if ITEM.contains(&filter) => Type::Object(object),
                Type::Scalars if ITEM.contains(&filter) => Type::Scalar,
                _ => return Type::Any,
            };
        }
        kind
    }

    /// Judges every path in an expression.
    fn expression(&mut self, tokens: &[Placed<'_>]) {
        let token = |at: usize| tokens.get(at).map(|(token, _)| token);
        let mut at = 0;
        while at < tokens.len() {
            let (Token::Name(first), span) = &tokens[at] else {
                at += 1;
                continue;
            };
            let start = at;
            at += 1;
            let mut path = Vec::new();
            while let Some((step, behind)) = step(&tokens[at..]) {
                path.push(step);
                at = tokens.len() - behind.len();
            }
            let before = start.checked_sub(1).and_then(token);
            if before == Some(&Token::Sign("<")) && begins(&tokens[..start - 1]) {
                self.call(&tokens[start..]);
            }
            // The name of a filter, of a test, of a component, or of a field of what cannot be
            // followed.
            let is_other = match before {
                Some(Token::Sign("|" | "<" | "</" | "." | "?.")) => true,
                Some(Token::Name("is")) => true,
                Some(Token::Name("not")) => {
                    start > 1 && token(start - 2) == Some(&Token::Name("is"))
                }
                _ => false,
            };
            // The name of a function or of an argument, or the key of a map.
            let is_call = matches!(token(at), Some(Token::Sign("(" | "=" | ":")));
            // Whoever asks whether a field is there knows that it may not be.
            let is_asked = matches!(token(at), Some(Token::Name("is")))
                && matches!(
                    (token(at + 1), token(at + 2)),
                    (Some(Token::Name("defined" | "undefined")), _)
                        | (
                            Some(Token::Name("not")),
                            Some(Token::Name("defined" | "undefined"))
                        )
                );
            if is_other || is_call || is_asked || WORDS.contains(first) {
                continue;
            }
            self.path(first, span, &path);
        }
    }

    fn path(&mut self, first: &str, span: &Range<usize>, path: &[Step<'_>]) {
        let Some(mut kind) = self.variable(first) else {
            let known = fields::SHARED.iter().chain(fields::VARIABLES);
            let meant = nearest(first, known.map(|(name, _)| *name)).map(str::to_owned);
            // It may come from a template that includes this one; a name that is nearly one of ours
            // does not.
            let is_own = self.seen.is_none_or(|seen| seen.own.contains(first));
            if meant.is_some() || !(is_own || IMPLICIT.contains(&first)) {
                self.found.push(Unknown {
                    span: span.clone(),
                    message: format!("there is no variable `{first}`"),
                    meant,
                });
            }
            return;
        };
        let on_pages = self.seen.and_then(|seen| seen.on_pages.as_ref());
        let is_own = self.is_own(first) || !fields::is_of_some_pages(first);
        if on_pages.is_some_and(|names| !is_own && !names.contains(first)) {
            self.found.push(Unknown {
                span: span.clone(),
                message: format!("no page that this template is for has the variable `{first}`"),
                meant: None,
            });
            return;
        }
        let mut shown = first.to_owned();
        for step in path {
            let next = match (step, kind) {
                (Step::Field(field, _), Type::Object(object)) => fields::field(object, field),
                // A field of a text or of a list is nothing, as is one that an object has not.
                (Step::Field(..), Type::Scalar | Type::List(_) | Type::Scalars) => None,
                (Step::Item, Type::List(object)) => Some(Type::Object(object)),
                (Step::Item, Type::Scalars) => Some(Type::Scalar),
                (Step::Item, _) | (Step::Field(..), Type::Any) => return,
            };
            match (step, next) {
                (Step::Item, _) => shown.push_str("[…]"),
                (Step::Field(field, span), None) => {
                    self.found.push(Unknown {
                        span: span.clone(),
                        message: format!("{} has no field `{field}`", described(&shown, kind)),
                        meant: match kind {
                            Type::Object(object) => nearest(field, fields::names(object)),
                            _ => None,
                        }
                        .map(str::to_owned),
                    });
                    return;
                }
                (Step::Field(field, _), Some(_)) => {
                    shown.push('.');
                    shown.push_str(field);
                }
            }
            kind = next.unwrap_or(Type::Any);
        }
    }
}

/// Whether an expression may begin behind some tokens, so that a `<` there begins a call and
/// compares nothing.
fn begins(before: &[Placed<'_>]) -> bool {
    match before.last() {
        None => true,
        Some((Token::Sign(sign), _)) => !matches!(*sign, ")" | "]" | "}"),
        Some(_) => false,
    }
}

/// A dotted name at the start of some tokens, and what follows on it.
fn dotted<'s, 't>(tokens: &'s [Placed<'t>]) -> (String, &'s [Placed<'t>]) {
    let Some(((Token::Name(first), _), mut rest)) = tokens.split_first() else {
        return (String::new(), tokens);
    };
    let mut name = (*first).to_owned();
    while let [(Token::Sign("."), _), (Token::Name(part), _), behind @ ..] = rest {
        name = format!("{name}.{part}");
        rest = behind;
    }
    (name, rest)
}

/// Where the brace stands that closes the one before some tokens; their end if there is none.
fn closing(tokens: &[Placed<'_>]) -> usize {
    let mut open = 1;
    let is_closing = |(token, _): &Placed<'_>| {
        match token {
            Token::Sign("{") => open += 1,
            Token::Sign("}") => open -= 1,
            _ => {}
        }
        open == 0
    };
    tokens.iter().position(is_closing).unwrap_or(tokens.len())
}

/// A value as a message names it.
fn described(path: &str, kind: Type) -> String {
    match kind {
        Type::List(_) | Type::Scalars => format!("`{path}` is a list, and"),
        Type::Scalar => format!("`{path}` is a single value, and"),
        Type::Object(_) | Type::Any => format!("`{path}`"),
    }
}

/// A step of a path.
enum Step<'t> {
    /// `.field`, `?.field` or `["field"]`.
    Field(&'t str, Range<usize>),
    /// `[0]`.
    Item,
}

/// The next step of a path, and what follows on it.
fn step<'s, 't>(tokens: &'s [Placed<'t>]) -> Option<(Step<'t>, &'s [Placed<'t>])> {
    match tokens {
        [
            (Token::Sign("." | "?."), _),
            (Token::Name(field), span),
            rest @ ..,
        ] => Some((Step::Field(field, span.clone()), rest)),
        [
            (Token::Sign("["), _),
            (Token::Number, _),
            (Token::Sign("]"), _),
            rest @ ..,
        ] => Some((Step::Item, rest)),
        [
            (Token::Sign("["), _),
            (Token::Text(quoted), span),
            (Token::Sign("]"), _),
            rest @ ..,
        ] => {
            let field = quoted.get(1..quoted.len().saturating_sub(1))?;
            Some((Step::Field(field, span.start + 1..span.end - 1), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
