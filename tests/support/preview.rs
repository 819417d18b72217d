//! A server at work on a site of its own, and a client that speaks HTTP over a plain socket.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::program::{PROGRAM, isolated};
use super::story;

/// Longer than anything takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
pub(crate) const NOW: &str = "2026-11-01T00:00:00Z";

/// A server and its site. Both go with it.
pub(crate) struct Preview {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) port: u16,
    pub(crate) said: Receiver<String>,
    child: Child,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A small site.
pub(crate) fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        "site.toml",
        "title = \"Small\"\nbase_url = \"https://example.org/\"\n[curation]\nmin_quality = 50\n",
    );
    for number in 1..=5 {
        write(
            folder.path(),
            &format!("content/news/story-{number}.md"),
            &article(&format!("Story {number}"), number),
        );
    }
    write(folder.path(), "content/topics/ai.yaml", "name: AI\n");
    write(folder.path(), "static/plain.txt", "0123456789");
    folder
}

pub(crate) fn article(title: &str, day: usize) -> String {
    let name = title.replace(' ', "-").to_lowercase();
    story(
        &format!("\"{title}\""),
        &format!("2026-10-{day:02}T09:00:00Z"),
        &format!("https://news.example/{name}"),
        &format!(
            "excerpt: \"What {title} says\"\nquality: 80\nprovider:\n  name: News\n  domain: \
             news.example\ntopics:\n  - AI\n"
        ),
    )
}

/// Writes a file as an editor does: beside, and then into its place.
pub(crate) fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let beside = path.with_file_name(".being-written~");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

impl Preview {
    pub(crate) fn of(folder: tempfile::TempDir, arguments: &[&str]) -> Preview {
        Preview::below(folder, "", arguments)
    }

    /// A server for the site in a folder below another.
    pub(crate) fn below(folder: tempfile::TempDir, site: &str, arguments: &[&str]) -> Preview {
        Preview::run(Command::new(PROGRAM), folder, site, arguments)
    }

    /// A server that may open no more than so many files and connections.
    #[cfg(unix)]
    pub(crate) fn with_descriptors(folder: tempfile::TempDir, most: usize) -> Preview {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -n {most}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, PROGRAM]);
        Preview::run(shell, folder, "", &[])
    }

    /// A server with a password for its desk.
    pub(crate) fn with_password(folder: tempfile::TempDir, password: &str) -> Preview {
        let mut program = Command::new(PROGRAM);
        program.env("NEWSGEN_DESK_PASSWORD", password);
        Preview::run(program, folder, "", &[])
    }

    /// A server that has no settings of git but those of the repository.
    pub(crate) fn with_plain_git(folder: tempfile::TempDir, site: &str) -> Preview {
        let mut program = Command::new(env!("CARGO_BIN_EXE_newsgen"));
        program.env("GIT_CONFIG_GLOBAL", "/dev/null");
        program.env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            program.env_remove(format!("GIT_{role}_NAME"));
            program.env_remove(format!("GIT_{role}_EMAIL"));
        }
        Preview::run(program, folder, site, &[])
    }

    /// Waits until the killed program is gone: a signal was delivered before that, but what the
    /// program asked the system to do may still be under way.
    pub(crate) fn wait_for_end(&mut self) {
        drop(self.child.wait());
    }

    /// Ends the server at once, and starts another for the same site.
    pub(crate) fn restart(&mut self) {
        drop(self.child.kill());
        self.wait_for_end();
        let nowhere = tempfile::tempdir().unwrap();
        let folder = std::mem::replace(&mut self.folder, nowhere);
        let program = Command::new(PROGRAM);
        *self = Preview::run(program, folder, "", &[]);
    }

    fn run(program: Command, folder: tempfile::TempDir, site: &str, arguments: &[&str]) -> Preview {
        let mut child = isolated(program)
            .args([
                "serve", "--port", "0", "--now", NOW, "--color", "never", "--root",
            ])
            .arg(folder.path().join(site))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, said) = channel();
        for output in [
            Box::new(child.stdout.take().unwrap()) as Box<dyn Read + Send>,
            Box::new(child.stderr.take().unwrap()),
        ] {
            let sender = sender.clone();
            thread::spawn(move || {
                BufReader::new(output)
                    .lines()
                    .map_while(Result::ok)
                    .for_each(|line| drop(sender.send(line)))
            });
        }
        let mut preview = Preview {
            folder,
            port: 0,
            said,
            child,
        };
        let line = preview.hear("serving at");
        let address = line.split("://").nth(1).unwrap();
        let port = address.rsplit_once(':').unwrap().1;
        preview.port = port[..port.find('/').unwrap()].parse().unwrap();
        preview
    }

    pub(crate) fn start() -> Preview {
        Preview::of(site(), &[])
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        write(self.folder.path(), path, text);
    }

    /// The next line of output that has these words.
    pub(crate) fn hear(&self, words: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self
                .said
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("nobody said {words:?}"));
            if line.contains(words) {
                return line;
            }
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        self.send(method, path, headers, b"")
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        let mut stream = self.connect();
        let lines: String = headers
            .iter()
            .map(|header| format!("{header}\r\n"))
            .collect();
        let host = if lines.contains("Host:") {
            ""
        } else {
            "Host: localhost\r\n"
        };
        write!(stream, "{method} {path} HTTP/1.1\r\n{host}{lines}\r\n").unwrap();
        // A server that refuses the head may close before it has taken all of the body.
        drop(stream.write_all(body));
        read(&mut BufReader::new(stream), method == "HEAD")
    }

    /// Asks until the answer is as it should be.
    pub(crate) fn wait_for(&self, path: &str, is_right: impl Fn(&Answer) -> bool) -> Answer {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(path);
            if is_right(&answer) {
                return answer;
            }
            assert!(
                Instant::now() < end,
                "{path} stays as it is: {} {}",
                answer.status,
                answer.text()
            );
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The events of a page as a browser gets them.
    pub(crate) fn events(&self, page: &str) -> Events {
        let look = look(&self.get(page).text());
        self.events_since(page, &look)
    }

    pub(crate) fn events_since(&self, page: &str, look: &str) -> Events {
        let mut stream = self.connect();
        write!(
            stream,
            "GET /__newsgen/events?page={page}&look={look} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream).lines();
        // The first words of the stream itself: from here on nothing is missed.
        lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.starts_with("retry:"))
            .unwrap();
        Events { lines }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Server-sent events.
pub(crate) struct Events {
    lines: std::io::Lines<BufReader<TcpStream>>,
}

impl Events {
    /// The next event: its name and its data.
    pub(crate) fn next(&mut self) -> (String, String) {
        let mut name = String::new();
        loop {
            let line = self.lines.next().unwrap().unwrap();
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return (name, data.to_owned());
            }
        }
    }
}

/// The look that a page was sent with.
pub(crate) fn look(page: &str) -> String {
    page.split("data-look=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

/// A page as a build writes it.
pub(crate) fn without_script(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(page.to_vec()).unwrap();
    let start = text.find("<script src=\"/__newsgen/").unwrap();
    let end = start + text[start..].find("</script>").unwrap() + "</script>".len();
    format!("{}{}", &text[..start], &text[end..]).into_bytes()
}

/// Reads one answer.
pub(crate) fn read(from: &mut impl BufRead, is_head: bool) -> Answer {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    let status = line
        .split(' ')
        .nth(1)
        .unwrap_or_else(|| panic!("no answer: {line:?}"))
        .parse()
        .unwrap();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        from.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; if is_head || status == 304 { 0 } else { length }];
    from.read_exact(&mut body).unwrap();
    Answer {
        status,
        headers,
        body,
    }
}
