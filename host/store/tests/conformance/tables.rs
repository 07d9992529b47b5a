//! Tables that are not there, and answers that get lost.

use std::net::{Ipv4Addr, TcpListener};

use campanile_core::ledger::Progress;
use campanile_store::{AnyLedger, DynamoLedger, Ledger, States};

use crate::briefs::brief;
use crate::lossy_proxy::LossyProxy;
use crate::servers::{self, Server};
use crate::states::written;
use crate::support::{at, attempt, claimed, device, group, rejected, retry, some_key, state};

#[tokio::test]
async fn a_missing_table_is_named() {
    let Some(moto) = Server::moto().await else { return };
    let ledger = DynamoLedger::new(moto.client(), "no-such-table");
    let error = ledger.find(&some_key(), at(0)).await.unwrap_err().to_string();
    let expected = "the table `no-such-table` refused a read: ResourceNotFoundException: ";
    assert!(error.starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_secrets() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let ledger = DynamoLedger::new(servers::client(&format!("http://127.0.0.1:{port}")), "dispatch");
    let error = ledger.claim(&some_key(), &brief("Heating"), "a", at(30), at(0)).await.unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("the table `dispatch` can't be asked for a write: "), "{message}");
    assert!(message.contains("refused"), "{message}");
    assert!(!format!("{error:?}").contains("SECRETTEST"));
}

/// The SDK asks again, and finds its own first write in the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_whose_answer_got_lost_is_done_once() {
    for server in [Server::moto().await, Server::dynalite().await].into_iter().flatten() {
        let table = server.create_table().await;
        let proxy = LossyProxy::start(&server.endpoint).await;
        let ledger = DynamoLedger::new(servers::client(&proxy.endpoint), &table).into();
        lose_deliveries(&proxy, &ledger).await;
        lose_states(&proxy, &ledger).await;
    }
}

async fn lose_deliveries(proxy: &LossyProxy, ledger: &AnyLedger) {
    let key = some_key();
    proxy.lose_next_write();
    claimed(ledger, &key, "a", at(0)).await;
    proxy.lose_next_write();
    ledger.record(&key, "a", attempt(1, &[]), Progress::default()).await.unwrap();
    proxy.lose_next_write();
    ledger.settle(&key, "a", rejected()).await.unwrap();
    proxy.lose_next_write();
    assert!(ledger.reopen(&key, at(1)).await.unwrap());
    assert_eq!(proxy.lost(), 4);
    let record = ledger.find(&key, at(1)).await.unwrap().unwrap();
    assert_eq!((record.state, record.attempts.len()), (retry(at(1)), 1));
}

async fn lose_states(proxy: &LossyProxy, states: &AnyLedger) {
    let key = device("home-heating");
    proxy.lose_next_write();
    let first = written(states, &key, None, state("1")).await;
    proxy.lose_next_write();
    let second = written(states, &key, Some(&first), state("2")).await;
    assert_eq!(proxy.lost(), 6);
    assert_eq!(states.load(&key).await.unwrap().unwrap().version, second);
    proxy.lose_next_write();
    assert_eq!(states.replace(&key, Some(&first), state("3")).await.unwrap(), None, "another's is another's");
}

/// DynamoDB would refuse it too, but not say what it is.
#[tokio::test]
async fn a_state_that_is_too_large_says_so() {
    // Nobody is asked: there is no such server.
    let states = DynamoLedger::new(servers::client("http://127.0.0.1:1"), "dispatch");
    let large = "x".repeat(350 * 1024 + 1);
    let refusal = states.replace(&group("storm", "2nd floor"), None, state(&large)).await.unwrap_err();
    let expected = "the state of the group `2nd floor` of the route `storm` is too large for the table `dispatch`: \
        358401 bytes; it has room for 358400";
    assert_eq!(refusal.to_string(), expected);
}

/// The tests make their tables themselves.
#[test]
fn the_template_has_the_index_that_is_tested() {
    let template = include_str!("../../../../deploy/template.yaml");
    let index = "
      GlobalSecondaryIndexes:
        - IndexName: due
          KeySchema:
            - AttributeName: due_shard
              KeyType: HASH
            - AttributeName: due_at
              KeyType: RANGE
          Projection:
            ProjectionType: INCLUDE
            NonKeyAttributes: [device, event, channel, route, group]
";
    assert!(template.contains(index), "{index}");
}
