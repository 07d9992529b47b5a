//! The inbox on the disk: what was caught, for the next start, and for the fakes, whose messages may be edited then.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_local::fakes::{Answer, CaughtRequest, Shown};
use campanile_local::inbox::Caught;
use campanile_store::{Fault, Schema, SqliteFile, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

/// Marks a file as an inbox (`CamI`).
const APPLICATION_ID: i64 = 0x4361_6d49;

const INBOX: Schema = Schema {
    application_id: APPLICATION_ID,
    migrations: &["CREATE TABLE caught (id INTEGER PRIMARY KEY, caught TEXT NOT NULL);"],
};

/// What was caught, in a file.
#[derive(Debug)]
pub(crate) struct KeptInbox {
    file: SqliteFile,
    capacity: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Kept {
    at: Timestamp,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    answer: Option<KeptAnswer>,
    fault: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct KeptAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    shown: Option<Shown>,
}

impl KeptInbox {
    /// Opens the file, which keeps the newest `capacity`.
    pub(crate) async fn open(path: &Path, capacity: u64) -> Result<Self, StoreError> {
        Ok(Self { file: SqliteFile::open(path, &INBOX).await?, capacity })
    }

    /// Everything, oldest first.
    pub(crate) async fn all(&self) -> Result<Vec<Caught>, StoreError> {
        self.file.read(all).await
    }

    /// Forgets everything.
    pub(crate) async fn clear(&self) -> Result<(), StoreError> {
        self.file.write(|file| Ok(file.execute_batch("DELETE FROM caught")?)).await
    }

    /// Keeps what was caught, all of it in one write.
    pub(crate) async fn keep(&self, caught: Vec<Arc<Caught>>) -> Result<(), StoreError> {
        let capacity = self.capacity;
        self.file.write(move |file| caught.iter().try_for_each(|caught| keep(file, caught, capacity))).await
    }
}

fn all(file: &Connection) -> Result<Vec<Caught>, Fault> {
    let mut statement = file.prepare("SELECT id, caught FROM caught ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let caught = rows.map(|row| {
        let (id, kept) = row?;
        let kept: Kept = serde_json::from_str(&kept)?;
        Ok(kept.caught(u64::try_from(id).unwrap_or_default())?)
    });
    caught.collect()
}

fn keep(file: &Connection, caught: &Caught, capacity: u64) -> Result<(), Fault> {
    let signed = |id: u64| i64::try_from(id).unwrap_or(i64::MAX);
    file.prepare_cached("INSERT OR REPLACE INTO caught (id, caught) VALUES (?, ?)")?
        .execute(params![signed(caught.id), serde_json::to_string(&Kept::of(caught))?])?;
    file.prepare_cached("DELETE FROM caught WHERE id <= ?")?
        .execute([signed(caught.id.saturating_sub(capacity))])?;
    Ok(())
}

impl Kept {
    fn of(caught: &Caught) -> Self {
        let Caught { at, request, answer, fault, .. } = caught;
        let answer = answer.as_ref().map(|answer| KeptAnswer {
            status: answer.status,
            headers: answer.headers.clone(),
            body: STANDARD.encode(&answer.body),
            shown: answer.shown.clone(),
        });
        Self {
            at: *at,
            method: request.method.clone(),
            url: request.url.to_string(),
            headers: request.headers.clone(),
            body: STANDARD.encode(&request.body),
            answer,
            fault: fault.clone(),
        }
    }

    fn caught(self, id: u64) -> Result<Caught, serde_json::Error> {
        let bytes = |text: &str| STANDARD.decode(text).unwrap_or_default();
        let request = CaughtRequest {
            method: self.method,
            url: self.url.parse().map_err(serde_json::Error::custom)?,
            headers: self.headers,
            body: bytes(&self.body),
        };
        let answer = self.answer.map(|answer| Answer {
            status: answer.status,
            headers: answer.headers,
            body: bytes(&answer.body),
            shown: answer.shown,
        });
        Ok(Caught { id, at: self.at, request, answer, fault: self.fault })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(id: u64) -> Arc<Caught> {
        let request = CaughtRequest {
            method: "POST".into(),
            url: "https://api.telegram.org/bot1:a/sendMessage".parse().unwrap(),
            headers: vec![("campanile-channel".into(), "family".into())],
            body: vec![0xff, 0, id.try_into().unwrap()],
        };
        let answer = Answer { status: 200, headers: Vec::new(), body: b"{}".to_vec(), shown: None };
        let at = "2026-11-24T07:00:00Z".parse().unwrap();
        Arc::new(Caught { id, at, request, answer: Some(answer), fault: Some("slow".into()) })
    }

    #[tokio::test]
    async fn the_newest_are_there_again_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox.db");
        let inbox = KeptInbox::open(&path, 2).await.unwrap();
        for id in 1..=3 {
            inbox.keep(vec![caught(id)]).await.unwrap();
        }
        drop(inbox);
        let kept = KeptInbox::open(&path, 2).await.unwrap().all().await.unwrap();
        assert_eq!(kept.iter().map(|caught| caught.id).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(format!("{:?}", kept[1]), format!("{:?}", caught(3)));
        let inbox = KeptInbox::open(&path, 2).await.unwrap();
        inbox.clear().await.unwrap();
        assert_eq!(inbox.all().await.unwrap().len(), 0);
    }
}
