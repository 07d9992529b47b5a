//! Secrets in SSM: the deployed binary against moto and an endpoint that wants the right token. `CAMPANILE_MOTO` names moto's
//! program.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that can not go on has failed, and who has no moto is told that nothing was tested"
)]

#[path = "../../host/aws/tests/peers/parameters.rs"]
mod moto_parameters;
#[path = "../../host/aws/tests/peers/server.rs"]
mod moto_server;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use campanile_local::fakes::{Answer, CaughtRequest};
use campanile_tests::endpoint::Endpoint;
use campanile_tests::event::{delivery, inactive, outcomes};
use campanile_tests::function::Function;
use campanile_tests::project::Project;

use self::moto_parameters::{client, put};
use self::moto_server::Server;

const TIMEOUT: Duration = Duration::from_secs(30);

const OLD: &str = "Bearer first-token-4711";
const NEW: &str = "Bearer second-token-4712";

/// Whether the endpoint takes the second token instead of the first.
static IS_ROTATED: AtomicBool = AtomicBool::new(false);

fn takes_one_token(request: &CaughtRequest) -> Answer {
    let token = if IS_ROTATED.load(Ordering::Relaxed) { NEW } else { OLD };
    let given = request.headers.iter().find(|(name, _)| name == "authorization");
    let status = if given.is_some_and(|(_, value)| value == token) { 200 } else { 401 };
    Answer { status, headers: Vec::new(), body: Vec::new(), shown: None }
}

/// A channel `NAME` to the endpoint, whose token is in the parameter.
fn channel(name: &str, endpoint: &Endpoint, parameter: &str) -> String {
    let origin = endpoint.origin();
    format!(
        "[channels.{name}]\nplugin = \"webhook\"\nallow = [{{ origin = \"{origin}\", private = true }}]\n\
         settings.url = \"{origin}/{name}\"\nsecrets.authorization = {{ ssm = \"{parameter}\" }}\n"
    )
}

/// The function, which finds moto as it would find AWS, in the emulator's region, and logs what the SDK does.
async fn start(project: &Project, moto: &Server) -> Function {
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let environment = [
        ("AWS_ENDPOINT_URL", moto.endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "AKIATEST"),
        ("AWS_SECRET_ACCESS_KEY", "SECRETTEST"),
        ("RUST_LOG", "info,aws_smithy_runtime=trace,aws_smithy_runtime_api=trace,aws_sdk_ssm=trace"),
    ];
    Function::start(project, &environment, TIMEOUT)
}

#[tokio::test]
async fn a_token_that_was_rotated_is_fetched_when_the_old_one_is_refused() {
    let Some(moto) = Server::moto().await else { return };
    let (ssm, parameter) = (client(&moto.endpoint), "/campanile/rotated/token");
    put(&ssm, parameter, OLD).await;
    let endpoint = Endpoint::start(takes_one_token).await;
    let project = Project::new(&channel("alarm", &endpoint, parameter), &["webhook"]);
    let function = start(&project, moto).await;
    let first = function.answer(&inactive(1)).await;
    assert_eq!(outcomes(delivery(&first, "alarm")), ["delivered"], "{first:#}");

    put(&ssm, parameter, NEW).await;
    IS_ROTATED.store(true, Ordering::Relaxed);
    let second = function.answer(&inactive(2)).await;
    assert_eq!(outcomes(delivery(&second, "alarm")), ["misconfigured", "delivered"], "{second:#}");
    assert_eq!(outcomes(delivery(&function.answer(&inactive(3)).await, "alarm")), ["delivered"]);
    assert_eq!(endpoint.requests().len(), 4);

    let log = function.log_with("the channel `alarm` has other secrets now").await;
    assert!(log.contains("aws_smithy_runtime"), "the SDK logs here: {log}");
    for value in ["first-token", "second-token"] {
        assert!(!log.contains(value), "{log}");
    }
}

#[tokio::test]
async fn a_parameter_that_is_missing_breaks_its_channel_until_it_is_there() {
    let Some(moto) = Server::moto().await else { return };
    let (ssm, missing) = (client(&moto.endpoint), "/campanile/missing/token");
    put(&ssm, "/campanile/there/token", OLD).await;
    let endpoint =
        Endpoint::start(|_| Answer { status: 200, headers: Vec::new(), body: Vec::new(), shown: None }).await;
    let (alarm, other) =
        (channel("alarm", &endpoint, missing), channel("other", &endpoint, "/campanile/there/token"));
    let project = Project::new(&format!("{alarm}{other}"), &["webhook"]);
    let function = start(&project, moto).await;
    let first = function.answer(&inactive(1)).await;
    let reason = format!("the parameter `{missing}` is not there; create it in SSM as a SecureString");
    let reason = format!("the secret `authorization` can't be read: {reason}");
    assert_eq!(
        (&first["result"], &delivery(&first, "alarm")["detail"]),
        (&"undelivered".into(), &reason.into())
    );
    assert_eq!(outcomes(delivery(&first, "other")), ["delivered"]);
    function.log_with("the channel `alarm` can't deliver: ").await;

    put(&ssm, missing, OLD).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let second = function.answer(&inactive(2)).await;
    assert_eq!(outcomes(delivery(&second, "alarm")), ["delivered"], "{second:#}");
}
