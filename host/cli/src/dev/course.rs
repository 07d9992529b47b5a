//! The system while it runs: what happens is shown, keys and changed files are obeyed, and in the end it is stopped.

use std::time::Duration;

use campanile_dev::System;
use campanile_dev::feed::Happening;
use campanile_dev::system::{Left, Publication};
use campanile_dev::web::Web;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::banner::{self, DEVICE};
use super::keys::{HELP, Key, Keys};
use super::lines::{self, Lines};
use super::objects::Objects;
use super::page;
use super::watch::{Changed, Watch};
use super::workshop::Workshop;
use crate::args::DevArguments;
use crate::error::{CliError, count};
use crate::exit::Exit;
use crate::output::{self, BAD, CARE, GOOD, QUIET, styled};
use crate::stops::Stops;

/// How long what is under way may take to settle after Ctrl-C.
const PATIENCE: Duration = Duration::from_secs(10);

/// A system that runs.
pub(super) struct Course<'s> {
    pub(super) system: &'s System,
    pub(super) workshop: Workshop,
    pub(super) watch: Watch,
    /// The configuration's text, as it was last good.
    pub(super) text: String,
    pub(super) arguments: &'s DevArguments,
    pub(super) page: Option<Web>,
    /// How many times a plugin that somebody works on was shown.
    pub(super) shown: u32,
}

/// Shows what happens.
enum Show {
    Lines(Lines),
    Objects(Objects),
}

