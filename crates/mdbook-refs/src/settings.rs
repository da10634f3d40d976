use serde::{Deserialize, Serialize};

/// The table `[preprocessor.refs]`, or `[preprocessor.handbook.refs]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {}
