//! Results as the API gives them: an answer is its sections in the order they came, each with its
//! items as the very text that Spotify sent. Nothing here depends on a field that may be absent.
//! The tolerant reading of an item's fields is [`crate::item`]'s, fetching is
//! [`crate::client`]'s.
//!
//! Source: <https://developer.spotify.com/documentation/web-api/reference/search>.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::item::{ItemView, Object, whole};
use crate::json_format;
use crate::query::{ItemType, SearchQuery};

/// What a search found: one section for each type, and whatever else the answer held.
///
/// Serialises to the API's own shape: the same keys in the same order.
#[derive(Debug)]
pub struct SearchResults {
    entries: IndexMap<String, Entry>,
}

/// A value at the top of an answer.
#[derive(Debug)]
enum Entry {
    Section(Section),
    Other(Box<RawValue>),
}

/// The results of one type: Spotify's paging object, of one page or of several merged.
#[derive(Debug)]
pub struct Section {
    kind: ItemType,
    /// Every field but `items`, whose place is kept by a null.
    fields: IndexMap<String, Box<RawValue>>,
    items: Vec<Item>,
    /// The ids of the items.
    seen: HashSet<String>,
    /// How many entries came, nulls and repetitions among them.
    came: u64,
    /// Whether more results may follow.
    has_more: bool,
}

/// One album, artist or other thing found, as the text that Spotify sent.
#[derive(Debug)]
pub struct Item(Box<RawValue>);

impl SearchResults {
    /// Reads the body of a 200 answer to a request for `limit` results of each type.
    ///
    /// `items: null` is read as no items; dropped are null entries, repeated ids, and what exceeds
    /// the limit.
    ///
    /// # Errors
    ///
    /// What is wrong with the answer, to follow "the response from HOST": "is not JSON …".
    pub fn parse(body: &[u8], query: &SearchQuery, limit: u16) -> Result<Self, String> {
        let text = std::str::from_utf8(body).map_err(|_| "is not UTF-8 text".to_owned())?;
        let top: IndexMap<String, Box<RawValue>> =
            serde_json::from_str(text).map_err(|error| fault_of(&error))?;
        if json_format::is_too_deep(text) {
            return Err("is nested too deep".into());
        }
        let mut entries = IndexMap::with_capacity(top.len());
        for (key, value) in top {
            let asked = ItemType::of_section(&key).filter(|kind| query.types().contains(kind));
            let entry = match asked {
                Some(kind) if value.get() != "null" => {
                    Entry::Section(Section::parse(kind, &value, limit)?)
                }
                _ => Entry::Other(value),
            };
            entries.insert(key, entry);
        }
        let results = Self { entries };
        if results.sections().next().is_none() {
            return Err(format!("has no \"{}\" in it", query.types()[0].section()));
        }
        Ok(results)
    }

    /// The sections, in the order they came.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.entries.values().filter_map(|entry| match entry {
            Entry::Section(section) => Some(section),
            Entry::Other(_) => None,
        })
    }

    /// Every item of every section with its type, in the order they came.
    pub fn items(&self) -> impl Iterator<Item = (ItemType, &Item)> {
        self.sections().flat_map(|section| section.items.iter().map(|item| (section.kind, item)))
    }

    /// How many results came and how many there should have been, where Spotify says that there
    /// are more than came in the range that `query` asked for.
    pub fn shortfall(&self, query: &SearchQuery) -> Option<(u64, u64)> {
        let (mut came, mut promised) = (0, 0);
        for section in self.sections() {
            let there = section.total().unwrap_or_default().saturating_sub(query.offset().into());
            came += section.came;
            promised += there.min(query.limit().into()).max(section.came);
        }
        (came < promised).then_some((came, promised))
    }

    /// Adds the page of the same query that follows.
    pub fn append(&mut self, mut page: Self, query: &SearchQuery) {
        for (key, entry) in &mut self.entries {
            let Entry::Section(section) = entry else { continue };
            match page.entries.swap_remove(key) {
                Some(Entry::Section(page)) => section.append(page),
                // What is not there any more has ended.
                _ => section.has_more = false,
            }
            section.set_number("limit", query.limit());
            section.set_number("offset", query.offset());
        }
    }

    /// Whether results of some type may follow. Spotify's `total` has no say in it: it changes from
    /// page to page.
    pub(crate) fn has_more(&self) -> bool {
        self.sections().any(|section| section.has_more)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.items().next().is_none()
    }
}

