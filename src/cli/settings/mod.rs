//! Settings from outside the command line: credentials (`find_credentials`, `credentials_file`) and
//! environment variables. `build_client` turns them and the options into a client.

pub mod build_client;
pub mod credentials_file;
pub mod environment;
pub mod find_credentials;
