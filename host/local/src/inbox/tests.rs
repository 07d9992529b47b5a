use super::*;

fn request(path: &str, body: Vec<u8>) -> CaughtRequest {
    let url = format!("https://example.com{path}").parse().unwrap();
    CaughtRequest { method: "POST".to_owned(), url, headers: Vec::new(), body }
}

fn record(inbox: &Inbox, path: &str) -> u64 {
    inbox.record(Timestamp::UNIX_EPOCH, request(path, Vec::new()), None, None)
}

fn ids(inbox: &Inbox, after: Option<u64>) -> Vec<u64> {
    inbox.list(after).iter().map(|caught| caught.id).collect()
}

#[test]
fn the_oldest_go_first_and_ids_are_never_given_twice() {
    let inbox = Inbox::new(2);
    for id in 1..=4 {
        assert_eq!(record(&inbox, "/"), id);
    }
    assert_eq!(ids(&inbox, None), [3, 4]);
    assert_eq!(ids(&inbox, Some(3)), [4]);
    assert_eq!(ids(&inbox, Some(4)), [0; 0]);
    assert!(inbox.get(2).is_none());
    assert_eq!(inbox.get(4).unwrap().id, 4);
}

#[test]
fn what_is_cleared_is_gone_and_its_ids_are_not_given_again() {
    let inbox = Inbox::default();
    record(&inbox, "/");
    record(&inbox, "/");
    assert_eq!(inbox.clear(), 2);
    assert_eq!(ids(&inbox, None), [0; 0]);
    assert_eq!(record(&inbox, "/"), 3);
}

#[test]
fn large_bodies_are_bounded_together() {
    let inbox = Inbox::default();
    for _ in 0..4 {
        inbox.record(Timestamp::UNIX_EPOCH, request("/", vec![0; BODY_BYTES / 3]), None, None);
    }
    assert_eq!(ids(&inbox, None), [2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn waiting_finds_what_is_there_and_what_comes() {
    let inbox = Arc::new(Inbox::default());
    record(&inbox, "/a");
    let wait = async |after, path: &'static str| {
        let wanted = move |caught: &Caught| caught.request.url.path() == path;
        inbox.wait_for(after, wanted, Duration::from_secs(5)).await.map(|caught| caught.id)
    };
    assert_eq!(wait(None, "/a").await, Some(1));
    let later = async {
        for path in ["/a", "/b", "/b"] {
            tokio::time::sleep(Duration::from_secs(1)).await;
            record(&inbox, path);
        }
    };
    let (after, other, nothing, ()) =
        tokio::join!(wait(Some(1), "/a"), wait(None, "/b"), wait(Some(2), "/a"), later);
    assert_eq!((after, other, nothing), (Some(2), Some(3), None));
}

#[tokio::test]
async fn a_subscriber_hears_the_latest_id() {
    let inbox = Inbox::default();
    let mut latest = inbox.subscribe();
    record(&inbox, "/a");
    record(&inbox, "/b");
    latest.changed().await.unwrap();
    assert_eq!(*latest.borrow_and_update(), 2);
}
