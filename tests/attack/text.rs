//! Plain text and the files for hosts, and whether a payload has become a line or a directive.

use newsgen::content::text::line;
use pulldown_cmark::{Event, Parser, Tag};

use crate::Findings;
use crate::html;
use crate::payloads::{Kind, TEXTS, has_mark, marks};

/// Characters that no output holds: controls, and those that reorder the text around them.
pub(crate) fn has_only_good_characters(place: &str, text: &str, found: &mut Findings) {
    let is_bad = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{fffe}' | '\u{ffff}')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(at) = text.find(is_bad) {
        let around: String = text[at..].chars().take(30).collect();
        found.add(
            place,
            format!("a control or direction character: {around:?}"),
        );
    }
}

/// A text that was a payload is still all of it: what stands before the mark is there, as it was
/// written or with its entities read. Nothing of it has become structure.
pub(crate) fn is_whole(place: &str, text: &str, found: &mut Findings) {
    has_only_good_characters(place, text, found);
    // Word joiners keep mailing services from what looks like their tags.
    let text = text.replace('\u{2060}', "");
    let text = text.as_str();
    if is_own_address(text) {
        return;
    }
    for (at, mark) in marks(text) {
        let Some(payload) = TEXTS.get(mark.payload).filter(|_| mark.kind == Kind::Text) else {
            continue;
        };
        // Of a text that has lines, and of one that was cut, the end of the beginning must do.
        const ENOUGH: usize = 8;
        let word = mark.word();
        let written = payload.text(&word);
        let read = line(&written).unwrap_or_default();
        let is_there = [written.as_str(), read.as_str()].iter().any(|whole| {
            whole.match_indices(&word).any(|(start, _)| {
                let mut before: Vec<char> = whole[..start].chars().rev().take(ENOUGH).collect();
                before.reverse();
                text[..at].ends_with(&String::from_iter(before))
            })
        });
        // Harmless sites use the same marks with a word before them.
        if !is_there && !text[..at].ends_with("word ") {
            let from = text[..at]
                .char_indices()
                .rev()
                .nth(20)
                .map_or(0, |(at, _)| at);
            found.add(
                place,
                format!(
                    "a part of the payload `{}` is missing: {:?}",
                    payload.name,
                    &text[from..]
                ),
            );
        }
    }
}

/// Whether a text is an address of the site that needs no encoding: slugs are made of payloads.
fn is_own_address(text: &str) -> bool {
    let path = text.strip_prefix("0; url=").unwrap_or(text);
    let path = path.strip_prefix("https:").unwrap_or(path);
    let path = path.strip_prefix("//news.example").unwrap_or(path);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
    path.starts_with('/') && !path.starts_with("//") && path.bytes().all(is_plain)
}

/// `llms.txt`: Markdown of headings and links.
pub(crate) fn llms(place: &str, text: &str, found: &mut Findings) {
    has_only_good_characters(place, text, found);
    for event in Parser::new(text) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                found.add(place, format!("HTML: {html}"));
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if !dest_url.starts_with("https://news.example/") =>
            {
                found.add(place, format!("a link to {dest_url}"));
            }
            Event::Start(Tag::CodeBlock(_) | Tag::Emphasis | Tag::Strong | Tag::Image { .. }) => {
                found.add(place, "code, emphasis or a picture".to_owned());
            }
            _ => {}
        }
    }
    for line in text.lines() {
        let known = ["# ", "> ", "## ", "- ["];
        if !line.is_empty() && !known.iter().any(|start| line.starts_with(start)) {
            found.add(place, format!("the line {line}"));
        }
        if line.starts_with('#') && has_mark(line) {
            found.add(place, format!("a payload as a heading: {line}"));
        }
    }
}

/// `_redirects`: three words a line, each a plain path.
pub(crate) fn redirects(place: &str, text: &str, found: &mut Findings) {
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let is_path = |path: &str| {
            path.starts_with('/')
                && !path.starts_with("//")
                && !path.split('/').any(|part| matches!(part, "." | ".."))
                && path.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || b"-._~!$&'()+,;=@%/".contains(&byte)
                })
        };
        if words.len() != 3 || !is_path(words[0]) || !is_path(words[1]) || words[2] != "301" {
            found.add(place, format!("the line {line}"));
        }
    }
}

/// A word of a server's configuration.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// Without quotation marks.
    Word(String),
    Quoted(String),
    /// What ends or encloses directives.
    Sign(char),
}

