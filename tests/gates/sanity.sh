#!/usr/bin/env bash
# Copyright (c) 2026, the trunkline.voice authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2153,SC2154    # env.sh sets what begins with lab_, and PYTHON
#
# Run ansible-test sanity on each ansible-core that meta/runtime.yml allows: sanity.sh [ARGUMENT...]
#
# The newest one looks at all files of the checkout, the others at those that are shipped.
# SANITY="2.21.5=3.13" chooses the versions of ansible-core and of the controller's Python. A version whose Python this
# machine lacks is skipped and named. Nothing is needed but the package registry.
set -euo pipefail
. "$(dirname "$0")/../../molecule/shared/env.sh"

read -ra cores <<<"${SANITY:-2.19.14=3.11 2.20.10=3.12 2.21.5=3.13}"
# HOME of ansible-test, which makes its venvs there.
home=$TRUNKLINE_CACHE/ansible-test

# pyenv has a command for every Python that it installed, and only those chosen run. It need not be in this HOME.
mapfile -t pyenvs < <(echo "${PYENV_ROOT:-$HOME/.pyenv}"; tr : '\n' <<<"$PATH" | sed -n 's#/shims$##p')

find_python() {  # VERSION: print its interpreter; pyenv keeps the older ones out of PATH
    local candidate candidates=("$PYTHON" "python$1") root
    for root in "${pyenvs[@]}"; do candidates+=("$root/versions/$1".*/bin/python); done
    for candidate in "${candidates[@]}"; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
            "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
            return
        fi
    done
    return 1
}

find_pythons() {  # print the folders of all interpreters that ansible-test may compile and import with
    local version python
    for version in 3.8 3.9 3.10 3.11 3.12 3.13 3.14; do
        if python=$(find_python $version); then dirname "$python"; fi
    done | paste -sd:
}

make_home() {  # ansible-test lets pip read its configuration files and no variable
    mkdir -p "$home/.config/pip" "$home/.ansible/test/cache"
    {
        echo "[global]"
        "$PYTHON" -m pip config list | sed -n "s/^[a-z:]*\.\([a-z-]*\)='\(.*\)'$/\1 = \2/p" | sort -u -t= -k1,1
    } >"$home/.config/pip/pip.conf"
}

make_core() {  # VENV CORE PYTHON
    local release
    if [ ! -e "$1/complete" ]; then
        rm -rf "$1"
        "$3" -m venv "$1"
        "$1/bin/pip" install --quiet --disable-pip-version-check "ansible-core==$2"
        touch "$1/complete"
    fi
    # A script that stands in this place is not downloaded.
    sed -n "s/.*pip='\([0-9.]*\)'.*/\1/p" "$1"/lib/python*/site-packages/ansible_test/_internal/python_requirements.py |
        while read -r release; do
            cp "$lab_checkout/tests/gates/get_pip.py" "$home/.ansible/test/cache/get_pip_${release//./_}.py"
        done
}

check() {  # CORE PYTHON [ARGUMENT...]
    local core=$1 python=$2 venv folder
    shift 2
    venv=$TRUNKLINE_CACHE/venv-core-$core-$(printf %s "$python" | lab_digest)
    folder=$scratch/$core/ansible_collections/trunkline/voice
    make_core "$venv" "$core" "$python"
    # ansible-test wants the collection under its own name, and follows links before it looks.
    if [ "$core" = "${checked[-1]%=*}" ]; then
        "$PYTHON" "$lab_checkout/tests/gates/package.py" copy "$folder"
    else
        mkdir -p "$folder/tests"
        "$PYTHON" "$lab_checkout/tests/gates/package.py" build "$scratch/shipped" >/dev/null
        tar -xzf "$scratch"/shipped/*.tar.gz -C "$folder"
        cp -r "$lab_checkout/tests/"{sanity,config.yml} "$folder/tests"
    fi
    (cd "$folder" &&
        env -u ANSIBLE_HOME -u ANSIBLE_COLLECTIONS_PATH HOME="$home" PATH="$venv/bin:$PATH:$pythons" \
            "$venv/bin/ansible-test" sanity --color no "$@") || failed+=("$core")
}

scratch=$(mktemp -d "$TRUNKLINE_CACHE/gates.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failed=() checked=() skipped=()
make_home
pythons=$(find_pythons)
for pair in "${cores[@]}"; do
    if find_python "${pair#*=}" >/dev/null; then checked+=("$pair"); else skipped+=("$pair (no such Python here)"); fi
done
for pair in "${checked[@]}"; do
    echo "==> ansible-test sanity, ansible-core ${pair%=*} on Python ${pair#*=}"
    check "${pair%=*}" "$(find_python "${pair#*=}")" "$@"
done
[ ${#failed[@]} = 0 ] || { echo "ansible-test sanity: failed on ansible-core ${failed[*]}" >&2; exit 1; }
echo "ansible-test sanity: passed on ${checked[*]:-nothing}${skipped:+; skipped ${skipped[*]}}"
