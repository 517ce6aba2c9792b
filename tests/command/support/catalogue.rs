//! A catalogue that is served in pages.

use serde_json::{Value, json};

use super::{Request, Respond, ResponseTemplate, error, parameter};

/// A catalogue with a number of items for each section. The items are called `artists 0`,
/// `artists 1`, and so on. A request for more than `max_limit` items is refused, as Spotify does.
pub struct Catalogue {
    totals: Vec<(&'static str, usize)>,
    max_limit: usize,
}

impl Catalogue {
    pub fn new(totals: &[(&'static str, usize)], max_limit: usize) -> Self {
        Self { totals: totals.to_vec(), max_limit }
    }

    /// Returns one page of each section.
    ///
    /// # Errors
    ///
    /// The message of a response with the status 400.
    pub fn page(&self, limit: usize, offset: usize) -> Result<Value, &'static str> {
        if limit > self.max_limit {
            return Err("Invalid limit");
        }
        if offset >= 1_000 {
            return Err("Invalid offset");
        }
        let sections = self.totals.iter().map(|&(section, total)| {
            let end = offset + limit;
            let items: Vec<Value> = (offset..total.min(end))
                .map(|number| json!({"id": format!("{section}-{number}"), "name": format!("{section} {number}")}))
                .collect();
            let page = json!({
                "href": format!("offset={offset}"),
                "items": items,
                "limit": limit,
                "next": (end < total).then(|| format!("offset={end}")),
                "offset": offset,
                "previous": (offset > 0).then_some("before"),
                "total": total,
            });
            (section.to_owned(), page)
        });
        Ok(Value::Object(sections.collect()))
    }
}

impl Respond for Catalogue {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number = |name| parameter(request, name).parse().unwrap();
        match self.page(number("limit"), number("offset")) {
            Ok(page) => ResponseTemplate::new(200).set_body_json(page),
            Err(message) => error(400, message),
        }
    }
}
