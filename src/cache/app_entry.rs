//! The cache entry of one app: token, page size and cooldown, each with its expiry time. The current
//! time is passed in, so tests don't have to wait.

use std::time::{Duration, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

/// A token is not used in the last minute before it expires, so that it does not expire on the way.
pub(crate) const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// The page size is learned again after a week: the app may have got Extended Quota.
const PAGE_SIZE_LIFETIME: Duration = Duration::from_secs(7 * 86_400);
/// The longest cooldown that is stored. Spotify's daily quotas ask for less than a day; a wrong
/// header must not block an app for longer.
const MAX_COOLDOWN: Duration = Duration::from_secs(2 * 86_400);

/// The cache entry of one app.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct AppEntry {
    token: Option<Expiring<Token>>,
    page_size: Option<Expiring<u16>>,
    cooldown: Option<Expiring<()>>,
}

/// A token. It is serialized in clear text, for the cache file only.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Token(#[serde(serialize_with = "serialize_secret")] SecretString);

fn serialize_secret<S: Serializer>(
    secret: &SecretString,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

/// A value with an expiry time. Times are seconds since the Unix epoch.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Expiring<T> {
    value: T,
    set: u64,
    until: u64,
}

impl<T> Expiring<T> {
    fn new(value: T, lifetime: Duration, now: SystemTime) -> Self {
        let set = unix_seconds(now);
        Self { value, set, until: set.saturating_add(lifetime.as_secs()) }
    }

    /// Returns the time until the value expires. `None` if it has expired, or if it was set in the future:
    /// the clock was wrong then.
    fn remaining(&self, now: SystemTime) -> Option<Duration> {
        let now = unix_seconds(now);
        let is_valid = (self.set..self.until).contains(&now);
        is_valid.then(|| Duration::from_secs(self.until - now))
    }
}

impl AppEntry {
    /// Returns the token and how long it may still be used.
    pub fn token(&self, now: SystemTime) -> Option<(&SecretString, Duration)> {
        let token = self.token.as_ref()?;
        Some((&token.value.0, token.remaining(now)?))
    }

    pub fn set_token(&mut self, text: SecretString, lifetime: Duration, now: SystemTime) {
        self.token = Some(Expiring::new(Token(text), usable_lifetime(lifetime), now));
    }

    /// Returns the page size, if it was learned within the last week.
    pub fn page_size(&self, now: SystemTime) -> Option<u16> {
        let page_size = self.page_size.as_ref()?;
        page_size.remaining(now).map(|_| page_size.value)
    }

    pub fn set_page_size(&mut self, size: u16, now: SystemTime) {
        self.page_size = Some(Expiring::new(size, PAGE_SIZE_LIFETIME, now));
    }

    /// Returns the remaining cooldown.
    pub fn cooldown(&self, now: SystemTime) -> Option<Duration> {
        self.cooldown.as_ref()?.remaining(now)
    }

    /// Stores a cooldown, unless a longer one is stored.
    pub fn set_cooldown(&mut self, wait: Duration, now: SystemTime) {
        if self.cooldown(now).is_none_or(|known| known < wait) {
            // Rounded up to the end of the second: a request sent early would be refused.
            let until = unix_seconds(now + wait.min(MAX_COOLDOWN)) + 1;
            self.cooldown = Some(Expiring { value: (), set: unix_seconds(now), until });
        }
    }
}

/// Returns how long a token is used: until a minute before it expires, but at least half its lifetime.
pub(crate) fn usable_lifetime(lifetime: Duration) -> Duration {
    lifetime.saturating_sub((lifetime / 2).min(TOKEN_MARGIN))
}

fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn token_is_usable_until_a_minute_before_it_expires() {
        let remaining = |lifetime, age: u64| {
            let mut entry = AppEntry::default();
            entry.set_token("t".into(), Duration::from_secs(lifetime), at(1_000));
            entry.token(at(1_000 + age)).map(|(_, remaining)| remaining.as_secs())
        };
        assert_eq!(remaining(3_600, 0), Some(3_540));
        assert_eq!(remaining(3_600, 3_539), Some(1));
        assert_eq!(remaining(3_600, 3_540), None);
        assert_eq!(remaining(3_600, 5_000), None);
        assert_eq!(remaining(100, 0), Some(50), "half its lifetime");
        assert_eq!(remaining(1, 0), None);
    }

    #[test]
    fn page_size_is_valid_for_a_week() {
        let mut entry = AppEntry::default();
        entry.set_page_size(10, at(1_000));
        assert_eq!(entry.page_size(at(1_000 + 604_799)), Some(10));
        assert_eq!(entry.page_size(at(1_000 + 604_800)), None);
        assert_eq!(entry.page_size(at(999)), None, "the clock was set back");
    }

    #[test]
    fn cooldown_ends_and_is_bounded() {
        let mut entry = AppEntry::default();
        let remaining = |entry: &AppEntry, now| entry.cooldown(at(now)).map(|wait| wait.as_secs());
        entry.set_cooldown(Duration::from_secs(5_000), at(1_000));
        entry.set_cooldown(Duration::from_secs(5), at(1_000));
        assert_eq!(remaining(&entry, 1_000), Some(5_001));
        assert_eq!(remaining(&entry, 6_000), Some(1));
        assert_eq!(remaining(&entry, 6_001), None);
        entry.set_cooldown(Duration::MAX, at(10_000));
        assert_eq!(remaining(&entry, 10_000), Some(2 * 86_400 + 1));
    }

    #[test]
    fn cooldown_stored_while_the_clock_was_wrong_is_ignored() {
        let mut entry = AppEntry::default();
        entry.set_cooldown(Duration::from_secs(5_000), at(1_000_000));
        assert_eq!(entry.cooldown(at(1_000)), None);
        assert_eq!(entry.cooldown(at(999_999)), None, "the clock was a second ahead");
        assert!(entry.cooldown(at(1_000_000)).is_some());
    }
}
