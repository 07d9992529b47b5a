//! Compiles components ahead of time. Not part of the deployed binary.

use std::hash::{Hash as _, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::digest::Digest;
use crate::engine::{self, Engine, EngineError};
use crate::folder::{self, FileError};
use crate::inspect::{InspectError, inspect};
use crate::plugin::{LoadError, describe};
use crate::precompiled::{self, Entry, Manifest, PrecompiledError, trusted_component};

/// Why a component was not compiled.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum CompileError {
    #[error("`{}`: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
    #[error("`{}`: {error}", path.display())]
    Refused { path: PathBuf, error: InspectError },
    #[error("`{}`: {error}", path.display())]
    Broken { path: PathBuf, error: LoadError },
    #[error("`{}` can't be compiled: {error}", path.display())]
    Compiler { path: PathBuf, error: String },
    #[error(
        "`{}` and `{other}` both call themselves `{name}`; `{other}` was there first and stays, remove one of them",
        path.display()
    )]
    SameName { path: PathBuf, other: String, name: String },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Manifest(#[from] PrecompiledError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What became of one component.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The entry in the manifest.
    pub entry: Entry,
    /// Bytes of machine code.
    pub code_size: usize,
    /// Time of compilation; `None` if what was there could be kept.
    pub duration: Option<Duration>,
}

/// A compiler for one target triple, and the engine that asks plugins what they are.
#[derive(Debug)]
pub struct Compiler {
    engine: Engine,
    target: Option<wasmtime::Engine>,
    triple: String,
    identity: String,
}

impl Compiler {
    /// A compiler for any machine of `target`, or for just this one.
    ///
    /// # Errors
    /// [`CompileError::Engine`] if the target is unknown.
    pub fn new(engine: &Engine, target: Option<&str>) -> Result<Self, CompileError> {
        let triple = target.map_or_else(precompiled::host_target, str::to_owned);
        let target = target.map(baseline_engine).transpose()?;
        let identity = identity(target.as_ref().unwrap_or(&engine.inner));
        Ok(Self { engine: engine.clone(), target, triple, identity })
    }

    /// The triple that code is made for.
    #[must_use]
    pub fn triple(&self) -> &str {
        &self.triple
    }

    /// Reads `plugins/FILE` and compiles it, as [`Self::compile_component`] does.
    ///
    /// # Errors
    /// [`CompileError`] if the file can't be read or is not a plugin; the manifest then keeps what it had.
    pub async fn compile(&self, plugins: &Path, file: &str) -> Result<Compiled, CompileError> {
        self.compile_component(plugins, file, &folder::read(plugins, file)?).await
    }

    /// Compiles `wasm`, which is `plugins/FILE`, unless the folder of compiled code has it already, and records it in the manifest.
    /// Of two files with one name, the one that is in the manifest was there first.
    ///
    /// # Errors
    /// [`CompileError`] if it is not a plugin, or another file's; the manifest then keeps what it had.
    pub async fn compile_component(
        &self,
        plugins: &Path,
        file: &str,
        wasm: &[u8],
    ) -> Result<Compiled, CompileError> {
        let path = plugins.join(file);
        let folder = precompiled::folder(plugins, &self.triple);
        let digest = Digest::of(wasm);
        let mut manifest = Manifest::read(&folder)?;
        if let Some(kept) = self.kept(&manifest, file, &digest, &folder) {
            return match manifest.first(&kept.entry.description.name).filter(|first| *first != file) {
                Some(first) => Err(twins(path, first, &kept.entry)),
                None => Ok(kept),
            };
        }
        inspect(wasm).map_err(|error| CompileError::Refused { path: path.clone(), error })?;
        let started = Instant::now();
        let own = self.code(&self.engine.inner, wasm, &path)?;
        let code = match &self.target {
            Some(target) => self.code(target, wasm, &path)?,
            None => own.clone(),
        };
        let duration = Some(started.elapsed());
        let broken = |error| CompileError::Broken { path: path.clone(), error };
        let component = trusted_component(&self.engine, &own).map_err(broken)?;
        let description = describe(&self.engine, &component).await.map_err(broken)?;
        let entry =
            Entry { wasm: digest, code: Digest::of(&code), compiler: self.identity.clone(), description };
        manifest.plugins.remove(file);
        if let Some(other) = manifest.first(&entry.description.name) {
            return Err(twins(path, other, &entry));
        }
        write(&entry.code_path(&folder), &code)?;
        manifest.plugins.insert(file.to_owned(), entry.clone());
        write_manifest(&folder, &manifest)?;
        Ok(Compiled { entry, code_size: code.len(), duration })
    }

