"""Fetches, when the package is built, the programs that the report page carries: HiGHS in WebAssembly and a chart
library, in the versions and with the checksums below, with their licences, through npm.

Without npm the package is built without them; ``growthring report`` and ``growthring explore`` then say so.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "optimizer/report/page/vendor"
PACKAGES = {
    "highs@1.15.3": (
        "5rzjBlAkqRxr7FOv+iZjxF8nNfKsEt8uOaP3S6gls6yRf4+Jv4BqBIE3iPFsgfOHutQBMNxRE9jWhxRAM7Oycw==",
        {"build/highs.js": "highs.js", "build/highs.wasm": "highs.wasm", "LICENSE": "highs.LICENSE"},
    ),
    "echarts@6.1.0": (
        "q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
        {"dist/echarts.min.js": "echarts.js", "LICENSE": "echarts.LICENSE", "NOTICE": "echarts.NOTICE"},
    ),
}
"""npm package to the SHA-512 of its archive (base64) and its files with the names they get."""


class Vendor(BuildHookInterface[Any]):
    """Fills the folder of the page's programs before the package is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root) / FOLDER
        if all((folder / name).is_file() for _, files in PACKAGES.values() for name in files.values()):
            return
        if shutil.which("npm") is None:
            self.app.display_warning("npm is missing: the package is built without the report page's programs")
            return
        for package, (checksum, files) in PACKAGES.items():
            try:
                fetch(package, checksum, files, folder)
            except (OSError, subprocess.CalledProcessError) as error:
                self.app.display_warning(f"{package} could not be fetched: {error}")


def fetch(package: str, checksum: str, files: dict[str, str], folder: Path) -> None:
    """Put ``files`` of an npm package into ``folder``; ``OSError`` if its archive is not the one that is meant."""
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", package, "--silent", "--ignore-scripts", "--pack-destination", place]
        subprocess.run(command, check=True, capture_output=True, cwd=place)
        (archive,) = Path(place).glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != checksum:
            raise OSError(f"the checksum of {package} is {found}, not {checksum}")
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as packed:
            for name, target in files.items():
                content = packed.extractfile(f"package/{name}")
                assert content is not None
                (folder / target).write_bytes(content.read())
