//! A store that speaks S3's protocol, in this process and on the loopback interface only, with
//! faults on demand.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{Attribute, Error, GetOptions, ObjectStore, ObjectStoreExt};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use crate::support::{Newsgen, Site};

pub(crate) const KEY: &str = "test-key";
pub(crate) const SECRET: &str = "test-secret-hunter2";

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 503, as S3 asks to slow down.
    Unavailable,
    /// The connection ends without an answer, before the request is carried out.
    Reset,
    /// The request is carried out, and the connection ends without an answer.
    Deaf,
    /// The request is carried out after a second.
    Slow,
    /// No answer for a long time.
    Stall,
    /// An answer that comes as soon as the server is healed.
    Held,
    /// 403.
    Forbidden,
    /// 404, as S3 says when there is no bucket.
    NoBucket,
}

/// Says which requests go wrong: the method, the path, and the number of the request, from 1.
type Judge = Box<dyn Fn(&Method, &str, usize) -> Option<Fault> + Send + Sync>;

#[derive(Default)]
struct Gate {
    judge: Mutex<Option<Judge>>,
    count: AtomicUsize,
    /// What was asked for: method and path.
    log: Mutex<Vec<(Method, String)>>,
    /// The file system behind the store looks and writes in two steps.
    conditional: tokio::sync::Mutex<()>,
}

pub(crate) struct Server {
    root: TempDir,
    runtime: Runtime,
    port: u16,
    gate: Arc<Gate>,
}

/// An object as a reader gets it: bytes and headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: String,
    pub(crate) cache_control: String,
    pub(crate) encoding: String,
}

