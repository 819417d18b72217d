//! Headers and redirects for web servers that do not read `_headers` and `_redirects`: a part of
//! the configuration of nginx (<https://nginx.org/en/docs/http/ngx_http_rewrite_module.html>) or
//! Caddy (<https://caddyserver.com/docs/caddyfile>).
//!
//! The server reads it with more rights than the site has, so every name and value is quoted.

use std::collections::BTreeSet;

use crate::config::Server;
use crate::percent::decode;
use crate::plan::Plan;
use crate::plan::headers::{Rule, TYPE};
use crate::plan::inputs::SiteInputs;
use crate::plan::route::fixed;

/// Beginnings of the paths that a visitor has no business with: files for hosts, also compressed,
/// and the notes of a deploy.
const HIDDEN: [&str; 5] = [
    fixed::HEADERS,
    fixed::REDIRECTS,
    fixed::NGINX,
    fixed::CADDY,
    "/.newsgen-",
];

/// The text of the file for a web server.
pub(super) fn rules(server: Server, rules: &[Rule], site: SiteInputs<'_>) -> String {
    match server {
        Server::Nginx => nginx(rules, site),
        Server::Caddy => caddy(rules, site),
    }
}

/// A string of nginx's configuration, or one without a backslash of a Caddyfile.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// nginx knows no `else`, and a `location` does not inherit headers once it sets one. So each
/// header has a variable, which the last rule that matches sets.
fn nginx(rules: &[Rule], site: SiteInputs<'_>) -> String {
    let mut text = String::from(
        "# Headers and redirects of the site, for its `server` in nginx. Written by newsgen.\n",
    );
    let variable = |name: &str| format!("$newsgen_{}", name.to_lowercase().replace('-', "_"));
    let all = || {
        rules
            .iter()
            .flat_map(|rule| rule.headers.iter().map(move |header| (rule, header)))
    };
    let names: BTreeSet<&str> = all()
        .map(|(_, header)| header.name)
        .filter(|name| *name != TYPE)
        .collect();
    for name in &names {
        text += &format!("set {} \"\";\n", variable(name));
    }
    for (rule, header) in all().filter(|(_, header)| header.name != TYPE) {
        // A `$` would name a variable, and nginx has no way to write one that does not; no value
        // that newsgen makes has any.
        let value = quoted(&header.value.replace('$', ""));
        text += &format!(
            "if ($uri ~ {}) {{ set {} {value}; }}\n",
            quoted(&pattern(&rule.path)),
            variable(header.name)
        );
    }
    for name in &names {
        text += &format!("add_header {name} {} always;\n", variable(name));
    }
    for beginning in HIDDEN {
        let beginning = site.plan().shared.href(beginning);
        text += &format!(
            "location ^~ {} {{ return 404; }}\n",
            quoted(&decode(&beginning))
        );
    }
    for (rule, header) in all().filter(|(_, header)| header.name == TYPE) {
        let path = quoted(&pattern(&rule.path));
        text += &format!(
            "location ~ {path} {{ types {{ }} default_type {}; }}\n",
            quoted(&header.value)
        );
    }
    for (folder, page) in site.of_host().filter_map(Plan::own_404) {
        let (folder, page) = (quoted(&decode(&folder)), quoted(&page));
        text += &format!(
            "location {folder} {{ error_page 404 {page}; error_page 403 =404 {page}; }}\n"
        );
    }
    // nginx does not start when two locations are the same, and compares paths that are decoded.
    let mut seen = BTreeSet::new();
    for (from, to) in site.of_host().flat_map(Plan::redirects) {
        let from = decode(&from).into_owned();
        if !from.contains(char::is_control) && seen.insert(from.clone()) {
            text += &format!(
                "location = {} {{ return 301 {}; }}\n",
                quoted(&from),
                quoted(&to.replace('$', "%24"))
            );
        }
    }
    text
}

