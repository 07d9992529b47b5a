//! Whether the time of day is right: certificates are judged by it, and events carry it.

use std::time::Duration;

use rsntp::{AsyncSntpClient, Config, SynchronizationError};

use super::{Check, Outcome};
use crate::clock::is_synchronized;

/// How far it may be off, in seconds.
const TOLERANCE: f64 = 2.0;

/// How long a time server may take.
const PATIENCE: Duration = Duration::from_secs(3);

const REMEDY: &str = "let a program set it: `timedatectl set-ntp true`, or install chrony; until then events say `clock_synchronized: false`";

pub(super) async fn examine(server: &str) -> Check {
    let client = AsyncSntpClient::with_config(Config::default().timeout(PATIENCE));
    let told = client.synchronize(server).await.map(|told| told.clock_offset().as_secs_f64());
    Check { name: "clock", outcome: judge(server, told, is_synchronized()) }
}

/// `told` is how far the server's clock is ahead of ours, in seconds.
fn judge(server: &str, told: Result<f64, SynchronizationError>, is_synchronized: bool) -> Outcome {
    let set = if is_synchronized { "set by NTP" } else { "not set by NTP" };
    match told {
        Ok(ahead) if ahead.abs() > TOLERANCE => {
            let side = if ahead > 0.0 { "behind" } else { "ahead of" };
            Outcome::failed(format!("it is {} {side} `{server}`", span(ahead.abs())), REMEDY)
        }
        Ok(ahead) if is_synchronized => Outcome::ok(format!("{set}, {} from `{server}`", span(ahead.abs()))),
        Ok(ahead) => Outcome::warning(format!("{} from `{server}`, but {set}", span(ahead.abs())), REMEDY),
        Err(error) if is_synchronized => Outcome::ok(format!("{set}; `{server}` can't be asked: {error}")),
        Err(error) => Outcome::warning(
            format!("{set}, and `{server}` can't be asked: {error}"),
            format!("{REMEDY}; --time-server names another one"),
        ),
    }
}

fn span(seconds: f64) -> String {
    match seconds {
        ..1.0 => format!("{:.0} ms", seconds * 1e3),
        1.0..120.0 => format!("{seconds:.1} s"),
        120.0..7_200.0 => format!("{:.0} min", seconds / 60.0),
        7_200.0..172_800.0 => format!("{:.1} h", seconds / 3_600.0),
        _ => format!("{:.1} days", seconds / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_fails_whatever_the_kernel_thinks() {
        let told = |ahead| judge("time.example", Ok(ahead), true);
        assert!(
            matches!(told(0.004), Outcome::Ok { found } if found == "set by NTP, 4 ms from `time.example`")
        );
        assert!(
            matches!(told(7_800.0), Outcome::Failed { found, .. } if found == "it is 2.2 h behind `time.example`")
        );
        assert!(
            matches!(told(-3.0), Outcome::Failed { found, .. } if found == "it is 3.0 s ahead of `time.example`")
        );
    }

    #[test]
    fn one_that_nobody_sets_may_go_wrong() {
        assert!(matches!(judge("time.example", Ok(0.1), false), Outcome::Warning { .. }));
    }
}
