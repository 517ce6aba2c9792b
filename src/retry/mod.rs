//! Which failed requests are sent again, when, and how often: the rules and the budget of one request
//! (`budget`), and the waits of a search or a batch (`waits`). Used for searches and for tokens.

mod budget;
mod waits;

pub(crate) use budget::{Decision, RetryBudget, RetryPolicy, random};
pub(crate) use waits::{BatchState, Waits};