/// The pattern of a rule as a regular expression over a decoded path.
fn pattern(path: &str) -> String {
    format!(
        "^{}$",
        filled(path, ".*", "[^/]+", |text| regex::escape(&decode(text)))
    )
}

/// The pattern of a rule with `rest` for its `*`, `part` for each `:name`, and the text between
/// them as `literal` makes it.
fn filled(path: &str, rest: &str, part: &str, literal: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut left = path;
    while let Some(at) = left.find(['*', ':']) {
        let (before, after) = left.split_at(at);
        text += &literal(before);
        if let Some(name) = after.strip_prefix(':') {
            text += part;
            left = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        } else {
            text += rest;
            left = &after[1..];
        }
    }
    text + &literal(left)
}

/// In a `route`, directives hold in the order in which they stand, and a later `header` takes the
/// place of an earlier one.
fn caddy(rules: &[Rule], site: SiteInputs<'_>) -> String {
    let mut text = String::from(
        "# Headers and redirects of the site, for its block in a Caddyfile. Written by \
         newsgen.\nroute {\n",
    );
    for rule in rules {
        let path = quoted(&filled(&rule.path, "*", "*", str::to_owned));
        for header in &rule.headers {
            text += &format!(
                "\theader {path} {} {}\n",
                header.name,
                quoted(&header.value)
            );
        }
    }
    let shared = &site.plan().shared;
    let hidden = HIDDEN.map(|beginning| quoted(&format!("{}*", shared.href(beginning))));
    text += &format!(
        "\t@newsgen_hidden path {}\n\terror @newsgen_hidden 404\n",
        hidden.join(" ")
    );
    for (from, to) in site.of_host().flat_map(Plan::redirects) {
        // Braces would name a variable.
        let [from, to] =
            [from, to].map(|path| quoted(&path.replace('{', "%7B").replace('}', "%7D")));
        text += &format!("\tredir {from} {to} 301\n");
    }
    text += "}\n";
    let missing: Vec<(String, String)> = site.of_host().filter_map(Plan::own_404).collect();
    if !missing.is_empty() {
        text += &error_pages(&missing, &site.plan().shared.href(fixed::NOT_FOUND));
    }
    text
}

/// The pages for what is not there, in the language of its folder
/// (<https://caddyserver.com/docs/caddyfile/directives/handle_errors>); `rest` is that of all other
/// folders. Caddy asks handlers of one status before those of all.
fn error_pages(missing: &[(String, String)], rest: &str) -> String {
    let mut text = String::from("handle_errors 404 {\n\troute {\n");
    let folders = missing
        .iter()
        .map(|(folder, _)| quoted(&format!("{folder}*")));
    let folders: Vec<String> = folders.collect();
    for (number, (folder, (_, page))) in folders.iter().zip(missing).enumerate() {
        text += &format!(
            "\t\t@newsgen_404_{number} path {folder}\n\
             \t\trewrite @newsgen_404_{number} {}\n",
            quoted(page)
        );
    }
    text += &format!(
        "\t\t@newsgen_404 not path {}\n\t\trewrite @newsgen_404 {}\n",
        folders.join(" "),
        quoted(rest)
    );
    text += "\t\theader Content-Type \"text/html; charset=utf-8\"\n\
             \t\tfile_server {\n\t\t\tprecompressed br gzip\n\t\t}\n\t}\n}\n";
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_what_hosts_match() {
        assert_eq!(pattern("/*"), "^/.*$");
        assert_eq!(
            pattern("/topics/:slug/rss.xml"),
            r"^/topics/[^/]+/rss\.xml$"
        );
        assert_eq!(
            pattern("/about-:slug/feed.xml"),
            r"^/about\-[^/]+/feed\.xml$"
        );
        assert_eq!(pattern("/a%20b.css"), r"^/a b\.css$");
    }

    #[test]
    fn nothing_ends_a_string_early() {
        assert_eq!(quoted(r#"a\"; evil "#), r#""a\\\"; evil ""#);
    }
}
