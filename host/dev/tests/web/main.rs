//! The page and the API of a running system, over HTTP as a browser or a script has them. There is no function: what it would write,
//! the tests write.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

mod api;
mod description;
mod feed;
mod guard;
mod identities;
mod pages;
mod world;
