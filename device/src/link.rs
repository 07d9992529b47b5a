//! The way to the broker: when to connect, how much to send, and which acknowledgement is whose. Pure parts, without socket and clock;
//! [`crate::publisher`] puts them together.

mod backoff;
mod pace;
mod window;

pub use self::backoff::Backoff;
pub use self::pace::{Limits, Pace};
pub use self::window::{PACKET_IDS, WINDOW, Window};
