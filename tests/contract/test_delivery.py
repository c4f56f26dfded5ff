# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values delivered by Ansible itself, from every place and in every notation that it has: both sides get the same bytes
as from native values, or the value is refused by name.

One inventory has a host for each notation; everything else is in group_vars/pbx, the same for all.
"""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from ansible_collections.trunkline.voice.plugins.module_utils._inventory.features import FEATURES
from tests.unit.inventory.whole import EVERYTHING, made, whole

from .played import CANARY, INVENTORY, ROOT, empty, play
from .test_bad_input import account_is_empty

HERE = Path(__file__).parent / "delivery"
GONE = object()
COUNTRIES, PREFIXES, PORT, ROAMING = "pbx_countries", "pbx_allowed_prefixes", "pbx_sip_port", "firewall_roaming_phones"
HELP = "pbx_emergency_numbers"
LISTS = (
    COUNTRIES, "pbx_classes", "pbx_phones", "pbx_dids", "pbx_blocked_callers", "pbx_speed_dials", "pbx_paging_groups",
    *(feature.variable for feature in FEATURES))
#: What names a phone, and is no list.
NOTIFY = "pbx_emergency_notify"

#: In a YAML file: what is written, and the native values, or the beginning of what is said.
IN_YAML = {
    "no": (f"{ROAMING}: no", {ROAMING: False}),
    "text-no": (f"{ROAMING}: 'No'", {ROAMING: False}),
    "zero": (f"{ROAMING}: 0", {ROAMING: False}),
    "one-text": (f"{PREFIXES}: '+8816'", {PREFIXES: ["+8816"]}),
    "commas": (f"{COUNTRIES}: US, GB", {COUNTRIES: ["US", "GB"]}),
    "text-port": (f"{PORT}: ' 5080 '", {PORT: 5080}),
    "octal-port": (f"{PORT}: 05060", f"{PORT} must be a whole number, and YAML reads 05060 as 2608"),
    "text-octal-port": (f"{PORT}: '05060'", {PORT: 5060}),
    "underscore": (f"{PORT}: 5_080", {PORT: 5080}),
    "minutes-port": (f"{PORT}: 1:30:00", f"{PORT} must be a whole number, and YAML reads 1:30:00 as 5400"),
    "true-port": (f"{PORT}: yes", f"{PORT} must be a whole number, not True"),
    "plus": (f"{PREFIXES}: [+8816]", f"{PREFIXES}[0] must be text, and YAML reads +8816 as 8816"),
    "one-plus": (f"{PREFIXES}: +8816", f"{PREFIXES}[0] must be text, and YAML reads +8816 as 8816"),
    "norway": (f"{COUNTRIES}: [NO]", f"{COUNTRIES}[0] must be text, and YAML reads yes, no, on and off"),
    "date": ("pbx_default_class: 2026-12-25", "pbx_default_class must be text, and "),
    "minutes": ("pbx_default_class: 22:22:22", "pbx_default_class must be text, and YAML reads 22:22:22 as 80542"),
    "octal": (f"{HELP}: [0112]", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "octal-key": (
        "pbx_menus: [{name: main, prompt: demo-thanks, keys: {012: {phone: '1002'}}}]",
        "pbx_menus[0].keys.10 is a number that YAML may have misread: write it in quotes, \"012\"."),
    "octal-key-below": (
        "pbx_menus:\n  - name: main\n    prompt: demo-thanks\n    keys:\n      012:\n        phone: '1002'",
        "pbx_menus[0].keys.10 is a number that YAML may have misread: write it in quotes, \"012\"."),
    "hexadecimal": (f"{HELP}: [0x70]", f"{HELP}[0] must be text, and YAML reads 0x70 as 112"),
    "number": (f"{HELP}: 911", {HELP: ["911"]}),
    "numbers": (f"{HELP}: [911, 112]", {HELP: ["911", "112"]}),
    "fraction": (f"{HELP}: [11.2]", f"{HELP}[0] must be text, and "),
    "null": (f"{COUNTRIES}:", {COUNTRIES: GONE}),
    "tilde": (f"{COUNTRIES}: ~", {COUNTRIES: GONE}),
    "empty": (f"{COUNTRIES}: ''", f"{COUNTRIES} is empty, where a list is meant"),
    "none-at-all": (
        "\n".join([*(f"{name}: []" for name in LISTS), f"{NOTIFY}:"]), {**dict.fromkeys(LISTS, []), NOTIFY: GONE}),
    "folded": ("pbx_default_class: >\n  international\n", {"pbx_default_class": "international"}),
    "dict-for-list": (f"{COUNTRIES}: {{US: yes}}", f"{COUNTRIES} must be a list, not a dict"),
    "list-for-text": ("pbx_default_class: [sales]", "pbx_default_class must be one text, not a list"),
    "unsafe": ("pbx_tls_ca: !unsafe /etc/ssl/b.pem", {"pbx_tls_ca": "/etc/ssl/b.pem"}),
    "unsafe-list": (f"{COUNTRIES}: [!unsafe US, !unsafe 'GB']", {COUNTRIES: ["US", "GB"]}),
    "unsafe-octal": (f"{HELP}: [!unsafe '0112']", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "tagged-octal": (f"{HELP}: [!!int '0112']", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "anchored-octal": (f"{HELP}: [&help 0112]", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "alias-of-octal": (f"here: &help 0112\n{HELP}: [*help]", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "octal-below": (f"{HELP}:\n  -\n    0112", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "tagged-text": (f"{HELP}: [!!str 0112]", {HELP: ["0112"]}),
    "unsafe-plus": (f"{PREFIXES}: [!unsafe '+8816']", f"{PREFIXES}[0] must be text, and YAML reads +8816 as 8816"),
    "unsafe-braces": ("pbx_tls_ca: !unsafe '{{ 1 }}'", "pbx_tls_ca must be "),
    "jinja-int": (f"{PORT}: '{{{{ 5000 + 80 }}}}'", {PORT: 5080}),
    "jinja-text": (f"{PORT}: \"{{{{ '5080' }}}}\"", {PORT: 5080}),
    "jinja-list": (f"{COUNTRIES}: \"{{{{ ['US', 'GB'] }}}}\"", {COUNTRIES: ["US", "GB"]}),
    "jinja-generator": (f"{COUNTRIES}: \"{{{{ ['us', 'gb'] | map('upper') }}}}\"", {COUNTRIES: ["US", "GB"]}),
    "jinja-keys": (f"{COUNTRIES}: \"{{{{ {{'US': 1}}.keys() }}}}\"", {COUNTRIES: ["US"]}),
    "jinja-bool": (f"{ROAMING}: '{{{{ 1 == 2 }}}}'", {ROAMING: False}),
    "jinja-none": (f"{COUNTRIES}: '{{{{ none }}}}'", {COUNTRIES: GONE}),
    "jinja-omit": (f"{COUNTRIES}: '{{{{ omit }}}}'", f"{COUNTRIES} "),
    "jinja-in-list": (f"country: GB\n{COUNTRIES}: [US, '{{{{ country }}}}']", {COUNTRIES: ["US", "GB"]}),
    "jinja-plus": (f"{PREFIXES}: \"{{{{ '+' ~ 8816 }}}}\"", {PREFIXES: ["+8816"]}),
    "jinja-of-octal": (f"help: 0112\n{HELP}: ['{{{{ help }}}}']", f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "jinja-of-plus": (f"satellite: +8816\n{PREFIXES}: '{{{{ satellite }}}}'", f"{PREFIXES}[0] must be "),
    "jinja-undefined": (f"{COUNTRIES}: '{{{{ nobody_said }}}}'", f"{COUNTRIES} cannot be read: "),
    "jinja-other-host": (f"{PORT}: \"{{{{ hostvars['plain'].port }}}}\"", {PORT: 5080}),
}
#: In an INI inventory, beside the host's name.
IN_INI = {
    "ini-no": (f"{ROAMING}=no", {ROAMING: False}),
    "ini-false": (f"{ROAMING}=False", {ROAMING: False}),
    "ini-port": (f"{PORT}=05060", {PORT: 5060}),
    "ini-number": (f"{HELP}=911", {HELP: ["911"]}),
    "ini-list": (f"{COUNTRIES}=\"['US', 'GB']\"", {COUNTRIES: ["US", "GB"]}),
    "ini-commas": (f"{COUNTRIES}=US,GB", {COUNTRIES: ["US", "GB"]}),
    "ini-none": (f"{COUNTRIES}=None", {COUNTRIES: GONE}),
    "ini-plus": (f"{PREFIXES}=+8816", f"{PREFIXES}[0] must be "),
    "ini-text-plus": (f"{PREFIXES}=\"'+8816'\"", {PREFIXES: ["+8816"]}),
    "ini-lost-plus": ("verify_number=+17756187988", "verify_number must be text, and Ansible reads it as a number"),
    "ini-octal": (f"{HELP}=0o112", f"{HELP}[0] must be text, and Ansible reads it as a number, 74"),
    "ini-hexadecimal": (f"{HELP}=[0x70]", f"{HELP}[0] must be text, and Ansible reads it as a number, 112"),
    "ini-empty": (f"{COUNTRIES}=", f"{COUNTRIES} is empty"),
    "ini-list-of-names": (f"{COUNTRIES}=[US,GB]", f"{COUNTRIES} must be a list, and is a text that looks like one"),
    "ini-norway": (f"{COUNTRIES}=NO", f"{COUNTRIES}[0] is NO, which is not open"),
}
#: Encrypted as one value: what it is, and the native values.
IN_VAULT = {
    "vault-port": (PORT, "5080", {PORT: 5080}),
    "vault-no": (ROAMING, "no", {ROAMING: False}),
    "vault-list": (PREFIXES, "+8816", {PREFIXES: ["+8816"]}),
    "vault-path": ("pbx_tls_ca", "/etc/ssl/b.pem", {"pbx_tls_ca": "/etc/ssl/b.pem"}),
}
#: In a file that is encrypted as a whole.
IN_VAULTED_FILE = {
    "file-right": (f"{PORT}: 5080\n{HELP}: [911]", {PORT: 5080, HELP: ["911"]}),
    "file-octal-port": (f"{PORT}: 05060", f"{PORT} must be a whole number, and YAML reads 05060 as 2608"),
    "file-octal": (f"{HELP}: [0112]", f"{HELP}[0] must be text, and YAML reads 0112 as 74: write it in quotes"),
    "file-plus": ("verify_number: +17756187988", "verify_number must be text, and YAML reads +17756187988 as 1775"),
}
PLAIN = {"plain": ("port: 5080", {})}
TABLES = (PLAIN, IN_YAML, IN_INI, IN_VAULT, IN_VAULTED_FILE)
CASES = {name: case[-1] for table in TABLES for name, case in table.items()}


def base() -> dict:
    """Every option with a value; no password here is one. The number outside is open in all countries of the cases."""
    given = {name: value for name, value in EVERYTHING.items() if name != "firewall_sip_ports"}
    given["pbx_outside_numbers"] = [
        {**row, "number": "+12125550143", "class": "international"} for row in EVERYTHING["pbx_outside_numbers"]]
    given["pbx_speed_dials"] = [row for row in EVERYTHING["pbx_speed_dials"] if "number" not in row]
    return json.loads(json.dumps(given).replace("Canary-12345", CANARY))


def encrypted(folder: Path, *arguments: str, text: str = "") -> str:
    done = subprocess.run(
        ["ansible-vault", *arguments, "--vault-password-file", str(folder / "password")], input=text,
        capture_output=True, text=True, check=True)
    return done.stdout


def written(folder: Path) -> Path:
    """The inventory: a YAML and an INI file, group_vars and host_vars."""
    (folder / "password").write_text("of-the-vault\n")
    hosts, variables = folder / "inventory", folder / "inventory" / "host_vars"
    for name in ("group_vars/all", "group_vars/pbx", "host_vars"):
        (hosts / name).mkdir(parents=True)
    (hosts / "group_vars" / "all" / "main.yml").write_text(f"{PORT}: 5999\n")
    (hosts / "group_vars" / "pbx" / "main.yml").write_text(yaml.safe_dump(base()))
    (hosts / "hosts.yml").write_text(yaml.safe_dump({"pbx": {"hosts": dict.fromkeys(CASES)}}))
    (hosts / "hosts.ini").write_text(
        "[pbx]\n" + "".join(f"{name} {text}\n" for name, (text, dummy) in IN_INI.items()))
    for name, (text, dummy) in {**PLAIN, **IN_YAML, **IN_VAULTED_FILE}.items():
        (variables / f"{name}.yml").write_text(text + "\n")
    for name, (option, text, dummy) in IN_VAULT.items():
        (variables / f"{name}.yml").write_text(
            encrypted(folder, "encrypt_string", "--stdin-name", option, text=text) + "\n")
    encrypted(folder, "encrypt", *(str(variables / f"{name}.yml") for name in IN_VAULTED_FILE))
    return hosts


def deliver(folder: Path, inventory: Path, *arguments: str, **environment: str) -> dict[str, dict]:
    """What each host's variables became."""
    to = folder / "delivered"
    to.mkdir(exist_ok=True)
    code, printed = play(
        "deliver", "", folder, "-e", f"delivered_to={to}", "--vault-password-file", str(folder / "password"),
        *arguments, inventory=inventory, playbooks=HERE, PYTHONPATH=str(ROOT), **environment)
    assert code == 0, printed
    return {file.stem: json.loads(file.read_text()) for file in to.glob("*.json")}


