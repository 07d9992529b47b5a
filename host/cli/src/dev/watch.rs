//! Files that change while the system runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::error::CliError;

/// An editor writes a file in several steps, and a build several files.
const PAUSE: Duration = Duration::from_millis(200);

/// Kinds of files that plugins are built from.
const SOURCES: [&str; 7] = ["rs", "toml", "wit", "json", "js", "ts", "py"];

/// Folders in a project whose files a build makes or installs.
const MADE: [&str; 4] = ["target", "node_modules", "__pycache__", "vendor"];

/// Changes that wait to be looked at; more of them tell nothing new.
const WAITING: usize = 256;

/// What has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// The sources of a plugin: it has to be built.
    pub(super) sources: bool,
    /// A component, the configuration or the template: they have to be read.
    pub(super) files: bool,
}

/// Which files are meant.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) config: PathBuf,
    pub(super) template: PathBuf,
    /// What pins plugins, whether it is there or not.
    pub(super) lock: PathBuf,
    pub(super) plugins: PathBuf,
    /// The folders of sources, with all that is below.
    pub(super) sources: Vec<PathBuf>,
}

/// Looks at files until it is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    watched: Watched,
    changes: mpsc::Receiver<PathBuf>,
    /// What has changed and was not told yet.
    pending: Changed,
    /// When it may be told, if nothing else changes.
    quiet_at: Option<Instant>,
    watcher: RecommendedWatcher,
}

impl Watch {
    pub(super) fn start(watched: &Watched) -> Result<Self, CliError> {
        let absolute = |path: &Path| std::path::absolute(path).map_err(CliError::file(path));
        let watched = Watched {
            config: absolute(&watched.config)?,
            template: absolute(&watched.template)?,
            lock: absolute(&watched.lock)?,
            plugins: absolute(&watched.plugins)?,
            sources: watched.sources.iter().map(|folder| absolute(folder)).collect::<Result<_, _>>()?,
        };
        let (send, changes) = mpsc::channel(WAITING);
        let tell = move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if !matches!(event.kind, EventKind::Access(_)) {
                for path in event.paths {
                    // A full queue says already that there is something to do.
                    send.try_send(path).ok();
                }
            }
        };
        let mut watcher = notify::recommended_watcher(tell).map_err(CliError::Watch)?;
        // Folders, because editors put another file in a file's place.
        let files = [&watched.config, &watched.template].into_iter().filter_map(|path| path.parent());
        for folder in files.chain([watched.plugins.as_path()]).filter(|folder| folder.is_dir()) {
            watcher.watch(folder, RecursiveMode::NonRecursive).map_err(CliError::Watch)?;
        }
        for folder in watched.sources.iter().filter(|folder| folder.is_dir()) {
            watcher.watch(folder, RecursiveMode::Recursive).map_err(CliError::Watch)?;
        }
        Ok(Self { watched, changes, pending: Changed::default(), quiet_at: None, watcher })
    }

    /// What has changed, as soon as it has been quiet for a moment. Nothing is lost if this is given up.
    pub(super) async fn changed(&mut self) -> Changed {
        loop {
            let quiet = async {
                match self.quiet_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                path = self.changes.recv() => match path {
                    Some(path) if self.watched.note(&path, &mut self.pending) => {
                        if path == self.watched.plugins {
                            self.watch_plugins();
                        }
                        self.quiet_at = Some(Instant::now() + PAUSE);
                    }
                    Some(_) => {}
                    None => std::future::pending().await,
                },
                () = quiet => {
                    self.quiet_at = None;
                    return std::mem::take(&mut self.pending);
                }
            }
        }
    }
}

impl Watch {
    /// A folder that has come, perhaps in the place of one that has gone, is watched from now on.
    fn watch_plugins(&mut self) {
        if self.watched.plugins.is_dir() {
            // An error means that it has gone again, which is told as well.
            self.watcher.watch(&self.watched.plugins, RecursiveMode::NonRecursive).ok();
        }
    }
}

