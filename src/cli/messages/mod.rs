//! What the command says: its errors (`command_error`) with hints (`hints`, `local_time`), notes about
//! results (`notes`), and how they look (`message_style`).

pub mod command_error;
pub mod hints;
mod local_time;
pub mod notes;
