# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflows of rows, what differs from an instance, and the commands that mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.trunkline.voice.plugins.module_utils._core.errors import TrunklineError
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.n8n import FLOWS, read
from ansible_collections.trunkline.voice.plugins.module_utils._inventory.options import of_n8n
from ansible_collections.trunkline.voice.plugins.module_utils._n8n import changes
from ansible_collections.trunkline.voice.plugins.module_utils._n8n.instance import Done, Instance
from ansible_collections.trunkline.voice.plugins.module_utils._n8n.workflows import TOKEN_HEADER, delivery

ROOT = Path(__file__).parents[3]
TOKEN, ID = "a-token-that-is-secret", "trunkline-reception"
ROW = {
    "name": "reception", "token": TOKEN, "path": "calls", "otherwise": {"ring_group": "sales"},
    "callers": [{"number": "+919876543210", "to": {"phone": "1001"}, "caller_name": "Zoë }} {{ 1 }}"}],
}
FOREIGN = {"id": "abc", "name": "Somebody's", "nodes": [], "connections": {}, "settings": {}, "active": True}


def delivered(rows) -> dict:
    values, problems = read({FLOWS: rows}, ["n8n_flow"])
    assert not problems, problems
    return delivery(values[FLOWS])


def made(**change) -> dict:
    return delivered([{**ROW, **change}])


def seen(workflow, **change) -> dict:
    """A workflow as n8n exports it."""
    return {**workflow, "active": True, "activeVersionId": workflow["versionId"], "updatedAt": "2026", **change}


def credential(token=TOKEN) -> dict:
    return {"id": ID, "name": "Trunkline reception", "type": "httpHeaderAuth",
            "data": {"name": TOKEN_HEADER, "value": token}}


def planned(rows, workflows=(), credentials=(), noted=None, keep=()):
    observed = changes.Observed({one["id"]: one for one in workflows}, {one["id"]: one for one in credentials})
    return changes.plan(rows["workflows"], rows["credentials"], observed, noted or {}, keep)


def said(plan) -> list[tuple[str, str]]:
    return [(change.action, change.what) for change in plan.changes]


def test_a_workflow_has_no_secret_and_stable_ids():
    first, again = made()["workflows"], made()["workflows"]
    assert first == again and TOKEN not in json.dumps(first)
    assert first[0]["id"] == ID and first[0]["active"] is False


def test_braces_of_a_caller_stand_in_no_expression():
    """Only what begins with an equals sign is an expression, and it must not hold two closing braces before its end."""
    nodes = {node["name"]: node["parameters"] for node in made()["workflows"][0]["nodes"]}
    assert not nodes["Rules"]["jsonOutput"].startswith("=") and json.loads(nodes["Rules"]["jsonOutput"])["callers"]
    expression = nodes["Answer"]["responseBody"]
    assert expression.startswith("={{") and expression.count("}}") == 1 and expression.endswith("}}")


def test_a_row_with_events_keeps_calls_in_a_table():
    """Its expressions, too, close at their ends alone, and a row has the columns that the table has."""
    row = {"name": "calls", "token": TOKEN, "events": {"table": "calls", "keep_days": "30"}}
    (workflow,) = delivered([row])["workflows"]
    nodes = {node["name"]: node["parameters"] for node in workflow["nodes"]}
    assert len(expressions(workflow)) > 4
    assert all(f"{column['name']}:" in nodes["Row"]["jsonOutput"] for column in nodes["Table"]["columns"]["column"])
    assert "{days: 30}" in json.dumps(nodes["Forget old ones"]) and TOKEN not in json.dumps(workflow)
    assert links(workflow) == {(name, 0, following) for name, following in zip(list(nodes), list(nodes)[1:])}


def links(workflow) -> set[tuple[str, int, str]]:
    return {(name, output, one["node"]) for name, kinds in workflow["connections"].items()
            for output, targets in enumerate(kinds["main"]) for one in targets}


def expressions(workflow) -> list[str]:
    """Return the expressions of a workflow, of which each has to close at its end alone."""
    def texts(value):
        if isinstance(value, (dict, list)):
            for one in value.values() if isinstance(value, dict) else value:
                yield from texts(one)
        elif isinstance(value, str) and value.startswith("="):
            yield value

    found = list(texts(workflow["nodes"]))
    assert all(one.startswith("={{") and one.count("}}") == 1 and one.endswith("}}") for one in found)
    return found