impl Server {
    pub(crate) fn start() -> Server {
        let root = crate::support::folder();
        fs::create_dir(root.path().join("bucket")).unwrap();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(root.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let (service, gate) = (builder.build(), Arc::new(Gate::default()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let of_loop = Arc::clone(&gate);
        runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (service, gate) = (service.clone(), Arc::clone(&of_loop));
                let handler =
                    service_fn(move |request| answer(service.clone(), Arc::clone(&gate), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), handler));
            }
        });
        Server {
            root,
            runtime,
            port,
            gate,
        }
    }

    /// The address of the bucket, as a target.
    pub(crate) fn target(&self) -> String {
        format!(
            "s3://bucket/site?endpoint=http://127.0.0.1:{}&region=us-east-1",
            self.port
        )
    }

    /// `newsgen deploy` of a site to this store, with credentials.
    pub(crate) fn deploy<'a>(
        &self,
        site: &Site,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Newsgen {
        self.deploy_at_pulse(site, "200", arguments)
    }

    /// The same, with so many milliseconds between two signs of life.
    pub(crate) fn deploy_at_pulse<'a>(
        &self,
        site: &Site,
        pulse: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Newsgen {
        let mut all = vec![
            "deploy".to_owned(),
            self.target(),
            "--pulse".to_owned(),
            pulse.to_owned(),
        ];
        all.extend(arguments.into_iter().map(str::to_owned));
        credentials(site.newsgen(all.iter().map(String::as_str)), KEY, SECRET)
    }

    pub(crate) fn fail(
        &self,
        judge: impl Fn(&Method, &str, usize) -> Option<Fault> + Send + Sync + 'static,
    ) {
        self.gate.count.store(0, Ordering::SeqCst);
        *self.gate.judge.lock().unwrap() = Some(Box::new(judge));
    }

    pub(crate) fn heal(&self) {
        *self.gate.judge.lock().unwrap() = None;
    }

    /// How many requests there were since [`Server::fail`] was called.
    pub(crate) fn count(&self) -> usize {
        self.gate.count.load(Ordering::SeqCst)
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<(Method, String)> {
        std::mem::take(&mut self.gate.log.lock().unwrap())
    }

    /// The file of an object, to meddle with.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.root.path().join("bucket/site").join(path)
    }

    /// Stores an object as another program would.
    pub(crate) fn put(&self, path: &str, text: &'static str) {
        let path = Path::parse(format!("site/{path}")).unwrap();
        self.runtime
            .block_on(self.store().put(&path, text.into()))
            .unwrap();
    }

    fn store(&self) -> AmazonS3 {
        drop(rustls::crypto::ring::default_provider().install_default());
        AmazonS3Builder::new()
            .with_bucket_name("bucket")
            .with_region("us-east-1")
            .with_endpoint(format!("http://127.0.0.1:{}", self.port))
            .with_allow_http(true)
            .with_access_key_id(KEY)
            .with_secret_access_key(SECRET)
            .build()
            .unwrap()
    }

    /// A way to read as visitors do.
    pub(crate) fn reader(&self) -> impl Fn(&str) -> Option<Vec<u8>> + Send + 'static {
        let (store, runtime) = (self.store(), self.runtime.handle().clone());
        move |path| {
            runtime.block_on(async {
                match store
                    .get(&Path::parse(format!("site/{path}")).unwrap())
                    .await
                {
                    Ok(result) => Some(result.bytes().await.unwrap().to_vec()),
                    Err(Error::NotFound { .. }) => None,
                    Err(error) => panic!("{path}: {error}"),
                }
            })
        }
    }

    /// Everything in the bucket but what deploys leave to each other.
    pub(crate) fn objects(&self) -> BTreeMap<String, Object> {
        let store = self.store();
        self.runtime.block_on(async {
            let all: Vec<_> = store
                .list(Some(&Path::from("site")))
                .try_collect()
                .await
                .unwrap();
            let mut objects = BTreeMap::new();
            for meta in all {
                let path = meta
                    .location
                    .as_ref()
                    .strip_prefix("site/")
                    .unwrap()
                    .to_owned();
                if path.starts_with(".newsgen-deploy/") {
                    continue;
                }
                let result = store
                    .get_opts(&meta.location, GetOptions::default())
                    .await
                    .unwrap();
                let header = |name| {
                    result
                        .attributes
                        .get(&name)
                        .map(|value| value.to_string())
                        .unwrap_or_default()
                };
                let (media_type, cache_control, encoding) = (
                    header(Attribute::ContentType),
                    header(Attribute::CacheControl),
                    header(Attribute::ContentEncoding),
                );
                let bytes = result.bytes().await.unwrap().to_vec();
                objects.insert(
                    path,
                    Object {
                        bytes,
                        media_type,
                        cache_control,
                        encoding,
                    },
                );
            }
            objects
        })
    }

    /// Names of what deploys left to each other.
    pub(crate) fn kept(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.file(".newsgen-deploy"))
            .map(|items| {
                items
                    .map(|item| item.unwrap().file_name().to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        names.sort_unstable();
        names
    }
}

/// Gives a program credentials and nothing else of this process's environment.
pub(crate) fn credentials(newsgen: Newsgen, key: &str, secret: &str) -> Newsgen {
    newsgen
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_SESSION_TOKEN", "")
        .env("AWS_TIMEOUT", "2 s")
        .env("HOME", "/nonexistent")
}

async fn answer(
    service: S3Service,
    gate: Arc<Gate>,
    request: Request<Incoming>,
) -> Result<Response<s3s::Body>, std::io::Error> {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    gate.log
        .lock()
        .unwrap()
        .push((method.clone(), path.clone()));
    let number = gate.count.fetch_add(1, Ordering::SeqCst) + 1;
    let fault = gate
        .judge
        .lock()
        .unwrap()
        .as_ref()
        .and_then(|judge| judge(&method, &path, number));
    let status = |status: StatusCode, code: &str| {
        let text =
            format!("<Error><Code>{code}</Code><Message>As the test asks for.</Message></Error>");
        Ok(Response::builder()
            .status(status)
            .body(s3s::Body::from(text))
            .unwrap())
    };
    match fault {
        Some(Fault::Unavailable) => return status(StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
        Some(Fault::Forbidden) => return status(StatusCode::FORBIDDEN, "AccessDenied"),
        Some(Fault::NoBucket) => return status(StatusCode::NOT_FOUND, "NoSuchBucket"),
        Some(Fault::Reset) => return Err(std::io::Error::other("reset")),
        Some(Fault::Stall) => tokio::time::sleep(Duration::from_secs(60)).await,
        Some(Fault::Held) => {
            while gate.judge.lock().unwrap().is_some() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        Some(Fault::Slow) => tokio::time::sleep(Duration::from_secs(1)).await,
        Some(Fault::Deaf) | None => {}
    }
    let is_conditional = request.headers().contains_key("if-match")
        || request.headers().contains_key("if-none-match");
    let is_alone = is_conditional || path.contains("/.newsgen-deploy/");
    // In a task of its own: what has begun is carried out, even when the client goes away, as in a
    // real store.
    let done = tokio::spawn(async move {
        let _one_at_a_time = if is_alone {
            Some(gate.conditional.lock().await)
        } else {
            None
        };
        service
            .call(request.map(s3s::Body::from))
            .await
            .map_err(|error| std::io::Error::other(format!("{error:?}")))
    });
    let answer = done.await.map_err(std::io::Error::other)?;
    if fault == Some(Fault::Deaf) {
        Err(std::io::Error::other("deaf"))
    } else {
        answer
    }
}
