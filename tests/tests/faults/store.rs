//! Where the deliveries of a run are kept: a file or a table of its own.

use campanile_store::{AnyLedger, DynamoLedger, SqliteLedger};
use tempfile::TempDir;

use crate::servers::Server;

pub(crate) enum Store {
    Sqlite(TempDir),
    Dynamo { moto: &'static Server, table: String },
}

impl Store {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    pub(crate) async fn dynamo(moto: &'static Server) -> Self {
        Self::Dynamo { moto, table: moto.create_table().await }
    }

    /// What the function is told of it.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Sqlite(folder) => {
                vec![("CAMPANILE_STORE", format!("sqlite:{}", folder.path().join("campanile.db").display()))]
            }
            Self::Dynamo { moto, table } => vec![
                ("CAMPANILE_STORE", format!("dynamodb:{table}")),
                ("AWS_ENDPOINT_URL", moto.endpoint.clone()),
                ("AWS_ACCESS_KEY_ID", "AKIATEST".to_owned()),
                ("AWS_SECRET_ACCESS_KEY", "SECRETTEST".to_owned()),
            ],
        }
    }

    /// Another handle to it.
    pub(crate) async fn open(&self) -> AnyLedger {
        match self {
            Self::Sqlite(folder) => {
                SqliteLedger::open(&folder.path().join("campanile.db")).await.unwrap().into()
            }
            Self::Dynamo { moto, table } => DynamoLedger::new(moto.client(), table).into(),
        }
    }
}