/// The words of a configuration: comments, strings with backslashes, and signs.
fn tokens(text: &str, signs: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '#' => while rest.next_if(|c| *c != '\n').is_some() {},
            '"' => {
                let mut string = String::new();
                while let Some(c) = rest.next() {
                    match c {
                        '"' => break,
                        '\\' => string.extend(rest.next()),
                        _ => string.push(c),
                    }
                }
                tokens.push(Token::Quoted(string));
            }
            c if signs.contains(c) => tokens.push(Token::Sign(c)),
            c if c.is_whitespace() => {}
            c => {
                let mut word = String::from(c);
                while let Some(c) =
                    rest.next_if(|c| !c.is_whitespace() && !signs.contains(*c) && *c != '"')
                {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    tokens
}

/// `_nginx.conf`: payloads stand in strings only, and only these directives are there.
pub(crate) fn nginx(place: &str, text: &str, found: &mut Findings) {
    const DIRECTIVES: &str = "set if add_header location return types default_type";
    has_only_good_characters(place, text, found);
    let tokens = tokens(text, ";{}\n");
    let mut is_start = true;
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('\n') => continue,
            Token::Sign(sign) => {
                depth += match sign {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                is_start = true;
                continue;
            }
            Token::Word(word) if has_mark(word) => {
                found.add(place, format!("a payload outside of strings: {word}"));
            }
            Token::Word(word) if is_start && !html::is_one_of(word, DIRECTIVES) => {
                found.add(place, format!("the directive {word}"));
            }
            Token::Quoted(string) => {
                let is_answer = at > 1
                    && tokens[at - 1] == Token::Word("301".to_owned())
                    && tokens[at - 2] == Token::Word("return".to_owned());
                if is_answer && (string.contains('$') || !string.starts_with('/')) {
                    found.add(place, format!("a redirect to {string}"));
                }
                if string.contains('\n') {
                    found.add(place, format!("a string of two lines: {string}"));
                }
            }
            Token::Word(_) => {}
        }
        is_start = false;
    }
    if depth != 0 {
        found.add(place, "braces that are not closed".to_owned());
    }
}

/// `_Caddyfile`: each line is one of ours, and payloads stand in strings only.
pub(crate) fn caddy(place: &str, text: &str, found: &mut Findings) {
    has_only_good_characters(place, text, found);
    for line in text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        let words = tokens(line, "");
        let is_known = match words.first() {
            Some(Token::Word(word)) => {
                html::is_one_of(word, "route header redir error @newsgen_hidden }")
            }
            _ => line.is_empty(),
        };
        let is_redirect = line.starts_with("redir ");
        if !is_known || (is_redirect && words.len() != 4) {
            found.add(place, format!("the line {line}"));
        }
        for word in &words {
            match word {
                Token::Word(word) if has_mark(word) => {
                    found.add(place, format!("a payload outside of strings: {word}"));
                }
                // Braces name variables.
                Token::Quoted(string) if is_redirect && string.contains(['{', '}']) => {
                    found.add(place, format!("a variable in {string}"));
                }
                _ => {}
            }
        }
    }
}

/// The text of an email. What mailing services would replace is looked for by [`merge_tags`].
pub(crate) fn plain(place: &str, text: &str, found: &mut Findings) {
    has_only_good_characters(place, text, found);
    for line in text.lines() {
        let is_alone = marks(line).first().is_some_and(|(at, mark)| {
            let lines: &[&str] = &[
                "Set-Cookie: ",
                "  X-",
                "::error::",
                "Disallow: /",
                "/",
                "## ",
            ];
            mark.kind == Kind::Text && lines.contains(&&line[..*at])
        });
        if is_alone {
            found.add(place, format!("a line of its own: {line}"));
        }
    }
}

/// What mailing services would replace: in what is handed to them none of it is left of a payload.
pub(crate) fn merge_tags(place: &str, text: &str, found: &mut Findings) {
    const BEGINNINGS: [&str; 9] = [
        "*|",
        "{{",
        "{%",
        "[[",
        "<%=",
        "%%",
        "${",
        "%recipient.",
        "{% include \"",
    ];
    for (at, _) in marks(text) {
        let before = text[..at].trim_end();
        if let Some(tag) = BEGINNINGS.iter().find(|tag| before.ends_with(**tag)) {
            found.add(
                place,
                format!("a merge tag: {tag}{}", &text[at..(at + 10).min(text.len())]),
            );
        }
    }
}
