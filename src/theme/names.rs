//! Names of variables and fields in templates, checked before anything is rendered.
//!
//! Tera reports an unknown field only where it is shown; in a condition it counts as false, and a
//! front page is empty without a word. What stands in the tags of a template is read here token by
//! token, and each path is followed through [`super::fields`]: through loops, assignments, and the
//! parameters of components as far as they have one meaning. What cannot be followed is not judged.

use std::collections::BTreeMap;
use std::ops::Range;

use super::fields::{self, Type};
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

/// A word or sign in a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    Text(&'t str),
    Number,
    Sign(&'t str),
}

/// A token and where it stands, in bytes.
type Placed<'t> = (Token<'t>, Range<usize>);

/// The inside of one tag, with the place of each token.
struct Tag<'t> {
    /// Whether it is `{% … %}`.
    is_statement: bool,
    tokens: Vec<Placed<'t>>,
}

/// Words of the language that name no value.
const WORDS: [&str; 14] = [
    "and", "as", "else", "elif", "false", "if", "in", "is", "none", "None", "not", "or", "true",
    "loop",
];

/// Filters that give a list of the same items, or one that is cut or sorted.
const SAME_LIST: [&str; 5] = ["filter", "reverse", "slice", "sort", "unique"];

/// Filters that give one item of a list.
const ITEM: [&str; 3] = ["first", "last", "nth"];

/// Names in a template that mean nothing.
pub(super) fn unknown(text: &str) -> Vec<Unknown> {
    let mut check = Check::default();
    for tag in tags(text) {
        check.tag(&tag);
    }
    check.found
}

/// The components that a template defines, and where.
pub(super) fn components(text: &str) -> Vec<(&str, Range<usize>)> {
    // A dotted name counts as a whole.
    let defined = |tag: Tag<'_>| match tag.tokens.as_slice() {
        [
            (Token::Name("component"), _),
            (Token::Name(_), first),
            rest @ ..,
        ] => {
            let dotted = rest
                .chunks_exact(2)
                .take_while(|pair| matches!(pair, [(Token::Sign("."), _), (Token::Name(_), _)]));
            let end = dotted.last().map_or(first.end, |pair| pair[1].1.end);
            Some((&text[first.start..end], first.start..end))
        }
        _ => None,
    };
    tags(text)
        .into_iter()
        .filter(|tag| tag.is_statement)
        .filter_map(defined)
        .collect()
}

/// The names of the blocks of a template.
pub(super) fn blocks(text: &str) -> Vec<&str> {
    let block = |tag: Tag<'_>| match tag.tokens.as_slice() {
        [(Token::Name("block"), _), (Token::Name(_), name), ..] => Some(&text[name.clone()]),
        _ => None,
    };
    tags(text)
        .into_iter()
        .filter(|tag| tag.is_statement)
        .filter_map(block)
        .collect()
}

/// The name of the template that a template extends.
pub(super) fn parent(text: &str) -> Option<&str> {
    let extended = |tag: Tag<'_>| match tag.tokens.as_slice() {
        [(Token::Name("extends"), _), (Token::Text(_), quoted), ..] => {
            text.get(quoted.start + 1..quoted.end.saturating_sub(1))
        }
        _ => None,
    };
    tags(text)
        .into_iter()
        .filter(|tag| tag.is_statement)
        .find_map(extended)
}

/// What the names of a template mean while it is read.
#[derive(Default)]
struct Check {
    /// Names of the template's own: the innermost last; with what they mean.
    scopes: Vec<BTreeMap<String, Type>>,
    set: BTreeMap<String, Type>,
    found: Vec<Unknown>,
}

impl Check {
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

    /// `component name(a, b: map, c="…")`: what the parameters are is up to its callers.
    fn enter_component(&mut self, tokens: &[Placed<'_>]) {
        let names = tokens.iter().filter_map(|(token, _)| name(token));
        let scope = names.map(|name| (name.to_owned(), Type::Any));
        self.scopes.push(scope.collect());
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
            // It may come from a template that includes this one; a name that is nearly one of ours
            // does not.
            let known = fields::SHARED.iter().chain(fields::VARIABLES);
            if let Some(meant) = nearest(first, known.map(|(name, _)| *name)) {
                self.found.push(Unknown {
                    span: span.clone(),
                    message: format!("there is no variable `{first}`"),
                    meant: Some(meant.to_owned()),
                });
            }
            return;
        };
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

fn name<'t>(token: &Token<'t>) -> Option<&'t str> {
    match token {
        Token::Name(name) => Some(name),
        _ => None,
    }
}