def native(name: str, changes: dict) -> str:
    variables = {**base(), **changes}
    found = whole({option: value for option, value in variables.items() if value is not GONE}, name=name)
    assert not found.problems, found.problems
    return made(found)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivery")
    return deliver(folder, written(folder))


@pytest.mark.parametrize("name", CASES)
def test_what_ansible_delivers_means_the_same_or_is_refused(delivered, name):
    meant, found = CASES[name], delivered[name]
    if isinstance(meant, str):
        problems = found.get("problems", ["it was accepted"])
        assert [problem for problem in problems if problem.startswith(meant)], problems
    else:
        assert "made" in found, found["problems"]
        assert found["made"] == native(name, meant)


#: On the command line, where a value counts for every host.
TYPED = {
    "pairs": (("-e", f"{ROAMING}=no {PORT}=05080", "-e", f"{COUNTRIES}=US", "-e", f"{HELP}=911"),
              {ROAMING: False, PORT: 5080, COUNTRIES: ["US"], HELP: ["911"]}),
    "json": (("-e", json.dumps({ROAMING: False, PORT: "5080", HELP: [911], COUNTRIES: None, PREFIXES: "+8816"})),
             {ROAMING: False, PORT: 5080, HELP: ["911"], COUNTRIES: GONE, PREFIXES: ["+8816"]}),
    "yaml": (("-e", f"{{{ROAMING}: off, {HELP}: [911]}}"), {ROAMING: False, HELP: ["911"]}),
    "file": (("-e", "@typed.json", "-e", "@typed.yml"), {ROAMING: False, PORT: 5080, PREFIXES: ["+8816"]}),
}
REFUSED = {
    "a list as text": (("-e", f"{COUNTRIES}=['US']"), f"{COUNTRIES} must be a list, and is a text that looks like one"),
    "rows as text": (("-e", "pbx_phones=1001"), "pbx_phones must be a list of dicts, not a text: on the command line"),
    "an octal": (("-e", f"{{{HELP}: [0112]}}"), f"{HELP}[0] must be text, and YAML reads 0112 as 74"),
    "a plus": (("-e", "{a: 1}", "-e", f"{{{PREFIXES}: [+8816]}}"), f"{PREFIXES}[0] must be text, and YAML reads +8816"),
    "nothing": (("-e", f"{COUNTRIES}="), f"{COUNTRIES} is empty, where a list is meant"),
}


