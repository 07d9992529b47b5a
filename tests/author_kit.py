#!/usr/bin/env python3
"""Checks what `campanile plugin new` hands to authors in Rust: an SDK and a project that stand alone, and agree with the workspace."""

import re
import tomllib
import unittest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SDK = ROOT / "plugins/sdk"
SCAFFOLD = ROOT / "plugins/scaffolds/rust"


def manifest(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "Cargo.toml").read_text(encoding="utf-8"))


def version(dependency: Any) -> str:
    return dependency if isinstance(dependency, str) else dependency.get("version", "")


class Sdk(unittest.TestCase):
    def setUp(self) -> None:
        self.workspace = manifest(ROOT)["workspace"]
        self.sdk = manifest(SDK)

    def test_nothing_is_inherited(self) -> None:
        text = re.sub(r"#.*", "", (SDK / "Cargo.toml").read_text(encoding="utf-8"))
        self.assertNotIn("workspace", text)

    def test_it_says_what_the_workspace_says(self) -> None:
        package = self.workspace["package"]
        for key in ["version", "edition", "rust-version", "license", "publish"]:
            self.assertEqual(self.sdk["package"][key], package[key], key)
        self.assertEqual(self.sdk["lints"], self.workspace["lints"])
        for name, dependency in (self.sdk["dependencies"] | self.sdk["dev-dependencies"]).items():
            if name in self.workspace["dependencies"]:
                self.assertEqual(dependency, self.workspace["dependencies"][name], name)

    def test_it_has_the_contract_of_this_repository(self) -> None:
        contract = (ROOT / "wit/channel.wit").read_bytes()
        self.assertEqual((SDK / "wit/channel.wit").read_bytes(), contract)


class Scaffold(unittest.TestCase):
    def test_it_asks_for_what_the_workspace_asks_for(self) -> None:
        ours, theirs = manifest(ROOT)["workspace"], manifest(SCAFFOLD)
        for key in ["edition", "rust-version"]:
            self.assertEqual(theirs["package"][key], ours["package"][key], key)
        for name, dependency in theirs["dependencies"].items():
            if name != "campanile-channel":
                self.assertEqual(version(dependency), version(ours["dependencies"][name]), name)
        for name in ["rust-toolchain.toml", "rustfmt.toml"]:
            self.assertEqual((SCAFFOLD / name).read_bytes(), (ROOT / name).read_bytes(), name)

    def test_its_lock_file_names_no_mirror(self) -> None:
        lock = tomllib.loads((SCAFFOLD / "Cargo.lock").read_text(encoding="utf-8"))
        sources = {package["source"] for package in lock["package"] if "source" in package}
        self.assertEqual(sources, {"registry+https://github.com/rust-lang/crates.io-index"})


if __name__ == "__main__":
    unittest.main()
