//! A bucket of an object store as a target, by way of `object_store`. Only this file and its
//! neighbours `lease` and `store_error` know of asynchronous code: other files call it from as many
//! threads as there are jobs, and wait.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use md5::{Digest as _, Md5};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::client::ClientConfigKey;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, RetryConfig, UpdateVersion,
};
use tokio::runtime::{Builder, Runtime};

use crate::config::Encoding;

use super::address::{BucketPath, Store};
use super::lease::{DEAD_AFTER, Lease, Leased};
use super::plan::Found;
use super::profile::Files;
use super::record::Entry;
use super::store_error::{setup_error, store_error};
use super::{Body, DeployError, KEPT, Lock, Shape, Stored, Target, Timeouts};

/// Under this name a file carries its [identity](Entry::identity) in the metadata of its object.
const IDENTITY: &str = "newsgen";

/// A bucket, or a path in it.
pub(super) struct Objects {
    runtime: Runtime,
    store: Arc<dyn ObjectStore>,
    /// For the lease alone: it gives up soon.
    short: Arc<dyn ObjectStore>,
    prefix: String,
    shown: String,
    timeouts: Timeouts,
    /// Whether the store can store on a condition; as long as it has not said that it cannot.
    conditional: Arc<AtomicBool>,
}

impl Objects {
    /// Opens a bucket, called `shown`, with credentials from the environment. Nothing is sent yet.
    ///
    /// # Errors
    /// When the environment does not say enough, or what it says is wrong.
    pub(super) fn open(
        place: &BucketPath,
        store: &Store,
        shown: String,
        timeouts: Timeouts,
    ) -> Result<Objects, DeployError> {
        // A second call finds the first one's; both are the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let long = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: timeouts.pulse / 20,
                max_backoff: timeouts.pulse * 2,
                ..BackoffConfig::default()
            },
            max_retries: 6,
            // Nothing is begun again for longer than a lock lives without being renewed. A request
            // that was begun under the lock may still last as long as any: a large file over a slow
            // line has to get through.
            retry_timeout: timeouts.pulse * (DEAD_AFTER - 1),
        };
        let short = RetryConfig {
            max_retries: 1,
            retry_timeout: timeouts.pulse,
            ..long.clone()
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| DeployError::NotStarted {
                what: "the requests",
                reason: error.to_string(),
            })?;
        let made = |retry: RetryConfig, timeout: Duration| {
            let made = match store {
                Store::S3 { endpoint, region } => {
                    s3(place, endpoint.as_ref(), region.as_deref(), retry, timeout)?
                }
                Store::Google => google(place, retry, timeout),
                Store::Azure => azure(place, retry, timeout),
            };
            made.map_err(|error| setup_error(&shown, &error))
        };
        Ok(Objects {
            store: made(long, timeouts.request)?,
            short: made(short, timeouts.pulse * 2)?,
            runtime,
            prefix: place.prefix.clone(),
            shown,
            timeouts,
            conditional: Arc::new(AtomicBool::new(true)),
        })
    }

    fn path(&self, path: &str) -> Result<Path, DeployError> {
        let full = if self.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.prefix)
        };
        Path::parse(full).map_err(|_| DeployError::Unnameable(path.to_owned()))
    }

    fn kept(&self, name: &str) -> Result<Path, DeployError> {
        self.path(&format!("{KEPT}/{name}"))
    }

    fn error(&self, action: &str, error: &Error) -> DeployError {
        store_error(action, &self.shown, error)
    }

    fn read(&self, path: &Path) -> Result<Option<Stored>, Error> {
        self.runtime.block_on(async {
            match self.store.get(path).await {
                Ok(result) => {
                    let version = UpdateVersion {
                        e_tag: result.meta.e_tag.clone(),
                        version: result.meta.version.clone(),
                    };
                    Ok(Some(Stored {
                        bytes: result.bytes().await?.to_vec(),
                        version: Some(version),
                    }))
                }
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }
}

/// A store, or why it cannot be made.
type Made = Result<Arc<dyn ObjectStore>, Error>;

fn s3(
    place: &BucketPath,
    endpoint: Option<&url::Url>,
    region: Option<&str>,
    retry: RetryConfig,
    timeout: Duration,
) -> Result<Made, DeployError> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&place.bucket)
        .with_retry(retry);
    let is_set = |builder: &AmazonS3Builder, key: AmazonS3ConfigKey| {
        builder.get_config_value(&key).is_some()
    };

    // What gives credentials without a file: keys, a token of Kubernetes or of a CI, a role of a
    // container.
    let has_own = [
        AmazonS3ConfigKey::AccessKeyId,
        AmazonS3ConfigKey::WebIdentityTokenFile,
        AmazonS3ConfigKey::ContainerCredentialsRelativeUri,
        AmazonS3ConfigKey::ContainerCredentialsFullUri,
    ]
    .into_iter()
    .any(|key| is_set(&builder, key));

    // Region and endpoint may be the profile's even so.
    let profile = Files::of_env()
        .map(|files| files.read())
        .transpose()
        .map_err(DeployError::Profile)?
        .unwrap_or_default();
    let keys = if has_own {
        None
    } else {
        profile.keys.map_err(DeployError::Profile)?
    };
    if let Some((id, secret, token)) = keys {
        builder = builder
            .with_access_key_id(id)
            .with_secret_access_key(secret);
        if let Some(token) = token {
            builder = builder.with_token(token);
        }
    }

    if let Some(region) = region {
        builder = builder.with_region(region);
    } else if let Some(region) = profile
        .region
        .filter(|_| !is_set(&builder, AmazonS3ConfigKey::Region))
    {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = endpoint {
        builder = builder
            .with_endpoint(endpoint.as_str().trim_end_matches('/'))
            // An address names such an endpoint only on this machine.
            .with_allow_http(endpoint.scheme() == "http");
    } else if let Some(endpoint) = profile
        .endpoint
        .filter(|_| !is_set(&builder, AmazonS3ConfigKey::Endpoint))
    {
        builder = builder.with_endpoint(endpoint);
    }

    let timeout_key = AmazonS3ConfigKey::Client(ClientConfigKey::Timeout);
    if !is_set(&builder, timeout_key) {
        builder = builder.with_config(timeout_key, seconds(timeout));
    }
    Ok(builder
        .build()
        .map(|store| Arc::new(store) as Arc<dyn ObjectStore>))
}

fn google(place: &BucketPath, retry: RetryConfig, timeout: Duration) -> Made {
    let mut builder = GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(&place.bucket)
        .with_retry(retry);
    let key = GoogleConfigKey::Client(ClientConfigKey::Timeout);
    if builder.get_config_value(&key).is_none() {
        builder = builder.with_config(key, seconds(timeout));
    }
    Ok(Arc::new(builder.build()?))
}

fn azure(place: &BucketPath, retry: RetryConfig, timeout: Duration) -> Made {
    let mut builder = MicrosoftAzureBuilder::from_env()
        .with_container_name(&place.bucket)
        .with_retry(retry);
    let key = AzureConfigKey::Client(ClientConfigKey::Timeout);
    if builder.get_config_value(&key).is_none() {
        builder = builder.with_config(key, seconds(timeout));
    }
    Ok(Arc::new(builder.build()?))
}

fn seconds(duration: Duration) -> String {
    format!("{} ms", duration.as_millis())
}

fn attributes(entry: &Entry) -> Attributes {
    let mut attributes = headers(entry);
    attributes.insert(
        Attribute::Metadata(IDENTITY.into()),
        entry.identity().into(),
    );
    attributes
}

fn headers(entry: &Entry) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, entry.media_type.clone().into());
    attributes.insert(Attribute::CacheControl, entry.cache_control.clone().into());
    if !entry.encoding.name().is_empty() {
        attributes.insert(Attribute::ContentEncoding, entry.encoding.name().into());
    }
    attributes
}

