//! Tables that are not there, and answers that get lost.

use std::net::{Ipv4Addr, TcpListener};

use campanile_core::ledger::{Claim, Progress};
use campanile_store::{DynamoLedger, Ledger};

use crate::briefs::brief;
use crate::lossy_proxy::LossyProxy;
use crate::moto::{self, Moto};
use crate::support::{at, attempt, delivered, some_key};

#[tokio::test]
async fn a_missing_table_is_named() {
    let Some(moto) = Moto::get().await else { return };
    let ledger = DynamoLedger::new(moto.client(), "no-such-table");
    let error = ledger.find(&some_key(), at(0)).await.unwrap_err().to_string();
    let expected = "the table `no-such-table` refused a read: ResourceNotFoundException: ";
    assert!(error.starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_secrets() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let ledger = DynamoLedger::new(moto::client(&format!("http://127.0.0.1:{port}")), "dispatch");
    let error = ledger.claim(&some_key(), &brief("Heating"), "a", at(30), at(0)).await.unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("the table `dispatch` can't be asked for a write: "), "{message}");
    assert!(message.contains("refused"), "{message}");
    assert!(!format!("{error:?}").contains("SECRETTEST"));
}

/// The SDK asks again, and finds its own first write in the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_whose_answer_got_lost_is_done_once() {
    let Some(moto) = Moto::get().await else { return };
    let table = moto.create_table().await;
    let proxy = LossyProxy::start(&moto.endpoint).await;
    let ledger = DynamoLedger::new(moto::client(&proxy.endpoint), &table);
    let key = some_key();

    proxy.lose_next_write();
    let claim = ledger.claim(&key, &brief("Heating"), "a", at(30), at(0)).await.unwrap();
    assert!(matches!(claim, Claim::Granted(_)));
    proxy.lose_next_write();
    ledger.record(&key, "a", attempt(1, &[]), Progress::default()).await.unwrap();
    proxy.lose_next_write();
    ledger.settle(&key, "a", delivered("7")).await.unwrap();

    assert_eq!(proxy.lost(), 3);
    let record = ledger.find(&key, at(1)).await.unwrap().unwrap();
    assert_eq!((record.state, record.attempts.len()), (delivered("7"), 1));
}
