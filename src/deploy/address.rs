//! Where a site goes: the address of a target.
//!
//! An address is no place for secrets. One that holds a password or a signature is refused, in
//! words that do not repeat it.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use crate::config::is_this_machine;

use crate::percent::decode;

/// Where a site goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A bucket or container of an object store, or a path in it.
    Bucket(BucketPath, Store),
    /// A folder of this machine.
    Folder(PathBuf),
    /// A branch of a git repository.
    Git(Branch),
}

/// An object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// S3, or a store that speaks its protocol.
    S3 {
        /// Where the store listens, when it is not AWS.
        endpoint: Option<Url>,
        /// Region, when the environment is not to say.
        region: Option<String>,
    },
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage; the environment names the account.
    Azure,
}

impl Store {
    fn scheme(&self) -> &'static str {
        match self {
            Store::S3 { .. } => "s3",
            Store::Google => "gs",
            Store::Azure => "az",
        }
    }
}

/// A branch of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The repository, as git takes it.
    pub repository: String,
    /// Name of the branch.
    pub name: String,
}

/// A bucket, and a path in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPath {
    /// Bucket or container.
    pub bucket: String,
    /// Path without a slash at either end; empty for the bucket as a whole.
    pub prefix: String,
}

/// What is wrong with an address: words that follow on its name, and how to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: &'static str,
    /// How to write it.
    pub help: &'static str,
}

const FORMS: &str = "use s3://bucket/path, gs://bucket/path, az://container/path, \
    file:///path/to/folder, or git+ssh://git@host/repository.git#branch";
const BRANCH: &str = "use a URL such as git+ssh://git@host/repository.git#gh-pages";
const SECRETS: &str = concat!(
    "give secrets in the environment, never in an address; ",
    manual!("deploying"),
    " names the variables"
);
const PARAMETERS: &str =
    "only s3:// accepts parameters, and only these: ?endpoint=https://…&region=…";

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn parse(written: &str) -> Result<Address, Wrong> {
        let wrong = |message, help| Err(Wrong { message, help });
        let Some((scheme, rest)) = written.split_once("://") else {
            return wrong("is not a valid target URL", FORMS);
        };
        if let Some(scheme) = scheme.strip_prefix("git+") {
            return branch(scheme, rest).map(Address::Git);
        }
        let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        if path.contains('@') {
            return wrong("contains a user name or a password", SECRETS);
        }
        if path.contains('#') || parameters.contains('#') {
            return wrong("contains a `#`", FORMS);
        }
        if scheme != "s3" && !parameters.is_empty() {
            return wrong("contains parameters, which may be secrets", PARAMETERS);
        }
        if !has_plain_parts(path) {
            return wrong("contains an invalid path segment", FORMS);
        }
        match scheme {
            "s3" => {
                let (endpoint, region) = s3_parameters(parameters)?;
                Ok(Address::Bucket(
                    place(path)?,
                    Store::S3 { endpoint, region },
                ))
            }
            "gs" => Ok(Address::Bucket(place(path)?, Store::Google)),
            "az" => Ok(Address::Bucket(place(path)?, Store::Azure)),
            "file" => Url::parse(written)
                .ok()
                .filter(|url| url.host().is_none())
                .and_then(|url| url.to_file_path().ok())
                .filter(|path| path.parent().is_some())
                .map(Address::Folder)
                .ok_or(Wrong {
                    message: "does not name a folder",
                    help: "use a URL such as file:///srv/www/news",
                }),
            _ => wrong("has an unknown scheme", FORMS),
        }
    }
}

/// Whether no part of a path is `.` or `..`, or holds a control character or another kind of slash,
/// however it is encoded: URL parsers take `%2e%2e` for `..`.
fn has_plain_parts(path: &str) -> bool {
    path.split('/').all(|part| {
        let part = decode(part);
        !matches!(&*part, "." | "..")
            && !part.contains(['/', '\\'])
            && !part.chars().any(char::is_control)
    })
}

/// The rules for the name are those of `git check-ref-format`, made simpler.
fn branch(scheme: &str, rest: &str) -> Result<Branch, Wrong> {
    let wrong = |message, help| Err(Wrong { message, help });
    let Some((repository, name)) = rest.split_once('#') else {
        return wrong("does not name a branch", BRANCH);
    };
    let is_known = matches!(scheme, "ssh" | "https" | "file");
    if !has_plain_parts(repository) {
        return wrong("contains an invalid path segment", BRANCH);
    }
    let Some(url) = Url::parse(&format!("{scheme}://{repository}"))
        .ok()
        .filter(|_| is_known)
    else {
        return wrong("has an unknown scheme", FORMS);
    };
    let has_user = scheme != "ssh" && !url.username().is_empty();
    if url.password().is_some() || url.query().is_some() || has_user {
        return wrong("contains a user name, a password or parameters", SECRETS);
    }
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let is_odd = |part: &str| {
        part.is_empty()
            || part.starts_with(['.', '-'])
            || part.ends_with('.')
            || part.contains("..")
    };
    if !name.chars().all(is_letter) || name.split('/').any(is_odd) || name.ends_with(".lock") {
        return wrong("contains an invalid branch name", BRANCH);
    }
    Ok(Branch {
        repository: url.into(),
        name: name.to_owned(),
    })
}

