//! Credentials of AWS from the files that its own tools keep: `~/.aws/credentials` and
//! `~/.aws/config` (<https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>).
//! `object_store` reads the environment alone.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use ini::Ini;

/// Access key, secret key, and the token of temporary credentials.
pub(super) type Keys = (String, String, Option<String>);

/// Why a profile of AWS cannot be used. No text of it has a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileError {
    /// `AWS_PROFILE` names a profile that is in no file.
    Missing {
        /// Its name.
        name: String,
        /// The files that were read.
        files: [PathBuf; 2],
    },
    /// It has no keys, but another way to get some, which only the tools of AWS know.
    Unsupported {
        /// Its name.
        name: String,
        /// The key that it has instead: `sso_session`.
        key: &'static str,
    },
    /// A file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A line of a file has no meaning.
    Line {
        /// The file.
        path: PathBuf,
        /// Its number, from 1.
        line: usize,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileError::Missing {
                name,
                files: [one, other],
            } => write!(
                f,
                "AWS_PROFILE is `{name}`, but neither {} nor {} has a profile with that name",
                one.display(),
                other.display()
            ),
            ProfileError::Unsupported { name, key } => write!(
                f,
                "the AWS profile `{name}` uses `{key}` instead of keys, which newsgen does not \
                 support; run `eval \"$(aws configure export-credentials --profile {name} \
                 --format env)\"` first"
            ),
            ProfileError::Unreadable { path, reason } => {
                write!(f, "cannot read {}: {reason}", path.display())
            }
            ProfileError::Line { path, line } => write!(
                f,
                "{}:{line} is not a valid line of an AWS profile",
                path.display()
            ),
        }
    }
}

/// What a profile sets.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Profile {
    /// Its keys, if it has any; or why what it has instead cannot be used.
    pub(super) keys: Result<Option<Keys>, ProfileError>,
    pub(super) region: Option<String>,
    pub(super) endpoint: Option<String>,
}

/// Where the files are, and which profile is meant.
pub(super) struct Files {
    credentials: PathBuf,
    config: PathBuf,
    name: Option<String>,
}

impl Default for Profile {
    fn default() -> Profile {
        Profile {
            keys: Ok(None),
            region: None,
            endpoint: None,
        }
    }
}

impl Files {
    /// As the environment says; nothing without a home.
    pub(super) fn of_env() -> Option<Files> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let at = |name: &str, file: &str| {
            let home = || {
                set("HOME")
                    .or_else(|| set("USERPROFILE"))
                    .map(|home| Path::new(&home).join(".aws").join(file))
            };
            set(name).map(PathBuf::from).or_else(home)
        };
        Some(Files {
            credentials: at("AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
            config: at("AWS_CONFIG_FILE", "config")?,
            name: set("AWS_PROFILE").and_then(|name: OsString| name.into_string().ok()),
        })
    }

    /// Reads the profile; empty when no profile was named and there is none of the name `default`.
    ///
    /// # Errors
    /// When a named profile is missing, or a file is broken.
    pub(super) fn read(&self) -> Result<Profile, ProfileError> {
        let credentials = open(&self.credentials)?;
        let config = open(&self.config)?;
        let name = self.name.as_deref().unwrap_or("default");
        let section = if name == "default" {
            name.to_owned()
        } else {
            format!("profile {name}")
        };
        let get = |key: &str| {
            let of =
                |file: &Ini, section: &str| file.get_from(Some(section), key).map(str::to_owned);
            of(&credentials, name).or_else(|| of(&config, &section))
        };
        let is_there = credentials.section(Some(name)).is_some()
            || config.section(Some(section.as_str())).is_some();
        if !is_there {
            return match &self.name {
                None => Ok(Profile::default()),
                Some(name) => Err(ProfileError::Missing {
                    name: name.clone(),
                    files: [self.credentials.clone(), self.config.clone()],
                }),
            };
        }
        let other = [
            "sso_session",
            "sso_start_url",
            "role_arn",
            "credential_process",
            "login_session",
        ];
        let keys = match (get("aws_access_key_id"), get("aws_secret_access_key")) {
            (Some(id), Some(secret)) => Ok(Some((id, secret, get("aws_session_token")))),
            _ => match other.into_iter().find(|key| get(key).is_some()) {
                None => Ok(None),
                Some(key) => Err(ProfileError::Unsupported {
                    name: name.to_owned(),
                    key,
                }),
            },
        };
        Ok(Profile {
            keys,
            region: get("region"),
            endpoint: get("endpoint_url"),
        })
    }
}

fn open(path: &Path) -> Result<Ini, ProfileError> {
    match Ini::load_from_file_noescape(path) {
        Ok(file) => Ok(file),
        Err(ini::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Ini::new())
        }
        Err(ini::Error::Io(error)) => Err(ProfileError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        }),
        // The parser's own words may quote a line, and with it a secret.
        Err(ini::Error::Parse(error)) => Err(ProfileError::Line {
            path: path.to_owned(),
            line: error.line,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(credentials: &str, config: &str, name: Option<&str>) -> Result<Profile, ProfileError> {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (
            folder.path().join("credentials"),
            folder.path().join("config"),
        );
        fs::write(&a, credentials).unwrap();
        fs::write(&b, config).unwrap();
        Files {
            credentials: a,
            config: b,
            name: name.map(str::to_owned),
        }
        .read()
    }

    #[test]
    fn profiles_are_read_from_both_files() {
        let credentials = "[default]\naws_access_key_id = A\naws_secret_access_key = \
                           s/e+c=\n\n[web]\n\
                           aws_access_key_id=B\naws_secret_access_key=t\naws_session_token = x==\n";
        let config = "[default]\nregion = eu-west-1\n[profile \
                      web]\nregion=us-east-1\nendpoint_url = https://s.example.org\n";
        let default = read(credentials, config, None).ok().unwrap();
        assert!(default.keys == Ok(Some(("A".to_owned(), "s/e+c=".to_owned(), None))));
        assert_eq!(default.region.as_deref(), Some("eu-west-1"));
        let web = read(credentials, config, Some("web")).ok().unwrap();
        assert!(
            web.keys
                == Ok(Some((
                    "B".to_owned(),
                    "t".to_owned(),
                    Some("x==".to_owned())
                )))
        );
        assert_eq!(web.endpoint.as_deref(), Some("https://s.example.org"));
    }

    #[test]
    fn profiles_that_cannot_be_used_are_reported_without_secrets() {
        assert!(read("", "", None).is_ok_and(|profile| profile == Profile::default()));
        let missing = read("", "", Some("web")).err().unwrap();
        assert!(matches!(&missing, ProfileError::Missing { name, .. } if name == "web"));
        let sso = read(
            "",
            "[profile web]\nsso_session = corp\nregion = eu-west-1\n",
            Some("web"),
        )
        .ok()
        .unwrap();
        assert_eq!(sso.region.as_deref(), Some("eu-west-1"));
        assert_eq!(
            sso.keys.err().unwrap(),
            ProfileError::Unsupported {
                name: "web".to_owned(),
                key: "sso_session"
            }
        );
        let broken = read("[default\naws_secret_access_key = hunter2\n", "", None)
            .err()
            .unwrap();
        let text = broken.to_string();
        assert!(matches!(broken, ProfileError::Line { .. }), "{text}");
        assert!(
            text.contains("credentials:") && !text.contains("hunter2"),
            "{text}"
        );
    }
}
