//! The proxy for https requests: the one of the environment, none, or a URL of the caller. A value that is
//! set but unusable is an error: reqwest would ignore it and connect directly.

use std::env;
use std::ffi::OsString;
use std::fmt;

use reqwest::{NoProxy, Url};

use crate::error::{Error, Result};

/// In the order in which reqwest reads them. Requests over plain http use no proxy, because they
/// stay on the local machine.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxy of a client. Requests over plain http, which stay on the local machine, use none.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Proxy {
    /// The proxy that `HTTPS_PROXY` or else `ALL_PROXY` sets, with the exceptions in `NO_PROXY`.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    Off,
    /// This proxy for every host: `http://user:password@proxy.example:3128`. Its scheme is http, https,
    /// socks4, socks4a, socks5 or socks5h.
    Url(String),
}

impl fmt::Debug for Proxy {
    /// Does not show the URL, which may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Off => "Off",
            Self::Url(_) => "Url(..)",
        })
    }
}

impl Proxy {
    /// Returns the name of the environment variable that sets the proxy of [`Proxy::Environment`], if one
    /// does.
    pub fn variable() -> Option<&'static str> {
        find(|name| env::var_os(name)).ok()?.map(|(name, _)| name)
    }

    /// Returns the proxy to connect through, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::ConfigInvalid`] if a value is not the URL of a proxy.
    pub(super) fn resolve(&self) -> Result<Option<ResolvedProxy>> {
        let (name, url, exceptions) = match self {
            Self::Off => return Ok(None),
            Self::Url(url) => {
                let name = "the proxy";
                (name, proxy_url(url).ok_or_else(|| invalid(name))?, None)
            }
            Self::Environment => match find(|name| env::var_os(name))? {
                Some((name, url)) => (name, url, NoProxy::from_env()),
                None => return Ok(None),
            },
        };
        let host = url.host_str().unwrap_or_default();
        let address = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let has_login = !url.username().is_empty() || url.password().is_some();
        let proxy = reqwest::Proxy::https(url).map_err(|_| invalid(name))?.no_proxy(exceptions);
        Ok(Some(ResolvedProxy { proxy, address, has_login }))
    }
}

/// A proxy with its address.
#[derive(Clone, Debug)]
pub(super) struct ResolvedProxy {
    pub proxy: reqwest::Proxy,
    /// Host and port, without the login.
    pub address: String,
    /// True if the URL has a user name or a password.
    pub has_login: bool,
}

/// Returns the first variable that is not blank, and the URL in it.
fn find(var: impl Fn(&str) -> Option<OsString>) -> Result<Option<(&'static str, Url)>> {
    for name in VARIABLES {
        let value = var(name).unwrap_or_default();
        let value = value.into_string().map_err(|_| invalid(name))?;
        if !value.trim().is_empty() {
            let url = proxy_url(&value).ok_or_else(|| invalid(name))?;
            return Ok(Some((name, url)));
        }
    }
    Ok(None)
}

/// The value is not repeated: it may contain a password.
fn invalid(name: &str) -> Error {
    Error::config(format!("{name} is not the URL of a proxy, such as http://proxy.example:3128"))
}

/// Parses a value such as `http://user:password@host:port`. The scheme may be missing.
fn proxy_url(value: &str) -> Option<Url> {
    let value = value.trim();
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    if rest.starts_with('/') {
        return None;
    }
    // A password is often not percent-encoded. These characters would end the authority.
    let url = match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.replace('/', "%2F").replace('?', "%3F").replace('#', "%23");
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    };
    let url = Url::parse(&url).ok()?;
    let host = url.host_str()?;
    // reqwest parses the URL once more, with http::Uri, which accepts fewer characters in a host.
    let is_host = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    let has_path = !matches!(url.path(), "" | "/");
    (SCHEMES.contains(&url.scheme()) && is_host && !has_path).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_usual_spellings() {
        for (value, url) in [
            ("http://proxy:3128", "http://proxy:3128/"),
            (" proxy:3128\r\n", "http://proxy:3128/"),
            ("user:p@ss/wo#rd?@proxy", "http://user:p%40ss%2Fwo%23rd%3F@proxy/"),
            ("http://us er:p\"{}^|`w@[::1]:1", "http://us%20er:p%22%7B%7D%5E%7C%60w@[::1]:1/"),
            ("HTTPS://proxy", "https://proxy/"),
            ("socks5h://user:pass@10.0.0.1:1080", "socks5h://user:pass@10.0.0.1:1080"),
        ] {
            assert_eq!(proxy_url(value).map(String::from).as_deref(), Some(url), "{value}");
        }
    }

    #[test]
    fn refuses_what_reqwest_would_ignore() {
        for value in [
            "not a proxy",
            "http://",
            "http:/h",
            "//h",
            "ftp://proxy",
            "http://proxy:port",
            "http://a\"b",
            "http://a{b}",
            "socks6://proxy",
            "user@",
            "socks5:///path",
        ] {
            assert!(proxy_url(value).is_none(), "{value}");
        }
    }

    #[test]
    fn first_variable_that_is_not_blank_wins() {
        let find = |vars: &[(&str, &str)]| {
            let found = find(|name| {
                let value = vars.iter().find(|(set, _)| *set == name);
                value.map(|(_, value)| OsString::from(value))
            });
            found.map(|found| found.map(|(name, url)| format!("{name} {url}")))
        };
        assert_eq!(find(&[("NO_PROXY", "x"), ("HTTP_PROXY", "y")]).unwrap(), None);
        assert_eq!(find(&[("HTTPS_PROXY", " ")]).unwrap(), None);
        let proxy = find(&[("all_proxy", "b"), ("https_proxy", "a"), ("ALL_PROXY", "//")]);
        assert_eq!(proxy.unwrap().unwrap(), "https_proxy http://a/");
        assert_eq!(find(&[("ALL_PROXY", "//")]).unwrap_err().code(), "config_invalid");
    }
}
