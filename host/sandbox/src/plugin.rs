//! A loaded plugin: compiled code, ready for instances, and what it says of itself.

#[cfg(feature = "compiler")]
use std::time::{Duration, Instant};

use campanile_core::description::Description;
use wasmtime::component::Component;

use crate::bindings::ChannelPre;
#[cfg(feature = "compiler")]
use crate::broken::Broken;
use crate::digest::Digest;
use crate::engine::Engine;
#[cfg(feature = "compiler")]
use crate::limits;
#[cfg(feature = "compiler")]
use crate::state;
use crate::state::State;

/// Why a component does not become a plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum LoadError {
    #[error("the compiled code does not fit this host ({0}); compile it again: campanile plugin compile")]
    Code(String),
    #[error("it does not link: {0}")]
    Link(String),
    #[error("`describe` failed: {0}")]
    Describe(String),
    #[error("`describe` returned something else than a description: {0}")]
    Description(String),
}

/// Compiled code that can be instantiated at once.
#[derive(Clone)]
pub struct Plugin {
    description: Description,
    digest: Digest,
    engine: Engine,
    pre: ChannelPre<State>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Plugin({} {} {:?})", self.description.name, self.description.version, self.digest)
    }
}

impl Plugin {
    /// Links `component`, whose `describe` said `description` when it was compiled; `digest` is that of the `.wasm`.
    pub(crate) fn link(
        engine: &Engine,
        component: &Component,
        description: Description,
        digest: Digest,
    ) -> Result<Self, LoadError> {
        let pre = pre(engine, component)?;
        Ok(Self { description, digest, engine: engine.clone(), pre })
    }

    /// What the plugin says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// SHA-256 of the `.wasm` file.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn pre(&self) -> &ChannelPre<State> {
        &self.pre
    }
}

fn pre(engine: &Engine, component: &Component) -> Result<ChannelPre<State>, LoadError> {
    let link = |error: wasmtime::Error| LoadError::Link(format!("{error:#}"));
    ChannelPre::new(engine.linker.instantiate_pre(component).map_err(link)?).map_err(link)
}

/// What `describe` returned, and what it took.
#[cfg(feature = "compiler")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// As it was returned, at most [`limits::DESCRIPTION_BYTES`].
    pub text: String,
    /// Wall time, a fresh instance included.
    pub duration: Duration,
    /// Bytes of memory that the instance had at the end.
    pub memory: usize,
}

#[cfg(feature = "compiler")]
impl Plugin {
    /// Asks it once more what it is: a fresh instance, without any grant and under tight limits.
    ///
    /// # Errors
    /// [`LoadError::Describe`] if it does not come back, [`LoadError::Description`] if it returns too much.
    pub async fn describe(&self) -> Result<Described, LoadError> {
        asked(&self.engine, &self.pre).await
    }
}

/// Asks `component` what it is.
#[cfg(feature = "compiler")]
pub(crate) async fn describe(engine: &Engine, component: &Component) -> Result<Description, LoadError> {
    let described = asked(engine, &pre(engine, component)?).await?;
    Description::parse(&described.text).map_err(|error| LoadError::Description(error.to_string()))
}

#[cfg(feature = "compiler")]
async fn asked(engine: &Engine, pre: &ChannelPre<State>) -> Result<Described, LoadError> {
    let started = Instant::now();
    let mut store = state::store(engine, &limits::DESCRIBE, None);
    let asked = tokio::time::timeout(limits::DESCRIBE.wall, async {
        let instance = pre.instantiate_async(&mut store).await?;
        instance.campanile_channel_plugin().call_describe(&mut store).await
    });
    let text = match asked.await {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => return Err(LoadError::Describe(Broken::of(&error).to_string())),
        Err(_) => return Err(LoadError::Describe("it did not come back in time".into())),
    };
    if text.len() > limits::DESCRIPTION_BYTES {
        return Err(LoadError::Description(format!("{} bytes of text", text.len())));
    }
    Ok(Described { text, duration: started.elapsed(), memory: store.data().usage().memory })
}
