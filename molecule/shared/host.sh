#!/usr/bin/env bash
# shellcheck disable=SC2154    # env.sh sets what begins with lab_
# Prepare this machine for the lab, and take everything back again.
#
#   host.sh tools   Python tools and the collection's link: enough for lint and unit tests, as any user
#   host.sh gates   tools, and those that only `make gates` needs, as any user
#   host.sh lab     tools, podman, the lab's secrets (root)
#   host.sh vm      what a virtual machine runs in (root, after `lab`)
#   host.sh image   the base image of a Debian release, where it is not there yet (root, after `lab`)
#   host.sh clean   remove all of it, other labs and the Debian packages that `lab` installed included (root)
# shellcheck disable=SC1091,SC2154   # env.sh sets the variables that begin with lab_
set -euo pipefail
. "$(dirname "$0")/env.sh"

packages_record=$TRUNKLINE_CACHE/host-packages

say() { printf '==> %s\n' "$*"; }
die() { printf 'trunkline: %s\n' "$*" >&2; exit 1; }

logged() {  # PURPOSE COMMAND...: keep what it prints to a file, and show its end only if it fails
    local log=$TRUNKLINE_CACHE/host.log purpose=$1
    shift
    "$@" >"$log" 2>&1 && return
    tail -5 "$log" >&2
    die "could not $purpose; the end of $log is above"
}

need_python() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        die "Python 3.11 or newer is needed, and $PYTHON is $({ "$PYTHON" -V || echo "not there"; } 2>/dev/null);" \
            "name another: make PYTHON=..."
}

need_cache() {
    mkdir -p "$TRUNKLINE_CACHE" 2>/dev/null && [ -w "$TRUNKLINE_CACHE" ] ||
        die "cannot write to $TRUNKLINE_CACHE; set TRUNKLINE_CACHE to a folder of yours"
}

need_root() {
    [ "$(id -u)" = 0 ] || die "the lab runs systems in containers, which needs root: sudo make $*"
}

need_space() {  # GB
    local free place=$TRUNKLINE_CACHE
    until [ -d "$place" ]; do place=$(dirname "$place"); done
    free=$(df --output=avail -B1G "$place" | tail -1)
    [ "$free" -ge "$1" ] ||
        die "$place has ${free// /} GB free and the lab needs $1; free some, or set TRUNKLINE_CACHE to a roomier folder"
}

need_cgroup2() {
    if [ -n "$TRUNKLINE_LAB_CGROUP" ] && [ ! -e /sys/fs/cgroup/unified/cgroup.procs ]; then
        die "systemd needs cgroup2, which this machine has not mounted: mkdir -p /sys/fs/cgroup/unified &&" \
            "mount -t cgroup2 none /sys/fs/cgroup/unified"
    fi
}

# The network of another lab is in use before its hosts run, which takes a while where its image is not made yet. The
# choice of a lab that is gone is old.
in_use() {
    grep -q -- "-- $1.[1-9]" /proc/net/fib_trie ||
        [ -n "$(find "$TRUNKLINE_CACHE"/containers*/lab-net -mmin -60 ! -path "$lab_net_choice" \
            -exec grep -lxF -- "$1" {} + 2>/dev/null)" ]
}

# Netavark names a network's chain by the SHA-512 of the network's name. A lab that was killed, and whose folder was then
# removed by hand, leaves its rules; in the same chain those of a lab on another network come after its MASQUERADE, and
# each call would seem to come from the bridge.
forget_chain() {
    local chain
    chain=NETAVARK-$(printf %s "$TRUNKLINE_LAB_NAME" | sha512sum | cut -c1-13 | tr a-f A-F)
    ! iptables -t nat -S "$chain" >/dev/null 2>&1 || iptables -t nat -F "$chain"
}

