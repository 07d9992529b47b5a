//! What a Campanile channel plugin in Rust imports: the contract's types, one trait to implement, and helpers for text.
//!
//! A plugin is a struct that implements [`Channel`], and one line: `campanile_channel::export!(MyChannel);`.
//! All I/O goes through [`Host`], so that the same code runs natively against [`testing::ScriptedHost`].
//! This crate holds nothing about any provider.

mod bindings;
mod failure;
mod host;
pub mod richtext;
pub mod testing;
pub mod text;

pub use bindings::campanile::channel::http::{Request, Response, SendError, SendReason};
pub use bindings::campanile::channel::log::Level;
pub use bindings::campanile::channel::secrets::ReferenceError;
pub use bindings::campanile::channel::types::{
    Attempt, Failure, Field, Notification, Presentation, Reason, Receipt, Severity, TextFormat,
};
pub use host::{Host, ResponseExt};
use serde::de::DeserializeOwned;

/// A channel plugin.
pub trait Channel {
    /// The description that `describe` returns: JSON, usually `include_str!("../describe.json")`.
    const DESCRIPTION: &'static str;

    /// The channel's settings, read from the JSON object that the host has checked against the description's schema.
    type Settings: DeserializeOwned;

    /// Makes one attempt.
    ///
    /// # Errors
    /// A [`Failure`] whose reason tells the host what to do next.
    fn deliver(
        notification: &Notification,
        settings: &Self::Settings,
        attempt: &Attempt,
        host: &mut dyn Host,
    ) -> Result<Receipt, Failure>;
}

/// Exports a [`Channel`] as the component's `plugin` interface.
///
/// Only in a component: natively, where plugins are tested, the names of its exports are not valid symbols.
#[macro_export]
macro_rules! export {
    ($channel:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Guest;

            impl $crate::__private::Guest for Guest {
                fn describe() -> ::std::string::String {
                    <$channel as $crate::Channel>::DESCRIPTION.to_owned()
                }

                fn deliver(
                    notification: $crate::Notification,
                    settings_json: ::std::string::String,
                    attempt: $crate::Attempt,
                ) -> ::core::result::Result<$crate::Receipt, $crate::Failure> {
                    $crate::__private::deliver::<$channel>(&notification, &settings_json, &attempt)
                }
            }

    $crate::__private::__export_component!(Guest with_types_in $crate::__private);
        };
    };
}

/// What [`export!`] expands to; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::bindings::exports::campanile::channel::plugin::Guest;
    pub use crate::bindings::{__export_component, exports};
    use crate::{Attempt, Channel, Failure, Notification, Receipt, host::Imports};

    pub fn deliver<C: Channel>(
        notification: &Notification,
        settings_json: &str,
        attempt: &Attempt,
    ) -> Result<Receipt, Failure> {
        let settings = serde_json::from_str(settings_json)
            .map_err(|error| Failure::misconfigured(format!("settings: {error}")))?;
        C::deliver(notification, &settings, attempt, &mut Imports)
    }
}
