//! How an event stands to a route: what the engine knows of the condition that tells bad from good.

/// How an event stands to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the route alerts on it.
    pub bad: bool,
    /// Whether the route would have alerted on the status before; `None` if the event does not say what that was.
    pub was_bad: Option<bool>,
}

impl Standing {
    /// Of an event that a route does not alert on, whatever came before.
    ///
    /// A state that has only ever seen such events is the same for all routes: one is kept for each device, and a route
    /// that alerts for the first time goes on with a copy of it. It comes to the same as having seen all events.
    pub const GOOD: Self = Self { bad: false, was_bad: None };
}