/// The tags of a template, without comments and raw text. A template that is not well-formed is
/// Tera's to judge: reading stops where it cannot go on.
fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        let (is_statement, close) = match text.as_bytes().get(start + 1) {
            Some(b'{') => (false, "}}"),
            Some(b'%') => (true, "%}"),
            Some(b'#') => {
                let Some(end) = text[start..].find("#}") else {
                    return tags;
                };
                at = start + end + 2;
                continue;
            }
            _ => {
                at = start + 1;
                continue;
            }
        };
        // A hyphen trims the white space before the tag.
        let inside = start + 2 + usize::from(text.as_bytes().get(start + 2) == Some(&b'-'));
        let (tokens, end) = tokens(text, inside, close);
        at = end;
        let is_raw = is_statement && matches!(tokens.as_slice(), [(Token::Name("raw"), _)]);
        if is_raw {
            let Some(end) = text[at..].find("endraw") else {
                return tags;
            };
            at += end;
        }
        tags.push(Tag {
            is_statement,
            tokens,
        });
    }
    tags
}

/// The tokens from `start` to the end of the tag, and where that is.
fn tokens<'t>(text: &'t str, start: usize, close: &str) -> (Vec<Placed<'t>>, usize) {
    let mut tokens = Vec::new();
    let mut at = start;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        // A hyphen trims the white space after the tag.
        if let Some(behind) = rest.strip_prefix('-').unwrap_or(rest).strip_prefix(close) {
            return (tokens, text.len() - behind.len());
        }
        let length = |more: fn(char) -> bool| {
            rest.char_indices()
                .find(|(_, c)| !more(*c))
                .map_or(rest.len(), |(end, _)| end)
        };
        let (token, length) = match c {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '"' | '\'' | '`' => {
                let length = quoted(rest, c);
                (Some(Token::Text(&rest[..length])), length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = length(|c| c.is_alphanumeric() || c == '_');
                (Some(Token::Name(&rest[..length])), length)
            }
            c if c.is_ascii_digit() => (
                Some(Token::Number),
                length(|c| c.is_ascii_digit() || c == '.'),
            ),
            c => {
                let two = ["?.", "==", "!=", "<=", ">=", "</", "//", "**"];
                let length = two
                    .iter()
                    .find(|two| rest.starts_with(**two))
                    .map_or(c.len_utf8(), |two| two.len());
                (Some(Token::Sign(&rest[..length])), length)
            }
        };
        tokens.extend(token.map(|token| (token, at..at + length)));
        at += length;
    }
    (tokens, text.len())
}

