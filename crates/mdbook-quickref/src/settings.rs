use serde::{Deserialize, Serialize};

/// The table `[preprocessor.quickref]`, or `[preprocessor.handbook.quickref]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Settings {}
