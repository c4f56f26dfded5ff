#!/usr/bin/env bash
# Copyright (c) 2026, the trunkline.voice authors
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC1091,SC2016,SC2154    # env.sh sets what begins with lab_, and a hook expands its own $1
# A PBX's host as users have it: Debian on a disk, with its own kernel, in QEMU. KVM is used where the machine has it.
#
#   machine.sh start ADDRESS   boot the machine from a bare disk, on the lab's network (root, after host.sh lab)
#   machine.sh stop            end it; what it wrote to its disk is gone
#
# The disk is made once and kept in the lab's cache. Only this machine's own key opens the machine.
set -euo pipefail
. "$(dirname "$0")/../shared/env.sh"

release=trixie
folder=$TRUNKLINE_CACHE/vm
key=$folder/key
pid=$folder/pid
tap=tl-vm-${lab_key:0:8}

die() { printf 'trunkline: %s\n' "$*" >&2; exit 1; }

make_key() {
    mkdir -p "$folder"
    [ -e "$key" ] || ssh-keygen -q -t ed25519 -N "" -C trunkline-lab -f "$key"
}

# - The kernel is Debian's for virtual machines; the modules of all disks and networks are in its initrd.
# - What a careful user has on a server is there: AppArmor, nftables with its own rules, unattended-upgrades, sudo.
# - apt's timers would hold its lock while a role installs, for many minutes without KVM: a check starts the upgrade.
make_disk() {  # FOLDER: disk, kernel and initrd, in place of those of another recipe
    local root=$folder/root options=() option
    [ "$(uname -m)" = x86_64 ] || die "the machine is made on x86_64 only, and this is $(uname -m)"
    while read -r option; do
        options+=("--aptopt=$option")
    done < <(apt-config dump | grep '^Acquire::Check-')
    rm -rf "$root" "$folder/$release-"*
    mkdir "$1.new"
    mmdebstrap --quiet --variant=minbase "${options[@]}" \
        --include=linux-image-cloud-amd64,systemd,systemd-sysv,udev,dbus,ca-certificates,iproute2,openssh-server,sudo \
        --include=python3,python3-apt,apparmor,nftables,unattended-upgrades \
        --customize-hook='chroot "$1" systemctl mask apt-daily.timer apt-daily-upgrade.timer' \
        --customize-hook='chroot "$1" systemctl enable systemd-networkd ssh nftables' \
        --customize-hook='chroot "$1" useradd --create-home --shell /bin/bash --groups sudo admin' \
        --customize-hook='echo "admin ALL=(ALL) NOPASSWD: ALL" >"$1/etc/sudoers.d/admin"' \
        --customize-hook='echo "/dev/vda / ext4 errors=remount-ro 0 1" >"$1/etc/fstab"' \
        --customize-hook='echo pbx1 >"$1/etc/hostname"' \
        --customize-hook='echo "127.0.1.1 pbx1" >>"$1/etc/hosts"' \
        "$release" "$root"
    install -d -m 700 "$root/home/admin/.ssh"
    install -m 600 "$key.pub" "$root/home/admin/.ssh/authorized_keys"
    chroot "$root" chown -R admin: /home/admin/.ssh
    # Ansible takes the age of apt's package lists from their folder: an empty one must not look fresh.
    touch --date=@0 "$root/var/lib/apt/lists"
    cp "$root"/boot/vmlinuz-* "$1.new/kernel"
    cp "$root"/boot/initrd.img-* "$1.new/initrd"
    mke2fs -q -t ext4 -d "$root" "$1.new/disk" 16G
    rm -rf "$root"
    mv "$1.new" "$1"
}

# It waits for a slow machine's greeting: new connections every few seconds would keep it from ever answering one.
reach() { ssh -q -i "$key" -o BatchMode=yes -o ConnectTimeout=60 -o StrictHostKeyChecking=no \
    -o UserKnownHostsFile="$folder/known_hosts" "admin@$1" "${@:2}"; }