/// Whether an entity tag is the MD5 of these bytes: S3 and Google give such tags to objects that
/// were sent in one piece.
fn is_md5_of(tag: &str, bytes: &[u8]) -> bool {
    let hash: String = Md5::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    tag.trim_matches('"').eq_ignore_ascii_case(&hash)
}

/// Whether an entity tag looks like an MD5.
fn is_md5(tag: &str) -> bool {
    let tag = tag.trim_matches('"');
    tag.len() == 32 && tag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Target for Objects {
    fn shape(&self) -> Shape {
        Shape::Objects
    }

    fn is_sampled(&self) -> bool {
        true
    }

    fn lock(&self) -> Result<Box<dyn Lock>, DeployError> {
        let lease = Lease {
            store: Arc::clone(&self.short),
            path: self.kept("lock")?,
            timeouts: self.timeouts,
            conditional: Arc::clone(&self.conditional),
            shown: self.shown.clone(),
        };
        let leased: Leased = lease.take(self.runtime.handle())?;
        Ok(Box::new(leased))
    }

    fn is_locked(&self) -> Result<bool, DeployError> {
        let lock = self
            .read(&self.kept("lock")?)
            .map_err(|error| self.error("read from", &error))?;
        Ok(lock.is_some())
    }

    fn notes(&self) -> Vec<String> {
        if self.conditional.load(Ordering::Relaxed) {
            return Vec::new();
        }
        vec![format!(
            "{} does not support conditional writes, so two deploys that start at the same time \
             would not notice each other",
            self.shown
        )]
    }

    fn load(&self, name: &str) -> Result<Option<Stored>, DeployError> {
        self.read(&self.kept(name)?)
            .map_err(|error| self.error("read from", &error))
    }

    fn store(&self, name: &str, bytes: Vec<u8>, old: Option<&Stored>) -> Result<(), DeployError> {
        let path = self.kept(name)?;
        let mut mode = match old {
            None => PutMode::Create,
            Some(Stored {
                version: Some(version),
                ..
            }) => PutMode::Update(version.clone()),
            Some(Stored { version: None, .. }) => PutMode::Overwrite,
        };
        if !self.conditional.load(Ordering::Relaxed) {
            mode = PutMode::Overwrite;
        }
        let attributes = [(Attribute::CacheControl, "no-store")]
            .into_iter()
            .collect();
        let options = PutOptions {
            mode,
            attributes,
            ..PutOptions::default()
        };
        let put = self
            .runtime
            .block_on(self.store.put_opts(&path, bytes.clone().into(), options));
        match put {
            Ok(_) => Ok(()),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                // An answer may have been lost on its way: then it is our own that stands there.
                let stands = self.load(name)?;
                if stands.is_some_and(|stored| stored.bytes == bytes) {
                    Ok(())
                } else {
                    Err(DeployError::Lost(self.shown.to_owned()))
                }
            }
            Err(error) => Err(self.error("write to", &error)),
        }
    }

    fn forget(&self, name: &str) -> Result<(), DeployError> {
        let path = self.kept(name)?;
        match self.runtime.block_on(self.store.delete(&path)) {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.error("delete from", &error)),
        }
    }

    fn put(&self, entry: &Entry, body: Vec<u8>) -> Result<(), DeployError> {
        let path = self.path(&entry.path)?;
        let options = PutOptions {
            attributes: attributes(entry),
            ..PutOptions::default()
        };
        let put = self
            .runtime
            .block_on(self.store.put_opts(&path, body.into(), options));
        put.map(drop).map_err(|error| {
            store_error(
                "write to",
                &format!("{}/{}", self.shown, entry.path),
                &error,
            )
        })
    }

    fn find(&self, entry: &Entry, body: &Body<'_>) -> Result<Found, DeployError> {
        let path = self.path(&entry.path)?;
        let head = self.runtime.block_on(self.store.get_opts(
            &path,
            GetOptions {
                head: true,
                ..GetOptions::default()
            },
        ));
        let head = match head {
            Ok(head) => head,
            Err(Error::NotFound { .. }) => return Ok(Found::Absent),
            Err(error) => return Err(self.error("read from", &error)),
        };
        if entry.encoding == Encoding::None && head.meta.size != entry.size {
            return Ok(Found::Other);
        }
        if head.attributes == attributes(entry) {
            return Ok(Found::Same);
        }
        let has_headers = headers(entry)
            .iter()
            .all(|(name, value)| head.attributes.get(name) == Some(value));
        let is_bare = entry.encoding.name().is_empty()
            && head.attributes.get(&Attribute::ContentEncoding).is_some();
        if !has_headers || is_bare {
            return Ok(Found::Other);
        }
        let body = body()?;
        let is_same = match &head.meta.e_tag {
            Some(tag) if is_md5_of(tag, &body) => true,
            Some(tag) if is_md5(tag) => false,
            _ => self
                .read(&path)
                .map_err(|error| self.error("read from", &error))?
                .is_some_and(|it| it.bytes == body),
        };
        Ok(if is_same { Found::Same } else { Found::Other })
    }

    fn list(&self) -> Result<BTreeSet<String>, DeployError> {
        let prefix =
            Path::parse(&self.prefix).map_err(|_| DeployError::Unnameable(self.prefix.clone()))?;
        let below = if self.prefix.is_empty() {
            String::new()
        } else {
            format!("{}/", self.prefix)
        };
        let objects: Result<Vec<_>, Error> = self
            .runtime
            .block_on(self.store.list(Some(&prefix)).try_collect());
        let objects = objects.map_err(|error| self.error("list", &error))?;
        let kept = format!("{KEPT}/");
        let paths = objects.into_iter().filter_map(|object| {
            let path = object
                .location
                .as_ref()
                .strip_prefix(below.as_str())?
                .to_owned();
            (!path.starts_with(&kept)).then_some(path)
        });
        Ok(paths.collect())
    }

    fn delete(&self, paths: &[String]) -> Result<(), DeployError> {
        let paths: Vec<Result<Path, Error>> = paths
            .iter()
            .map(|path| self.path(path).map(Ok))
            .collect::<Result<_, _>>()?;
        let mut deleted = self.store.delete_stream(stream::iter(paths).boxed());
        self.runtime.block_on(async {
            while let Some(result) = deleted.next().await {
                match result {
                    Ok(_) | Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(self.error("delete from", &error)),
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags_of_one_piece_are_md5() {
        assert!(is_md5_of("\"900150983cd24fb0d6963f7d28e17f72\"", b"abc"));
        assert!(!is_md5_of("\"900150983cd24fb0d6963f7d28e17f72\"", b"abd"));
        assert!(
            !is_md5("\"0x8DC2A0B3F1E4C5D\"") && !is_md5("\"900150983cd24fb0d6963f7d28e17f72-2\"")
        );
    }
}
