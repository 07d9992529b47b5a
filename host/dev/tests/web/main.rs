//! The page and the API of a running system, over HTTP as a browser or a script has them. There is no function: what it would write,
//! the tests write.

mod api;
mod description;
mod feed;
mod guard;
mod pages;
mod world;
