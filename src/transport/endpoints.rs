//! Where the two services are, and which places may be sent a secret at all: `https`, or plain
//! `http` to this very machine.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// The base URLs of the two services.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// The Web API.
    pub api: BaseUrl,
    /// The accounts service, which gives tokens.
    pub accounts: BaseUrl,
}

impl Default for Endpoints {
    /// Spotify's own.
    fn default() -> Self {
        let base =
            |host| BaseUrl(Url::parse(host).unwrap_or_else(|_| unreachable!("{host} is a URL")));
        Self {
            api: base("https://api.spotify.com"),
            accounts: base("https://accounts.spotify.com"),
        }
    }
}

/// A base URL that a credential may be sent to: `https`, or `http` to a loopback address; no user
/// part, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The URL of a path below this one; a prefix such as `/gateway` is kept.
    pub fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// The host, with the port where it is not the scheme's own.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it is plain `http`, and so on this machine: no proxy may come between.
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }
}

impl FromStr for BaseUrl {
    type Err = &'static str;

    /// Fails with what is wrong, to follow the name of the setting. The text itself is not
    /// repeated, as it may hold a password.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text.trim()).map_err(|_| "is not a URL")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("has a user name or password in it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("has a query or fragment in it");
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err("is plain http to another machine: use https"),
            _ => Err("is neither https nor http to this machine"),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_to_this_machine_are_accepted() {
        for good in [
            "https://gateway.example.org",
            " http://localhost:8080 ",
            "http://127.9.9.9",
            "http://[::1]:80/prefix/",
            // The URL parser knows these spellings for 127.0.0.1.
            "http://0x7f000001",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "api.spotify.com",
            "ftp://localhost",
            "file:///etc/passwd",
            "http://api.spotify.com",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://10.0.0.1",
            "https://user@example.org",
            "https://:password@example.org",
            "http://127.0.0.1@example.org",
            "https://example.org?x",
            "https://example.org#x",
        ] {
            assert!(bad.parse::<BaseUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_prefix_is_kept() {
        for base in ["https://example.org/spotify", "https://example.org/spotify/"] {
            let url = base.parse::<BaseUrl>().unwrap().join(&["v1", "search"]);
            assert_eq!(url.as_str(), "https://example.org/spotify/v1/search");
        }
        let url = Endpoints::default().accounts.join(&["api", "token"]);
        assert_eq!(url.as_str(), "https://accounts.spotify.com/api/token");
    }
}
