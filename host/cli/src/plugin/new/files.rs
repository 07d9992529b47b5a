//! The texts of the scaffolds and SDKs, as they are in the repository: a tool that was installed has no checkout beside it.

use super::scaffold::Files;

macro_rules! files {
    ($folder:literal: $($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../../../plugins/", $folder, "/", $path)))),*]
    };
}

pub(super) const RUST: Files = files! {
    "scaffolds/rust":
    ".github/workflows/plugin.yml",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "build",
    "cases/success.json",
    "cases/wrong-key.json",
    "describe.json",
    "example/config.toml",
    "example/event.json",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src/answer.rs",
    "src/lib.rs",
    "src/message.rs",
    "tests/deliver.rs",
    "tests/describe.rs",
};

pub(super) const JAVASCRIPT: Files = files! {
    "scaffolds/javascript":
    ".github/workflows/plugin.yml",
    ".gitignore",
    "README.md",
    "build",
    "cases/success.json",
    "cases/wrong-key.json",
    "describe.json",
    "jsconfig.json",
    "package-lock.json",
    "package.json",
    "src/answer.js",
    "src/plugin.js",
    "src/render.js",
    "test/describe.test.js",
    "test/plugin.test.js",
    "test/render.test.js",
};

pub(super) const PYTHON: Files = files! {
    "scaffolds/python":
    ".github/workflows/plugin.yml",
    ".gitignore",
    "README.md",
    "build",
    "cases/success.json",
    "cases/wrong-token.json",
    "describe.json",
    "my_channel_plugin/__init__.py",
    "my_channel_plugin/answer.py",
    "pyproject.toml",
    "tests/__init__.py",
    "tests/test_my_channel_plugin.py",
};

pub(super) const RUST_SDK: Files = files! {
    "sdk":
    "Cargo.toml",
    "src/bindings.rs",
    "src/failure.rs",
    "src/host.rs",
    "src/lib.rs",
    "src/richtext.rs",
    "src/richtext/fit.rs",
    "src/richtext/flow.rs",
    "src/richtext/html.rs",
    "src/richtext/html/entity.rs",
    "src/richtext/html/tag.rs",
    "src/richtext/html/token.rs",
    "src/richtext/steps.rs",
    "src/richtext/style.rs",
    "src/testing.rs",
    "src/text.rs",
    "wit/channel.wit",
};

pub(super) const JAVASCRIPT_SDK: Files = files! {
    "sdk-javascript":
    "README.md",
    "componentize.js",
    "jsconfig.json",
    "package.json",
    "src/channel.js",
    "src/entity.js",
    "src/failure.js",
    "src/host.js",
    "src/html.js",
    "src/index.js",
    "src/runs.js",
    "src/testing.js",
    "src/text.js",
    "src/utf8.js",
    "types/channel.d.ts",
    "wit/channel.wit",
};

pub(super) const PYTHON_SDK: Files = files! {
    "sdk-python":
    "README.md",
    "build-plugin",
    "campanile_channel/__init__.py",
    "campanile_channel/channel.py",
    "campanile_channel/component.py",
    "campanile_channel/exporting.py",
    "campanile_channel/failure.py",
    "campanile_channel/host.py",
    "campanile_channel/htmltext.py",
    "campanile_channel/http.py",
    "campanile_channel/jsontext.py",
    "campanile_channel/lines.py",
    "campanile_channel/py.typed",
    "campanile_channel/testing.py",
    "campanile_channel/text.py",
    "campanile_channel/trace.py",
    "campanile_channel/types.py",
    "pyproject.toml",
    "requirements-test.txt",
    "requirements.txt",
    "wit/channel.wit",
};

/// All lists, by their folders; and of each folder what is left out: what an SDK's own tests need, and its users don't.
#[cfg(test)]
pub(super) const FOLDERS: &[(&str, Files, &[&str])] = &[
    ("scaffolds/rust", RUST, &[]),
    ("scaffolds/javascript", JAVASCRIPT, &[]),
    ("scaffolds/python", PYTHON, &[]),
    ("sdk", RUST_SDK, &["src/richtext/tests"]),
    (
        "sdk-javascript",
        JAVASCRIPT_SDK,
        &["test/", "package-lock.json", "types/generate.js", "types/contract.js", ".gitignore"],
    ),
    ("sdk-python", PYTHON_SDK, &["tests/"]),
];