CRM = {"url": "https://crm.example.com/contacts?key=5ecret&phone={number}", "header_value": "Bearer 5ecret",
       "seconds": "3", "caller_name": "0.name", "routes": [
           {"field": "0.vip", "value": True, "to": {"phone": "1001"}}, {"field": "0.owner", "to": {"phone": "1002"}}]}


def test_a_crm_is_asked_about_callers_whom_the_table_does_not_have():
    """The call goes on where the CRM fails. Its key is a credential, and no expression has what the inventory says."""
    found = made(crm=CRM)
    (workflow,) = found["workflows"]
    assert links(workflow) == {
        ("Call", 0, "Rules"), ("Rules", 0, "Ask the CRM?"), ("Ask the CRM?", 0, "CRM"), ("Ask the CRM?", 1, "Answer"),
        ("CRM", 0, "Answer")}
    nodes = {node["name"]: node for node in workflow["nodes"]}
    crm, (token, shown) = nodes["CRM"], found["credentials"]
    assert crm["onError"] == "continueRegularOutput" and crm["parameters"]["options"]["timeout"] == 3000
    assert crm["credentials"]["httpHeaderAuth"]["id"] == shown["id"] != token["id"] and len(shown["id"]) == 36
    assert (shown["header"], shown["token"]) == ("Authorization", "Bearer 5ecret")
    assert "Bearer" not in json.dumps(workflow) and found["secrets"] == [CRM["url"]]
    routes = json.loads(nodes["Rules"]["parameters"]["jsonOutput"])["crm"]["routes"]
    assert [one.get("value") for one in routes] == ["true", None]
    assert not any("crm.example.com" in one for one in expressions(workflow))


def test_a_crm_that_wants_no_key_gets_none():
    found = made(crm={**CRM, "header_value": None})
    assert len(found["credentials"]) == 1 and "credentials" not in found["workflows"][0]["nodes"][3]


def test_a_receiver_keeps_calls_and_tells_a_chat():
    chat = {"url": "https://chat.example.com/5ecret", "text": "Tel. {caller}"}
    row = {"name": "calls", "token": TOKEN, "missed": chat}
    for events in ({}, None):
        found = delivered([{**row, "events": events}])
        (workflow,) = found["workflows"]
        assert found["secrets"] == [chat["url"]]
        assert not any("5ecret" in one for one in expressions(workflow))
        assert links(workflow) >= {
            ("Event", 0, "The call was missed"), ("The call was missed", 0, "Message"), ("Message", 0, "Send it")}
        assert (("Event", 0, "The call has ended") in links(workflow)) == (events is not None)
        assert len({node["id"] for node in workflow["nodes"]}) == len(workflow["nodes"])


def test_a_workflow_of_ones_own_gets_path_and_token():
    own = {"name": "Mine", "nodes": [
        {"name": "In", "type": "n8n-nodes-base.webhook", "parameters": {"path": "x", "httpMethod": "POST"}}]}
    (workflow,) = delivered([{"name": "crm", "token": TOKEN, "workflow": own}])["workflows"]
    (node,) = workflow["nodes"]
    assert node["parameters"] == {"path": "crm", "httpMethod": "POST", "authentication": "headerAuth"}
    assert node["credentials"]["httpHeaderAuth"]["id"] == "trunkline-crm" and workflow["name"] == "Mine"


def test_a_new_instance_gets_everything():
    due = planned(made(), [FOREIGN])
    assert said(due) == [("add", f"credential {ID}"), ("add", f"workflow {ID}")]
    assert due.publish == [ID] and due.unpublish == [] and TOKEN not in "".join(one.after for one in due.changes)


def test_a_second_run_changes_nothing():
    due = planned(made(), [seen(made()["workflows"][0]), FOREIGN], [credential()])
    assert due == changes.Plan()


def test_a_changed_row_is_imported_and_is_no_drift():
    (old,), new = made()["workflows"], made(otherwise={"hangup": "busy"})
    due = planned(new, [seen(old)], [credential()], {ID: changes.digest(old)})
    assert said(due) == [("change", f"workflow {ID}")] and due.drift == [] and due.publish == [ID]
    assert "sales" in due.changes[0].before and "busy" in due.changes[0].after


