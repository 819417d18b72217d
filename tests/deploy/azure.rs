//! Deploys to Azure's emulator (<https://github.com/Azure/Azurite>), where `NEWSGEN_AZURITE` names
//! its program `azurite-blob`; `scripts/test` installs it.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::path::Path;
use object_store::{Attribute, Error, ObjectStore, ObjectStoreExt};
use tokio::runtime::{Builder, Runtime};

use crate::reader::Reader;
use crate::s3::counts;
use crate::support::{Newsgen, Site, repository};
use crate::{add_article, build, edit, public, site};

/// The account that every emulator has, and its key.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

struct Emulator {
    child: Child,
    port: u16,
    runtime: Runtime,
    // Its files.
    _place: tempfile::TempDir,
}

impl Emulator {
    /// Starts the emulator with a container; nothing where there is none.
    fn start() -> Option<Emulator> {
        let program = std::env::var_os("NEWSGEN_AZURITE")?;
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let place = crate::support::folder();
        let child = Command::new("node")
            .arg(program)
            .args([
                "--silent",
                "--skipApiVersionCheck",
                "--disableTelemetry",
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
            ])
            .arg(port.to_string())
            .arg("--location")
            .arg(place.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let emulator = Emulator {
            child,
            port,
            runtime: Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap(),
            _place: place,
        };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "the emulator does not start"
            );
            thread::sleep(Duration::from_millis(50));
        }
        let made = Command::new("node")
            .arg(repository().join("tests/deploy/container.mjs"))
            .args([&port.to_string(), "site"])
            .status();
        assert!(made.unwrap().success());
        Some(emulator)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn deploy<'a>(&self, site: &Site, arguments: impl IntoIterator<Item = &'a str>) -> Newsgen {
        let all = ["deploy", "az://site/news", "--pulse", "300"]
            .into_iter()
            .chain(arguments);
        site.newsgen(all)
            .env("AZURE_STORAGE_USE_EMULATOR", "true")
            .env("AZURITE_BLOB_STORAGE_URL", &self.url())
    }

    fn store(&self) -> MicrosoftAzure {
        drop(rustls::crypto::ring::default_provider().install_default());
        MicrosoftAzureBuilder::new()
            .with_account(ACCOUNT)
            .with_access_key(KEY)
            .with_container_name("site")
            .with_endpoint(format!("{}/{ACCOUNT}", self.url()))
            .with_allow_http(true)
            .build()
            .unwrap()
    }

    fn reader(&self) -> impl Fn(&str) -> Option<Vec<u8>> + Send + 'static {
        let (store, runtime) = (self.store(), self.runtime.handle().clone());
        move |path| {
            runtime.block_on(async {
                match store
                    .get(&Path::parse(format!("news/{path}")).unwrap())
                    .await
                {
                    Ok(result) => Some(result.bytes().await.unwrap().to_vec()),
                    Err(Error::NotFound { .. }) => None,
                    Err(error) => panic!("{path}: {error}"),
                }
            })
        }
    }

    fn check_equal(&self, site: &Site) {
        let (store, public) = (self.store(), public(site));
        self.runtime.block_on(async {
            let all: Vec<_> = store
                .list(Some(&Path::from("news")))
                .try_collect()
                .await
                .unwrap();
            let mut seen = 0;
            for meta in all {
                let path = meta
                    .location
                    .as_ref()
                    .strip_prefix("news/")
                    .unwrap()
                    .to_owned();
                if path.starts_with(".newsgen-deploy/") {
                    continue;
                }
                let result = store.get(&meta.location).await.unwrap();
                let header = |name| {
                    result
                        .attributes
                        .get(&name)
                        .map(|value| value.to_string())
                        .unwrap_or_default()
                };
                assert!(
                    header(Attribute::CacheControl).starts_with("public, max-age="),
                    "{path}"
                );
                if path.ends_with(".html") {
                    assert_eq!(
                        header(Attribute::ContentType),
                        "text/html; charset=utf-8",
                        "{path}"
                    );
                }
                assert!(result.bytes().await.unwrap() == public[&path], "{path}");
                seen += 1;
            }
            assert_eq!(seen, public.len());
        });
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn azure_gets_what_changed_and_readers_see_no_hole() {
    let Some(emulator) = Emulator::start() else {
        eprintln!("skipped: NEWSGEN_AZURITE does not name Azure's emulator");
        return;
    };
    let site = site(15);
    let reader = Reader::start(emulator.reader());
    let first = emulator.deploy(&site, []).run().good();
    assert_eq!(counts(&first.stdout), (public(&site).len(), 0, 0));
    emulator.check_equal(&site);
    for round in 0..3 {
        add_article(&site, round);
        build(&site);
        let run = emulator.deploy(&site, []).run().good();
        let (sent, _, deleted) = counts(&run.stdout);
        assert!((5..=40).contains(&sent) && deleted == 0, "{run}");
        emulator.check_equal(&site);
    }
    let (read, holes) = reader.stop();
    assert!(holes.is_empty(), "{holes:?}");
    assert!(read > 50, "{read}");

    edit(&site, 0);
    edit(&site, 1);
    emulator.deploy(&site, []).run().good();
    emulator.check_equal(&site);
    // Without a record: nothing is sent again, by the mark that each object carries.
    emulator
        .runtime
        .block_on(
            emulator
                .store()
                .delete(&Path::from("news/.newsgen-deploy/record")),
        )
        .unwrap();
    let run = emulator.deploy(&site, []).run().good();
    assert_eq!(counts(&run.stdout).0, 0, "{run}");
    // Something else, of the same length and type: Azure's entity tags tell nothing, so it is read.
    let front = Path::from("news/index.html");
    emulator
        .runtime
        .block_on(emulator.store().put(&front, "altered".into()))
        .unwrap();
    emulator
        .runtime
        .block_on(
            emulator
                .store()
                .delete(&Path::from("news/.newsgen-deploy/record")),
        )
        .unwrap();
    let run = emulator.deploy(&site, []).run().good();
    assert_eq!(counts(&run.stdout).0, 1, "{run}");
    emulator.check_equal(&site);
    let wrong = emulator
        .deploy(&site, [])
        .env("AZURE_STORAGE_ACCOUNT_KEY", "d3Jvbmc=");
    let wrong = wrong
        .env("AZURE_STORAGE_USE_EMULATOR", "false")
        .env("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT);
    let wrong = wrong
        .env("AZURE_ENDPOINT", &format!("{}/{ACCOUNT}", emulator.url()))
        .env("AZURE_ALLOW_HTTP", "true");
    wrong.run().exits(3).warns("credentials");
}
