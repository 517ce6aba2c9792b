//! Runs rows: what a server does (`step`, `http1`, `http2`, `tls`, `server`), what a row consists of
//! (`row`), how the command is started (`run`), and what is checked (`check`).

mod check;
mod http1;
mod http2;
mod row;
mod run;
mod server;
mod step;
mod tls;

pub use http1::{gzip, ok, raw, response};
pub use http2::{frame, frame_on, header_block, headers, last_data, settings};
pub use row::{Row, row};
pub use run::run_table;
pub use server::{
    Servers, good, over_http2, over_http2_with, over_tls, proxy, raw_proxy, search, search_in_turn,
    token, token_in_turn, without_tls,
};
pub use step::Step::{self, Close, Pause, Receive, Repeat, Reset, Send, Stall};
pub use tls::Tls;