fn place(path: &str) -> Result<BucketPath, Wrong> {
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    let prefix = prefix.trim_end_matches('/');
    if bucket.is_empty() || prefix.starts_with('/') || prefix.contains("//") {
        return Err(Wrong {
            message: "does not name a bucket, or has an empty segment in its path",
            help: FORMS,
        });
    }
    Ok(BucketPath {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
    })
}

fn s3_parameters(parameters: &str) -> Result<(Option<Url>, Option<String>), Wrong> {
    let (mut endpoint, mut region) = (None, None);
    for (name, value) in url::form_urlencoded::parse(parameters.as_bytes()) {
        match name.as_ref() {
            "endpoint" => {
                let url = Url::parse(&value)
                    .ok()
                    .filter(|url| matches!(url.scheme(), "http" | "https"));
                let url = url.ok_or(Wrong {
                    message: "has an `endpoint` that is not a URL",
                    help: "use the form endpoint=https://store.example.org",
                })?;
                if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
                    return Err(Wrong {
                        message: "has an `endpoint` with a user name or a password",
                        help: SECRETS,
                    });
                }
                if url.scheme() == "http" && !is_this_machine(&url) {
                    return Err(Wrong {
                        message: "has an `endpoint` that is not encrypted",
                        help: "use https://, or set AWS_ENDPOINT_URL and AWS_ALLOW_HTTP=true in \
                            the environment",
                    });
                }
                endpoint = Some(url);
            }
            "region" => region = Some(value.into_owned()),
            _ => {
                return Err(Wrong {
                    message: "contains parameters, which may be secrets",
                    help: PARAMETERS,
                });
            }
        }
    }
    Ok((endpoint, region))
}

impl Address {
    /// Whether the site goes no farther than this machine.
    pub fn is_this_machine(&self) -> bool {
        match self {
            Address::Folder(_) => true,
            Address::Bucket(_, Store::S3 { endpoint, .. }) => {
                endpoint.as_ref().is_some_and(is_this_machine)
            }
            Address::Bucket(..) => false,
            Address::Git(branch) => branch.repository.starts_with("file://"),
        }
    }
}

impl fmt::Display for BucketPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bucket)?;
        if self.prefix.is_empty() {
            Ok(())
        } else {
            write!(f, "/{}", self.prefix)
        }
    }
}

impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "git+{}#{}", self.repository, self.name)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Bucket(place, store) => write!(f, "{}://{place}", store.scheme()),
            Address::Folder(path) => write!(f, "{}", path.display()),
            Address::Git(branch) => write!(f, "{branch}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let shown = |written| Address::parse(written).map(|address| address.to_string());
        assert_eq!(shown("s3://bucket"), Ok("s3://bucket".to_owned()));
        assert_eq!(shown("s3://bucket/a/b/"), Ok("s3://bucket/a/b".to_owned()));
        assert_eq!(shown("gs://bucket/a"), Ok("gs://bucket/a".to_owned()));
        for branch in [
            "git+ssh://git@host/a/b.git#gh-pages",
            "git+file:///srv/site.git#a/b",
            "git+https://host/a.git#x",
        ] {
            assert_eq!(shown(branch), Ok(branch.to_owned()));
        }
        assert_eq!(shown("az://$web"), Ok("az://$web".to_owned()));
        assert_eq!(
            Address::parse("file:///srv/a%20b"),
            Ok(Address::Folder("/srv/a b".into()))
        );
        let Ok(Address::Bucket(_, Store::S3 { endpoint, region })) =
            Address::parse("s3://bucket?endpoint=https://store.example.org&region=auto")
        else {
            panic!("it is an address");
        };
        assert_eq!(
            endpoint.map(|url| url.to_string()).as_deref(),
            Some("https://store.example.org/")
        );
        assert_eq!(region.as_deref(), Some("auto"));
        assert!(Address::parse("s3://bucket?endpoint=http://127.0.0.1:9000").is_ok());
    }

    #[test]
    fn what_is_no_address_is_refused_and_secrets_are_not_repeated() {
        let all = [
            "bucket",
            "/srv/www",
            "ftp://host/hunter2",
            "s3://",
            "s3://b//a",
            "s3://b/../a",
            "s3://name:hunter2@bucket/a",
            "az://container?sig=hunter2",
            "s3://bucket?secret=hunter2",
            "s3://bucket?endpoint=https://name:hunter2@host",
            "s3://bucket?endpoint=http://store.example.org",
            "file://host/path",
            "file:///",
            "gs://bucket#hunter2",
            "git+ssh://git@host/repository.git",
            "git+ssh://git:hunter2@host/repository.git#gh-pages",
            "git+https://hunter2@host/repository.git#gh-pages",
            "git+https://host/repository.git?token=hunter2#gh-pages",
            "git+ssh://git@host/repository.git#--hunter2",
            "git+ssh://git@host/repository.git#a/../hunter2",
            "git+ftp://host/repository.git#hunter2",
            "file:///srv/../hunter2",
            "file:///srv/%2e%2e/hunter2",
            "file:///srv/%2E./hunter2",
            "file:///srv/a%2f..%2f../hunter2",
            "file:///srv/a%5c..%5chunter2",
            "file:///srv/a%00hunter2",
            "s3://bucket/%2e%2e/hunter2",
            "git+file:///srv/%2e%2e/hunter2.git#main",
        ];
        for written in all {
            let wrong = Address::parse(written).expect_err(written);
            assert!(!format!("{wrong:?}").contains("hunter2"), "{written}");
        }
    }
}
