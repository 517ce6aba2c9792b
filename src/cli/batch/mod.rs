//! Batches: reads the input (`input`, `encoding`), runs a search for each line (`run`), and says how the
//! batch ended (`summary`, `resume`).

pub mod encoding;
pub mod input;
pub mod resume;
pub mod run;
pub mod summary;
