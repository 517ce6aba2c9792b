//! The items of the sample catalogue: the artists of a recorded response, and the facts in
//! `catalogue.csv`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::facts::Facts;
use crate::query::ItemType;
use crate::results::{Item, ItemView};

/// A response from Spotify of 2020.
const RECORDED_RESPONSE: &str = include_str!("artists.json");
const FACTS: &str = include_str!("catalogue.csv");

/// An item, and the fields that a search reads.
pub struct SampleItem {
    pub item: Item,
    pub view: ItemView,
}

impl SampleItem {
    fn new(item_type: ItemType, json: Box<RawValue>) -> Self {
        let item = Item::new(item_type, json);
        Self { view: item.view(), item }
    }
}

/// Returns every item, in the order of the files.
pub fn items() -> &'static [SampleItem] {
    static ITEMS: LazyLock<Vec<SampleItem>> = LazyLock::new(|| {
        let mut items = recorded_artists().expect("artists.json is a search response");
        items.extend(items_from_facts().expect("catalogue.csv has valid rows"));
        items
    });
    &ITEMS
}

fn recorded_artists() -> serde_json::Result<Vec<SampleItem>> {
    #[derive(Deserialize)]
    struct Response {
        artists: Artists,
    }
    #[derive(Deserialize)]
    struct Artists {
        items: Vec<Box<RawValue>>,
    }
    let response: Response = serde_json::from_str(RECORDED_RESPONSE)?;
    let items = response.artists.items.into_iter();
    Ok(items.map(|json| SampleItem::new(ItemType::Artist, json)).collect())
}

fn items_from_facts() -> csv::Result<Vec<SampleItem>> {
    let mut reader = csv::Reader::from_reader(FACTS.as_bytes());
    let rows: Vec<Facts> = reader.deserialize().collect::<Result<_, _>>()?;
    let artists = rows.iter().filter(|row| row.item_type == ItemType::Artist);
    let artist_ids = artists.map(|row| (row.name.as_str(), row.id.as_str())).collect();
    let to_item = |row: &Facts| {
        let json = to_raw_value(&row.to_json(&artist_ids)).expect("JSON can be serialized");
        SampleItem::new(row.item_type, json)
    };
    Ok(rows.iter().map(to_item).collect())
}
