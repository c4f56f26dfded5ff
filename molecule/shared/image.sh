#!/usr/bin/env bash
# shellcheck disable=SC2016    # mmdebstrap's hooks expand $1 themselves
# Make the lab's base system, a Debian release with systemd, from Debian's packages: image.sh RELEASE FILE.tar
# env.sh takes the images' tag from this file's content, so a change here makes new ones.
# shellcheck disable=SC2016   # the shell of a hook expands its "$1"
set -euo pipefail

options=()
# A host whose package mirror is a frozen copy says so in its own apt settings; its lab needs the same ones.
while read -r option; do
    options+=("--aptopt=$option")
done < <(apt-config dump 2>/dev/null | grep '^Acquire::Check-')

# - python3 and python3-apt are what Ansible needs on a host.
# - apt's own timers would hold its lock while a role installs.
# - A host is thrown away after its tests: fsync buys nothing there and costs half of every installation.
# - Ansible takes the age of apt's package lists from their folder: an empty one must not look fresh.
mmdebstrap --quiet --variant=minbase "${options[@]}" \
    --include=systemd,systemd-sysv,dbus,ca-certificates,iproute2,python3,python3-apt \
    --dpkgopt=force-unsafe-io \
    --customize-hook='chroot "$1" systemctl mask apt-daily.timer apt-daily-upgrade.timer' \
    --skip=cleanup/apt \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
    --customize-hook='touch --date=@0 "$1"/var/lib/apt/lists' \
    "$1" "$2"