@pytest.fixture
def one(tmp_path):
    """one(*arguments): what the variables of a single PBX become."""
    (tmp_path / "password").write_text("of-the-vault\n")
    (tmp_path / "typed.json").write_text(json.dumps({ROAMING: "no"}))
    (tmp_path / "typed.yml").write_text(f"{PORT}: 5080\n{PREFIXES}: '+8816'\n")
    file = tmp_path / "inventory.yml"
    file.write_text(yaml.safe_dump({"pbx": {"hosts": {"pbx1": base()}}}))
    return lambda *arguments, **environment: deliver(tmp_path, file, *arguments, **environment)["pbx1"]


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed_means_the_same(one, name):
    arguments, meant = TYPED[name]
    found = one(*arguments, ANSIBLE_JINJA2_NATIVE="1" if name == "json" else "0")
    assert "made" in found, found["problems"]
    assert found["made"] == native("pbx1", meant)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_typed_and_leaves_doubt_is_refused(one, name):
    arguments, sentence = REFUSED[name]
    found = one(*arguments)
    problems = found.get("problems", ["it was accepted"])
    assert [problem for problem in problems if problem.startswith(sentence)], problems


def inventory(group: str = "pbx", **pbx1) -> dict:
    """The inventory of test_bad_input.py, its variables in group pbx alone and localhost not named."""
    given = copy.deepcopy(INVENTORY["all"])
    host = {**given["children"]["pbx"]["hosts"]["pbx1"], **pbx1}
    return {group: {"hosts": {"pbx1": host}, "vars": given["vars"]}}


