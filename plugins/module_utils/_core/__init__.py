# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declarative planner that knows no service: declare resources, compare desired with observed state, apply the steps.

=================  ===================================================================================
resource.py        what a kind of resource is (Resource, Field), and one resource as a value (Node)
desire.py          from a user's options to the desired state, validated: a tree of Nodes
match.py           which declared resource is which observed one; what is removed, and what is in the way
renames.py         the order of updates that hand a unique name from one resource to another
plan.py            from desired and observed state to steps, in waves of independent steps
planned_state.py   the state that a plan leads to: for check mode, the diff and the result
apply.py           carries a plan out, wave by wave, with a journal of what was done and what remains
report.py          a step as plain data, for a reviewer
validators.py      checks of single values that several packages need
errors.py          errors that say what happened, where, and how to mend it
=================  ===================================================================================

A run is desire → (the service's driver observes) → plan → apply or not → planned_state. Nothing here reads or writes
a service: `apply` calls a Driver, which `_twilio/driver.py` implements. Check mode is the same path without `apply`.
"""
