//! The Lambda emulator against real processes: `emulator/runtime.py` does what each event tells it to.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use campanile_local::lambda::{
    AsyncOutcome, ConfigError, Emulator, EmulatorConfig, FailureRecord, FunctionError, Invocation,
    InvokeError, LogStream, RetryPolicy,
};
use serde_json::{Value, json};

/// The function of the tests, with limits that make them quick.
fn config() -> EmulatorConfig {
    let binary = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emulator/runtime.py");
    let path = std::env::var("PATH").unwrap();
    EmulatorConfig {
        environment: vec![("PATH".to_owned(), path)],
        timeout: Duration::from_secs(20),
        retry: RetryPolicy::default().with_delays_scaled(0.001),
        ..EmulatorConfig::new(binary)
    }
}

fn with_start(how: &str) -> EmulatorConfig {
    let mut config = config();
    config.environment.push(("START".to_owned(), how.to_owned()));
    config
}

async fn invoke(emulator: &Emulator, payload: Value) -> Invocation {
    emulator.invoke(payload).await.unwrap()
}

async fn error_of(emulator: &Emulator, payload: Value) -> FunctionError {
    invoke(emulator, payload).await.result.unwrap_err()
}

/// Whether the process still exists; a zombie does not count.
fn runs(pid: &Value) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