WRONG = {"trunkline_trunks": [{**INVENTORY["all"]["vars"]["trunkline_trunks"][0], "caller_id": "17756187988"}]}
LOCALHOST = {"all": {"hosts": INVENTORY["all"]["hosts"]}}
FREE = {"ANSIBLE_STRATEGY": "free"}
CALLER_ID = "trunkline_trunks[0].caller_id must be a number in E.164 form"
#: What is wrong, and the arguments, settings and sentence of its run.
NOTHING_REACHED = {
    "no group": (inventory("offices"), (), {}, "The inventory has no group 'pbx', whose hosts are the PBXs."),
    "a group in capitals": (inventory("PBX"), (), {}, "no group 'pbx', whose hosts are the PBXs. Did you mean 'PBX'?"),
    "an empty group": ({"pbx": {"hosts": {}}}, (), {}, "The inventory has no host in group 'pbx'"),
    "a wrong caller ID": (inventory(**WRONG), (), {}, CALLER_ID),
    "a limit to the PBX": (inventory(**WRONG), ("--limit", "pbx1"), {}, CALLER_ID),
    "a limit to localhost": ({**LOCALHOST, **inventory(**WRONG)}, ("--limit", "localhost"), {}, CALLER_ID),
    "strategy free": (inventory(**WRONG), (), FREE, CALLER_ID),
    "strategy free, a limit": (inventory(**WRONG), ("--limit", "pbx1"), FREE, CALLER_ID),
    "another locale": (      # Ansible itself refuses one that is not UTF-8
        inventory(pbx_default_class="büro"), (), {"LC_ALL": "C.UTF-8", "LANGUAGE": "de"},
        "pbx_default_class names 'büro'"),
}


