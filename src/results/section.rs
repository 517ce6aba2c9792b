//! The results of one item type: Spotify's paging object, from one page or merged from several.
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::item::Item;
use super::json_object::whole_number;
use crate::query::{ItemType, Level};

/// The largest number of keys of an object whose unknown keys are kept. Spotify's have 8.
pub(super) const MAX_KEYS: usize = 1_000;

/// The results of one item type.
///
/// Serializes to the API's own shape: the same keys in the same order, unknown keys included.
#[derive(Clone, Debug)]
pub struct Section {
    item_type: ItemType,
    /// Every field in its order. `items` is null here; [`Section::items`] replaces it.
    fields: IndexMap<String, Box<RawValue>>,
    pub(super) items: Vec<Item>,
    /// The ids of the items.
    ids: HashSet<String>,
    /// The number of entries in `items` as received, nulls and repeated ids included.
    received: u64,
    /// The number of null entries that no other result has replaced. Spotify hides a result from an
    /// app this way.
    hidden: u64,
    /// The closest level of all results that were compared.
    closest: Option<Level>,
    /// The first result that was compared, if none matches.
    nearest: Option<Item>,
    /// True if the last page names a next page, or was full and brought new items. `total` is ignored: it
    /// changes from page to page.
    pub(super) has_more: bool,
    /// True if the page was not empty and names a next page.
    has_next: bool,
}

impl Section {
    /// Parses the section of a response to a request for `limit` results.
    ///
    /// Null entries, repeated ids and results beyond the limit are dropped; `items: null` means no
    /// items.
    ///
    /// # Errors
    ///
    /// What has the wrong shape.
    pub(super) fn parse(item_type: ItemType, json: &RawValue, limit: u16) -> Result<Self, String> {
        let key = item_type.section();
        let mut fields: IndexMap<String, &RawValue> =
            serde_json::from_str(json.get()).map_err(|_| format!("\"{key}\" is not an object"))?;
        if fields.len() > MAX_KEYS {
            return Err(format!("\"{key}\" has more than {MAX_KEYS} keys"));
        }
        let items = fields.insert("items".into(), RawValue::NULL);
        let items: Option<Vec<Option<&RawValue>>> = items
            .map_or(Ok(None), |items| serde_json::from_str(items.get()))
            .map_err(|_| format!("\"{key}.items\" is not a list"))?;
        let items = items.unwrap_or_default();
        let names_next = fields.get("next").is_some_and(|next| next.get() != "null");
        let has_next = names_next && !items.is_empty();
        let is_full = items.len() >= usize::from(limit);
        let mut section = Self {
            item_type,
            fields: fields.into_iter().map(|(key, value)| (key, value.to_owned())).collect(),
            has_more: false,
            has_next,
            received: items.len() as u64,
            hidden: items.iter().filter(|item| item.is_none()).count() as u64,
            closest: None,
            nearest: None,
            items: Vec::new(),
            ids: HashSet::new(),
        };
        let objects = items.into_iter().flatten().filter(|item| item.get().starts_with('{'));
        section.add(objects.take(limit.into()).map(|json| Item::new(item_type, json.to_owned())));
        // `next` may be null although there are more results.
        section.has_more = has_next || is_full && !section.items.is_empty();
        Ok(section)
    }

    /// Adds the items whose ids are new.
    fn add(&mut self, items: impl IntoIterator<Item = Item>) {
        let ids = &mut self.ids;
        self.items
            .extend(items.into_iter().filter(|item| item.id().is_none_or(|id| ids.insert(id))));
    }

    /// Adds the next page. If there is none, or if the results have already ended, nothing is added.
    pub(super) fn append(&mut self, page: Option<Self>) {
        let Some(page) = page.filter(|_| self.has_more) else {
            self.has_more = false;
            return;
        };
        self.received += page.received;
        self.hidden += page.hidden;
        for key in ["total", "next"] {
            if let (Some(field), Some(latest)) = (self.fields.get_mut(key), page.fields.get(key)) {
                field.clone_from(latest);
            }
        }
        let before = self.items.len();
        self.add(page.items);
        // A full page of known items ends the results, unless it names another one.
        self.has_more = page.has_next || page.has_more && self.items.len() > before;
    }

    /// Replaces the items by those that match. `closest` is the closest level of all that were compared.
    pub(crate) fn set_matches(&mut self, items: Vec<Item>, closest: Option<Level>) {
        let compared = std::mem::replace(&mut self.items, items);
        self.nearest = compared.into_iter().next().filter(|_| self.items.is_empty());
        self.closest = closest;
    }

    /// Replaces a number, if the field exists.
    pub(super) fn set_number(&mut self, key: &str, number: u16) {
        if let (Some(field), Ok(number)) = (self.fields.get_mut(key), to_raw_value(&number)) {
            *field = number;
        }
    }

    /// Returns the number of entries received, nulls and repeated ids included.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Replaces null entries by the first results of a page beyond the range of the query.
    pub(super) fn replace_hidden(&mut self, page: Self) {
        let before = self.items.len();
        let limit = before + usize::try_from(self.hidden).unwrap_or(usize::MAX);
        self.add(page.items);
        self.items.truncate(limit);
        self.hidden -= (self.items.len() - before) as u64;
    }

    /// Returns the number of results that Spotify hides from the app.
    pub fn hidden(&self) -> u64 {
        self.hidden
    }

    /// Returns the type of the items.
    pub fn item_type(&self) -> ItemType {
        self.item_type
    }

    /// Returns the items, without nulls and repeated ids. If the query asks for a level, only those that
    /// match.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the first result that was compared, if the query asks for a level and no result matches.
    pub fn nearest(&self) -> Option<&Item> {
        self.nearest.as_ref()
    }

    /// Returns the level of the closest result, even if the query asks for a closer one. `None` if no
    /// result matches at any level, or if the query asks for none.
    pub fn closest_level(&self) -> Option<Level> {
        self.closest
    }

    /// Returns the total number of results that Spotify reports. It is an estimate and changes from
    /// page to page.
    pub fn total(&self) -> Option<u64> {
        self.fields.get("total").and_then(|total| whole_number(total))
    }
}

impl Serialize for Section {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (key, value) in &self.fields {
            if key == "items" {
                map.serialize_entry(key, &self.items)?;
            } else {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}
