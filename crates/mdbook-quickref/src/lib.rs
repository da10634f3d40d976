//! Cards of what chapters state.

mod settings;

pub use settings::Settings;

use handbook_pass::{Made, Pass, Recipe, Setup, read_settings};

/// How the pass is made.
pub const RECIPE: Recipe = Recipe { name: "quickref", make };

/// The pass.
struct Quickref;

fn make(setup: &Setup<'_>) -> Made {
    let (_settings, problems): (Settings, _) = setup.table.map(read_settings).unwrap_or_default();
    Made { pass: Box::new(Quickref), problems, findings: Vec::new() }
}

impl Pass for Quickref {
    fn name(&self) -> &'static str {
        RECIPE.name
    }
}
