//! [`Ingest`] without its type, so that not everything here is generic.

use std::pin::Pin;

use crate::message::Message;
use crate::{Ingest, NotKept};

/// A message being kept.
pub(crate) type Keeping<'a> = Pin<Box<dyn Future<Output = Result<(), NotKept>> + Send + 'a>>;

pub(crate) trait Keep: Send + Sync {
    fn keep(&self, message: Message) -> Keeping<'_>;
}

impl<I: Ingest> Keep for I {
    fn keep(&self, message: Message) -> Keeping<'_> {
        Box::pin(Ingest::keep(self, message))
    }
}
