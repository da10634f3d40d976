//! Citations and reference lists.

mod settings;

pub use settings::Settings;

use handbook_pass::{Made, Pass, Recipe, Setup, read_settings};

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "refs", make };

/// The pass.
struct Refs;

fn make(setup: &Setup<'_>) -> Made {
    let (_settings, problems): (Settings, _) = setup.table.map(read_settings).unwrap_or_default();
    Made { pass: Box::new(Refs), problems, findings: Vec::new() }
}

impl Pass for Refs {
    fn name(&self) -> &'static str {
        RECIPE.name
    }
}