need_network() {
    local ours octet
    # Two labs may choose at the same moment.
    exec 8>"$TRUNKLINE_CACHE/lab-net.lock"
    flock 8
    if ours=$(podman network inspect -f '{{range .Subnets}}{{.Subnet}}{{end}}' "$TRUNKLINE_LAB_NAME" 2>/dev/null); then
        [ "${TRUNKLINE_LAB_NET:=${ours%.0/24}}" = "${ours%.0/24}" ] ||
            die "the lab stands on $ours, not on $TRUNKLINE_LAB_NET.0/24; make clean first"
    elif [ -n "$TRUNKLINE_LAB_NET" ] && in_use "$TRUNKLINE_LAB_NET"; then
        # Chosen for a lab that is gone, or by the caller.
        [ "$(cat "$lab_net_choice" 2>/dev/null)" = "$TRUNKLINE_LAB_NET" ] ||
            die "$TRUNKLINE_LAB_NET.0/24 is already in use on this machine; give the lab another," \
                "or leave TRUNKLINE_LAB_NET unset to have a free one chosen"
        TRUNKLINE_LAB_NET=
    fi
    for octet in 99 98 97 96 95 94 93 92 91 90; do
        [ -z "$TRUNKLINE_LAB_NET" ] || break
        in_use "10.$octet.0" || TRUNKLINE_LAB_NET=10.$octet.0
    done
    [ -n "$TRUNKLINE_LAB_NET" ] ||
        die "10.99.0.0/24 to 10.90.0.0/24 are all in use on this machine; give the lab another: make TRUNKLINE_LAB_NET=..."
    [ -n "$ours" ] || forget_chain
    echo "$TRUNKLINE_LAB_NET" >"$lab_net_choice"
    exec 8>&-
}

