//! What a delivery tells: it is kept with it, so that whoever goes on with it needs no event.

use campanile_core::ledger::{Brief, DeliveryKey, RECORD_LIFE, Told};
use campanile_store::{AnyLedger, Filter, Ledger};
use jiff::Timestamp;

use crate::briefs::brief;
use crate::stores::Store;
use crate::support::{at, attempt, delivered, granted, key, progress, retry, some_key};

async fn brief_of(ledger: &AnyLedger, key: &DeliveryKey, now: Timestamp) -> Brief {
    ledger.find(key, now).await.unwrap().unwrap().brief
}

pub(crate) async fn a_delivery_tells_what_it_was_opened_with(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    let told = |device: &str| Told { device: device.into(), news: format!("{device} \u{1F514}") };
    let earlier = Some(crate::support::key("d", "first", "family"));
    let tells = vec![told("home-heating"), told("küche")];
    let first = Brief { route: "storm".into(), tells, earlier, ..brief("First") };
    assert_eq!(granted(&ledger, &key, &first, "a", at(0)).await.brief, first);
    ledger.record(&key, "a", attempt(1, &[]), progress("2")).await.unwrap();
    ledger.settle(&key, "a", retry(at(10))).await.unwrap();

    let other = store.handle().await;
    assert_eq!(granted(&other, &key, &brief("Second"), "b", at(10)).await.brief, first);
    // It broke off, and is taken over.
    assert_eq!(granted(&other, &key, &brief("Third"), "c", at(50)).await.brief, first);
    other.settle(&key, "c", delivered("7")).await.unwrap();
    assert_eq!(brief_of(&ledger, &key, at(60)).await, first);
    let page = ledger.list(&Filter::default(), at(60), None, 10).await.unwrap();
    assert_eq!(page.entries[0].record.brief, first);

    let expired = at(RECORD_LIFE.as_secs());
    assert_eq!(granted(&ledger, &key, &brief("Anew"), "d", expired).await.brief, brief("Anew"));
    assert_eq!(brief_of(&other, &key, expired).await, brief("Anew"));
}

/// An event has up to 128 KiB, and is in its notification in full.
pub(crate) async fn a_notification_may_be_large_and_strange(store: &Store) {
    let ledger = store.handle().await;
    for (number, text) in ["\u{1F514}\"\\\n".repeat(16 * 1024), "x".repeat(200 * 1024)].iter().enumerate() {
        let (key, mut large) = (key("d", &number.to_string(), "c"), brief("Large"));
        large.notification.event_json.clone_from(text);
        granted(&ledger, &key, &large, "a", at(0)).await;
        for number in 1..=6 {
            let attempt = attempt(number, &[&"l".repeat(32 * 1024)]);
            ledger.record(&key, "a", attempt, progress("")).await.unwrap();
        }
        ledger.settle(&key, "a", delivered("7")).await.unwrap();
        let found = store.handle().await.find(&key, at(1)).await.unwrap().unwrap();
        assert_eq!((found.brief, found.attempts.len()), (large, 6));
    }
}
