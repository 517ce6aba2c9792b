//! The items of the sample catalogue: one line of `catalogue.jsonl` for each, in the shape of the Web
//! API. A field that is not known is left out.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::query::ItemType;
use crate::results::{Item, ItemView};

const CATALOGUE: &str = include_str!("catalogue.jsonl");

/// An item, and the fields that a search reads.
pub struct SampleItem {
    pub item: Item,
    pub view: ItemView,
}

/// Returns every item, in the order of the file.
pub fn items() -> &'static [SampleItem] {
    static ITEMS: LazyLock<Vec<SampleItem>> = LazyLock::new(|| {
        let items = CATALOGUE.lines().map(parse).collect::<serde_json::Result<_>>();
        items.expect("each line of the catalogue is an item")
    });
    &ITEMS
}

fn parse(line: &str) -> serde_json::Result<SampleItem> {
    #[derive(Deserialize)]
    struct Typed {
        r#type: ItemType,
    }
    let Typed { r#type: item_type } = serde_json::from_str(line)?;
    let item = Item::new(item_type, RawValue::from_string(line.to_owned())?);
    Ok(SampleItem { view: item.view(), item })
}