/// Length of a text with its quotes, of which the first stands at the start.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let message = |unknown: Unknown| match unknown.meant {
            Some(meant) => format!("{} ({meant})", unknown.message),
            None => unknown.message,
        };
        unknown(text).into_iter().map(message).collect()
    }

    #[test]
    fn the_default_theme_names_only_what_there_is() {
        for (name, text) in super::super::embedded::TEMPLATES {
            assert_eq!(unknown(text), [], "{name}");
        }
    }

    #[test]
    fn a_wrong_field_is_found_wherever_it_stands() {
        for text in [
            "{{ front.led }}",
            "{% if front.led %}x{% endif %}",
            "{% if not front.led and page.url %}{% endif %}",
            "{% if page.url %}{% elif front.led %}{% endif %}",
            "{%- for x in front.led -%}{% endfor %}",
            "{% set x = front.led %}",
            "{{ front.led | default(value=\"\") }}",
            "{{ <media item={front.led} /> }}",
            "{{ shorten(text=front.led) }}",
            "{{ front?.led }}",
            "{{ \"a\" ~ front.led }}",
            "{{ [front.led] }}",
        ] {
            assert_eq!(
                messages(text),
                ["`front` has no field `led` (lead)"],
                "{text}"
            );
        }
    }

    #[test]
    fn paths_are_followed_through_loops_and_assignments() {
        assert_eq!(
            messages(
                "{% for day in front.latest %}{% for s in day.stories %}{{ s.titel }}{% endfor %}\
                 {{ s.x }}{{ day.stories }}{% endfor %}"
            ),
            ["`s` has no field `titel` (title)"]
        );
        assert_eq!(
            messages("{%- for s in front.top -%}{{- s.titel -}}{%- endfor -%}"),
            ["`s` has no field `titel` (title)"]
        );
        assert_eq!(
            messages("{% set lead = front.lead %}{{ lead.provider.nme }}"),
            ["`lead.provider` has no field `nme` (name)"]
        );
        assert_eq!(
            messages("{% for s in front.top | slice(end=2) %}{{ s.urll }}{% endfor %}"),
            ["`s` has no field `urll` (url)"]
        );
    }

    #[test]
    fn items_of_lists_are_followed() {
        for (text, message) in [
            (
                "{% if front.top[0].titel %}{% endif %}",
                "`front.top[…]` has no field `titel` (title)",
            ),
            (
                "{% if front[\"led\"] %}{% endif %}",
                "`front` has no field `led` (lead)",
            ),
            (
                "{% set l = front.top | reverse | first %}{{ l.titel }}",
                "`l` has no field `titel` (title)",
            ),
            (
                "{% set l = front.top[0] %}{{ l.titel }}",
                "`l` has no field `titel` (title)",
            ),
            (
                "{% if front.top.title %}{% endif %}",
                "`front.top` is a list, and has no field `title`",
            ),
            (
                "{% if site.title.short %}{% endif %}",
                "`site.title` is a single value, and has no field `short`",
            ),
        ] {
            assert_eq!(messages(text), [message], "{text}");
        }
    }

    #[test]
    fn what_a_template_defines_is_found() {
        let text = "{% extends 'a.html' %}{# {% block no %} #}{%- block one -%}{% endblock %}\
                    {% component ui.card(x) %}{% endcomponent ui.card %}{% block two %}";
        assert_eq!(parent(text), Some("a.html"));
        assert_eq!(blocks(text), ["one", "two"]);
        let names: Vec<&str> = components(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ui.card"]);
        assert_eq!(parent("{{ extends }}"), None);
    }

    #[test]
    fn what_cannot_be_followed_is_not_judged() {
        for text in [
            "{{ site.extra.anything.at.all }}{{ article.extra.x }}",
            "{% for k, v in site.extra %}{{ k.x }}{{ v.y }}{% endfor %}",
            "{% component card(page) %}{{ page.anything }}{% endcomponent card %}",
            "{%- component card(larget=false) -%}{{ 1 if larget else 2 }}{%- endcomponent card -%}",
            "{% if front.led is defined %}{% endif %}{% if front.led is not defined %}{% endif %}",
            "{# {{ front.led }} #}{% raw %}{{ front.led }}{% endraw %}",
            "{% raw -%}{{ front.led }}{%- endraw %}",
            "{{ \"front.led\" }}{{ '{{ front.led' }}",
            "{% set front = site.extra %}{{ front.led }}",
            "{{ [1, 2] | first }}{{ {\"a\": front.lead} }}",
            "{% for page in site.pages %}{{ page.title }}{% endfor %}{{ page.kind }}",
            "{{ something.else }}{% include \"front.led\" %}",
            "{% block front %}{% endblock front %}{{ loop.index }}",
            "{ {{ page.url",
            "{{ topics[number].pages }}{{ (front.top | first).pages }}{{ f(x=1).pages }}",
            "{% set l = front.top | map(attribute=\"url\") | first %}{{ l.titel }}",
        ] {
            assert_eq!(messages(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_misspelt_variable_is_found() {
        assert_eq!(
            messages("{% if frnt.lead %}{% endif %}"),
            ["there is no variable `frnt` (front)"]
        );
        assert_eq!(messages("{{ strings.latst }}").len(), 1);
    }
}
