//! The plugins that are there: what was compiled of the folder's files, and what was loaded of it.
//!
//! A plugin is known by the name in its description; the file's name is only where it was found. Its code is loaded when it is
//! first asked for: what no channel names costs a line of the manifest. A file that goes bad leaves the last good plugin in place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
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
    plugins: BTreeMap<String, Found>,
    problems: Vec<Problem>,
}

#[derive(Debug)]
struct Found {
    file: String,
    entry: Entry,
    /// Empty until somebody asks for it.
    plugin: OnceLock<Result<Plugin, Problem>>,
}

impl Found {
    fn load(&self, engine: &Engine, folder: &Path) -> &Result<Plugin, Problem> {
        self.plugin.get_or_init(|| {
            let problem = |error| Problem::Load { file: self.file.clone(), error };
            self.entry.load(engine, folder).map_err(problem)
        })
    }

    fn is_loaded(&self) -> bool {
        matches!(self.plugin.get(), Some(Ok(_)))
    }
}

impl Catalogue {
    /// Finds everything that was compiled for this machine from `plugins`, and loads nothing yet.
    ///
    /// # Errors
    /// [`PrecompiledError`] if the manifest can't be read; what is wrong with single plugins is in [`Self::problems`] once
    /// they were asked for.
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
        // What could not be loaded is tried again.
        let is_good = |found: &Found| !matches!(found.plugin.get(), Some(Err(_)));
        self.plugins.retain(|_, found| manifest.plugins.contains_key(&found.file) && is_good(found));
        for (file, entry) in manifest.plugins {
            self.find(file, entry);
        }
        self.seen = Some(modified);
        Ok(true)
    }

    fn find(&mut self, file: String, entry: Entry) {
        let name = entry.description.name.clone();
        match self.plugins.get(&name) {
            Some(found) if found.file != file => {
                let other = found.file.clone();
                self.problems.push(Problem::SameName { file, other, name });
                return;
            }
            Some(found) if found.entry == entry => return,
            _ => {}
        }
        let is_in_use = self.plugins.values().any(|found| found.file == file && found.is_loaded());
        let found = Found { file, entry, plugin: OnceLock::new() };
        // What is in use is only given up for something that works.
        if is_in_use {
            found.load(&self.engine, &self.folder);
            if let Some(Err(_)) = found.plugin.get() {
                self.problems.extend(found.plugin.into_inner().and_then(Result::err));
                return;
            }
        }
        self.plugins.retain(|_, other| other.file != found.file);
        self.plugins.insert(name, found);
    }

    /// Loads the code of these, ahead of the first question.
    pub fn prepare<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        for found in names.into_iter().filter_map(|name| self.plugins.get(name)) {
            found.load(&self.engine, &self.folder);
        }
    }

    /// The plugin called `name`. Loads its code if nobody has asked for it before: that reads a file, and takes milliseconds.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Plugin> {
        self.plugins.get(name)?.load(&self.engine, &self.folder).as_ref().ok()
    }

    /// What the plugins say of themselves, loaded or not.
    pub fn descriptions(&self) -> impl Iterator<Item = &Description> {
        self.plugins.values().map(|found| &found.entry.description)
    }

    /// The plugins whose code is loaded.
    pub fn loaded(&self) -> impl Iterator<Item = &Plugin> {
        self.plugins.values().filter_map(|found| found.plugin.get()?.as_ref().ok())
    }

    /// What is wrong with files, as far as somebody has asked for their plugins.
    #[must_use]
    pub fn problems(&self) -> Vec<&Problem> {
        let broken = self.plugins.values().filter_map(|found| found.plugin.get()?.as_ref().err());
        self.problems.iter().chain(broken).collect()
    }
}
