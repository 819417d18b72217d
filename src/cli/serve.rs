//! `newsgen serve`.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::args::{Common, ServeArgs};
use super::terminal::Terminal;
use super::{Exit, now, plural, root};
use crate::curate::Drafts;
use crate::pipeline::{Failure, MachineError, Root, Site};
use crate::serve::{Access, News, Options, Program, serve};

/// Tried first when no port is asked for, and then those after it.
const PORT: u16 = 4000;
const PORTS_TRIED: u16 = 100;
/// The variable with the password of the desk.
const PASSWORD: &str = "NEWSGEN_DESK_PASSWORD";

pub(super) fn run(common: &Common, args: &ServeArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let listener = listen(args, terminal)?;
    let address = listener.local_addr().map_err(MachineError::Accept)?;
    // A path that depends on the current folder would follow the site when it is moved.
    let mut root = root(common);
    root.folder = std::path::absolute(&root.folder).unwrap_or(root.folder);
    let clock = common.clone();
    let program = program(common, &root);
    let options = Options {
        root,
        drafts: if args.drafts { Drafts::In } else { Drafts::Out },
        origin: format!("http://{}", host_and_port(address)),
        polls: args.poll,
        is_local: address.ip().is_loopback(),
        now: Arc::new(move |config| now(&clock, Some(config))),
        access: access(args, address.ip().is_loopback()),
        program,
        listener,
    };
    serve(&options, &|news| tell(&news, args, terminal))?;
    Ok(Exit::Good)
}

/// This program, with the options that name the same site.
fn program(common: &Common, root: &Root) -> Program {
    let path = std::env::current_exe().unwrap_or_else(|_| "newsgen".into());
    let mut options = vec!["--root".into(), root.folder.clone().into_os_string()];
    options.extend(["--config".into(), root.config.clone().into()]);
    if let Some(state) = &root.state {
        options.extend(["--state".into(), state.clone().into_os_string()]);
    }
    if let Some(now) = &common.now {
        options.extend(["--now".into(), now.clone().into()]);
    }
    Program {
        path: path.into_os_string(),
        options,
    }
}

/// What may be done through the desk: over the network nothing without a password.
fn access(args: &ServeArgs, is_local: bool) -> Access {
    let password = std::env::var(PASSWORD).ok().filter(|it| !it.is_empty());
    match (args.read_only, password) {
        (true, _) => Access::ReadOnly,
        (false, Some(password)) => Access::Password(password),
        (false, None) if is_local => Access::Open,
        (false, None) => Access::ReadOnly,
    }
}

fn listen(args: &ServeArgs, terminal: &Terminal) -> Result<TcpListener, Failure> {
    let bind = |port: u16| TcpListener::bind(addresses(&args.host, port)?.as_slice());
    if let Some(port) = args.port {
        return bind(port).map_err(|error| cannot_listen(&args.host, port, error));
    }
    for port in PORT..PORT + PORTS_TRIED {
        match bind(port) {
            Ok(listener) => {
                if port != PORT {
                    terminal.note(&format!("port {PORT} is in use; using {port} instead"));
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(cannot_listen(&args.host, port, error)),
        }
    }
    Err(MachineError::NoFreePort {
        first: PORT,
        last: PORT + PORTS_TRIED - 1,
    }
    .into())
}

fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok((host, port).to_socket_addrs()?.collect())
}

fn cannot_listen(host: &str, port: u16, error: io::Error) -> Failure {
    MachineError::Listen {
        host: host.to_owned(),
        port,
        error,
    }
    .into()
}

/// How a browser on this machine calls the address.
fn host_and_port(address: SocketAddr) -> String {
    match address.ip() {
        ip if ip.is_unspecified() => format!("localhost:{}", address.port()),
        IpAddr::V6(ip) => format!("[{ip}]:{}", address.port()),
        IpAddr::V4(ip) => format!("{ip}:{}", address.port()),
    }
}

fn tell(news: &News<'_>, args: &ServeArgs, terminal: &Terminal) {
    match news {
        News::Ready {
            address,
            site,
            took,
        } => {
            match site {
                Some(site) => terminal.say(&format!("{} ({})", counts(site), time(*took))),
                None => terminal.note("the site has errors; it will be shown when they are fixed"),
            }
            terminal.result(&format!(
                "serving at {address}  (Ctrl-C stops; the desk is at /__newsgen/)"
            ));
            if args.open {
                open(address, terminal);
            }
        }
        News::Shown { site, took } => {
            terminal.say(&format!("updated: {} ({})", counts(site), time(*took)))
        }
        News::Problems(problems) => terminal.diagnostics(problems),
        News::Mended => terminal.say("fixed: no errors are left"),
        News::Note(note) => terminal.note(note),
    }
}

fn counts(site: &Site) -> String {
    let kept = site.kept().filter(|(_, _, kept)| kept.badge.is_none());
    let kept = kept.count();
    format!(
        "{} read, {kept} kept, {} dropped",
        plural(site.found, "article", "articles"),
        site.dropped().count()
    )
}

fn time(took: Duration) -> String {
    match took.as_millis() {
        millis @ 0..1000 => format!("{millis} ms"),
        _ => format!("{:.2} s", took.as_secs_f64()),
    }
}

/// Opens the address in a browser.
fn open(address: &str, terminal: &Terminal) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        terminal.note(&format!("no browser could be opened ({program}: {error})"));
    }
}