impl Course<'_> {
    /// Runs until it is asked to stop.
    pub(super) async fn run(mut self, mut feed: Receiver<Happening>) -> Result<Exit, CliError> {
        let mut stops = Stops::listen()?;
        let mut keys = if self.arguments.json { None } else { Keys::listen() };
        let verbose = self.arguments.verbose;
        let mut show = if self.arguments.json {
            Show::Objects(Objects::new(verbose))
        } else {
            Show::Lines(Lines::new(verbose))
        };
        let mut next = "INACTIVE";
        self.show_work().await;
        loop {
            let key = async {
                match &mut keys {
                    Some(keys) => keys.next().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                happening = feed.recv() => show.happened(happening),
                () = stops.asked() => break,
                changed = self.watch.changed() => self.changed(changed).await,
                key = key => match key {
                    Key::Quit => break,
                    Key::Publish => next = self.publish(next).await,
                    Key::Reload => self.changed(Changed { sources: true, files: true }).await,
                    Key::Open => self.open(),
                    Key::Clear => output::clear(),
                    Key::Help => output::note(styled(QUIET, HELP)),
                },
            }
        }
        self.stop(&mut feed, &mut show, &mut stops).await
    }

    /// Publishes a sample; which one comes next.
    async fn publish(&self, status: &'static str) -> &'static str {
        match (self.publish_of(DEVICE, status).await, status) {
            (false, status) => status,
            (true, "INACTIVE") => "ACTIVE",
            (true, _) => "INACTIVE",
        }
    }

    /// Publishes that `device` has come to `status`; says so if that is refused.
    async fn publish_of(&self, device: &str, status: &str) -> bool {
        let sample = banner::sample(self.system, device, status);
        let publication =
            Publication { topic: sample.topic, client_id: device.to_owned(), payload: sample.payload };
        let published = self.system.publish(publication).await;
        if let Err(refusal) = &published {
            output::note(format!("{}: {refusal}", styled(BAD, "not published")));
        }
        published.is_ok()
    }

    fn open(&self) {
        let Some(page) = &self.page else {
            return output::note(styled(QUIET, "there is no page: it runs with --headless"));
        };
        if let Err(error) = page::open(&page.url()) {
            output::note(format!("{}: {error}; open {} yourself", styled(BAD, "no browser"), page.url()));
        }
    }

    /// Builds and reads again what has changed; what is no good is shown, and the last good one stays.
    async fn changed(&mut self, changed: Changed) {
        if changed.sources
            && let Err(error) = self.workshop.build_plugins().await
        {
            self.stays(&error);
        }
        match self.read_again().await {
            Ok(true) => self.show_work().await,
            Ok(false) => {}
            Err(error) => self.stays(&error),
        }
    }

    /// Lets whoever works on a plugin see what it makes of an alert. Of another device each time: one that is down already is no news.
    async fn show_work(&mut self) {
        if self.workshop.authored.is_some() {
            self.shown += 1;
            self.publish_of(&format!("{DEVICE}-{}", self.shown), "INACTIVE").await;
        }
    }

    fn stays(&self, error: &CliError) {
        output::error(error);
        let stays = "the last good one stays";
        output::note(styled(CARE, stays));
        self.system.feed.tell(Happening::Note(format!("{error}; {stays}").into()));
    }

    /// Whether plugins are others than before.
    async fn read_again(&mut self) -> Result<bool, CliError> {
        let before = self.system.plugins.borrow().to_vec();
        let made = self.workshop.make(&before).await?;
        let renewed = made.plugins != before;
        if renewed {
            for status in made.plugins.iter().filter(|status| !before.contains(status)) {
                self.note(&format!("{}  {}", styled(GOOD, "reloaded"), banner::plugin(status)));
            }
            self.system.set_plugins(made.plugins);
        }
        if made.text != self.text {
            self.workshop.keep(&made.text)?;
            self.text = made.text;
            self.system.renew_function();
            self.note(&format!("{}  {}", styled(GOOD, "reloaded"), self.workshop.project.config.display()));
        }
        if !self.system.rules.borrow().says_the_same(&made.rules) {
            self.note(&format!("{}  {}", styled(GOOD, "reloaded"), made.rules.template));
            self.system.set_rules(made.rules);
        }
        Ok(renewed)
    }

    fn note(&self, text: &str) {
        if !self.arguments.json {
            output::note(format!("  {text}"));
        }
    }

    /// Lets what is under way settle; a second wish to stop ends it at once.
    async fn stop(
        mut self,
        feed: &mut Receiver<Happening>,
        show: &mut Show,
        stops: &mut Stops,
    ) -> Result<Exit, CliError> {
        self.note(&styled(QUIET, "stopping; once more stops at once"));
        let page = self.page.take();
        let mut stopping = std::pin::pin!(async {
            if let Some(page) = page {
                page.shutdown().await;
            }
            self.system.stop(PATIENCE).await
        });
        let left = loop {
            tokio::select! {
                left = &mut stopping => break left?,
                // Nothing is lost: what is not finished is in the journal.
                () = stops.asked() => return Ok(Exit::Success),
                happening = feed.recv() => show.happened(happening),
            }
        };
        while let Ok(happening) = feed.try_recv() {
            show.happened(Ok(happening));
        }
        self.left(left);
        Ok(Exit::Success)
    }

    /// What is left, and how to go on.
    fn left(&self, left: Left) {
        let data = self.system.data();
        if self.arguments.json {
            let kept = !data.is_temporary();
            output::json_line(&json!({
                "type": "stopped",
                "messages": left.messages,
                "deliveries": left.deliveries,
                "kept": kept,
            }));
            return;
        }
        let is_done = left == Left { messages: 0, deliveries: 0 };
        let what = format!(
            "{} and {} not finished",
            count(usize::try_from(left.messages).unwrap_or(usize::MAX), "message"),
            if left.deliveries == 1 {
                "1 delivery".to_owned()
            } else {
                format!("{} deliveries", left.deliveries)
            }
        );
        match (is_done, data.is_temporary()) {
            (true, _) => self.note("stopped; everything is finished"),
            (false, true) => self.note(&format!("stopped; {}, and lost", styled(CARE, what))),
            (false, false) => self.note(&format!("stopped; {}", styled(CARE, what))),
        }
        if !data.is_temporary() {
            self.note(&format!("go on: campanile dev --data-dir {}", data.path().display()));
        }
    }
}

impl Show {
    fn happened(&mut self, happening: Result<Happening, RecvError>) {
        match (happening, self) {
            (Ok(happening), Self::Lines(lines)) => lines::show(lines.of(&happening)),
            (Ok(happening), Self::Objects(objects)) => {
                for object in objects.of(&happening) {
                    output::json_line(&object);
                }
            }
            (Err(RecvError::Lagged(missed)), Self::Lines(_)) => {
                output::note(styled(CARE, format!("  too much at once: {missed} happenings are not shown")));
            }
            (Err(RecvError::Lagged(missed)), Self::Objects(_)) => {
                output::json_line(&json!({ "type": "missed", "count": missed }));
            }
            (Err(RecvError::Closed), _) => {}
        }
    }
}
