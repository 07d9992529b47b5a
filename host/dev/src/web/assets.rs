//! The files of the page: one style, one script, one icon, all in the binary. Nothing is fetched from anywhere else.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::site::Site;

/// The style, by concern.
const STYLE: &str = concat!(
    include_str!("assets/base.css"),
    include_str!("assets/layout.css"),
    include_str!("assets/parts.css"),
    include_str!("assets/messages.css"),
    include_str!("assets/charts.css"),
);

/// Runs before the page is drawn, so that a chosen theme does not flash.
const THEME: &str = include_str!("assets/theme.js");

/// The script, by concern: each is a module.
const MODULES: [(&str, &str); 5] = [
    ("/assets/main.js", include_str!("assets/main.js")),
    ("/assets/live.js", include_str!("assets/live.js")),
    ("/assets/morph.js", include_str!("assets/morph.js")),
    ("/assets/keys.js", include_str!("assets/keys.js")),
    ("/assets/forms.js", include_str!("assets/forms.js")),
];

const ICON: &str = include_str!("assets/icon.svg");

pub(super) fn router() -> Router<Arc<Site>> {
    let mut router = Router::new()
        .route("/assets/style.css", file("text/css; charset=utf-8", STYLE))
        .route("/assets/theme.js", file("text/javascript; charset=utf-8", THEME))
        .route("/assets/icon.svg", file("image/svg+xml", ICON));
    for (path, text) in MODULES {
        router = router.route(path, file("text/javascript; charset=utf-8", text));
    }
    router
}

fn file(kind: &'static str, text: &'static str) -> axum::routing::MethodRouter<Arc<Site>> {
    // Asked for each time: another version of the binary may run behind the same address.
    get(async move || ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text))
}
