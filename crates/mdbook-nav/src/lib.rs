//! Navigation: links, and what chapters say of each other.

mod settings;

pub use settings::Settings;

use handbook_pass::{Made, Pass, Recipe, Setup, read_settings};

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "nav", make };

/// The pass.
struct Nav;

fn make(setup: &Setup<'_>) -> Made {
    let (_settings, problems): (Settings, _) = setup.table.map(read_settings).unwrap_or_default();
    Made { pass: Box::new(Nav), problems, findings: Vec::new() }
}

impl Pass for Nav {
    fn name(&self) -> &'static str {
        RECIPE.name
    }
}