installed_packages() { dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii *//p' | sort -u; }

install_packages() {
    local before packages=()
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
    if [ "$1" = lab ]; then
        command -v podman >/dev/null || packages+=(podman)
        [ -x /usr/lib/podman/netavark ] || [ -x /usr/libexec/podman/netavark ] || packages+=(netavark)
        # Older netavarks run iptables, newer ones nft, which Debian's package of netavark only recommends.
        command -v iptables >/dev/null || packages+=(iptables)
        command -v nft >/dev/null || packages+=(nftables)
        command -v mmdebstrap >/dev/null || packages+=(mmdebstrap)
        # crun refuses the hybrid cgroup layout.
        [ -z "$TRUNKLINE_LAB_CGROUP" ] || command -v runc >/dev/null || packages+=(runc)
    fi
    if [ "$1" = vm ]; then
        command -v qemu-system-x86_64 >/dev/null || packages+=(qemu-system-x86)
        command -v ssh >/dev/null || packages+=(openssh-client)
    fi
    [ ${#packages[@]} -gt 0 ] || return 0

    [ "$(id -u)" = 0 ] || die "${packages[*]} must be installed, which needs root: sudo make"
    command -v apt-get >/dev/null ||
        die "there is no apt-get to install ${packages[*]} with: the lab needs Debian or a relative of it"
    say "Installing ${packages[*]} with apt-get (make clean removes them again)"
    before=$(installed_packages)
    export DEBIAN_FRONTEND=noninteractive
    logged "read Debian's package lists" apt-get -q update
    mkdir -p "$TRUNKLINE_CACHE/apt/host/partial"
    logged "install ${packages[*]}" apt-get -q -y --no-install-recommends \
        -o Dir::Cache::Archives="$TRUNKLINE_CACHE/apt/host" install "${packages[@]}"
    comm -13 <(printf '%s\n' "$before") <(installed_packages) >>"$packages_record"
}

make_venv() {  # VENV FILE PURPOSE
    # The stamp is written last: a venv without it was interrupted.
    [ ! -e "$1/complete" ] || return 0
    say "Installing $3 for $("$PYTHON" -V)"
    rm -rf "$1"
    logged "make a venv" "$PYTHON" -m venv "$1"
    logged "install $2" "$1/bin/pip" install --disable-pip-version-check -r "$lab_checkout/$2"
    touch "$1/complete"
}

make_tools() {
    mkdir -p "$lab_collections/ansible_collections/trunkline" "$lab_reports"
    ln -sfn "$lab_checkout" "$lab_collections/ansible_collections/trunkline/voice"
    make_venv "$lab_venv" requirements-dev.txt "Ansible and the test tools"
}

limit() {  # our own hard limit, which a container's may not exceed, or the limit that podman lowers itself to
    local hard
    hard=$(ulimit -H"$1")
    if [ "$hard" = unlimited ] || [ "$hard" -gt "$2" ]; then hard=$2; fi
    echo "$hard:$hard"
}

configure_podman() {
    local files=$TRUNKLINE_LAB_FOLDER first=$TRUNKLINE_CACHE/containers/storage runtime='' images='' pid host
    mkdir -p "$files" "$lab_run"
    [ -z "$lab_suffix" ] || [ ! -d "$first" ] || images="additionalimagestores = [\"$first\"]"
    [ -z "$TRUNKLINE_LAB_CGROUP" ] || runtime=$'runtime = "runc"\ncgroup_manager = "cgroupfs"'
    # No limit of podman's own on processes: a host is a system, and the machine may have no pids controller to hold it.
    cat >"$CONTAINERS_CONF" <<-END
	[containers]
	pids_limit = 0
	default_ulimits = ["nofile=$(limit n 1048576)", "nproc=$(limit u 32768)"]
	[engine]
	$runtime
	events_logger = "file"
	lock_type = "file"
	tmp_dir = "$lab_run/libpod"
	[network]
	network_backend = "netavark"
	network_config_dir = "$files/networks"
	END
    cat >"$CONTAINERS_STORAGE_CONF" <<-END
	[storage]
	driver = "overlay"
	graphroot = "$files/storage"
	runroot = "$lab_run/containers"
	[storage.options]
	$images
	END
    logged "run podman" podman info
    # Podman says of a host that it runs when its processes were killed together with podman's own.
    podman ps --format '{{.Pid}} {{.Names}}' | while read -r pid host; do
        kill -0 "$pid" 2>/dev/null || logged "remove $host, which was killed" podman rm --force --time 0 "$host"
    done
    # After a reboot, or when another checkout destroyed the lab, molecule must not remember hosts that do not run.
    [ -n "$(podman ps --quiet)" ] || rm -rf "$ANSIBLE_HOME"/tmp/molecule.*
}

make_secrets() {
    local file=$TRUNKLINE_CACHE/secrets.sh
    [ ! -e "$file" ] || return 0
    # Made for this lab alone. The trunk's password is the canary that the tests look for in every output.
    (umask 077 && "$PYTHON" >"$file" <<-'END'
	from secrets import token_hex
	print(f"export TWILIO_ACCOUNT_SID=AC{token_hex(16)}")
	print(f"export TWILIO_AUTH_TOKEN={token_hex(16)}")
	print(f"export TRUNKLINE_TRUNK_PASSWORD=Canary1{token_hex(12)}")
	print(f"export TRUNKLINE_PHONE_PASSWORD=Phone1{token_hex(12)}")
	END
    )
}

make_image() {  # RELEASE
    local tar=$TRUNKLINE_CACHE/image.tar image=localhost/trunkline/$1:$TRUNKLINE_LAB_TAG
    # Two plays and two labs may want it at the same time.
    exec 9>"$TRUNKLINE_CACHE/image.lock"
    flock 9
    ! podman image exists "$image" || return 0
    say "Making the lab's image of Debian $1"
    logged "make it with mmdebstrap" "$lab_checkout/molecule/shared/image.sh" "$1" "$tar"
    logged "import it" podman import "$tar" "$image"
    rm "$tar"
}

remove_cgroup() {  # as destroy.yml does, for a lab that was left standing
    local _
    [ -n "$TRUNKLINE_LAB_CGROUP" ] || return 0
    for _ in 1 2 3 4 5; do
        ! find /sys/fs/cgroup -depth -type d -path "*/$TRUNKLINE_LAB_CGROUP*" -exec rmdir {} + 2>/dev/null || return 0
        sleep 1
    done
    say "Some of the cgroup $TRUNKLINE_LAB_CGROUP is still in use and stays"
}

remove_chains() {
    local table
    # Netavark leaves its own chains in place, for the next network. While anybody has one, they stay. With -q grep would
    # end before iptables-save has, which pipefail takes for a failure.
    ! iptables-save -t nat | grep -- '-s [0-9.]*/.* -j NETAVARK-' >/dev/null || return 0
    for table in filter nat; do
        echo "*$table"
        iptables-save -t $table | sed -n 's/^-A \(.*NETAVARK.*\)/-D \1/p'
        iptables-save -t $table | sed -n 's/^:\(NETAVARK[^ ]*\) .*/-X \1/p'
        echo COMMIT
    done | iptables-restore --noflush
}

# Newer netavarks leave a table, which goes on dropping what the machine forwards of connections that it does not know.
# It holds a chain for each network that is in use, anybody's.
remove_table() {
    local table
    table=$(nft list table inet netavark 2>/dev/null) || return 0
    grep -q '^[[:space:]]*chain nv_' <<<"$table" || nft delete table inet netavark
}

remove_packages() {
    local packages removed
    [ -s "$packages_record" ] || return 0
    mapfile -t packages < <(sort -u "$packages_record" | comm -12 - <(installed_packages))
    [ ${#packages[@]} -gt 0 ] || return 0
    # Somebody may have come to need them since: only when nothing else would go with them do they go.
    removed=$(apt-get -s purge "${packages[@]}" | sed -n 's/^Purg \([^ ]*\).*/\1/p' | sort -u)
    if [ "$removed" = "$(printf '%s\n' "${packages[@]}" | sort -u)" ]; then
        say "Removing the ${#packages[@]} Debian packages that the lab installed"
        logged "remove them" apt-get -q -y purge "${packages[@]}"
        if ! command -v podman >/dev/null; then
            rm -rf /var/lib/containers/cache
            rmdir --ignore-fail-on-non-empty /var/lib/containers
        fi
    else
        say "Leaving the Debian packages that the lab installed, as others need them now: ${packages[*]}"
    fi
}

remove_lab() {
    local storage=$TRUNKLINE_LAB_FOLDER/storage/overlay
    if [ -d "$TRUNKLINE_LAB_FOLDER" ] && command -v podman >/dev/null; then
        podman rm --force --all --time 0 >/dev/null
        podman network prune --force >/dev/null
        remove_chains
        remove_table
        # Podman mounts this folder onto itself.
        ! mountpoint -q "$storage" || umount "$storage"
    fi
    remove_cgroup
    rm -rf "$TRUNKLINE_LAB_FOLDER" "$lab_run" "$ANSIBLE_HOME"
}

clean() {
    local folder
    [ ! -d "$TRUNKLINE_CACHE/vm" ] || "$lab_checkout/molecule/vm/machine.sh" stop
    if [ -d "$TRUNKLINE_CACHE/containers" ] || [ -s "$packages_record" ]; then need_root clean; fi
    for folder in "$TRUNKLINE_CACHE"/containers-*; do
        [ ! -d "$folder" ] || TRUNKLINE_LAB=${folder##*/containers-} TRUNKLINE_LAB_NET='' "$0" remove-lab
    done
    remove_lab
    remove_packages
    # By name: TRUNKLINE_CACHE may be a folder that holds more than the lab.
    (cd "$TRUNKLINE_CACHE" 2>/dev/null && rm -rf venv-* collections apt n8n image.tar image.lock lab-net.lock \
        secrets.sh ansible-test asterisk gates gates.* hypothesis mypy pytest coverage* reports vm host.log \
        host-packages) || true
    rm -rf "$lab_checkout/.ansible"
    rmdir --ignore-fail-on-non-empty "$TRUNKLINE_CACHE" "$(dirname "$lab_run")" 2>/dev/null || true
    say "Removed the lab and its cache, $TRUNKLINE_CACHE"
}

case ${1:-} in
    tools)
        need_python
        need_cache
        install_packages tools
        make_tools
        ;;
    gates)
        need_python
        need_cache
        install_packages tools
        make_tools
        make_venv "$lab_gates" requirements-gates.txt "the tools of the gates"
        ;;
    lab)
        need_root "$2"
        need_python
        need_cache
        need_cgroup2
        if [ -e "$lab_venv/complete" ] && [ -d "$TRUNKLINE_LAB_FOLDER" ]; then need_space 2; else need_space 9; fi
        install_packages lab
        make_tools
        configure_podman
        need_network
        make_secrets
        ;;
    vm)
        need_root vm
        need_space 4
        install_packages vm
        ;;
    image) make_image "$2" ;;
    remove-lab) remove_lab ;;
    clean) clean ;;
    *) die "usage: host.sh tools | gates | lab | vm | image RELEASE | clean" ;;
esac
