"""The README's snippets run."""

import re
import tempfile
import unittest
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"


class Snippets(unittest.TestCase):
    def test_the_plugin_and_its_test_run_as_they_stand(self) -> None:
        plugin, test = re.findall(
            r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "describe.json").write_text("{}")
            names: dict[str, Any] = {"__name__": "pager", "__file__": f"{folder}/pager/__init__.py"}
            exec(plugin, names)
        self.assertEqual(names["Plugin"].description, "{}")
        names["self"] = self
        exec(test, names)
        self.assertEqual(names["host"].requests[0].json(), {"text": "home-heating: INACTIVE"})
