"""What the tests share: what was built, and a stand-in of AWS."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from . import leftovers
from .aws import Aws
from .ledger import Ledger

ROOT = Path(__file__).resolve().parents[2]
# Nobody's.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
PLUGINS = ("telegram", "discord", "webhook")
# A run that does not end has failed.
RUN_TIME = 300


def target() -> Path:
    """Where it was built."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def campanile() -> Path:
    """The tool, with `bootstrap` beside it."""
    return target() / "release/campanile"


def environment(**more: str) -> dict[str, str]:
    """The environment of a run: no credentials, profiles or regions of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | CREDENTIALS | {"CAMPANILE": str(campanile())} | more


class StandIn:
    """A stand-in of AWS, in a process of its own under the Python of moto."""

    def __init__(self, *faults: str, factor: float = 0.05) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="campanile-stand-in-")
        self.path = Path(self.folder.name)
        project(self.path / "project")
        (self.path / "tmp").mkdir()
        python = Path(os.environ["CAMPANILE_MOTO"]).parent / "python"
        command = [
            python,
            "-m",
            "live_checks.standin",
            "--project",
            self.path / "project",
            "--template",
            ROOT / "deploy/template.yaml",
            "--factor",
            str(factor),
        ]
        for fault in faults:
            command += ["--fault", fault]
        self.log = (self.path / "log").open("w")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log}
        self.process = subprocess.Popen(command, text=True, env=environment(PYTHONPATH=str(ROOT / "tests")), **pipes)  # type: ignore[call-overload]
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError((self.path / "log").read_text())
        self.place: dict[str, Any] = json.loads(line)
        (self.path / "place.json").write_text(line)

    def close(self) -> None:
        """Ends it."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.close()
        self.folder.cleanup()

    def command(self, *arguments: object, stack: bool = True) -> list[str]:
        """`tests/live` against this."""
        name = ["--stack", self.place["stack"]] if stack else []
        return [
            str(part)
            for part in [
                ROOT / "tests/live",
                "--stand-in",
                self.path / "place.json",
                "--region",
                self.place["region"],
                *name,
                *arguments,
            ]
        ]

    def environment(self) -> dict[str, str]:
        """With a folder of temporary files of its own: what a run leaves there is found."""
        return environment(TMPDIR=str(self.path / "tmp"))

    def live(self, *arguments: object, stack: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs it to its end, with nobody at the keyboard."""
        command = self.command(*arguments, stack=stack)
        return subprocess.run(
            command, capture_output=True, text=True, timeout=RUN_TIME, env=self.environment(), stdin=subprocess.DEVNULL
        )

    def services(self) -> Aws:
        """Its services, as a client sees them."""
        os.environ.update(CREDENTIALS)
        return Aws(self.place["region"], self.place["endpoint"])

    def left(self) -> list[str]:
        """What runs have left."""
        ledger = Ledger(say=lambda _: None)
        leftovers.find(self.services(), ledger)
        certificates = self.services()["iot"].list_certificates()["certificates"]
        return [str(entry) for entry in ledger.entries] + [certificate["certificateId"] for certificate in certificates]

    def files(self) -> list[str]:
        """What runs have left among temporary files."""
        return [path.name for path in (self.path / "tmp").iterdir()]


def project(folder: Path) -> None:
    """What the deployed function has: a configuration, and plugins."""
    (folder / "plugins").mkdir(parents=True)
    (folder / "deploy").mkdir()
    shutil.copy(ROOT / "campanile.toml", folder)
    shutil.copy(ROOT / "deploy/template.yaml", folder / "deploy")
    for plugin in PLUGINS:
        shutil.copy(target() / f"wasm32-wasip2/release/campanile_{plugin}.wasm", folder / f"plugins/{plugin}.wasm")
