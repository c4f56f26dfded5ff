#!/usr/bin/env bash
# Copyright (c) 2026, the trunkline.voice authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2153,SC2154    # env.sh sets what begins with lab_, and PYTHON
#
# Run the gates that a collection has to pass, and print the closing line of each: gates.sh [GATE...]
#
# A gate is a function gate_NAME, whose last line of output is its closing line. They run in two lanes, since sanity
# takes as long as all others together; what a gate printed is kept in $TRUNKLINE_CACHE/gates/NAME.log.
set -euo pipefail
. "$(dirname "$0")/../../molecule/shared/env.sh"
cd "$lab_checkout"

logs=$TRUNKLINE_CACHE/gates/logs
scratch=$(mktemp -d "$TRUNKLINE_CACHE/gates.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

in_gates() { PATH=$lab_gates/bin:$PATH "$@"; }

gate_sanity() { in_gates tests/gates/sanity.sh; }

gate_ruff() { ruff check --no-cache; }

gate_ansible_lint() { ansible-lint 2>&1; }

gate_mypy() { make mypy; }

gate_changelog() {  # the rendered file is that of changelogs/changelog.yaml, which has the version of galaxy.yml
    local copy=$scratch/changelog version
    version=$(sed -n 's/^version: //p' galaxy.yml)
    tests_copy "$copy"
    in_gates antsibull-changelog lint
    (cd "$copy" && in_gates antsibull-changelog generate)
    diff -u CHANGELOG.rst "$copy/CHANGELOG.rst"
    grep -q "^  $version:" changelogs/changelog.yaml || { echo "no release $version in changelogs/changelog.yaml"; return 1; }
    echo "antsibull-changelog lint: 0 errors; CHANGELOG.rst is up to date with release $version"
}

gate_docs() {
    in_gates antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all \
        --disallow-unknown-collection-refs --skip-rstcheck .
    echo "antsibull-docs lint-collection-docs: 0 errors"
}

gate_site() { in_gates docs/docsite/build.sh "$scratch/site"; }

gate_package() {  # built twice, from two copies, in two minutes of the clock
    local first second
    first=$(python tests/gates/package.py build "$scratch/first")
    second=$(TZ=Asia/Kolkata python tests/gates/package.py build "$scratch/second")
    [ "${first%% *}" = "${second%% *}" ] || { echo "two builds differ: $first, $second"; return 1; }
    echo "${first##*/} is reproducible: sha256 ${first%% *}"
}

gate_importer() {  # as Galaxy and Automation Hub do on upload; ansible-lint has a gate of its own here
    local tarball
    tarball=$(python tests/gates/package.py build "$scratch/importer")
    # It writes its result into the folder where it is.
    (cd "$scratch" && GALAXY_IMPORTER_CONFIG=$lab_checkout/tests/gates/galaxy-importer.cfg \
        in_gates python -m galaxy_importer.main "${tarball##* }") 2>&1 | tee "$scratch/importer.log"
    if grep -E '^(ERROR|WARNING)' "$scratch/importer.log"; then return 1; fi
    echo "galaxy-importer: 0 errors, 0 warnings"
}

gate_reuse() { in_gates reuse lint; }

gate_vermin() {  # what runs on managed hosts, whose Python may be 3.9
    in_gates vermin --no-tips --target=3.9- --eval-annotations --violations \
        plugins/modules plugins/module_utils roles/pbx/files roles/asterisk_build/files | grep -v 2.x | sed 's/^/vermin: /'
}

gate_environment() {  # ansible-builder makes the build context; no image is built
    in_gates ansible-builder create --file examples/execution-environment/execution-environment.yml \
        --context "$scratch/context"
    in_gates python "$scratch/context/_build/scripts/introspect.py" introspect \
        "$lab_collections" 2>&1 | tee "$scratch/introspected"
    grep -q phonenumbers "$scratch/introspected"
    grep -q twilio "$scratch/introspected"
    echo "ansible-builder create: the build context is complete, with twilio and phonenumbers"
}

tests_copy() { python tests/gates/package.py copy "$1"; }

run() {  # GATE: print its closing line, or all that it printed
    local log=$logs/$1.log started=$SECONDS
    # A process of its own: bash does not end at the first failing command inside of an `if`.
    if "$lab_checkout/tests/gates/gates.sh" --one "$1" >"$log" 2>&1; then
        printf '%-14s passed in %3d s: %s\n' "$1" $((SECONDS - started)) "$(grep -v '^$' "$log" | tail -1)"
    else
        printf '%-14s FAILED in %3d s, %s:\n' "$1" $((SECONDS - started)) "$log"
        tail -40 "$log"
        return 1
    fi
}

lane() {  # GATE...
    local gate failed=0
    for gate in "$@"; do run "$gate" || failed=1; done
    return $failed
}

others=(ruff package changelog docs site importer reuse vermin environment mypy ansible_lint)
mkdir -p "$logs"
if [ "${1:-}" = --one ]; then
    "gate_$2"
elif [ $# -gt 0 ]; then
    lane "$@"
else
    lane sanity &
    failed=0
    lane "${others[@]}" || failed=1
    wait $! || failed=1
    [ $failed = 0 ] || { echo "gates: failed, as printed above" >&2; exit 1; }
    echo "gates: all $((${#others[@]} + 1)) passed in $SECONDS s"
fi
