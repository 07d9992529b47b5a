//! What `tests/cold-start` measures works: each function is started once through the Runtime API and sends what providers accept. The
//! figures themselves are those of a build for tests on a busy machine, and nobody looks at them.
#![expect(clippy::panic, reason = "a test that can not go on has failed")]

use std::time::Duration;

use campanile_tests::built;
use campanile_tests::cold_start::{Figures, Machine, Programs, Report, Sample, measured};

/// What `tests/run` has built and installed.
fn programs() -> Programs {
    let installed =
        |name: &str| std::env::var_os(name).unwrap_or_else(|| panic!("{name} is set by tests/run"));
    Programs {
        bootstrap: built::binary("bootstrap"),
        direct: built::binary("campanile-direct"),
        python: installed("CAMPANILE_LAMBDA_PYTHON").into(),
        apprise: installed("CAMPANILE_APPRISE").into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_function_starts_and_sends() {
    let report = measured(&programs(), 1).await;
    let names: Vec<&str> = report.whole.iter().map(|figures| figures.function).collect();
    assert_eq!(names, ["campanile", "campanile-one-plugin", "rust", "python-urllib", "python-apprise"]);
    let share = report.share.as_deref().unwrap_or_default();
    for figures in report.whole.iter().chain(share) {
        let Figures { init, first_byte, sent, answered, .. } = figures;
        let course = [init, first_byte, sent, answered].map(|spread| spread.max_us);
        assert!(course.is_sorted(), "{figures:#?}");
        assert!(figures.warm.max_us > 0, "{figures:#?}");
        assert!(figures.peak_kib > 0 && figures.deployed_bytes > 0, "{figures:#?}");
    }
}

/// Figures of a function whose starts took so many milliseconds and a little.
fn figures(function: &'static str, title: &'static str, milliseconds: [u64; 5]) -> Figures {
    let of = |run: u64| {
        let [init, first_byte, sent, answered, warm] =
            milliseconds.map(|milliseconds| Duration::from_micros(milliseconds * 1000 + run * 250));
        let init_with_table = (function == "campanile").then(|| init + Duration::from_millis(4));
        Sample { init, first_byte, sent, answered, warm, peak_kib: 20_000 + run, init_with_table }
    };
    Figures::of(function, title, 15_000_000, &(0..20).map(of).collect::<Vec<_>>())
}

fn report() -> Report {
    let whole = vec![
        figures("campanile", "Campanile", [12, 15, 16, 18, 2]),
        figures("python-urllib", "Python", [120, 140, 141, 150, 4]),
    ];
    let machine = Machine {
        cpu: "A processor".into(),
        cores: 2,
        kernel: "Linux 6.18 x86_64".into(),
        python: "Python 3.13.9".into(),
    };
    Report { machine, runs: 20, share: Ok(whole.clone()), whole }
}

#[test]
fn people_get_tables() {
    insta::assert_snapshot!(report());
}

#[test]
fn the_readme_gets_one_table() {
    insta::assert_snapshot!(report().markdown());
}

#[test]
fn what_is_not_measured_says_why() {
    let report = Report { share: Err("no control group".to_owned()), ..report() };
    insta::assert_snapshot!("not_measured", report);
    insta::assert_json_snapshot!("not_measured_json", report, { ".whole" => "[figures]" });
}
