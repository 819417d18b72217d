//! Media types of files, by their names.

/// The media type of a file, by its name (<https://www.iana.org/assignments/media-types>). Text has
/// its charset.
pub fn media_type(url: &str) -> &'static str {
    let name = url.rsplit('/').next().unwrap_or_default();
    match name {
        "" => return "text/html; charset=utf-8",
        "feed.xml" => return "application/atom+xml; charset=utf-8",
        "rss.xml" => return "application/rss+xml; charset=utf-8",
        "feed.json" => return "application/feed+json; charset=utf-8",
        "CNAME" | "_headers" | "_redirects" | "_nginx.conf" | "_Caddyfile" => {
            return "text/plain; charset=utf-8";
        }
        _ => {}
    }
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase())
        .unwrap_or_default();
    match ending.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "opml" => "text/x-opml; charset=utf-8",
        "xml" | "xsl" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" => "audio/ogg",
        "ogv" => "video/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "pdf" => "application/pdf",
        "wasm" => "application/wasm",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_a_charset_and_feeds_have_their_own_types() {
        assert_eq!(media_type("/news/a/"), "text/html; charset=utf-8");
        assert_eq!(
            media_type("/topics/ai/feed.xml"),
            "application/atom+xml; charset=utf-8"
        );
        assert_eq!(media_type("/sitemap.xml"), "application/xml; charset=utf-8");
        assert_eq!(media_type("/a/PHOTO.JPG"), "image/jpeg");
        assert_eq!(media_type("/.nojekyll"), "application/octet-stream");
    }
}