start() {  # ADDRESS
    local address=$1 made bridge network mac begin
    ! reach "$address" true 2>/dev/null || return 0
    stop
    make_key
    made=$folder/$release-$(cat "$0" "$key.pub" | lab_digest)
    [ -e "$made" ] || { echo "==> Making the disk of Debian $release"; make_disk "$made"; }
    bridge=$(podman network inspect -f '{{.NetworkInterface}}' "$TRUNKLINE_LAB_NAME")
    ip link show "$bridge" >/dev/null 2>&1 || die "the lab's network $bridge is not up: make lab first"
    ip tuntap add dev "$tap" mode tap
    ip link set "$tap" master "$bridge" up
    # A static address, as a server has, and the machine's own resolver until the twin's takes its place.
    network=$(mktemp -d "$folder/seed.XXXXXX")
    printf '[Match]\nType=ether\n[Network]\nAddress=%s/24\nGateway=%s\n' "$address" "${address%.*}.1" \
        >"$network/lab.network"
    cp --sparse=always "$made/disk" "$folder/running"
    printf 'write %s/lab.network /etc/systemd/network/lab.network\nwrite /etc/resolv.conf /etc/resolv.conf\n' \
        "$network" |
        debugfs -w -f - "$folder/running" 2>/dev/null
    rm -rf "$network"
    begin=$SECONDS
    mac=$(printf '52:54:00:%s' "$(printf %s "$address" | sha256sum | sed 's/\(..\)\(..\)\(..\).*/\1:\2:\3/')")
    boot kvm 20 "$made" "$mac" || boot tcg 600 "$made" "$mac" ||
        { tail -20 "$folder/console.log" >&2; die "no kernel started; the machine's console is above"; }
    wait_for "$address"
    echo "==> It was up after $((SECONDS - begin)) s: $(reach "$address" uname -srv)"
}

# /dev/kvm may be there and not work, where this machine is a virtual one itself.
boot() {  # ACCELERATOR SECONDS FOLDER MAC
    local end=$((SECONDS + $2))
    end_process
    : >"$folder/console.log"
    qemu-system-x86_64 -name trunkline-vm -nodefaults -machine q35,sata=off -accel "$1" \
        -cpu max,arch-capabilities=off -smp 2 -m 2048 \
        -kernel "$3/kernel" -initrd "$3/initrd" -append "root=/dev/vda rw console=ttyS0 net.ifnames=0" \
        -drive "file=$folder/running,if=virtio,format=raw,cache=unsafe" \
        -netdev "tap,id=net,ifname=$tap,script=no,downscript=no" -device "virtio-net-pci,netdev=net,mac=$4" \
        -device virtio-rng-pci -serial "file:$folder/console.log" -display none -daemonize -pidfile "$pid" || return 1
    until grep -aq "Linux version" "$folder/console.log"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
    echo "==> The machine starts, with $1"
}

wait_for() {  # ADDRESS: half a minute with KVM, and some minutes without
    local end=$((SECONDS + 1800)) state
    rm -f "$folder/known_hosts"
    until state=$(reach "$1" systemctl is-system-running --wait); do
        if [ "$state" = degraded ]; then
            reach "$1" systemctl --failed --no-legend >&2
            die "the machine is up, and the units above failed"
        fi
        if [ $SECONDS -ge $end ] || ! kill -0 "$(cat "$pid")" 2>/dev/null; then
            tail -20 "$folder/console.log" >&2
            die "the machine did not start; the end of its console is above"
        fi
        sleep 1
    done
}

end_process() {
    local process
    process=$(cat "$pid" 2>/dev/null) || return 0
    kill "$process" 2>/dev/null || true
    while kill -0 "$process" 2>/dev/null; do sleep 0.2; done
    rm -f "$pid"
}

stop() {
    end_process
    rm -f "$folder/running"
    ip link delete "$tap" 2>/dev/null || true
}

case ${1:-} in
    start) [ $# = 2 ] || die "usage: machine.sh start ADDRESS"; start "$2" ;;
    stop) stop ;;
    *) die "usage: machine.sh start ADDRESS | stop" ;;
esac
