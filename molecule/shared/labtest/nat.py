# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put a host's Asterisk behind a NAT: into a network namespace of its own, with the host as its router."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from .container import first_process

OUTSIDE, INSIDE, NETWORK = "172.31.255.1", "172.31.255.2", "172.31.255.0/30"
NAMESPACE = "behind"
DROP_IN = "/run/systemd/system/asterisk.service.d/behind.conf"
FORWARDED = (("udp", "5060"), ("tcp", "5060:5061"), ("udp", "10000:20000"))


class Nat:
    """A NAT for a while: `with Nat(pbx, "10.99.0.10") as nat: …`.

    `nat.process` is a process on its inner side, as `ansible_nsenter_pid` needs one. Asterisk is behind the NAT from
    its next start on; at the end it is stopped and the NAT is removed.

    :param host: the testinfra host; its own address is the NAT's outer one.
    """

    def __init__(self, host, address: str):
        self.host, self.address = host, address
        self.process = 0

    def __enter__(self) -> Nat:
        self._outer = first_process(self.host.backend.name)
        for command in (
            f"ip netns add {NAMESPACE}",
            f"ip link add outside type veth peer name inside netns {NAMESPACE}",
            f"ip addr add {OUTSIDE}/30 dev outside",
            "ip link set outside up",
            f"ip -n {NAMESPACE} addr add {INSIDE}/30 dev inside",
            f"ip -n {NAMESPACE} link set inside up",
            f"ip -n {NAMESPACE} link set lo up",
            f"ip -n {NAMESPACE} route add default via {OUTSIDE}",
            f"systemd-run --quiet --unit=behind --property=NetworkNamespacePath=/run/netns/{NAMESPACE} sleep infinity",
            f"mkdir -p {DROP_IN.rpartition('/')[0]}",
            f"printf '[Service]\\nNetworkNamespacePath=/run/netns/{NAMESPACE}\\n' > {DROP_IN}",
            "systemctl daemon-reload",
        ):
            self.host.check_output(command)
        self._router("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        self._nat("POSTROUTING", "-s", NETWORK, "!", "-d", NETWORK, "-j", "MASQUERADE")
        for protocol, ports in FORWARDED:
            self._nat(
                "PREROUTING", "-d", self.address, "-p", protocol, "--dport", ports, "-j", "DNAT", "--to", INSIDE
            )
        self.process = self._seen_from_here(int(self.host.check_output("systemctl show -P MainPID behind")))
        return self

    def __exit__(self, *_exception) -> None:
        self._router("iptables", "-t", "nat", "-F")
        for command in (
            "systemctl stop behind asterisk", f"rm {DROP_IN}", "systemctl daemon-reload", f"ip netns del {NAMESPACE}",
        ):
            self.host.check_output(command)

    def _nat(self, chain: str, *rule: str) -> None:
        self._router("iptables", "-t", "nat", "-A", chain, *rule)

    def _router(self, *command: str) -> None:
        """Run a command of this machine in the host's network namespace."""
        subprocess.run(["nsenter", "--net", f"--target={self._outer}", *command], check=True)

    def _seen_from_here(self, process: int) -> int:
        """Return the PID that a process of the host has on this machine."""
        mine = os.readlink(f"/proc/{self._outer}/ns/pid")
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                numbers = re.search(r"^NSpid:\s*(.*)", (entry / "status").read_text(), re.M)[1].split()
                if numbers[-1] == str(process) and os.readlink(entry / "ns" / "pid") == mine:
                    return int(entry.name)
            except OSError:
                continue    # the process has ended
        raise LookupError(f"{self.host.backend.name} has no process {process}")
