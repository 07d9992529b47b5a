//! The faults that are set at the moment, each for the requests that its selector chooses.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::selector::Selector;
use crate::fakes::CaughtRequest;
use crate::fault::{Effect, Fault, FaultPlan};

/// The set faults. The one set first is asked first, and the first that strikes is the only one.
#[derive(Debug)]
pub struct Faults(Mutex<State>);

#[derive(Debug)]
struct State {
    plans: Vec<(Selector, FaultPlan)>,
    seed: u64,
}

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(State { plans: Vec::new(), seed }))
    }

    /// Sets `fault` for the requests that `selector` chooses, in place of one set for the same selector.
    pub fn set(&self, selector: Selector, fault: Fault) {
        let mut state = self.state();
        let plan = FaultPlan::new(fault, state.seed);
        // Two faults must not roll the same dice.
        state.seed = state.seed.wrapping_add(1);
        match state.plans.iter_mut().find(|(known, _)| *known == selector) {
            Some((_, known)) => *known = plan,
            None => state.plans.push((selector, plan)),
        }
    }

    /// Takes the fault of `selector` back; whether there was one.
    pub fn clear(&self, selector: &Selector) -> bool {
        let mut state = self.state();
        let before = state.plans.len();
        state.plans.retain(|(known, _)| known != selector);
        state.plans.len() < before
    }

    /// The faults that may still strike, with the times they have left.
    #[must_use]
    pub fn list(&self) -> Vec<(Selector, Fault)> {
        self.state().plans.iter().map(|(selector, plan)| (selector.clone(), plan.fault().clone())).collect()
    }

    /// What happens to `request`, and the fault as it stood before.
    pub(super) fn strike(&self, request: &CaughtRequest, now: Instant) -> Option<(Effect, String)> {
        let mut state = self.state();
        let mut matching = state.plans.iter_mut().filter(|(selector, _)| selector.matches(request));
        let struck = matching.find_map(|(_, plan)| {
            let text = plan.fault().to_string();
            Some((plan.next(now)?, text))
        });
        state.plans.retain(|(_, plan)| !plan.is_over());
        struck
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
