//! Parts of the end-to-end tests: a project in a folder of its own, the built tool, the built function under the
//! emulator, and a server that stands for a provider.
//!
//! The tests use what was built and build nothing: `tests/run` does that first. Everything here panics when it can not
//! go on, as a test does.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that can not go on has failed")]

pub mod built;
pub mod dev;
pub mod endpoint;
pub mod event;
pub mod function;
pub mod package;
pub mod project;
