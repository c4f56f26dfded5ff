# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put pip into a venv of ansible-test.

ansible-test downloads get-pip.py from a host of its own. This stand-in needs nothing but the package registry: it takes
the pip that every Python carries (ensurepip) and lets that one install the release that ansible-test asks for.
"""

from __future__ import annotations

import subprocess
import sys

# Python 3.11 and older bring setuptools along, which ansible-test does not want.
UNWANTED = ("setuptools",)


def main() -> None:
    """Install what the arguments name; get-pip.py's own options have no meaning here."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    # In a process of its own: ensurepip takes pip's settings out of the environment.
    subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*pip, "install", *(word for word in sys.argv[1:] if not word.startswith("-"))], check=True)
    subprocess.run([*pip, "uninstall", "--yes", *UNWANTED], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