    /// Keeps of the manifest, and of the code in the folder, only what `keep` wants, by the files' names.
    ///
    /// # Errors
    /// [`CompileError`] if the folder can't be changed.
    pub fn retain(&self, plugins: &Path, keep: impl Fn(&str, &Entry) -> bool) -> Result<(), CompileError> {
        let folder = precompiled::folder(plugins, &self.triple);
        let mut manifest = Manifest::read(&folder)?;
        let before = manifest.plugins.len();
        manifest.plugins.retain(|file, entry| keep(file, entry));
        if manifest.plugins.len() < before {
            write_manifest(&folder, &manifest)?;
        }
        remove_unused(&folder, &manifest)
    }

    fn kept(&self, manifest: &Manifest, file: &str, digest: &Digest, folder: &Path) -> Option<Compiled> {
        let entry = manifest.plugins.get(file)?;
        if entry.wasm != *digest || entry.compiler != self.identity {
            return None;
        }
        let code =
            std::fs::read(entry.code_path(folder)).ok().filter(|code| Digest::of(code) == entry.code)?;
        Some(Compiled { entry: entry.clone(), code_size: code.len(), duration: None })
    }

    #[expect(clippy::unused_self, reason = "reads as what it is: the compiler's own step")]
    fn code(&self, engine: &wasmtime::Engine, wasm: &[u8], path: &Path) -> Result<Vec<u8>, CompileError> {
        let failed = |error: wasmtime::Error| CompileError::Compiler {
            path: path.to_owned(),
            error: format!("{error:#}"),
        };
        engine.precompile_component(wasm).map_err(failed)
    }
}

fn twins(path: PathBuf, other: &str, entry: &Entry) -> CompileError {
    CompileError::SameName { path, other: other.to_owned(), name: entry.description.name.clone() }
}

/// Baseline features of the target, also if this machine is one: the one that runs it may be older.
fn baseline_engine(target: &str) -> Result<wasmtime::Engine, EngineError> {
    let mut config = engine::config();
    config.target(target).map_err(|_| EngineError::Target(target.to_owned()))?;
    wasmtime::Engine::new(&config).map_err(|error| EngineError::Configuration(format!("{error:#}")))
}

/// Names the compiler and everything that its output depends on.
fn identity(engine: &wasmtime::Engine) -> String {
    struct Bytes(Vec<u8>);
    impl Hasher for Bytes {
        fn write(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut bytes = Bytes(Vec::new());
    engine.precompile_compatibility_hash().hash(&mut bytes);
    Digest::of(&bytes.0).short().to_owned()
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), CompileError> {
    let path = Manifest::path(folder);
    let json =
        manifest.to_json().map_err(|error| PrecompiledError::Manifest { path: path.clone(), error })?;
    write(&path, &json)
}

/// Writes beside and renames, so that a reader sees the old file or the new one. Whatever the umask is, only the owner may write:
/// what lies there is loaded as machine code.
fn write(path: &Path, bytes: &[u8]) -> Result<(), CompileError> {
    let failed = |error| CompileError::Io { path: path.to_owned(), error };
    if let Some(folder) = path.parent() {
        folder::create(folder).map_err(failed)?;
    }
    let unfinished = path.with_extension(format!("{}.unfinished", std::process::id()));
    folder::create_file(&unfinished, bytes).map_err(failed)?;
    std::fs::rename(&unfinished, path).map_err(failed)
}

fn remove_unused(folder: &Path, manifest: &Manifest) -> Result<(), CompileError> {
    let used: Vec<PathBuf> = manifest.plugins.values().map(|entry| entry.code_path(folder)).collect();
    let failed = |error| CompileError::Io { path: folder.to_owned(), error };
    let files = match std::fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    for file in files {
        let path = file.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "cwasm") && !used.contains(&path) {
            std::fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}
