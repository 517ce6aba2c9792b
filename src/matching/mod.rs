//! Which results match the name that was asked for.

mod exact_name;

pub(crate) use exact_name::ExactName;
#[cfg(feature = "cli")]
pub(crate) use exact_name::fold;
