//! Systems to try, and messages.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use campanile_broker::{Message, Qos};
use campanile_dev::System;
use campanile_dev::data::DataDir;
use campanile_dev::feed::Happening;
use campanile_dev::journal::{ActionState, Entry, MessageId};
use campanile_dev::rulebook::RuleBook;
use campanile_dev::system::{Publication, SystemConfig};
use campanile_rules::template::{Settings, Template};

const PATIENCE: Duration = Duration::from_secs(30);

/// The rules that are deployed.
pub(crate) const DEPLOYED: &str = include_str!("../../../../deploy/template.yaml");

/// A system without a function, with these rules.
pub(crate) async fn system(template: &str, folder: Option<&Path>) -> Arc<System> {
    let template = Template::read(template, &Settings::default()).unwrap();
    let config = SystemConfig {
        data: DataDir::open(folder).unwrap(),
        function: None,
        rules: RuleBook::of("template.yaml", &template),
        plugins: Vec::new(),
        faults: Vec::new(),
    };
    System::start(config).await.unwrap()
}

/// A template with one rule for `a/b`, with these actions.
pub(crate) fn template(actions: &str) -> String {
    format!(
        "Resources:\n  Rule:\n    Type: AWS::IoT::TopicRule\n    Properties:\n      RuleName: rule\n      TopicRulePayload:\n        \
         AwsIotSqlVersion: '2016-03-23'\n        Sql: SELECT * FROM 'a/b'\n{actions}\n"
    )
}

pub(crate) async fn publish(system: &System, topic: &str, payload: &str) -> MessageId {
    let (topic, client_id) = (topic.to_owned(), "heater".to_owned());
    system.publish(Publication { topic, client_id, payload: payload.into() }).await.unwrap()
}

/// The message as soon as all of its actions have ended.
pub(crate) async fn ended(system: &System, id: MessageId) -> Arc<Entry> {
    let mut feed = system.feed.listen();
    let search = async {
        loop {
            let entry = system.message(id).await.unwrap();
            let mut runs = entry.verdicts.iter().flat_map(|verdict| &verdict.actions);
            if !entry.verdicts.is_empty() && runs.all(|run| run.state != ActionState::Pending) {
                return entry;
            }
            while !matches!(feed.recv().await.unwrap(), Happening::Progressed(entry) if entry.id == id) {}
        }
    };
    tokio::time::timeout(PATIENCE, search).await.unwrap()
}

/// Published and ended.
pub(crate) async fn taken(system: &System, topic: &str, payload: &str) -> Arc<Entry> {
    let id = publish(system, topic, payload).await;
    ended(system, id).await
}

pub(crate) fn message(payload: &str) -> Message {
    Message {
        topic: "home/heating/status".to_owned(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        qos: Qos::AtLeastOnce,
        retain: false,
        client_id: "heater".to_owned(),
        principal: None,
        source_ip: None,
        trace_id: "5f0c1b2e-8a47-4d19-9c3e-000000000001".to_owned(),
        received_at: "2026-11-24T07:00:00Z".parse().unwrap(),
        properties: None,
    }
}
