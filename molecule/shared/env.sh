# shellcheck shell=bash disable=SC1091,SC2034,SC2086    # it is read by others, and `unset` wants words
# The lab's environment, read by host.sh and by every recipe of the Makefile (`. molecule/shared/env.sh`).
#
# What may be set from outside:
#   PYTHON             the controller's interpreter, 3.11 or newer      (python3)
#   TRUNKLINE_CACHE    the one folder for all that the lab keeps        (~/.cache/trunkline)
#   TRUNKLINE_LAB      the name of another lab that stands beside the first: hosts and network of its own  (none)
#   TRUNKLINE_LAB_NET  the first three octets of the lab's /24 network  (the first of 10.99.0 to 10.90.0 that is free)

lab_checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# A setting, an account or a vault password of the caller's own must not leak into a lab that plays with a twin.
unset "${!ANSIBLE_@}" "${!MOLECULE_@}" "${!TWILIO_@}" PYTHONPATH PYTEST_ADDOPTS

PYTHON=${PYTHON:-python3}
: "${TRUNKLINE_CACHE:=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/trunkline}"
TRUNKLINE_CACHE=$(realpath -m "$TRUNKLINE_CACHE")
# What each lab has of its own: a podman, and what Ansible and molecule remember of its hosts.
lab_suffix=${TRUNKLINE_LAB:+-$TRUNKLINE_LAB}
TRUNKLINE_LAB_FOLDER=$TRUNKLINE_CACHE/containers$lab_suffix
# The network of the lab that stands, which host.sh chose.
lab_net_choice=$TRUNKLINE_LAB_FOLDER/lab-net
: "${TRUNKLINE_LAB_NET:=$(cat "$lab_net_choice" 2>/dev/null || true)}"

lab_digest() { sha256sum | cut -c1-12; }
lab_key=$(printf %s "$TRUNKLINE_CACHE$lab_suffix" | lab_digest)
# Podman detects a reboot by the absence of this folder, so it lies where a reboot empties it.
lab_run=/run/trunkline/$lab_key
lab_venv_of() {  # FILE...: the venv of these requirements and this interpreter
    { (cd "$lab_checkout" && cat "$@"); "$PYTHON" -VV || true; } 2>/dev/null |
        { printf '%s/venv-' "$TRUNKLINE_CACHE"; lab_digest; }
}
lab_venv=$(lab_venv_of requirements.txt requirements-dev.txt)
# What only `make gates` needs lives apart: it takes a minute to install, and its pins would bind those of the tests.
lab_gates=$(lab_venv_of requirements-gates.txt)
# Ansible finds a collection by its path only; the checkout may lie anywhere, and there may be several.
lab_collections=$TRUNKLINE_CACHE/collections/$(printf %s "$lab_checkout" | lab_digest)
lab_reports=$TRUNKLINE_CACHE/reports

TRUNKLINE_LAB_NAME=trunkline-$lab_key
# The cgroup that the hosts live under where cgroup2 stands beside cgroup v1 (the "hybrid" layout); see create.yml.
TRUNKLINE_LAB_CGROUP=
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    TRUNKLINE_LAB_CGROUP=$TRUNKLINE_LAB_NAME
fi
# An image for each release: localhost/trunkline/RELEASE:TAG, see host.sh.
TRUNKLINE_LAB_TAG=$(
    { cat "$lab_checkout/molecule/shared/image.sh"; apt-config dump | grep '^Acquire::Check-' || true; } 2>/dev/null |
        lab_digest)
export TRUNKLINE_CACHE TRUNKLINE_LAB_FOLDER TRUNKLINE_LAB_NET TRUNKLINE_LAB_NAME TRUNKLINE_LAB_CGROUP TRUNKLINE_LAB_TAG

export PATH=$lab_venv/bin:$PATH
export PYTHONDONTWRITEBYTECODE=1 HYPOTHESIS_STORAGE_DIRECTORY=$TRUNKLINE_CACHE/hypothesis
export ANSIBLE_HOME=$TRUNKLINE_CACHE/ansible$lab_suffix ANSIBLE_COLLECTIONS_PATH=$lab_collections
# Whole lines, which an error can be searched and copied from.
export MOLECULE_COMMAND_BORDERS=false MOLECULE_GLOB="molecule/*/molecule.yml"
# Facts once a run, not once a play: over podman they cost two seconds a host.
export ANSIBLE_GATHERING=smart ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false

# A podman of the lab's own: its images, containers, networks and locks are nobody else's. Another lab reads the first
# one's images.
export CONTAINERS_CONF=$TRUNKLINE_LAB_FOLDER/containers.conf
export CONTAINERS_STORAGE_CONF=$TRUNKLINE_LAB_FOLDER/storage.conf

# For what talks to the lab's hosts: the twin's account and the passwords. Nothing else has them.
enter_lab() {
    . "$TRUNKLINE_CACHE/secrets.sh"
    export TWILIO_API_URL=http://$TRUNKLINE_LAB_NET.20:8080
}
