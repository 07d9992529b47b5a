//! A provider that does what was written down beforehand, for tests of plugins: any provider on a bad day.
//!
//! Each channel has a script of its own, and providers that have seen nothing before, so that attempts can be made side by side.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Answer, CaughtRequest, Fake, Reaction};
use crate::catcher::Selector;
use crate::fault::rate_limited;

/// The request header by which the sandbox says whose request it was.
const CHANNEL: &str = "campanile-channel";

/// What is done with one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// This answer.
    Answer(Answer),
    /// What the provider's fake says: what any server would if the provider is not known here.
    Provider,
    /// The provider's own 429, with the wait in seconds, if it says how long.
    RateLimited(Option<f64>),
    /// The connection is closed once the request was read.
    Reset,
    /// No answer, ever.
    Hang,
}

/// What is done with the requests of one channel.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// For one request each, in order.
    pub steps: VecDeque<Step>,
    /// For all that follow; without it they are [unexpected](Script::unexpected).
    pub rest: Option<Step>,
    /// How many requests came that nothing is written down for. They are answered with status 501.
    pub unexpected: u32,
}

impl Script {
    /// Every request meets the same.
    #[must_use]
    pub fn always(step: Step) -> Self {
        Self { rest: Some(step), ..Self::default() }
    }

    /// The next requests meet these steps, and no other is expected.
    #[must_use]
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self { steps: steps.into_iter().collect(), ..Self::default() }
    }

    fn next(&mut self) -> Option<Step> {
        let step = self.steps.pop_front().or_else(|| self.rest.clone());
        self.unexpected += u32::from(step.is_none());
        step
    }
}

/// The scripts, and who answers where they leave it to the provider.
#[derive(Debug)]
pub struct ScriptFake {
    providers: fn() -> Providers,
    plays: Mutex<BTreeMap<String, Play>>,
}

/// The fakes of the providers and who asks which, the one for everybody last.
pub type Providers = Vec<(Selector, Arc<dyn Fake>)>;

/// What a channel meets.
#[derive(Debug)]
struct Play {
    script: Script,
    providers: Providers,
}

impl ScriptFake {
    /// Without any script yet. `providers` makes providers that have seen nothing.
    #[must_use]
    pub fn new(providers: fn() -> Providers) -> Self {
        Self { providers, plays: Mutex::default() }
    }

    /// From now on the requests of `channel` meet `script`.
    pub fn play(&self, channel: &str, script: Script) {
        let providers = (self.providers)();
        self.plays().insert(channel.to_owned(), Play { script, providers });
    }

    /// What is left of the script of `channel`.
    pub fn take(&self, channel: &str) -> Script {
        self.plays().remove(channel).map(|play| play.script).unwrap_or_default()
    }

    fn plays(&self) -> MutexGuard<'_, BTreeMap<String, Play>> {
        self.plays.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn provider(providers: &Providers, request: &CaughtRequest) -> Reaction {
    let provider = providers.iter().find(|(selector, _)| selector.matches(request));
    provider.map_or_else(|| Reaction::Answer(unexpected()), |(_, fake)| fake.react(request))
}

fn unexpected() -> Answer {
    let body = b"the script has no answer for this request".to_vec();
    Answer { status: 501, headers: Vec::new(), body, shown: None }
}

impl Fake for ScriptFake {
    /// Without an answer there is nothing to say: [`Fake::react`] is what the catcher asks.
    fn answer(&self, request: &CaughtRequest) -> Answer {
        match self.react(request) {
            Reaction::Answer(answer) => answer,
            Reaction::Reset | Reaction::Hang => unexpected(),
        }
    }

    fn react(&self, request: &CaughtRequest) -> Reaction {
        let channel = request.headers.iter().find(|(name, _)| name == CHANNEL);
        let channel = channel.map(|(_, value)| value.as_str()).unwrap_or_default();
        let mut plays = self.plays();
        let Some(play) = plays.get_mut(channel) else { return Reaction::Answer(unexpected()) };
        match play.script.next() {
            Some(Step::Answer(answer)) => Reaction::Answer(answer),
            Some(Step::Provider) => provider(&play.providers, request),
            Some(Step::RateLimited(wait)) => {
                Reaction::Answer(rate_limited(request, wait, jiff::Timestamp::now()))
            }
            Some(Step::Reset) => Reaction::Reset,
            Some(Step::Hang) => Reaction::Hang,
            None => Reaction::Answer(unexpected()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(channel: &str) -> CaughtRequest {
        CaughtRequest {
            method: "POST".to_owned(),
            url: "https://example.com/hook".parse().unwrap(),
            headers: vec![(CHANNEL.to_owned(), channel.to_owned())],
            body: Vec::new(),
        }
    }

    fn status(reaction: &Reaction) -> Option<u16> {
        match reaction {
            Reaction::Answer(answer) => Some(answer.status),
            Reaction::Reset | Reaction::Hang => None,
        }
    }

    #[test]
    fn each_channel_meets_its_own_script_in_order() {
        let fake = ScriptFake::new(crate::fakes::all);
        fake.play("a", Script::of([Step::RateLimited(Some(2.0)), Step::Reset, Step::Provider]));
        fake.play("b", Script::always(Step::Hang));
        let of = |channel| status(&fake.react(&request(channel)));
        assert_eq!(
            [of("a"), of("b"), of("a"), of("a"), of("a")],
            [Some(429), None, None, Some(200), Some(501)]
        );
        assert_eq!(of("b"), None);
        assert_eq!((fake.take("a").unexpected, fake.take("b").unexpected), (1, 0));
        assert_eq!(of("a"), Some(501), "a script that was taken is over");
    }
}
