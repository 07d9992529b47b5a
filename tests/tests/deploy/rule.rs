//! The hot rule and the function, which moto does not run: what is published to the rule goes through the rule's SQL, as it was deployed,
//! to the real function, with the variables that the template gives it, and its requests are caught.

use std::time::Duration;

use campanile_local::catcher::Catcher;
use campanile_tests::function::{Function, catcher};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::account::Account;

/// How often it looks whether something was published.
const PAUSE: Duration = Duration::from_millis(200);

/// Hands on what is published until it is dropped, with the fakes of providers behind it.
pub(crate) async fn run(account: &Account, catcher: &Catcher) {
    let mut function = None;
    loop {
        for message in published(account).await {
            let event = selected(account, &message).await;
            // It is there as soon as a rule calls it.
            let function = match &function {
                Some(function) => function,
                None => function.insert(deployed(account, catcher).await),
            };
            function.invoke(&event).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Fakes that answer.
pub(crate) async fn providers() -> Catcher {
    catcher().await
}

async fn deployed(account: &Account, catcher: &Catcher) -> Function {
    // The package has the code for arm64; here it runs on this machine.
    assert_eq!(account.project.campanile(&["plugin", "compile"]).await.code, 0);
    let name = account.output("FunctionName").await;
    let query = "Environment.Variables";
    let variables = account
        .asked(&["lambda", "get-function-configuration", "--function-name", &name, "--query", query])
        .await;
    let caught = catcher.url();
    let given =
        variables.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    let environment: Vec<_> =
        given.chain(account.environment()).chain([("CAMPANILE_CATCH", caught.as_str())]).collect();
    Function::start(&account.project, &environment, Duration::from_secs(55))
}

/// What the rule selects of the message.
async fn selected(account: &Account, message: &Value) -> Value {
    let (sql, topic) = (message["sql"].as_str().unwrap(), message["topic"].as_str().unwrap());
    let payload = base64::Engine::decode(
        &base64::engine::general_purpose::STANDARD,
        message["payload"].as_str().unwrap(),
    );
    let payload = String::from_utf8(payload.unwrap()).unwrap();
    let arguments = ["rule", "eval", "--sql", sql, "--topic", topic, "--payload", &payload, "--json"];
    let evaluated = account.project.campanile(&arguments).await;
    assert_eq!(evaluated.code, 0, "{}", evaluated.stderr);
    evaluated.json()["output"].clone()
}

/// What was published to rules since the last time: moto's starter hands it out once.
async fn published(account: &Account) -> Vec<Value> {
    let environment = account.environment();
    let address = environment[0].1.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"GET /published HTTP/1.0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let body = answer.split("\r\n\r\n").nth(1).unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}