@pytest.mark.parametrize("keep", [(), (ID,)])
def test_an_edit_by_hand_is_drift_and_is_mended_or_kept(keep):
    (declared,) = made()["workflows"]
    edited = seen(declared, name="Edited")
    due = planned(made(), [edited], [credential()], {ID: changes.digest(declared)}, keep)
    assert due.drift == [ID] and due.kept == list(keep)
    assert said(due) == ([] if keep else [("change", f"workflow {ID}")])


@pytest.mark.parametrize("change", [{"active": False, "activeVersionId": None}, {"activeVersionId": "another"}])
def test_what_is_not_published_is_published(change):
    due = planned(made(), [seen(made()["workflows"][0], **change)], [credential()])
    assert due.publish == [ID] and due.workflows == [] and said(due) == [("change", f"publication of workflow {ID}")]


def test_another_token_is_imported_and_not_shown():
    due = planned(made(), [seen(made()["workflows"][0])], [credential("another-old-token")])
    assert said(due) == [("change", f"credential {ID}")] and due.credentials[0]["data"]["value"] == TOKEN
    assert not any(TOKEN in text or "old" in text for one in due.changes for text in (one.before, one.after))


def test_another_header_is_imported():
    rows = made(crm=CRM)
    shown = {**rows["credentials"][1], "data": {"name": "X-Key", "value": "Bearer 5ecret"}}
    due = planned(rows, [seen(rows["workflows"][0])], [credential(), shown])
    assert [one["data"] for one in due.credentials] == [{"name": "Authorization", "value": "Bearer 5ecret"}]


def test_a_row_that_is_gone_is_unpublished_and_a_foreign_workflow_is_not():
    due = planned({"workflows": [], "credentials": []}, [seen(made()["workflows"][0]), FOREIGN], [credential()])
    assert due.unpublish == [ID] and said(due) == [("remove", f"publication of workflow {ID}")]


class Cli:
    """A stand-in for n8n's command line."""

    def __init__(self, answers=None):
        self.calls, self.files, self.answers = [], {}, answers or {}

    def __call__(self, argv):
        action = argv[1]
        self.calls.append(argv[1:2] + [word for word in argv[2:] if "put=" not in word])
        path = next((word.partition("=")[2] for word in argv if "put=" in word), "")
        if action.startswith("export") and action in self.answers:
            Path(path).write_text(json.dumps(self.answers[action]))
            return Done(0, "")
        if action.startswith("import"):
            self.files[action] = (json.loads(Path(path).read_text()), Path(path).stat().st_mode & 0o777)
        return Done(1, "No workflows found with specified filters") if action.startswith("export") else Done(0, "")


def test_the_commands_of_a_plan_and_their_order(tmp_path):
    cli = Cli()
    instance = Instance(["n8n"], cli, str(tmp_path))
    assert instance.observe() == changes.Observed({}, {})
    instance.apply(planned(made()))
    assert cli.calls == [
        ["export:workflow", "--all"], ["export:credentials", "--all", "--decrypted"],
        ["import:credentials"], ["import:workflow"], ["publish:workflow", f"--id={ID}"]]
    assert cli.files["import:credentials"] == ([credential()], 0o600)
    assert list(tmp_path.iterdir()) == []


def test_what_an_instance_exports_is_read(tmp_path):
    cli = Cli({"export:workflow": [FOREIGN], "export:credentials": [credential()]})
    observed = Instance(["n8n"], cli, str(tmp_path)).observe()
    assert observed.workflows == {"abc": FOREIGN} and observed.credentials == {ID: credential()}
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_fails_is_named(tmp_path):
    def refuse(argv):
        return Done(1, "start\nMismatching encryption keys\n")

    with pytest.raises(TrunklineError, match="export:workflow ended with 1: start Mismatching encryption keys"):
        Instance(["n8n"], refuse, str(tmp_path)).observe()


def test_the_list_of_packages_is_of_the_default_version():
    lock = json.loads((ROOT / "roles" / "n8n" / "files" / "package-lock.json").read_text())
    version = lock["packages"]["node_modules/n8n"]["version"]
    assert of_n8n()["n8n_version"]["default"] == version
    assert f"__n8n_locked: {version}\n" in (ROOT / "roles" / "n8n" / "vars" / "main.yml").read_text()
    packages = [one for path, one in lock["packages"].items() if path and not one.get("link")]
    assert all(one.get("integrity", "").startswith("sha512-") for one in packages)