impl Watched {
    /// Adds what the change of `path` means; whether it means anything.
    fn note(&self, path: &Path, changed: &mut Changed) -> bool {
        let is_component = path.parent() == Some(&self.plugins)
            && path.extension().is_some_and(|extension| extension == "wasm")
            && path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'));
        // The folder itself comes, goes, or gets other permissions.
        let others = [&self.config, &self.template, &self.lock, &self.plugins];
        let is_read = is_component || others.into_iter().any(|other| other == path);
        let is_source = SOURCES.iter().any(|kind| path.extension().is_some_and(|it| it == *kind));
        let below = self.sources.iter().find_map(|folder| path.strip_prefix(folder).ok());
        let is_built = is_source && below.is_some_and(|below| !is_made(below));
        changed.files |= is_read;
        changed.sources |= is_built;
        is_read || is_built
    }
}

/// Whether a file in a project, by its path there, comes from a build.
fn is_made(path: &Path) -> bool {
    let mut folders = path.components().map(|part| part.as_os_str().to_string_lossy());
    folders.any(|folder| folder.starts_with('.') || MADE.contains(&folder.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_counts() {
        let watched = Watched {
            config: "/p/campanile.toml".into(),
            template: "/p/deploy/template.yaml".into(),
            lock: "/p/plugins.lock".into(),
            plugins: "/p/plugins".into(),
            sources: vec!["/p/plugins/telegram".into()],
        };
        for (path, sources, files) in [
            ("/p/campanile.toml", false, true),
            ("/p/deploy/template.yaml", false, true),
            ("/p/plugins.lock", false, true),
            ("/p/plugins", false, true),
            ("/p/plugins/a.wasm", false, true),
            ("/p/plugins/.a.wasm.unfinished", false, false),
            ("/p/plugins/.a.wasm", false, false),
            ("/p/plugins/telegram/src/lib.rs", true, false),
            ("/p/plugins/telegram/src/.lib.rs.swp", false, false),
            ("/p/plugins/telegram/describe.json", true, false),
            ("/p/plugins/telegram/target/debug/x.rs", false, false),
            ("/p/plugins/telegram/.venv/x.py", false, false),
            ("/p/README.md", false, false),
        ] {
            let mut changed = Changed::default();
            watched.note(Path::new(path), &mut changed);
            assert_eq!(changed, Changed { sources, files }, "{path}");
        }
    }

    #[tokio::test]
    async fn a_folder_that_comes_later_is_watched_too() {
        let home = tempfile::tempdir().unwrap();
        let path = |name: &str| home.path().join(name);
        let watched = Watched {
            config: path("campanile.toml"),
            template: path("template.yaml"),
            lock: path("plugins.lock"),
            plugins: path("plugins"),
            sources: Vec::new(),
        };
        let mut watch = Watch::start(&watched).unwrap();
        let mut told = async || tokio::time::timeout(Duration::from_secs(20), watch.changed()).await.unwrap();
        // Again, in the place of one that has gone.
        for _ in 0..2 {
            std::fs::create_dir(path("plugins")).unwrap();
            assert!(told().await.files);
            std::fs::write(path("plugins/a.wasm"), "").unwrap();
            assert!(told().await.files);
            std::fs::remove_dir_all(path("plugins")).unwrap();
            assert!(told().await.files);
        }
    }

    #[tokio::test]
    async fn a_burst_of_changes_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let watched = Watched {
            config: path("campanile.toml"),
            template: path("template.yaml"),
            lock: path("plugins.lock"),
            plugins: path("plugins"),
            sources: Vec::new(),
        };
        let mut watch = Watch::start(&watched).unwrap();
        for text in ["a", "b", "c"] {
            std::fs::write(path("campanile.toml"), text).unwrap();
        }
        let told = tokio::time::timeout(Duration::from_secs(20), watch.changed()).await.unwrap();
        assert_eq!(told, Changed { sources: false, files: true });
        assert!(tokio::time::timeout(2 * PAUSE, watch.changed()).await.is_err());
    }
}