impl Section {
    fn parse(kind: ItemType, value: &RawValue, limit: u16) -> Result<Self, String> {
        let key = kind.section();
        let mut fields: IndexMap<String, Box<RawValue>> = serde_json::from_str(value.get())
            .map_err(|_| format!("has a \"{key}\" that is not an object"))?;
        let null = to_raw_value(&()).map_err(|error| error.to_string())?;
        let items = fields.insert("items".into(), null);
        let items: Option<Vec<Option<Box<RawValue>>>> = items
            .map_or(Ok(None), |items| serde_json::from_str(items.get()))
            .map_err(|_| format!("has \"{key}\" whose items are not a list"))?;
        let items = items.unwrap_or_default();
        let has_next = fields.get("next").is_some_and(|next| next.get() != "null");
        let has_more = has_next && !items.is_empty();
        let came = items.len() as u64;
        let mut section =
            Self { kind, fields, items: Vec::new(), seen: HashSet::new(), came, has_more };
        // Whatever is no object, null above all, is no item.
        let objects = items.into_iter().flatten().filter(|item| item.get().starts_with('{'));
        section.add(objects.take(limit.into()).map(Item));
        Ok(section)
    }

    /// Adds the items whose ids are new.
    fn add(&mut self, items: impl IntoIterator<Item = Item>) {
        let seen = &mut self.seen;
        self.items
            .extend(items.into_iter().filter(|item| item.id().is_none_or(|id| seen.insert(id))));
    }

    /// Adds the page that follows, unless these results had ended before it.
    fn append(&mut self, page: Self) {
        if !self.has_more {
            return;
        }
        self.has_more = page.has_more;
        self.came += page.came;
        for key in ["total", "next"] {
            if let (Some(field), Some(latest)) = (self.fields.get_mut(key), page.fields.get(key)) {
                field.clone_from(latest);
            }
        }
        self.add(page.items);
    }

    /// Gives a field, where it is there, another value.
    fn set_number(&mut self, key: &str, number: u16) {
        if let (Some(field), Ok(number)) = (self.fields.get_mut(key), to_raw_value(&number)) {
            *field = number;
        }
    }

    /// The type of its items.
    pub fn kind(&self) -> ItemType {
        self.kind
    }

    /// The items, without nulls and repeated ids.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// How many results Spotify says there are; an estimate that changes from page to page.
    pub fn total(&self) -> Option<u64> {
        self.fields.get("total").and_then(|total| whole(total))
    }
}

impl Item {
    /// The text as it came.
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// The fields of the item that a row shows, each empty where it is absent or of a wrong type.
    pub fn view(&self, kind: ItemType) -> ItemView {
        ItemView::of(kind, &self.0)
    }

    fn id(&self) -> Option<String> {
        Object::read(&self.0).text("id")
    }
}

/// Tells a broken text from one of another shape.
fn fault_of(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => "is JSON, but not an object".into(),
        serde_json::error::Category::Eof if error.column() == 0 => "is empty".into(),
        serde_json::error::Category::Eof => "ends in the middle of its JSON".into(),
        _ => format!("is not JSON (line {}, column {})", error.line(), error.column()),
    }
}

impl Serialize for SearchResults {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.entries.len()))?;
        for (key, entry) in &self.entries {
            match entry {
                Entry::Section(section) => map.serialize_entry(key, section)?,
                Entry::Other(value) => map.serialize_entry(key, value)?,
            }
        }
        map.end()
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

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
