//! Base URLs of the two services. Credentials are sent only over `https`, or over `http` to the
//! local machine.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

use crate::error::Error;
use crate::query::{Page, SearchQuery};

/// The base URLs of the two services. The default is Spotify's own.
#[derive(Clone, Debug)]
pub struct Endpoints {
    api: BaseUrl,
    accounts: BaseUrl,
}

impl Endpoints {
    /// Creates the base URLs of the Web API and of the accounts service, which issues tokens.
    pub fn new(api: BaseUrl, accounts: BaseUrl) -> Self {
        Self { api, accounts }
    }

    /// Returns the base URL of the Web API.
    pub fn get_api(&self) -> &BaseUrl {
        &self.api
    }

    /// Returns the base URL of the accounts service.
    pub fn get_accounts(&self) -> &BaseUrl {
        &self.accounts
    }
}

impl Default for Endpoints {
    fn default() -> Self {
        let base = |url| BaseUrl(Url::parse(url).expect("the URL is valid"));
        Self {
            api: base("https://api.spotify.com"),
            accounts: base("https://accounts.spotify.com"),
        }
    }
}

/// A base URL that credentials may be sent to: `https`, or `http` to a loopback address; without
/// user name, password, query and fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Appends path segments. A path prefix such as `/gateway` is kept.
    pub(crate) fn join(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// Returns the URL of the request for a page.
    pub(crate) fn search_url(&self, query: &SearchQuery, page: Page) -> Url {
        let mut url = self.join(&["v1", "search"]);
        url.query_pairs_mut().extend_pairs(query.parameters(page));
        url
    }

    /// Returns the host, with the port if it is not the default.
    pub(crate) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns true for `https`.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    /// Fails with [`Error::ConfigInvalid`]. The message does not repeat the URL, which may contain a
    /// password.
    fn from_str(text: &str) -> Result<Self, Error> {
        let url = Url::parse(text.trim()).map_err(|_| Error::config("is not a URL"))?;
        let problem = match url.scheme() {
            _ if !url.username().is_empty() || url.password().is_some() => {
                "must not contain a user name or password"
            }
            _ if url.query().is_some() || url.fragment().is_some() => {
                "must not contain a query or fragment"
            }
            "https" => return Ok(Self(url)),
            "http" if is_loopback(&url) => return Ok(Self(url)),
            "http" => "must be https: http is accepted for this machine only",
            _ => "must be https, or http to this machine",
        };
        Err(Error::config(problem))
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
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
    fn accepts_https_and_local_http() {
        for good in [
            "https://gateway.example.org",
            " http://localhost:8080 ",
            "http://127.9.9.9",
            "http://[::1]:80/prefix/",
            // url::Url parses this as 127.0.0.1.
            "http://0x7f000001",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
    }

    #[test]
    fn refuses_every_other_url() {
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
    fn keeps_a_path_prefix() {
        for base in ["https://example.org/spotify", "https://example.org/spotify/"] {
            let url = base.parse::<BaseUrl>().unwrap().join(&["v1", "search"]);
            assert_eq!(url.as_str(), "https://example.org/spotify/v1/search");
        }
        let url = Endpoints::default().accounts.join(&["api", "token"]);
        assert_eq!(url.as_str(), "https://accounts.spotify.com/api/token");
    }
}