@pytest.mark.parametrize("name", NOTHING_REACHED)
def test_nothing_is_reached(served, tmp_path, name):
    """The PBX does not exist: a run that tried to reach it would say UNREACHABLE."""
    empty(served[0])
    variables, arguments, settings, sentence = NOTHING_REACHED[name]
    code, printed = play("site", served[0], tmp_path, *arguments, inventory=variables, **settings)
    printed = " ".join(printed.split())
    assert code != 0 and sentence in printed, printed
    assert "UNREACHABLE" not in printed and account_is_empty(served[1])


def test_what_is_right_in_the_group_alone_reaches_the_pbx(served, tmp_path):
    """The table above would prove nothing if this failed before the PBX too."""
    empty(served[0])
    code, printed = play("site", served[0], tmp_path, inventory=inventory(), **FREE)
    assert code != 0 and "UNREACHABLE" in printed, printed


def test_an_inventory_that_is_not_utf_8_is_named(served, tmp_path):
    empty(served[0])
    file = tmp_path / "hosts.yml"
    text = yaml.safe_dump(inventory(pbx_default_class="BUERO"))
    file.write_bytes(text.replace("BUERO", "büro").encode("latin-1"))
    code, printed = play("site", served[0], tmp_path, inventory=file)
    assert code != 0 and str(file) in printed, printed
    assert "UNREACHABLE" not in printed and account_is_empty(served[1])
