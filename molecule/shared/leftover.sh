#!/usr/bin/env bash
# Copyright (c) 2026, the trunkline.voice authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Run a command, and all that it starts, on the CPU that others leave: leftover.sh COMMAND...
#
# A kernel that groups processes by session (sched(7), autogroup) heeds `nice` only within one, and each worker of a
# playbook has its own. So it is a control group with the smallest weight, of cgroup v1 or v2, where there can be one.
set -euo pipefail

for root in /sys/fs/cgroup/cpu /sys/fs/cgroup; do
    group=$root/trunkline-leftover-$$
    mkdir "$group" 2>/dev/null || continue
    trap '{ echo $$ >"$root/cgroup.procs"; rmdir "$group"; } 2>/dev/null || true' EXIT
    { echo 2 >"$group/cpu.shares" || echo 1 >"$group/cpu.weight"; echo $$ >"$group/cgroup.procs"; } 2>/dev/null || true
    break
done
nice -n 19 "$@"
