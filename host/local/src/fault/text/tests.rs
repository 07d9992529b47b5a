use proptest::prelude::*;

use super::*;

#[test]
fn faults_are_read() {
    let status = |status, headers: &[(&str, &str)], body: Option<&str>| {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        FaultKind::Status(FixedAnswer { status, headers, body: body.map(str::to_owned) })
    };
    for (text, kind) in [
        ("500", status(500, &[], None)),
        ("503:header=Retry-After=5", status(503, &[("retry-after", "5")], None)),
        ("400:body={\"a\":1}:times=1", status(400, &[], Some("{\"a\":1}:times=1"))),
        ("429:body=no", status(429, &[], Some("no"))),
        ("429", FaultKind::RateLimited { retry_after: None }),
        ("429:retry-after=0.376", FaultKind::RateLimited { retry_after: Some(0.376) }),
        ("429:rate=1/s:burst=2", FaultKind::TokenBucket { per_second: 1.0, burst: 2 }),
        ("429:rate=30/m", FaultKind::TokenBucket { per_second: 0.5, burst: 1 }),
        ("reset", FaultKind::Reset),
        ("lost", FaultKind::Lost),
        ("hang", FaultKind::Hang),
        ("garbage", FaultKind::Garbage),
        ("slow", FaultKind::Slow),
    ] {
        assert_eq!(text.parse(), Ok(Fault::new(kind)), "{text}");
    }
    let all: Fault = "reset:latency=1.5s:probability=0.25:times=3".parse().unwrap();
    let latency = Duration::from_millis(1500);
    assert_eq!(all, Fault { kind: FaultKind::Reset, times: Some(3), probability: 0.25, latency });
}

#[test]
fn what_is_no_fault_is_explained() {
    let texts = [
        "",
        "boom",
        "99",
        "600",
        "-500",
        "reset:",
        "reset:times",
        "reset:times=0",
        "reset:times=1:times=2",
        "reset:retry-after=1",
        "500:retry-after=1",
        "429:burst=2",
        "429:retry-after=1:rate=1/s",
        "429:retry-after=-1",
        "429:retry-after=nan",
        "429:rate=0/s",
        "429:rate=1",
        "429:rate=1/day",
        "429:rate=1/s:burst=0",
        "slow:latency=2",
        "slow:latency=2d",
        "slow:latency=1e9s",
        "hang:probability=1.5",
        "500:header=a b=c",
        "500:header=a",
    ];
    let errors: Vec<String> =
        texts.iter().map(|text| format!("{text}\n    {}", text.parse::<Fault>().unwrap_err())).collect();
    insta::assert_snapshot!(errors.join("\n"));
}

fn faults() -> impl Strategy<Value = Fault> {
    let header =
        ("[a-z][a-z-]{0,8}", "[ -9;-~]{0,8}").prop_map(|(name, value)| (name, value.trim().to_owned()));
    let status = (200_u16..600, prop::collection::vec(header, 0..3), prop::option::of(".*"))
        .prop_filter("a plain 429 is the provider's own", |(status, headers, body)| {
            *status != 429 || !headers.is_empty() || body.is_some()
        })
        .prop_map(|(status, headers, body)| FaultKind::Status(FixedAnswer { status, headers, body }));
    let kind = prop_oneof![
        status,
        prop::option::of(0.0..MAX_SECONDS).prop_map(|retry_after| FaultKind::RateLimited { retry_after }),
        (0.001..1e6, 1_u32..).prop_map(|(per_second, burst)| FaultKind::TokenBucket { per_second, burst }),
        Just(FaultKind::Reset),
        Just(FaultKind::Garbage),
        Just(FaultKind::Hang),
        Just(FaultKind::Slow),
    ];
    (kind, prop::option::of(1_u32..), 0.0..=1.0, 0_u64..86_400_000).prop_map(
        |(kind, times, probability, latency)| Fault {
            kind,
            times,
            probability,
            latency: Duration::from_millis(latency),
        },
    )
}

proptest! {
    #[test]
    fn a_fault_reads_as_it_was_written(fault in faults()) {
        prop_assert_eq!(fault.to_string().parse(), Ok(fault));
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in ".*",
        kind in "(429|500|reset|slow)",
        keys in "(:(times|rate|latency|body|header|burst)?=?[0-9a-z/.=-]{0,6}){0,4}",
    ) {
        text.parse::<Fault>().ok();
        let text = kind + &keys;
        if let Ok(fault) = text.parse::<Fault>() {
            prop_assert_eq!(fault.to_string().parse(), Ok(fault), "{}", text);
        }
    }
}
