//! Publishing: what a deploy says of what it sends, as pages get it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

/// The body of a request that publishes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Publish {
    /// Name of the target.
    pub(super) target: String,
    /// Whether nothing is sent.
    #[serde(default)]
    dry: bool,
    /// How much of what is there may be deleted, in percent, as it was confirmed.
    #[serde(default)]
    delete_limit: Option<u8>,
}

impl Publish {
    /// Whether nothing is sent.
    pub(super) fn is_dry(&self) -> bool {
        self.dry
    }

    /// The command that does it. It prints what `docs/json.md` says.
    pub(super) fn command(&self) -> Vec<String> {
        let fixed = ["--build", "--progress", "--format", "json"];
        let mut command = vec!["deploy".to_owned(), self.target.clone()];
        command.extend(fixed.map(str::to_owned));
        if self.dry {
            command.push("--dry-run".to_owned());
        }
        if let Some(limit) = self.delete_limit {
            command.extend(["--delete-limit".to_owned(), limit.to_string()]);
        }
        command
    }
}

/// What a deploy sends, or sent: see `docs/json.md`. If it failed, it has only diagnostics.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Sending {
    send: Vec<File>,
    delete: Vec<String>,
    unchanged: usize,
    bytes: Option<u64>,
    refused: Option<String>,
    needed_delete_limit: Option<usize>,
    notes: Vec<String>,
    diagnostics: Vec<Problem>,
}

#[derive(Debug, Deserialize)]
struct File {
    path: String,
    why: String,
    role: String,
    size: u64,
}

impl File {
    fn json(&self) -> Value {
        let File {
            path,
            why,
            role,
            size,
        } = self;
        json!({ "path": path, "why": why, "kind": role, "size": size })
    }
}

#[derive(Debug, Deserialize)]
struct Problem {
    severity: String,
    message: String,
    place: Option<Place>,
    help: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Place {
    path: String,
    line: usize,
}

impl Problem {
    fn text(&self) -> String {
        let place = self.place.as_ref().map(|place| match place.line {
            0 => format!("{}: ", place.path),
            line => format!("{}:{line}: ", place.path),
        });
        let help = self.help.as_ref().map(|help| format!("\n{help}"));
        format!(
            "{}{}: {}{}",
            place.unwrap_or_default(),
            self.severity,
            self.message,
            help.unwrap_or_default()
        )
    }
}

impl Sending {
    /// What there is to send, in numbers: all files, and those of each kind. A compressed copy of a
    /// page is a file, and no page. Pages of articles and of digests have one role in a deploy, so
    /// `is_story` tells them apart.
    pub(super) fn summary(&self, is_story: impl Fn(&str) -> bool) -> Value {
        let mut kinds: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for file in &self.send {
            let is_copy = [".br", ".gz"].iter().any(|end| file.path.ends_with(end));
            if !is_copy {
                let kind = match file.role.as_str() {
                    "article" if is_story(&file.path) => "story",
                    "article" => "digest",
                    other => other,
                };
                let kind = kinds.entry(kind).or_default();
                *kind.entry(&file.why).or_default() += 1;
            }
        }
        json!({
            "files": self.send.len(),
            "kinds": kinds,
            "deleted": self.delete.len(),
            "unchanged": self.unchanged,
            "size": self.send.iter().map(|file| file.size).sum::<u64>(),
            "bytes": self.bytes,
            "refused": self.refused,
            "needed_delete_limit": self.needed_delete_limit,
            "notes": self.notes,
            "problems": self.diagnostics.iter().map(Problem::text).collect::<Vec<_>>(),
        })
    }

    /// Some of the files, in the order of the deploy.
    pub(super) fn files(&self, offset: usize, limit: usize) -> Value {
        let sent = self.send.iter();
        let sent = sent.map(File::json);
        let deleted = self.delete.iter();
        let deleted = deleted.map(|path| json!({ "path": path, "why": "deleted" }));
        json!({
            "total": self.send.len() + self.delete.len(),
            "files": sent.chain(deleted).skip(offset).take(limit).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_by_kind_and_listed_in_parts() {
        let sending: Sending = serde_json::from_value(json!({
            "send": [
                { "path": "a/index.html", "why": "new", "role": "article", "size": 7 },
                { "path": "a/index.html.br", "why": "new", "role": "article", "size": 3 },
                { "path": "index.html", "why": "changed", "role": "front", "size": 5 },
            ],
            "delete": ["old/index.html"],
            "unchanged": 4,
        }))
        .unwrap();
        let summary = sending.summary(|path| path.starts_with("a/"));
        assert_eq!(
            summary["kinds"],
            json!({ "story": { "new": 1 }, "front": { "changed": 1 } })
        );
        assert_eq!(
            (&summary["files"], &summary["size"]),
            (&json!(3), &json!(15))
        );
        let rest = sending.files(2, 5);
        assert_eq!(
            (&rest["total"], rest["files"].as_array().unwrap().len()),
            (&json!(4), 2)
        );
        assert_eq!(rest["files"][1]["why"], "deleted");
    }
}
