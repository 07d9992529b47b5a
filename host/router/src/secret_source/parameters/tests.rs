//! SSM as moto plays it, and what its refusals mean. `CAMPANILE_MOTO` names the program.

#[path = "../../../../aws/tests/peers/parameters.rs"]
mod moto_parameters;
#[path = "../../../../aws/tests/peers/server.rs"]
mod moto_server;

use aws_sdk_ssm::Client;
use aws_sdk_ssm::config::{BehaviorVersion, Region};
use campanile_aws::Failure;

use self::moto_parameters::{client, put};
use self::moto_server::Server;
use super::{ParameterError, Parameters};

#[tokio::test]
async fn parameters_are_read_decrypted_and_one_that_is_missing_fails_alone() {
    let Some(moto) = Server::moto().await else { return };
    let client = client(&moto.endpoint);
    let names: Vec<String> = (0..25).map(|number| format!("/campanile/read/token-{number}")).collect();
    for name in &names {
        put(&client, name, &format!("value of {name}")).await;
    }
    let missing = "/campanile/read/missing".to_owned();
    let asked = names.iter().chain([&missing]).cloned().collect();
    let mut read = Parameters::new(client).read(asked).await;
    assert_eq!(read.len(), 26);
    read.retain(|(name, value)| match value {
        Ok(value) => **value != format!("value of {name}"),
        Err(_) => true,
    });
    assert_eq!(read, [(missing.clone(), Err(ParameterError::Missing { name: missing }))]);
}

#[tokio::test]
async fn a_parameter_is_read_anew_each_time() {
    let Some(moto) = Server::moto().await else { return };
    let client = client(&moto.endpoint);
    let parameters = Parameters::new(client.clone());
    for value in ["first", "second"] {
        put(&client, "/campanile/rotated", value).await;
        let read = parameters.read(vec!["/campanile/rotated".into()]).await;
        assert_eq!(read[0].1.as_deref().map(String::as_str), Ok(value));
    }
}

#[tokio::test]
async fn who_can_not_ask_is_told_what_it_takes() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let no_credentials = aws_sdk_ssm::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::from_static("eu-central-1"));
    for client in [client(&format!("http://{gone}")), Client::from_conf(no_credentials.build())] {
        let parameters = Parameters::new(client);
        let read = parameters.read(vec!["/campanile/token".into()]).await;
        let error = read[0].1.as_ref().unwrap_err();
        assert!(error.is_passing(), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with("SSM can't be asked for the parameter `/campanile/token`: "), "{text}");
        assert!(text.ends_with("; it needs a region and credentials"), "{text}");
    }
}

#[test]
fn a_refusal_says_the_remedy() {
    let of = |code: &str| {
        let message = "no".to_owned();
        ParameterError::of("/campanile/token", Failure::Refused { code: code.to_owned(), message })
    };
    let denied = of("AccessDeniedException");
    assert!(!denied.is_passing());
    assert_eq!(
        denied.to_string(),
        "the parameter `/campanile/token` may not be read (no); the function's role needs ssm:GetParameter for it, \
         which the template gives for names under `/STACK/`"
    );
    let missing = of("ParameterNotFound");
    assert!(!missing.is_passing());
    assert!(missing.to_string().ends_with("is not there; create it in SSM as a SecureString"), "{missing}");
    assert!(of("ThrottlingException").is_passing());
}
