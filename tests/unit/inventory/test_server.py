# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory declares of the server and its firewall is refused with a sentence that names the variable."""

from __future__ import annotations

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.rules import problems
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.server import no_builder, warnings

from . import test_rules

RIGHT = {
    **test_rules.RIGHT,
    "asterisk_service_settings": {"PrivateDevices": "no", "LimitNOFILE": "131072"},
    "pbx_twilio_media_networks": ["168.86.128.0/18"],
    "firewall_enabled": True,
    "firewall_sip_ports": [5060, 5061],
    "firewall_phone_networks": ["10.0.0.0/8", "198.51.100.7/32"],
}


@pytest.mark.parametrize("absent", [(), ("firewall_enabled", "firewall_sip_ports", "firewall_phone_networks")])
def test_the_right_values_have_no_problems(absent):
    assert not list(problems({**RIGHT, **dict.fromkeys(absent)}))


def test_media_networks_are_needed_by_a_firewall_only():
    assert not list(problems({**RIGHT, "firewall_enabled": None, "pbx_twilio_media_networks": []}))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("asterisk_service_settings", {"privateDevices": "no"}, "asterisk_service_settings has 'privateDevices'"),
        ("asterisk_service_settings", {"Nice=5\nUser": "root"}, "asterisk_service_settings has 'Nice=5\\nUser', which"),
        ("asterisk_service_settings", {"User": "a\nNice=5"}, "asterisk_service_settings.User must be one line"),
        ("asterisk_service_settings", {"ReadWritePaths": ["/a"]}, "asterisk_service_settings.ReadWritePaths must be"),
        ("asterisk_install_method", "file", "asterisk_package_file is not given, and asterisk_install_method is file"),
        ("asterisk_package_file", "asterisk.deb", "asterisk_package_file must be an absolute path on the controller,"),
        ("asterisk_package_file", "https://example.com/asterisk.deb", "asterisk_package_file must be an absolute path"),
        ("asterisk_store", "store", "asterisk_store must be an absolute path on the controller, or begin with ~/, not"),
        ("asterisk_source_folder", "sources", "asterisk_source_folder must be an absolute path on the controller, or"),
        ("asterisk_sources_file", "./own.yml", "asterisk_sources_file must be an absolute path on the controller, or"),
        ("asterisk_version", "22.x", "asterisk_version must be a version or how it begins, such as 22 or 22.10.1, not"),
        ("asterisk_version", "", "asterisk_version must be a version or how it begins"),
        ("pbx_external_address", "0.0.0.0", "pbx_external_address must be the address of the PBX as Twilio sees it"),
        ("pbx_external_address", "127.0.0.1", "pbx_external_address must be the address of the PBX as Twilio sees it"),
        ("pbx_twilio_media_networks", ["168.86.128.1/18"], "pbx_twilio_media_networks[0] must be an IPv4 network"),
        ("pbx_twilio_media_networks", [], "pbx_twilio_media_networks is empty: the firewall would drop"),
        ("firewall_phone_networks", ["10.0.0.7"], "firewall_phone_networks[0] must be an IPv4 network"),
        ("firewall_phone_networks", ["office.example.com"], "firewall_phone_networks[0] must be an IPv4 network"),
        ("firewall_phone_networks", ["10.0.0.0/8", "::/0"], "firewall_phone_networks[1] must be an IPv4 network"),
        ("firewall_phone_networks", ["0.0.0.0/0"], "firewall_phone_networks[0] must not be wider than a /8"),
        ("firewall_sip_ports", [], "firewall_sip_ports is empty"),
        ("firewall_sip_ports", [5060, 65536], "firewall_sip_ports[1] must be a port from 1 to 65535, not 65536"),
        ("firewall_sip_ports", [5061], "firewall_sip_ports does not have pbx_sip_port, 5060: the firewall would not"),
        ("firewall_sip_rate", 0, "firewall_sip_rate must be 1 or more, not 0"),
        ("firewall_sip_burst", 0, "firewall_sip_burst must be 1 or more"),
        ("firewall_sip_burst", 4294967296, "firewall_sip_burst must be 4294967295 or less, since nft keeps 32 bits"),
        ("firewall_ban_failures", 0, "firewall_ban_failures must be 1 or more"),
        ("firewall_ban_find_seconds", 0, "firewall_ban_find_seconds must be 1 or more"),
        ("firewall_ban_seconds", -1, "firewall_ban_seconds must be 1 or more, not -1"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(name, value, sentence):
    found = list(problems({**RIGHT, name: value}))
    assert len(found) >= 1 and found[0].startswith(sentence), found


@pytest.mark.parametrize(("ports", "missing"), [
    ([5060, 5061, 5062], []), ([5060], ["pbx_tls_port, 5061", "pbx_tls_back_port, 5062"]),
    ([5061, 5062], ["pbx_sip_port, 5060"]),
])
def test_the_firewall_guards_the_ports_of_tls_too(ports, missing):
    secure = [{**RIGHT["trunkline_trunks"][0], "secure": True}]
    files = dict.fromkeys(("pbx_tls_certificate", "pbx_tls_private_key", "pbx_tls_ca"), "/etc/ssl/pbx.pem")
    found = list(problems({**RIGHT, **files, "trunkline_trunks": secure, "firewall_sip_ports": ports}))
    assert [one.partition(":")[0] for one in found] == [f"firewall_sip_ports does not have {one}" for one in missing]


@pytest.mark.parametrize(("ports", "sentence"), [
    ({"firewall_sip_ports": [5060, 22]}, "firewall_sip_ports[1] is 22, the port of SSH"),
    ({"firewall_sip_ports": None, "pbx_sip_port": 22}, "pbx_sip_port is 22, the port of SSH"),
    ({"firewall_sip_ports": [22], "pbx_sip_port": 22}, "pbx_sip_port is 22, the port of SSH"),
    ({"firewall_sip_ports": [5060, 10001]}, "firewall_sip_ports[1] is 10001, which is one of the ports for audio"),
])
def test_the_firewall_guards_no_port_of_ssh_and_of_audio(ports, sentence):
    found = list(problems({**RIGHT, **ports}))
    assert len(found) == 1 and found[0].startswith(sentence), found
    guarded = {name: value for name, value in ports.items() if name != "firewall_sip_ports"}
    assert not list(problems({**RIGHT, **guarded, "firewall_sip_ports": None, "firewall_enabled": False}))


def test_a_port_of_tls_is_none_of_audio_where_there_is_a_firewall():
    secure = {**RIGHT, "trunkline_trunks": [{**RIGHT["trunkline_trunks"][0], "secure": True}], "pbx_tls_port": 10001}
    secure.update(dict.fromkeys(("pbx_tls_certificate", "pbx_tls_private_key", "pbx_tls_ca"), "/etc/ssl/pbx.pem"))
    assert not list(problems({**secure, "firewall_sip_ports": None, "firewall_enabled": None}))
    found = list(problems({**secure, "firewall_sip_ports": None}))
    assert len(found) == 1 and found[0].startswith("pbx_tls_port is 10001, which is one of the ports for audio")


@pytest.mark.parametrize(("name", "method", "sentence"), [
    ("localhost", "auto", None),
    ("builder1", "build", None),
    ("buidler1", "build", "asterisk_builder is 'buidler1', and the inventory has no such host: did you mean builder1?"),
    ("", "auto", "asterisk_builder is '', and the inventory has no such host. Name one, or leave it out, and the"
     " controller builds."),
    ("buidler1", "package", None),
    ("buidler1", "file", None),
])
def test_the_host_that_builds_is_one_of_the_inventory(name, method, sentence):
    declared = {**RIGHT, "asterisk_builder": name, "asterisk_install_method": method}
    assert list(no_builder(declared, ["pbx1", "builder1", "localhost"])) == ([sentence] if sentence else [])


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"asterisk_package_file": "/srv/a.deb"}, "asterisk_package_file has no effect: asterisk_install_method is auto"),
    ({"asterisk_package_file": "~/a.deb", "asterisk_install_method": "file"}, None),
    ({"firewall_fail2ban": True, "firewall_enabled": None}, "firewall_fail2ban has no effect"),
    ({"firewall_fail2ban": True, "firewall_enabled": False}, "firewall_fail2ban has no effect"),
    ({"firewall_fail2ban": True}, None),
    ({"pbx_sip_port": 443, "firewall_sip_ports": None}, "pbx_sip_port is 443, and below 1024 Asterisk can listen only"),
    ({"pbx_sip_port": 443, "firewall_sip_ports": None, "asterisk_service_settings": {
        "AmbientCapabilities": "CAP_NET_BIND_SERVICE", "CapabilityBoundingSet": "CAP_NET_BIND_SERVICE"}}, None),
])
def test_an_option_without_effect_is_warned_of(changed, sentence):
    assert not list(problems({**RIGHT, **changed}))
    found = list(warnings({**RIGHT, **changed}))
    assert len(found) == bool(sentence) and "".join(found).startswith(sentence or ""), found
