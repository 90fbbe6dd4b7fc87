"""`python docker/sbom IMAGE`: print what is in the image as a CycloneDX bill of materials.

It lists the Python packages, the interpreter and the base's Debian packages, as the image has them, and is
validated strictly. Needs a container engine, which does no more than hand out the image's files and run dpkg-query.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]
VERSION = SchemaVersion.V1_6
Component = dict[str, Any]


def bill(image: str) -> dict[str, Any]:
    """Return the bill; raises ValueError where it is not valid."""
    made = _python_packages(image)
    made["components"] += [_interpreter(image), *_debian_packages(image)]
    if fault := JsonStrictValidator(VERSION).validate_str(json.dumps(made)):
        raise ValueError(f"the bill of materials is not valid: {fault}")
    return made


def _python_packages(image: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        container = _run("docker", "create", image).strip()
        try:
            _run("docker", "cp", f"{container}:/opt/staffing/lib", folder)
        finally:
            _run("docker", "rm", container)
        (packages,) = Path(folder).glob("lib/python3*/site-packages")
        # cyclonedx-py asks an interpreter for its path, and the image's can't be run here.
        interpreter = Path(folder) / "python"
        interpreter.write_text(f"#!/bin/sh\necho '{json.dumps([str(packages)])}'\n")
        interpreter.chmod(0o755)
        command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "environment"]
        project = ["--pyproject", str(ROOT / "pyproject.toml")]
        options = ["--sv", VERSION.to_version(), "--output-reproducible", "--no-validate"]  # the whole is, later
        made: dict[str, Any] = json.loads(_run(*command, *project, *options, str(interpreter)))
        return made


def _interpreter(image: str) -> Component:
    version = _in(image, "python", "-c", "import platform; print(platform.python_version())").strip()
    return {
        "type": "platform",
        "bom-ref": "python",
        "name": "python",
        "version": version,
        "purl": f"pkg:generic/python@{version}",
        "cpe": f"cpe:2.3:a:python:python:{version}:*:*:*:*:*:*:*",
    }


def _debian_packages(image: str) -> list[Component]:
    released = dict(line.split("=", 1) for line in _in(image, "cat", "/etc/os-release").splitlines() if "=" in line)
    distro = f"{released['ID']}-{released['VERSION_ID']}".replace('"', "")
    listed = _in(image, "dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Architecture}\n")
    return [_debian(*line.split(), distro) for line in sorted(listed.splitlines())]


def _debian(name: str, version: str, architecture: str, distro: str) -> Component:
    purl = f"pkg:deb/debian/{name}@{quote(version)}?{urlencode({'arch': architecture, 'distro': distro})}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def _in(image: str, program: str, *arguments: str) -> str:
    return _run("docker", "run", "--rm", "--network", "none", "--read-only", "--entrypoint", program, image, *arguments)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    json.dump(bill(sys.argv[1]), sys.stdout, indent=2)
