//! The files of a site.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{NOW, Newsgen, Run, Tree, files};

/// A site in a folder of its own, which goes when the test ends.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Site {
        Site {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The smallest site: settings with a title and an address, and an empty folder for articles.
    pub fn new() -> Site {
        let site = Site::empty().file(
            "site.toml",
            "title = \"Test\"\nbase_url = \"https://news.example/\"\nsearch.enabled = false\n",
        );
        fs::create_dir_all(site.path("content/news")).unwrap();
        site
    }

    /// A copy of a folder.
    pub fn copy_of(folder: &Path) -> Site {
        let site = Site::empty();
        copy_tree(folder, site.root());
        site
    }

    /// Adds or replaces a file.
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Site {
        self.write(path, bytes);
        self
    }

    /// Adds or replaces a file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        put(self.root(), path, bytes);
    }

    /// Adds an article `content/news/NAME.md` with these lines of front matter; a link is added
    /// when there is none.
    pub fn article(self, name: &str, fields: &str) -> Site {
        self.write_article(name, fields);
        self
    }

    /// Adds an article `content/news/NAME.md` with these lines of front matter; a link is added
    /// when there is none.
    pub fn write_article(&self, name: &str, fields: &str) {
        self.write(&format!("content/news/{name}.md"), article(name, fields));
    }

    /// Adds `count` articles, one an hour, of two providers and two topics; number 0 is the oldest.
    pub fn with_articles(self, count: usize) -> Site {
        for number in 0..count {
            let (name, fields) = numbered(number);
            self.write_article(&name, &fields);
        }
        self
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// The folder of the site.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the folder of the site.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The program in this site's folder, with arguments.
    pub fn newsgen<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Newsgen {
        Newsgen::new(arguments).within(self.root())
    }

    /// Runs `newsgen build` at [`NOW`].
    pub fn build(&self) -> Run {
        self.newsgen(["build", "--now", NOW]).run()
    }

    /// What a build of the same content from nothing, elsewhere, makes.
    pub fn clean_build(&self) -> Tree {
        let out = Site::empty();
        let folder = out.path("public");
        self.newsgen(["build", "--now", NOW, "--output"])
            .arg(&folder)
            .run()
            .good();
        Tree::of(&folder)
    }

    /// Runs `newsgen check` at [`NOW`].
    pub fn check(&self) -> Run {
        self.newsgen(["check", "--now", NOW]).run()
    }

    /// Everything in `public/`.
    pub fn output(&self) -> Tree {
        Tree::of(&self.path("public"))
    }
}

/// Name and front matter of the article with that number: one an hour from 1 November 2026.
pub fn numbered(number: usize) -> (String, String) {
    let (day, hour) = (1 + number / 24, number % 24);
    let date = format!("2026-11-{day:02}");
    let provider = if number.is_multiple_of(2) {
        "even.example"
    } else {
        "odd.example"
    };
    let topic = if number.is_multiple_of(3) {
        "Third"
    } else {
        "Rest"
    };
    let fields = format!(
        "title: Story {number}\nexcerpt: What story {number} is about.\npublishedDateTime: \
         {date}T{hour:02}:00:00Z\n\
         originalUrl: https://{provider}/story-{number}\nquality: 80\nheat: {number}\n\
         provider:\n  name: {provider}\n  domain: {provider}\ntopics:\n  - {topic}\n"
    );
    (format!("{date}-story-{number}"), fields)
}

/// The text of an article file with these lines of front matter; date and link are added when they
/// are missing.
pub fn article(name: &str, fields: &str) -> String {
    let mut lines = fields.trim_end().to_owned();
    if !fields.contains("publishedDateTime:") {
        lines += "\npublishedDateTime: 2026-11-20T08:00:00Z";
    }
    if !fields.contains("originalUrl:") && !fields.contains("webUrl:") {
        lines += &format!("\noriginalUrl: https://provider.example/{}", url_safe(name));
    }
    format!("---\n{lines}\n---\n")
}

/// The text of an article file with what every article has, and more lines of front matter, each
/// with its line end. The title is written as it is.
pub fn story(title: &str, published: &str, link: &str, more: &str) -> String {
    format!("---\ntitle: {title}\npublishedDateTime: {published}\noriginalUrl: {link}\n{more}---\n")
}

fn url_safe(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}

/// An empty folder, in memory where the system has such a place.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory)
    } else {
        TempDir::new()
    }
    .unwrap()
}

/// Adds or replaces a file below a folder.
pub fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Copies a folder with all that is in it.
pub fn copy_tree(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        // Not `fs::copy`: a copy of a file that is read-only can be written.
        fs::write(target, fs::read(path).unwrap()).unwrap();
    }
}
