//! `[host]`: files for single hosts.

use std::collections::{BTreeMap, BTreeSet};

use super::Resolver;
use crate::config::read::Value;
use crate::config::{Host, Server, csp};
use crate::diagnostic::nearest;

impl Resolver<'_, '_> {
    pub(super) fn host(&mut self) -> Host {
        Host {
            headers: self.boolean("host.headers"),
            redirects: self.boolean("host.redirects"),
            redirect_pages: self.boolean("host.redirect_pages"),
            server: match self.text("host.server").as_str() {
                "nginx" => Some(Server::Nginx),
                "caddy" => Some(Server::Caddy),
                _ => None,
            },
            max_files: self.max_files(),
            csp: self.csp(),
        }
    }

    /// The limit that the file sets, or, where nothing says where the site goes, the default.
    fn max_files(&self) -> Option<usize> {
        let applies = self.is_set("host.max_files") || !self.is_set("deploy.targets");
        let limit = self.size("host.max_files");
        (applies && limit > 0).then_some(limit)
    }

    /// The sources that are added to directives of the policy.
    fn csp(&mut self) -> BTreeMap<&'static str, BTreeSet<String>> {
        let mut added = BTreeMap::new();
        let Some((Value::TextTable(table), _)) = self.values.get("host.csp") else {
            return added;
        };
        for (name, written) in table {
            let mut known = csp::DIRECTIVES.into_iter();
            let Some(directive) = known.find(|directive| directive == name) else {
                let help = match nearest(name, csp::DIRECTIVES) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("there are {}", csp::DIRECTIVES.join(", ")),
                };
                let message = format!("nothing can be added to a directive `{name}`");
                self.reader.problem(written.name.clone(), message, help);
                continue;
            };
            let sources: BTreeSet<String> =
                written.text.split_whitespace().map(str::to_owned).collect();
            if let Some(wrong) = sources.iter().find(|source| !csp::is_source(source)) {
                self.reader.problem(
                    written.name.clone(),
                    format!("`{wrong}` is no source of a content security policy"),
                    "write sources like \"https://counter.example data:\", set apart by spaces",
                );
                continue;
            }
            added.insert(directive, sources);
        }
        added
    }
}