async fn until_gone(pid: &Value) {
    for _ in 0..200 {
        if !runs(pid) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("process {pid} still runs");
}

#[tokio::test]
async fn the_function_gets_the_event_with_a_true_deadline_and_the_headers_of_the_service() {
    let emulator = Emulator::start(config()).unwrap();
    let invocation = invoke(&emulator, json!({"n": 1})).await;
    let answer = invocation.result.unwrap();
    let headers = &answer["headers"];
    assert_eq!(answer["event"], json!({"n": 1}));
    assert_eq!(headers["lambda-runtime-aws-request-id"], invocation.request_id);
    assert_eq!(
        headers["lambda-runtime-invoked-function-arn"],
        "arn:aws:lambda:us-east-1:000000000000:function:campanile"
    );
    assert!(headers["lambda-runtime-trace-id"].as_str().unwrap().starts_with("Root=1-"));
    let deadline: i64 = headers["lambda-runtime-deadline-ms"].as_str().unwrap().parse().unwrap();
    let remaining = deadline - answer["now"].as_i64().unwrap();
    assert!((15_000..=20_000).contains(&remaining), "{remaining} ms");
}

#[tokio::test]
async fn the_function_sees_the_variables_of_the_service_and_its_own_and_no_others() {
    let mut config = config();
    config.environment.extend(
        [("MINE", "1"), ("AWS_LAMBDA_FUNCTION_NAME", "forged")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let directory = tempfile::tempdir().unwrap();
    config.task_root = directory.path().to_owned();
    let emulator = Emulator::start(config).unwrap();
    let answer = invoke(&emulator, json!({})).await.result.unwrap();
    let variables = answer["environment"].as_object().unwrap();
    let root = directory.path().to_str().unwrap();
    for (name, value) in [
        ("MINE", "1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "campanile"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/campanile"),
        ("LAMBDA_TASK_ROOT", root),
    ] {
        assert_eq!(variables[name], value, "{name}");
    }
    for name in ["HOME", "CARGO_MANIFEST_DIR", "AWS_ACCESS_KEY_ID", "START"] {
        assert!(!variables.contains_key(name), "{name}");
    }
    assert_eq!(answer["directory"], root);
}

#[tokio::test]
async fn a_relative_path_counts_from_where_the_emulator_runs() {
    let relative = EmulatorConfig::new("tests/emulator/runtime.py");
    let emulator = Emulator::start(EmulatorConfig { environment: config().environment, ..relative }).unwrap();
    let answer = invoke(&emulator, json!({})).await.result.unwrap();
    assert_eq!(answer["directory"], concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator"));
    assert_eq!(EmulatorConfig::new("bootstrap").task_root, Path::new("."));
}

#[tokio::test]
async fn only_the_first_invocation_is_a_cold_start() {
    let emulator = Emulator::start(config()).unwrap();
    let first = invoke(&emulator, json!({})).await;
    let second = invoke(&emulator, json!({})).await;
    assert!(first.init.is_some_and(|init| init > Duration::ZERO));
    assert_eq!(second.init, None);
    assert_ne!(first.request_id, second.request_id);
    assert_eq!(first.result.unwrap()["pid"], second.result.unwrap()["pid"]);
}

#[tokio::test]
async fn an_error_of_the_function_comes_back_whole_and_keeps_the_process() {
    let emulator = Emulator::start(config()).unwrap();
    let error = error_of(&emulator, json!({"do": "fail"})).await;
    assert_eq!((error.error_type.as_str(), error.error_message.as_str()), ("Broken", "as asked"));
    assert_eq!(error.payload["stackTrace"], json!(["here"]));
    assert_eq!(invoke(&emulator, json!({})).await.init, None);
}

#[tokio::test]
async fn a_process_that_ends_fails_its_invocation_and_is_replaced() {
    let emulator = Emulator::start(config()).unwrap();
    for (event, reason) in [
        (json!({"do": "exit", "code": 3}), "Runtime exited with error: exit status 3"),
        (json!({"do": "exit", "code": 0}), "Runtime exited without providing a reason"),
        (json!({"do": "kill"}), "Runtime exited with error: signal: 9 (SIGKILL)"),
    ] {
        let invocation = invoke(&emulator, event).await;
        assert!(invocation.init.is_some());
        let error = invocation.result.unwrap_err();
        assert_eq!(error.error_type, "Runtime.ExitError");
        assert_eq!(error.error_message, format!("RequestId: {} Error: {reason}", invocation.request_id));
    }
    assert!(invoke(&emulator, json!({})).await.result.is_ok());
}

#[tokio::test]
async fn a_process_that_takes_too_long_is_killed_and_replaced() {
    let emulator =
        Emulator::start(EmulatorConfig { timeout: Duration::from_millis(1500), ..config() }).unwrap();
    let before = invoke(&emulator, json!({})).await.result.unwrap();
    let invocation = invoke(&emulator, json!({"do": "hang"})).await;
    assert!(invocation.duration >= Duration::from_millis(1500));
    let error = invocation.result.unwrap_err();
    assert_eq!(error.error_type, "Sandbox.Timedout");
    let text = format!("RequestId: {} Error: Task timed out after 1.50 seconds", invocation.request_id);
    assert_eq!(error.payload, json!({"errorType": "Sandbox.Timedout", "errorMessage": text}));
    assert!(!runs(&before["pid"]));
    let after = invoke(&emulator, json!({})).await;
    assert!(after.init.is_some());
    assert_ne!(after.result.unwrap()["pid"], before["pid"]);
}

#[tokio::test]
async fn a_process_can_be_made_to_crash_idle_or_busy() {
    let emulator = Emulator::start(EmulatorConfig { concurrency: 2, ..config() }).unwrap();
    assert!(emulator.processes().is_empty());
    let pid = invoke(&emulator, json!({})).await.result.unwrap()["pid"].take();
    assert_eq!(emulator.processes(), [1_u32]);
    assert!(emulator.crash(1));
    until_gone(&pid).await;
    assert!(emulator.processes().is_empty());

    let mut logs = emulator.logs();
    let hanging = emulator.invoke(json!({"do": "print-and-hang", "out": "here"}));
    let crash = async {
        while logs.recv().await.unwrap().text != "here" {}
        assert_eq!(emulator.processes(), [2_u32]);
        assert!(emulator.crash(2));
    };
    let (hanging, ()) = tokio::join!(hanging, crash);
    let error = hanging.unwrap().result.unwrap_err();
    assert!(error.error_message.ends_with("signal: 9 (SIGKILL)"), "{error}");
    assert!(emulator.processes().is_empty());
    assert!(!emulator.crash(2));
    assert!(invoke(&emulator, json!({})).await.result.is_ok());
}

#[tokio::test]
async fn a_process_that_can_not_start_fails_the_invocation() {
    for (how, error_type, message) in [
        ("error", "Start.NoConfig", "no configuration"),
        ("exit", "Runtime.ExitError", "Error: Runtime exited with error: exit status 7"),
        ("hang", "Sandbox.Timedout", "Error: Task timed out after 1.00 seconds"),
    ] {
        let init_timeout = if how == "hang" { Duration::from_secs(1) } else { Duration::from_secs(10) };
        let emulator = Emulator::start(EmulatorConfig { init_timeout, ..with_start(how) }).unwrap();
        let error = error_of(&emulator, json!({})).await;
        assert_eq!(error.error_type, error_type);
        assert!(error.error_message.ends_with(message), "{}", error.error_message);
    }
}

#[tokio::test]
async fn a_file_that_is_no_program_is_an_invalid_entrypoint() {
    let directory = tempfile::tempdir().unwrap();
    let binary = directory.path().join("bootstrap");
    std::fs::write(&binary, "not a program").unwrap();
    let emulator = Emulator::start(EmulatorConfig::new(&binary)).unwrap();
    let error = error_of(&emulator, json!({})).await;
    assert_eq!(error.error_type, "Runtime.InvalidEntrypoint");
    assert!(error.error_message.contains(&format!("fork/exec {}", binary.display())));
}

#[test]
fn a_configuration_that_the_service_would_refuse_is_refused() {
    let missing = PathBuf::from("/nowhere/bootstrap");
    let day = Duration::from_secs(86_400);
    let four = RetryPolicy { retries: 4, ..RetryPolicy::default() };
    for (config, error) in [
        (EmulatorConfig::new(&missing), ConfigError::Binary(missing)),
        (EmulatorConfig { timeout: day, ..config() }, ConfigError::Timeout(day)),
        (EmulatorConfig { concurrency: 0, ..config() }, ConfigError::Concurrency),
        (EmulatorConfig { retry: four, ..config() }, ConfigError::Retries(4)),
        (EmulatorConfig { schedule: Some(Duration::ZERO), ..config() }, ConfigError::Schedule),
    ] {
        assert_eq!(Emulator::start(config).unwrap_err(), error);
    }
}

#[tokio::test]
async fn misuse_of_the_runtime_api_is_refused_in_the_words_of_the_service() {
    let emulator = Emulator::start(config()).unwrap();
    let answers = invoke(&emulator, json!({"do": "misuse"})).await.result.unwrap();
    let document = |index: usize| serde_json::from_str::<Value>(answers[index][1].as_str().unwrap()).unwrap();
    assert_eq!(answers[0][0], 400);
    assert_eq!(document(0), json!({"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"}));
    for index in [1, 2] {
        assert_eq!(answers[index][0], 403);
        assert_eq!(document(index)["errorType"], "InvalidStateTransition");
    }
    assert_eq!(answers[3][0], 404);
}

#[tokio::test]
async fn an_answer_larger_than_6_mib_is_a_function_error() {
    const LIMIT: usize = 6 * 1024 * 1024 + 100;
    let emulator = Emulator::start(config()).unwrap();
    let mut logs = emulator.logs();
    assert!(invoke(&emulator, json!({"do": "large", "size": LIMIT})).await.result.is_ok());
    let error = error_of(&emulator, json!({"do": "large", "size": LIMIT + 1})).await;
    assert_eq!(error.error_type, "Function.ResponseSizeTooLarge");
    logs.recv().await.unwrap();
    let told = logs.recv().await.unwrap().text;
    assert!(told.starts_with("(413,") && told.contains("RequestEntityTooLarge"), "{told}");
}

#[tokio::test]
async fn an_event_larger_than_the_service_takes_is_refused() {
    let emulator = Emulator::start(config()).unwrap();
    let text = |size: usize| Value::from("x".repeat(size));
    let error = emulator.invoke(text(6 << 20)).await.unwrap_err();
    assert!(matches!(error, InvokeError::RequestEntityTooLarge { limit: 0x60_0000, .. }));
    let error = emulator.invoke_async(text(1 << 20)).unwrap_err();
    assert!(matches!(error, InvokeError::RequestEntityTooLarge { limit: 0x10_0000, .. }));
}

#[tokio::test]
async fn what_the_process_prints_is_a_log_of_lines() {
    let emulator = Emulator::start(config()).unwrap();
    let mut logs = emulator.logs();
    invoke(&emulator, json!({"do": "print", "out": "one\ntwo", "err": "three"})).await;
    let mut lines = Vec::new();
    while lines.len() < 3 {
        let line = logs.recv().await.unwrap();
        assert_eq!(line.environment, 1);
        if !line.text.starts_with('(') {
            lines.push((line.stream == LogStream::Stderr, line.text));
        }
    }
    lines.sort();
    let expected = [(false, "one"), (false, "two"), (true, "three")];
    assert_eq!(lines, expected.map(|(stderr, text)| (stderr, text.to_owned())));
}

#[tokio::test]
async fn as_many_processes_run_as_the_concurrency_says() {
    let emulator = Emulator::start(EmulatorConfig { concurrency: 2, ..config() }).unwrap();
    let nap = || emulator.invoke(json!({"do": "sleep", "seconds": 0.5}));
    let begun = Instant::now();
    let (one, two, three) = tokio::join!(nap(), nap(), nap());
    let processes: std::collections::HashSet<String> =
        [one, two, three].map(|nap| nap.unwrap().result.unwrap().to_string()).into();
    assert_eq!(processes.len(), 2);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_queued_event_is_tried_again_with_the_same_request_id_until_it_succeeds() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("attempts");
    let emulator = Emulator::start(config()).unwrap();
    let event = json!({"do": "fail-first", "times": 2, "file": file});
    let queued = emulator.invoke_async(event).unwrap();
    let id = queued.request_id().to_owned();
    let expected = AsyncOutcome::Succeeded { attempts: 3, response: "at last".into() };
    assert_eq!(queued.outcome().await.unwrap(), expected);
    assert_eq!(std::fs::read_to_string(file).unwrap(), format!("{id}\n").repeat(3));
}

async fn record_of(emulator: &Emulator, event: Value) -> FailureRecord {
    match emulator.invoke_async(event).unwrap().outcome().await.unwrap() {
        AsyncOutcome::OnFailure(record) => *record,
        AsyncOutcome::Succeeded { .. } => panic!("succeeded"),
    }
}

#[tokio::test]
async fn an_event_that_fails_three_times_ends_as_a_record() {
    let emulator = Emulator::start(config()).unwrap();
    let event = json!({"do": "exit", "code": 3});
    let record = serde_json::to_value(record_of(&emulator, event.clone()).await).unwrap();
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 3);
    assert_eq!(record["requestPayload"], event);
    assert_eq!(record["responsePayload"]["errorType"], "Runtime.ExitError");
}

#[tokio::test]
async fn an_event_too_old_for_a_process_is_not_handed_over() {
    let retry = RetryPolicy { max_event_age: Duration::from_millis(300), ..RetryPolicy::default() };
    let emulator = Emulator::start(EmulatorConfig { retry, ..config() }).unwrap();
    let busy = emulator.invoke(json!({"do": "sleep", "seconds": 1.0}));
    let late = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        serde_json::to_value(record_of(&emulator, json!({})).await).unwrap()
    };
    let (busy, record) = tokio::join!(busy, late);
    assert!(busy.unwrap().result.is_ok());
    assert_eq!(record["requestContext"]["condition"], "EventAgeExceeded");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 0);
    assert!(record.get("responsePayload").is_none());
}

#[tokio::test]
async fn a_shutdown_ends_processes_invocations_and_waiting_events() {
    let emulator = Emulator::start(EmulatorConfig { concurrency: 2, ..config() }).unwrap();
    let pid = invoke(&emulator, json!({})).await.result.unwrap()["pid"].take();
    let hanging = emulator.invoke_async(json!({"do": "hang"})).unwrap();
    let waiting = emulator.invoke_async(json!({"do": "hang"})).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    tokio::time::timeout(Duration::from_secs(5), emulator.shutdown()).await.unwrap();
    assert_eq!(hanging.outcome().await, Err(InvokeError::Stopped));
    assert_eq!(waiting.outcome().await, Err(InvokeError::Stopped));
    until_gone(&pid).await;
}

#[tokio::test]
async fn dropping_the_emulator_kills_its_processes() {
    let emulator = Emulator::start(config()).unwrap();
    let pid = invoke(&emulator, json!({})).await.result.unwrap()["pid"].take();
    assert!(runs(&pid));
    let waiting = emulator.invoke_async(json!({"do": "hang"})).unwrap();
    drop(emulator);
    assert_eq!(waiting.outcome().await, Err(InvokeError::Stopped));
    until_gone(&pid).await;
}

/// The function under a schedule, which does `what` at each beat.
fn with_beats(what: &str) -> EmulatorConfig {
    let mut config = EmulatorConfig { schedule: Some(Duration::from_millis(20)), ..config() };
    config.environment.push(("BEAT".to_owned(), what.to_owned()));
    config
}

#[tokio::test]
async fn a_schedule_hands_over_an_event_at_each_beat() {
    let emulator = Emulator::start(with_beats("echo")).unwrap();
    let mut logs = emulator.logs();
    let mut beats: Vec<Value> = Vec::new();
    while beats.len() < 3 {
        beats.extend(serde_json::from_str(&logs.recv().await.unwrap().text));
    }
    let ids: std::collections::HashSet<String> = beats.iter().map(|beat| beat["id"].to_string()).collect();
    assert_eq!(ids.len(), 3);
    for beat in beats {
        assert_eq!(
            (&beat["source"], &beat["detail-type"]),
            (&json!("aws.events"), &json!("Scheduled Event"))
        );
        assert_eq!(beat["resources"], json!(["arn:aws:events:us-east-1:000000000000:rule/campanile-tick"]));
    }
}

#[tokio::test]
async fn the_beats_end_with_the_emulator() {
    let emulator = Emulator::start(with_beats("hang")).unwrap();
    let mut logs = emulator.logs();
    assert!(logs.recv().await.unwrap().text.contains("Scheduled Event"));
    tokio::time::timeout(Duration::from_secs(5), emulator.shutdown()).await.unwrap();
    drop(emulator);
    // The last one to print has gone.
    while logs.recv().await.is_ok() {}
}
