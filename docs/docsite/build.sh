#!/usr/bin/env bash
# Copyright (c) 2026, the trunkline.voice authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Build the documentation's site: build.sh FOLDER, with ansible_collections/trunkline/voice on ANSIBLE_COLLECTIONS_PATH
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
site=$1
source=$site/source

python "$here/../../tests/gates/package.py" copy "$source"
cp "$here/index.md" "$source/index.md"
mkdir -p "$source/reference"
antsibull-docs collection --use-current --squash-hierarchy --fail-on-error --no-add-antsibull-docs-version \
    --dest-dir "$source/reference" trunkline.voice
sphinx-build --quiet --fail-on-warning --keep-going -b html -c "$here" "$source" "$site/html"
echo "docs site: $(find "$site/html" -name '*.html' | wc -l) pages, no warning"
