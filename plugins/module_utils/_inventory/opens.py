# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of options whose change opens a way to call, to be called, to register, or to reach a port.

A change counts as opening where that depends on something that is not visible here: a reviewer looks once too often.
Destinations that open something in whatever row they stand are found by changes.py.
"""

from __future__ import annotations

from typing import Any, Mapping, Union

#: Of a list: an entry more opens, or an entry less.
ADDED, REMOVED = "added", "removed"
#: Of a list that limits: an entry more opens; so may a list that is given no longer, or for the first time.
LIMIT = "limit"
#: Of a number: a higher one opens, or a lower one.
RAISED, LOWERED = "raised", "lowered"
#: Of a switch. One that is not given is off.
TURNED_ON, TURNED_OFF = "turned on", "turned off"
#: Of a value: any other opens; or only that there is none any more.
CHANGED, EMPTIED = "changed", "emptied"
#: Of a choice: from narrow to wide. A value that is not among them may be anywhere between the first and the last.
CLASSES = ("internal", "national", "international")
TRANSFERS = ("disable-all", "sip-only", "enable-all")

#: A kind of change, or the choices from narrow to wide.
Rule = Union[str, "tuple[str, ...]"]

#: An option of a row stands behind a dot.
OPENS: Mapping[str, Rule] = {
    "asterisk_service_settings": CHANGED,
    "firewall_ban_failures": RAISED,
    "firewall_ban_find_seconds": LOWERED,
    "firewall_ban_seconds": LOWERED,
    "firewall_enabled": TURNED_OFF,
    "firewall_fail2ban": TURNED_OFF,
    "firewall_phone_networks": ADDED,
    "firewall_roaming_phones": TURNED_ON,
    "firewall_sip_burst": RAISED,
    "firewall_sip_ports": CHANGED,
    "firewall_sip_rate": RAISED,
    "pbx_account_sid": CHANGED,
    "pbx_allowed_prefixes": ADDED,
    "pbx_bind_address": CHANGED,
    "pbx_blocked_callers": REMOVED,
    "pbx_classes.allowed_prefixes": ADDED,
    "pbx_classes.countries": LIMIT,
    "pbx_classes.denied_prefixes": REMOVED,
    "pbx_countries": LIMIT,
    "pbx_default_class": CLASSES,
    "pbx_denied_prefixes": REMOVED,
    "pbx_emergency_numbers": ADDED,
    "pbx_forward_outside": TURNED_ON,
    "pbx_local_networks": ADDED,
    "pbx_mailbox_logins": ADDED,
    "pbx_mailbox_logins.lock_minutes": LOWERED,
    "pbx_mailbox_logins.mailboxes": ADDED,
    "pbx_mailbox_logins.wrong_pins": RAISED,
    "pbx_menus.direct_dialling": TURNED_ON,
    "pbx_n8n.allow": ADDED,
    "pbx_outside_numbers": ADDED,
    "pbx_outside_numbers.calls_per_second": RAISED,
    "pbx_outside_numbers.class": CLASSES,
    "pbx_outside_numbers.max_calls": RAISED,
    "pbx_outside_numbers.number": CHANGED,
    "pbx_outside_numbers.trunk": CHANGED,
    "pbx_paging_groups": ADDED,
    "pbx_paging_groups.callers": ADDED,
    "pbx_paging_groups.phones": ADDED,
    "pbx_phones.calls_per_second": RAISED,
    "pbx_phones.class": CLASSES,
    "pbx_phones.forward_always.number": CHANGED,
    "pbx_phones.intercom": TURNED_ON,
    "pbx_phones.max_calls": RAISED,
    "pbx_phones.max_contacts": RAISED,
    "pbx_phones.trunk": CHANGED,
    "pbx_phones.when_absent.number": CHANGED,
    "pbx_phones.when_busy.number": CHANGED,
    "pbx_phones.when_unanswered.number": CHANGED,
    "pbx_queues.outside_members": ADDED,
    "pbx_speed_dials": ADDED,
    "pbx_speed_dials.to": CHANGED,
    "pbx_tls_ca": CHANGED,
    "pbx_ring_groups.outside_members": ADDED,
    "pbx_twilio_media_networks": ADDED,
    "pbx_twilio_signalling_networks": ADDED,
    "trunkline_trunks": ADDED,
    "trunkline_trunks.caller_id": CHANGED,
    "trunkline_trunks.calls_per_second": RAISED,
    "trunkline_trunks.credential_list": EMPTIED,
    "trunkline_trunks.ip_access_control_list": EMPTIED,
    "trunkline_trunks.credential_lists": ADDED,
    "trunkline_trunks.ip_access_control_lists": ADDED,
    "trunkline_trunks.max_call_seconds": RAISED,
    "trunkline_trunks.max_calls": RAISED,
    "trunkline_trunks.secure": TURNED_OFF,
    "trunkline_trunks.transfer_mode": TRANSFERS,
    "twilio_trunk_countries": LIMIT,
    "twilio_trunk_countries.high_risk_special_numbers": TURNED_ON,
    "twilio_trunk_countries.high_risk_tollfraud_numbers": TURNED_ON,
    "twilio_trunk_countries.low_risk_numbers": TURNED_ON,
    "twilio_trunk_credential_lists.credentials": ADDED,
    "twilio_trunk_extra_addresses": ADDED,
    "twilio_trunk_ip_access_control_lists.addresses": ADDED,
    "twilio_trunk_keep_extra": ADDED,
}


def entry_opens(path: str, added: bool) -> bool:
    """Return whether an entry that is added to this list, or removed from it, opens something."""
    rule = OPENS.get(path)
    return rule == CHANGED or rule in ((ADDED, LIMIT) if added else (REMOVED,))


def value_opens(path: str, before: Any, after: Any) -> bool:
    """Return whether the change of this option from one value to another opens something."""
    rule = OPENS.get(path)
    if isinstance(rule, tuple):
        return _wider(rule, before, after)
    if rule in (RAISED, LOWERED):
        return before is None or after is None or bool(after > before if rule == RAISED else after < before)
    opens = {
        CHANGED: True,
        LIMIT: True,
        ADDED: bool(after),
        REMOVED: bool(before),
        EMPTIED: bool(before) and not after,
        TURNED_ON: bool(after) and not before,
        TURNED_OFF: bool(before) and not after,
    }
    return rule is not None and opens[rule]


def _wider(order: tuple[str, ...], before: Any, after: Any) -> bool:
    if before in order and after in order:
        return order.index(after) > order.index(before)
    return bool(after != order[0] and before != order[-1])
