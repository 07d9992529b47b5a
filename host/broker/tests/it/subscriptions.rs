//! Subscriptions and retained messages, with the deviations of AWS IoT from the standard.

use campanile_broker::Qos;

use crate::raw::{Hello, Raw, packet, publish, text};
use crate::support::Running;

#[tokio::test]
async fn messages_go_to_who_subscribes_and_the_end_of_a_filter_is_as_in_aws() {
    let running = Running::start().await;
    let mut watcher = Raw::v3(running.plain, "watcher").await;
    assert_eq!(watcher.subscribe(&["sensor/#", "home/+/status"]).await, [1, 1]);
    let mut device = Raw::v3(running.plain, "device").await;
    for (packet_id, topic) in (1..).zip(["sensor", "sensor/", "sensor/a/b", "home/x/status", "home/status"]) {
        device.publish(topic, topic.as_bytes(), packet_id).await;
        device.acknowledged(packet_id).await;
    }
    for expected in ["sensor/", "sensor/a/b", "home/x/status"] {
        assert_eq!(watcher.published().await.0, expected);
    }
    watcher.ping().await;
}

#[tokio::test]
async fn messages_to_one_rule_have_no_subscribers() {
    let running = Running::start().await;
    let mut watcher = Raw::v3(running.plain, "watcher").await;
    watcher.subscribe(&["$aws/rules/#", "#"]).await;
    let mut device = Raw::v3(running.plain, "device").await;
    device.publish("$aws/rules/hot/home/heating/status", b"{}", 1).await;
    device.acknowledged(1).await;
    watcher.ping().await;
    assert_eq!(running.journal.messages()[0].topic, "$aws/rules/hot/home/heating/status");
}

#[tokio::test]
async fn a_retained_message_is_for_filters_without_wildcards() {
    let running = Running::start().await;
    let mut device = Raw::v3(running.plain, "device").await;
    let mut retained = publish(false, "home/status", b"on", 1, 1);
    retained[0] |= 0x01;
    device.send(&retained).await;
    device.acknowledged(1).await;
    assert!(running.journal.messages()[0].retain);
    let mut watcher = Raw::v3(running.plain, "watcher").await;
    watcher.subscribe(&["home/+"]).await;
    watcher.ping().await;
    watcher.subscribe(&["home/status"]).await;
    let (topic, payload, _, flags) = watcher.published().await;
    assert_eq!((topic.as_str(), &payload[..], flags & 1), ("home/status", &b"on"[..], 1));
    // For who is subscribed already it is a message like others.
    retained = publish(false, "home/status", b"off", 1, 2);
    retained[0] |= 0x01;
    device.send(&retained).await;
    device.acknowledged(2).await;
    assert_eq!(watcher.published().await.3 & 1, 0);
    // An empty one ends it.
    retained = publish(false, "home/status", b"", 1, 3);
    retained[0] |= 0x01;
    device.send(&retained).await;
    device.acknowledged(3).await;
    let mut late = Raw::v3(running.plain, "late").await;
    late.subscribe(&["home/status"]).await;
    late.ping().await;
}

#[tokio::test]
async fn too_many_filters_and_bad_ones_are_refused_one_by_one() {
    for v5 in [false, true] {
        let mut running = Running::start().await;
        let (mut watcher, _) = Raw::connect(running.plain, &Hello { v5, ..Hello::v3("watcher") }).await;
        let (bad, shared, quota) = if v5 { (0x8f, 0x9e, 0x97) } else { (0x80, 0x80, 0x80) };
        let filters = ["a/#", "a#", "1/2/3/4/5/6/7/8/9", "$share/group/a"];
        let codes = watcher.subscribe(&filters).await;
        assert_eq!(codes, [1, bad, bad, shared]);
        running.note("not a level of its own").await;
        assert_eq!(watcher.subscribe(&["x"; 9]).await, [quota; 9]);
        for number in 0..49 {
            assert_eq!(watcher.subscribe(&[&format!("topic/{number}")]).await, [1], "{number}");
        }
        assert_eq!(watcher.subscribe(&["one/more"]).await, [quota]);
        running.note("more than the 50").await;
    }
}

#[tokio::test]
async fn qos_2_is_granted_as_qos_1() {
    let running = Running::start().await;
    let mut watcher = Raw::v3(running.plain, "watcher").await;
    let mut body = vec![0, 9];
    body.extend(text("a"));
    body.push(2);
    watcher.send(&packet(0x82, &body)).await;
    assert_eq!(watcher.packet().await, Some((0x90, vec![0, 9, 1])));
}

#[tokio::test]
async fn who_unsubscribes_hears_no_more() {
    let running = Running::start().await;
    let mut watcher = Raw::v5(running.plain, "watcher").await;
    watcher.subscribe(&["a", "b"]).await;
    let mut body = vec![0, 4, 0];
    body.extend(text("a"));
    body.extend(text("c"));
    watcher.send(&packet(0xa2, &body)).await;
    assert_eq!(watcher.packet().await, Some((0xb0, vec![0, 4, 0, 0, 0x11])));
    assert_eq!(running.broker.publish("a", "x".into(), Qos::AtMostOnce, false), 0);
    assert_eq!(running.broker.publish("b", "x".into(), Qos::AtMostOnce, false), 1);
    assert_eq!(watcher.published().await.0, "b");
}
