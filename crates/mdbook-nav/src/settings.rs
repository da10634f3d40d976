use serde::{Deserialize, Serialize};

/// The table `[preprocessor.nav]`, or `[preprocessor.handbook.nav]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {}
