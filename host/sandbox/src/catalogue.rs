//! The plugins that are there: what was compiled of the folder's files, and what was loaded of it.
//!
//! A plugin is known by the name in its description; the file's name is only where it was found. A file that goes bad
//! leaves the last good plugin in place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use campanile_core::description::Description;

use crate::engine::Engine;
use crate::plugin::Plugin;
use crate::precompiled::{self, Entry, Manifest, PrecompiledError};

/// Something about a plugin file that the operator should know.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum Problem {
    #[error("`{file}`: {error}")]
    Load { file: String, error: PrecompiledError },
    #[error("`{file}` calls itself `{name}`, as `{other}` does; remove one of them")]
    SameName { file: String, other: String, name: String },
}

/// The plugins that are ready to run.
#[derive(Debug)]
pub struct Catalogue {
    engine: Engine,
    folder: PathBuf,
    /// The manifest's time when it was read; `None` until then, `Some(None)` if there was none.
    seen: Option<Option<SystemTime>>,
    plugins: BTreeMap<String, Loaded>,
    problems: Vec<Problem>,
}

#[derive(Debug)]
struct Loaded {
    file: String,
    entry: Entry,
    plugin: Plugin,
}

impl Catalogue {
    /// Loads everything that was compiled for this machine from `plugins`.
    ///
    /// # Errors
    /// [`PrecompiledError`] if the manifest can't be read; what is wrong with single plugins is in [`Self::problems`].
    pub fn open(engine: &Engine, plugins: &Path) -> Result<Self, PrecompiledError> {
        let folder = precompiled::folder(plugins, &precompiled::host_target());
        let mut catalogue = Self {
            engine: engine.clone(),
            folder,
            seen: None,
            plugins: BTreeMap::new(),
            problems: Vec::new(),
        };
        catalogue.refresh()?;
        Ok(catalogue)
    }

    /// Picks up what was compiled, changed or removed since; says whether anything was. One look at the manifest's time
    /// if nothing was.
    ///
    /// # Errors
    /// [`PrecompiledError`] if the manifest can't be read; everything then stays as it was.
    pub fn refresh(&mut self) -> Result<bool, PrecompiledError> {
        let modified =
            std::fs::metadata(Manifest::path(&self.folder)).and_then(|metadata| metadata.modified()).ok();
        if self.seen == Some(modified) {
            return Ok(false);
        }
        let manifest = Manifest::read(&self.folder)?;
        self.problems.clear();
        self.plugins.retain(|_, loaded| manifest.plugins.contains_key(&loaded.file));
        for (file, entry) in manifest.plugins {
            self.load(file, entry);
        }
        self.seen = Some(modified);
        Ok(true)
    }

    fn load(&mut self, file: String, entry: Entry) {
        let name = entry.description.name.clone();
        match self.plugins.get(&name) {
            Some(loaded) if loaded.file != file => {
                let other = loaded.file.clone();
                self.problems.push(Problem::SameName { file, other, name });
                return;
            }
            Some(loaded) if loaded.entry == entry => return,
            _ => {}
        }
        match entry.load(&self.engine, &self.folder) {
            Ok(plugin) => {
                self.plugins.retain(|_, loaded| loaded.file != file);
                self.plugins.insert(name, Loaded { file, entry, plugin });
            }
            Err(error) => self.problems.push(Problem::Load { file, error }),
        }
    }

    /// The plugin called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Plugin> {
        self.plugins.get(name).map(|loaded| &loaded.plugin)
    }

    /// What the loaded plugins say of themselves.
    pub fn descriptions(&self) -> impl Iterator<Item = &Description> {
        self.plugins.values().map(|loaded| loaded.plugin.description())
    }

    /// What is wrong with files that were not loaded.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
