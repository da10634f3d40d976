use crate::Outcome;
use crate::arguments::{Cache, CacheCommand, Shared};
use crate::open::environment;
use crate::report::line;
use anyhow::{Context, bail};
use snippet_runner::{CacheFolder, CacheSize};

/// Says what is remembered, or forgets it. Needs no book.
pub(crate) fn cache(shared: &Shared, cache: &Cache) -> anyhow::Result<Outcome> {
    if shared.no_cache {
        bail!("with `--no-cache` there is no cache to look at");
    }
    let path = environment(shared)?.cache;
    let path =
        path.context("no variable says where caches are; name a folder, `--cache-dir DIR`")?;
    let folder = CacheFolder::new(&path);
    match cache.command {
        CacheCommand::Size => {
            let size = folder.size()?;
            line(&path.display().to_string())?;
            line(&format!("{}, {}", entries(size), bytes(size.bytes)))?;
        }
        CacheCommand::Clean => {
            let freed = folder.clean()?;
            line(&format!("removed {}, freed {}", entries(freed), bytes(freed.bytes)))?;
        }
    }
    Ok(Outcome::Clean)
}

fn entries(size: CacheSize) -> String {
    format!("{} {}", size.entries, if size.entries == 1 { "entry" } else { "entries" })
}

/// A number of bytes as people read it: `20 KiB`, `1.5 MiB`.
fn bytes(number: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    if number < KIB {
        format!("{number} bytes")
    } else if number < MIB {
        format!("{} KiB", number / KIB)
    } else {
        format!("{}.{} MiB", number / MIB, number % MIB * 10 / MIB)
    }
}
