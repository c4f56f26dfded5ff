# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory with a value for every option, and everything that is made of one: both sides, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.trunkline.voice.plugins.module_utils._inventory import account, pbx
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.inventory import Inventory, read
from ansible_collections.trunkline.voice.plugins.plugin_utils.render import Renderer

PASSWORD = "Canary-12345"
HOST = "pbx1"
#: A value for each option of each role, other than its default and in its own type.
EVERYTHING = {
    "trunkline_trunks": [
        {
            "name": "Main", "domain": "main.pstn.twilio.com", "termination": "sbc.example.com:5080",
            "caller_id": "+17756187988", "caller_name": "Head office", "ip_access_control_list": "PBXs",
            "credential_list": "Users", "username": "pbx", "password": PASSWORD, "secure": False, "transport": "tcp",
            "transfer_mode": "sip-only", "cnam_lookup_enabled": True, "transfer_caller_id": "from-transferor",
            "recording": "record-from-answer", "recording_trim": "trim-silence",
            "disaster_recovery_url": "https://example.com/dr", "disaster_recovery_method": "GET", "origination": True,
            "origination_urls": [{
                "sip_url": "sip:203.0.113.1", "name": "one", "priority": 5, "weight": 6, "enabled": False}],
            "phone_numbers": ["+17756187988", "+17756187989"], "ip_access_control_lists": ["Office"],
            "credential_lists": ["Others"],
            "max_calls": 8, "calls_per_second": 3, "max_call_seconds": 600,
        },
        {
            "name": "Edges", "domain": "edges.pstn.twilio.com", "caller_id": "+442079460000", "secure": True,
            "edges": ["dublin", "frankfurt"], "ip_access_control_list": "PBXs",
        },
    ],
    "trunkline_public_address": "203.0.113.10",
    "trunkline_public_name": "pbx.example.com",
    "twilio_trunk_api_url": "https://twin.example.com",
    "twilio_trunk_account_sid": "AC" + "0f" * 16,
    "twilio_trunk_auth_token": "token-of-the-account",
    "twilio_trunk_api_key": "SK" + "0f" * 16,
    "twilio_trunk_api_secret": "secret-of-the-key",
    "twilio_trunk_region": "ie1",
    "twilio_trunk_edge": "dublin",
    "twilio_trunk_pbx_group": "pbx",
    "twilio_trunk_extra_addresses": [{"ip_address": "198.51.100.0", "cidr_prefix_length": 28, "name": "spare"}],
    "twilio_trunk_ip_access_control_lists": [{
        "state": "present", "name": "Office",
        "addresses": [{"ip_address": "203.0.113.0", "cidr_prefix_length": 24, "name": "all"}]}],
    "twilio_trunk_credential_lists": [{
        "state": "present", "name": "Others", "credentials": [{"username": "anna", "password": PASSWORD}]}],
    "twilio_trunk_countries": [
        {"iso_code": code, "low_risk_numbers": True, "high_risk_special_numbers": True,
         "high_risk_tollfraud_numbers": False} for code in ("US", "GB", "IN")],
    "twilio_trunk_keep_extra": ["addresses"],
    "twilio_trunk_update_password": "always",
    "twilio_trunk_removal_limit": 40,
    "pbx_phones": [
        {"name": "1001", "password": PASSWORD, "caller_name": "Front desk", "caller_id": "+442079460001",
         "trunk": "Edges", "max_contacts": 3, "busy_at": 2, "language": "es_MX", "class": "sales", "max_calls": 4,
         "calls_per_second": 5, "when_busy": {"menu": "main"}, "when_unanswered": {"mailbox": "1001"},
         "when_absent": {"n8n": "reception"}, "mailbox": "1001", "pickup_group": "front", "record": "on_demand",
         "intercom": True, "emergency_caller_id": "+17756187989", "emergency_location": "2nd floor, room 204"},
        {"name": "1002", "password": PASSWORD, "forward_always": {"number": "+1 (202) 555-0155"}},
    ],
    "pbx_dids": [
        {"number": "+17756187988", "to": {"hours": "office"}, "trunk": "Main", "language": "es_MX"},
        {"number": "+17756187989", "phone": "1001", "record": "always"},
    ],
    "pbx_verified_caller_ids": ["+442079460001"],
    "pbx_directory": [{"number": "+44 20 7946 0958", "name": "Anna O'Neil, Zürich"}],
    "pbx_blocked_callers": [
        {"number": "+44 (0)20 7946-0959"}, {"prefix": "+44871", "to": {"announcement": "bye"}}, {"anonymous": True}],
    "pbx_busy_lamps": True,
    "pbx_parking": {"number": "700", "slots": 10, "seconds": 90, "music": "waltz"},
    "pbx_prompts": [
        {"name": "recorded", "text": "This call is recorded.", "language": "en-gb",
         "translations": [
             {"language": "es", "text": "Esta llamada será grabada.", "voice": "es-419"},
             {"language": "de", "file": str(Path(__file__).parent / "silence.au")}]},
        {"name": "goodbye", "file": str(Path(__file__).parent / "silence.au")}],
    "pbx_music": [{"name": "waltz", "files": [str(Path(__file__).parent / "silence.au")]}],
    "pbx_recording": {"days": 90, "prompt": "recorded", "group": "auditors", "code": "*9", "phones_pause": True},
    "pbx_ring_groups": [
        {"name": "sales", "members": ["1002", "1001"], "strategy": "all", "seconds": 15, "record": "always",
         "member_times": [{"member": "1001", "delay_seconds": 4, "seconds": 8}], "skip_busy": True,
         "caller_name_prefix": "Sales", "outside_members": ["mobile"], "otherwise": {"announcement": "bye"}},
        {"name": "turns", "members": ["1002", "1001"], "strategy": "round_robin", "skip_busy": True,
         "caller_name_prefix": "Büro", "outside_members": ["mobile"]},
        {"name": "order", "members": ["1001", "1002"], "strategy": "in_order", "skip_busy": True,
         "caller_name_prefix": "Büro", "outside_members": ["mobile"]}],
    "pbx_outside_numbers": [{
        "name": "mobile", "number": "+442079460958", "class": "national", "trunk": "Edges", "seconds": 12,
        "max_calls": 3, "calls_per_second": 4, "confirm": True, "otherwise": {"mailbox": "1001"}}],
    "pbx_queues": [{
        "name": "support", "members": ["1002"], "agents": ["1001"], "outside_members": ["mobile"],
        "strategy": "rrmemory", "seconds": 25, "wrap_up_seconds": 10, "penalties": {"1001": "5", "mobile": "9"},
        "max_callers": 9, "max_wait_seconds": 120, "announce_position": True, "prompt": "company/wait",
        "announce_wait": True, "announce_seconds": 45, "service_level_seconds": 20, "keys": {"1": {"mailbox": "1001"}},
        "join_needs": "not_paused", "stay_needs": "nobody",
        "record": "always", "music": "waltz",
        "when_full": {"outside_number": "mobile"}, "when_no_member": {"conference": "board"},
        "otherwise": {"ring_group": "sales"}}],
    "pbx_menus": [{
        "name": "main", "prompt": "demo-congrats", "seconds": 7, "attempts": 2, "otherwise": {"hangup": "refused"},
        "direct_dialling": True, "next_key_seconds": 3, "language": "de",
        "keys": {key: {"phone": "1002"} for key in (*"0123456789", "star", "pound", "12")}}],
    "pbx_hours": [{
        "name": "office", "timezone": "Europe/London", "open": ["mon-fri 09:00-17:30"], "holidays": ["12-25"],
        "override_code": "*28",
        "when_open": {"menu": "main"}, "when_closed": {"queue": "support"}, "when_holiday": {"announcement": "bye"}}],
    "pbx_announcements": [{"name": "bye", "prompt": "goodbye", "then": {"hangup": "unanswered"}}],
    "pbx_conferences": [{"name": "board", "pin": "271828", "leader_pin": "31415926", "max_members": 8,
                         "record": "always", "music": "waltz"}],
    "pbx_mailboxes": [{
        "name": "1001", "pin": "729416", "owner": "Anna", "email": "anna@example.com", "delete_after_mail": True,
        "prompt": "company/away", "max_messages": 30, "max_seconds": 120}],
    "pbx_mailbox_logins": [
        {"name": "remote", "mailboxes": ["1001"], "wrong_pins": 4, "lock_minutes": 90}],
    "pbx_voicemail_code": "*98",
    "pbx_voicemail_sender": "pbx@example.com",
    "pbx_feature_codes": {"forward_always": "*21*", "cancel_forward_always": "#21#", "forward_busy": ""},
    "pbx_speed_dials": [
        {"dial": "*01", "name": "Anna", "number": "+44 20 7946 0958", "phones": ["1002", "1001"]},
        {"dial": "81", "to": {"ring_group": "sales"}}],
    "pbx_paging_groups": [{"name": "floor", "code": "*81", "phones": ["1002", "1001"], "callers": ["1001"]}],
    "pbx_forward_outside": True,
    "pbx_send_diversion": True,
    "pbx_n8n": [{
        "name": "reception", "url": "https://n8n.example.com/webhook/calls", "token": f"{PASSWORD}-n8n",
        "previous_token": f"{PASSWORD}-old", "events_url": "https://n8n.example.com/webhook/events",
        "connect_seconds": 2, "answer_seconds": 4, "failures": 3, "pause_seconds": 60, "ca_file": "/etc/ssl/n8n.pem",
        "client_file": "/etc/ssl/n8n-client.pem", "languages": ["en", "es_MX"],
        "may_record": True,
        "allow": [{"menu": "main"}, {"phone": "1002"}, {"mailbox_login": "remote"}],
        "otherwise": {"ring_group": "sales"}}],
    "pbx_records_database": {
        "host": "db.example.com", "port": 5433, "name": "calls", "user": "pbx", "password": f"{PASSWORD}-records",
        "sslmode": "verify-ca", "ca_file": "/etc/ssl/db.pem"},
    "pbx_bind_address": "10.0.0.5",
    "pbx_sip_port": 5070,
    "pbx_tls_port": 5071,
    "pbx_tls_back_port": 5072,
    "pbx_tls_certificate": "/etc/ssl/pbx.pem",
    "pbx_tls_private_key": "/etc/ssl/private/pbx.pem",
    "pbx_tls_ca": "/etc/ssl/ca.pem",
    "pbx_external_address": "203.0.113.99",
    "pbx_local_networks": ["10.0.0.0/8", "192.168.0.0/16"],
    "pbx_codecs": ["alaw", "g722"],
    "pbx_rtp_port_start": 11000,
    "pbx_rtp_port_end": 12000,
    "pbx_rtp_timeout_seconds": 120,
    "pbx_rtp_hold_timeout_seconds": 0,
    "pbx_hold_music": "/srv/music",
    "pbx_twilio_signalling_networks": ["54.172.60.0/30"],
    "pbx_twilio_media_networks": ["168.86.0.0/16"],
    "pbx_trunk_qualify_frequency": 30,
    "pbx_timer_t1": 200,
    "pbx_timer_b": 20000,
    "pbx_home_country": "GB",
    "pbx_international_prefixes": ["00"],
    "pbx_national_rules": [{"pattern": "0Z.", "strip": 1, "prefix": "+44"}],
    "pbx_countries": ["US", "GB"],
    "pbx_allowed_prefixes": ["+8816"],
    "pbx_denied_prefixes": ["+1808"],
    "pbx_classes": [{
        "name": "sales", "countries": ["GB"], "allowed_prefixes": ["+1900555"], "denied_prefixes": ["+4470"]}],
    "pbx_default_class": "national",
    "pbx_max_wait_seconds": 7,
    "pbx_emergency_numbers": ["112", "999"],
    "pbx_emergency_notify": {
        "phones": ["1002"], "emails": ["guard@example.com"], "location": "1 Main Street", "prompt": "company/help"},
    "pbx_account_sid": "AC" + "0e" * 16,
    "pbx_registration_minimum_expiry": 70,
    "pbx_registration_default_expiry": 310,
    "pbx_registration_maximum_expiry": 3700,
    "pbx_restart_policy": "report",
    "pbx_restart_patience": 90,
    "asterisk_install_method": "build",
    "asterisk_package_file": "/srv/asterisk.deb",
    "asterisk_version": "22.10.1",
    "asterisk_builder": "127.0.0.1",
    "asterisk_store": "/srv/asterisk",
    "asterisk_source_folder": "/srv/sources",
    "asterisk_sources_file": "/srv/sources.yml",
    "asterisk_untried_platform": True,
    "asterisk_dead_series": True,
    "asterisk_service_settings": {"PrivateDevices": "no", "LimitNOFILE": "1000"},
    "firewall_enabled": True,
    "firewall_sip_ports": [5070, 5071, 5072],
    "firewall_phone_networks": ["10.0.0.0/8"],
    "firewall_roaming_phones": True,
    "firewall_sip_rate": 30,
    "firewall_sip_burst": 50,
    "firewall_fail2ban": True,
    "firewall_ban_failures": 6,
    "firewall_ban_find_seconds": 500,
    "firewall_ban_seconds": 4000,
    "verify_number": "+919876543210",
    "verify_n8n": False,
    "verify_sound": "demo-thanks",
    "verify_options_seconds": 7,
    "verify_answer_seconds": 20,
    "verify_call_seconds": 10,
    "verify_junit": "report.xml",
    "verify_manager_user": "prover",
    "verify_manager_secret_file": "/etc/asterisk/other.conf",
}


def whole(variables: dict, as_written=lambda value: None, name: str = HOST) -> Inventory:
    """The inventory of one PBX with these variables."""
    return read({name: variables}, {}, {}, as_written)


def made(inventory: Inventory) -> str:
    """Everything that both sides get of the one PBX, as one text: Twilio's declaration, each file of each role, what
    tasks know."""
    (host,) = inventory.hosts.values()
    texts = [
        json.dumps([account.connection(inventory.account), account.declared(inventory)], sort_keys=True, default=str),
        # Roles asterisk, firewall and verify get their values from here.
        json.dumps(pbx.public(host), sort_keys=True, default=str),
        pbx.without_secrets(host),
        *files("pbx", pbx.context(host, {}, {}, 22), "*.conf.j2"),
    ]
    return "\n".join(texts)


def files(role: str, context: dict, pattern: str) -> list[str]:
    """A role's rendered templates."""
    render = Renderer(role, context)
    return [render(path.name) for path in sorted(render.folder.glob(pattern))]
