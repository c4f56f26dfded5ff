# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""trunking.twilio.com/v1: trunks, their recording setting, origination URLs, lists and numbers.

Fields and answers: Twilio's OpenAPI document twilio_trunking_v1. CPS, codecs and symmetric RTP have no
parameter in it: SymmetricRtpEnabled, as any unknown parameter, is ignored.
"""

import re
from typing import Any

from . import numbers, sip_lists
from .errors import Code, TwilioError
from .resource import (
    CREATE,
    EVERYTHING,
    V1,
    Change,
    Field,
    Link,
    Resource,
    boolean,
    choice,
    integer,
    sid,
    text,
    web_url,
)
from .settings import Settings
from .store import Row, now

DOMAIN = ".pstn.twilio.com"
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII | re.IGNORECASE)
RECORDING_MODES = (
    "do-not-record", "record-from-ringing", "record-from-answer",
    "record-from-ringing-dual", "record-from-answer-dual",
)


def _trunk_name(value: str, settings: Settings) -> Any:
    return text(maximum=settings.trunk_friendly_name_limit, empty=True)(value, settings)


def _domain_name(value: str, _settings: Settings) -> str | None:
    """Take name.pstn.twilio.com, or one level below such a name; an empty value clears it."""
    if not value:
        return None
    labels = value[: -len(DOMAIN)].split(".")
    if not value.lower().endswith(DOMAIN) or len(labels) > 2 or not all(map(LABEL.fullmatch, labels)):
        raise TwilioError(
            Code.TRUNK_INVALID,
            f"Domain name {value} is not valid: it must be letters, digits and hyphens before {DOMAIN}",
        )
    return value


def _weight(value: str, settings: Settings) -> Any:
    return integer(settings.origination_weight_minimum, 65535)(value, settings)


def _sip_url(value: str, settings: Settings) -> str:
    schemes = "sips?" if settings.sips_accepted else "sip"
    if not re.fullmatch(schemes + r":\S+", value, re.IGNORECASE):
        raise ValueError("must be a SIP URI, such as sip:pbx.example.com")
    return value


def _refuse_orphans(change: Change, domain: str | None) -> None:
    """Refuse to give up a domain while other trunks have sub-domains of it."""
    if domain and change.store.one(
        "SELECT 1 FROM trunk WHERE domain_name LIKE ? AND sid <> ?", "%." + domain, change.current["sid"]
    ):
        raise TwilioError(Code.TRUNK_IN_USE, f"Domain {domain} has sub-domains on other trunks")


def _reserve(change: Change, domain: str | None) -> None:
    """Reserve a domain that was given up, so that no trunk gets it for domain_reserved_days."""
    days = change.settings.domain_reserved_days
    if domain and days:
        change.store.run(
            "INSERT OR REPLACE INTO reserved_domain VALUES (?, ?)", domain, change.store.clock() + days * 86400
        )


def _prepare_trunk(change: Change) -> None:
    if "domain_name" not in change.values:
        return
    name = change.values["domain_name"]
    before = change.current.get("domain_name")
    if (name or "").lower() == (before or "").lower():
        return
    if before:
        _refuse_orphans(change, before)
        if change.settings.renamed_domain_reserved:
            _reserve(change, before)
    if not name:
        return
    if change.store.one(
        """SELECT 1 FROM trunk WHERE domain_name = ?
           UNION SELECT 1 FROM reserved_domain WHERE domain_name = ? AND until > moment()""", name, name,
    ):
        raise TwilioError(Code.DOMAIN_TAKEN, f"Domain name {name} is already taken")
    parent = name.split(".", 1)[1]
    if parent.lower() != DOMAIN[1:] and not change.store.one(
        "SELECT 1 FROM trunk WHERE domain_name = ? AND account_sid = ?", parent, change.account_sid
    ):
        raise TwilioError(Code.TRUNK_IN_USE, f"{name} needs a trunk with the domain {parent} first")


def _release_trunk(change: Change) -> None:
    trunk = change.current["sid"]
    _refuse_orphans(change, change.current["domain_name"])
    _reserve(change, change.current["domain_name"])
    if change.settings.trunk_in_use_deletable:
        return
    for table in ("origination_url", "trunk_ip_access_control_list", "trunk_credential_list"):
        if change.store.one(f"SELECT 1 FROM {table} WHERE trunk_sid = ?", trunk):
            raise TwilioError(Code.TRUNK_IN_USE, f"Trunk {trunk} still has entries in {table}")


def _trunk_answer(row: Row, _link: Link) -> Row:
    kinds = [name for name, there in (("IP_ACL", row["has_acl"]), ("CREDENTIAL_LIST", row["has_list"])) if there]
    return {
        "recording": {"mode": row["recording_mode"], "trim": row["recording_trim"]},
        "auth_type": ",".join(kinds),
        "auth_type_set": kinds,
    }


def _shown(table: str, prefix: str) -> str:
    """Return SQL for the associations in this table as lists answer them, which may lag behind."""
    return f"""
        SELECT rowid AS position, trunk_sid, list_sid, date_created FROM {table} m
        WHERE NOT EXISTS (SELECT 1 FROM association_lag g WHERE g.trunk_sid = m.trunk_sid
                          AND g.list_sid = m.list_sid AND NOT g.attached AND g.until > moment())
        UNION ALL SELECT position, trunk_sid, list_sid, date_created FROM association_lag
        WHERE attached AND until > moment() AND list_sid LIKE '{prefix}%'"""


TRUNKS = Resource(
    style=V1, path="/v1/Trunks", key="trunks", prefix="TK", table="trunk", actions=EVERYTHING,
    source=f"""
        SELECT rowid AS position, *,
               EXISTS (SELECT 1 FROM ({_shown('trunk_ip_access_control_list', 'AL')}) a
                       WHERE a.trunk_sid = trunk.sid) AS has_acl,
               EXISTS (SELECT 1 FROM ({_shown('trunk_credential_list', 'CL')}) c
                       WHERE c.trunk_sid = trunk.sid) AS has_list
        FROM trunk""",
    columns=(
        "sid", "account_sid", "domain_name", "disaster_recovery_method", "disaster_recovery_url",
        "friendly_name", "transfer_mode", "transfer_caller_id",
    ),
    booleans=("secure", "cnam_lookup_enabled", "symmetric_rtp_enabled"),
    computed=_trunk_answer,
    links=("OriginationUrls", "CredentialLists", "IpAccessControlLists", "PhoneNumbers"),
    fields=(
        Field("FriendlyName", _trunk_name),
        Field("DomainName", _domain_name),
        Field("DisasterRecoveryUrl", web_url),
        Field("DisasterRecoveryMethod", choice("GET", "POST", empty=True)),
        Field("TransferMode", choice("disable-all", "enable-all", "sip-only")),
        Field("TransferCallerId", choice("from-transferee", "from-transferor")),
        Field("Secure", boolean),
        Field("CnamLookupEnabled", boolean),
    ),
    limit=("trunks_per_account", Code.TOO_MANY_TRUNKS),
    prepare=_prepare_trunk, release=_release_trunk,
)

RECORDING = Resource(
    style=V1, path="/v1/Trunks/{trunk_sid}/Recording", key="", prefix="TK", table="trunk",
    singleton=True, actions=frozenset({"fetch", "update"}), parent=TRUNKS,
    source="SELECT rowid AS position, sid AS trunk_sid, * FROM trunk",
    columns=(), dates=(),
    computed=lambda row, link: {"mode": row["recording_mode"], "trim": row["recording_trim"]},
    fields=(
        Field("Mode", choice(*RECORDING_MODES), column="recording_mode"),
        Field("Trim", choice("do-not-trim", "trim-silence"), column="recording_trim"),
    ),
)

ORIGINATION_URLS = Resource(
    style=V1, path="/v1/Trunks/{trunk_sid}/OriginationUrls", key="origination_urls", prefix="OU",
    table="origination_url", actions=EVERYTHING, parent=TRUNKS, parent_column="trunk_sid",
    source="""
        SELECT o.rowid AS position, o.*, t.account_sid
        FROM origination_url o JOIN trunk t ON t.sid = o.trunk_sid""",
    columns=("sid", "account_sid", "trunk_sid", "weight", "priority", "sip_url", "friendly_name"),
    booleans=("enabled",),
    fields=(
        Field("Weight", _weight, required=(CREATE,)),
        Field("Priority", integer(0, 65535), required=(CREATE,)),
        Field("Enabled", boolean, required=(CREATE,)),
        Field("FriendlyName", text(maximum=64), required=(CREATE,)),
        Field("SipUrl", _sip_url, required=(CREATE,)),
    ),
    limit=("origination_urls_per_trunk", Code.TOO_MANY_ORIGINATION_URLS),
)


def _lag(change: Change, row: Row, attached: int) -> None:
    """Let lists go on answering, for association_lag, that this association is there (1) or not (0)."""
    store, lag = change.store, change.settings.association_lag
    store.run("DELETE FROM association_lag WHERE until <= moment()")
    # A change that is undone within the lag leads back to what lists show already.
    undone = store.run(
        "DELETE FROM association_lag WHERE trunk_sid = ? AND list_sid = ?", row["trunk_sid"], row["list_sid"]
    )
    if lag and not undone:
        store.insert("association_lag", {**row, "attached": attached, "until": store.clock() + lag})


def _association(lists: Resource, param: str, table: str) -> Resource:
    """Declare a list of the account on a trunk. Its SID is the list's own; there is nothing to update."""
    name = lists.path.rsplit("/", 1)[1]

    def prepare(change: Change) -> None:
        wanted = change.values["list_sid"]
        found = change.store.one(
            f"SELECT 1 FROM {lists.table} WHERE sid = ? AND account_sid = ?", wanted, change.account_sid
        )
        if not found:
            raise TwilioError(Code.NOT_FOUND, f"The requested resource /{name}/{wanted} was not found")
        if change.store.one(
            f"SELECT 1 FROM {table} WHERE trunk_sid = ? AND list_sid = ?", change.parents["trunk_sid"], wanted
        ):
            raise TwilioError(Code.TRUNK_INVALID, f"{wanted} is already associated with the trunk")

    def insert(change: Change) -> str:
        row = {"trunk_sid": change.parents["trunk_sid"], "list_sid": change.values["list_sid"], "date_created": now()}
        change.store.insert(table, row)
        _lag(change, {**row, "position": 0}, attached=0)
        return str(row["list_sid"])

    def erase(change: Change) -> None:
        gone = {"trunk_sid": change.parents["trunk_sid"], "list_sid": change.current["sid"]}
        change.store.run(f"DELETE FROM {table} WHERE trunk_sid = ? AND list_sid = ?", *gone.values())
        _lag(change, {**gone, **{name: change.current[name] for name in ("position", "date_created")}}, attached=1)

    def source(associations: str) -> str:
        return f"""
            SELECT a.position, a.list_sid AS sid, l.account_sid, a.trunk_sid, l.friendly_name,
                   a.date_created, a.date_created AS date_updated
            FROM ({associations}) a JOIN {lists.table} l ON l.sid = a.list_sid"""

    return Resource(
        style=V1, path="/v1/Trunks/{trunk_sid}/" + name, key=lists.key, prefix=lists.prefix, table=table,
        actions=EVERYTHING - {"update"}, parent=TRUNKS, parent_column="trunk_sid",
        source=source(f"SELECT rowid AS position, * FROM {table}"), list_source=source(_shown(table, lists.prefix)),
        columns=("sid", "account_sid", "trunk_sid", "friendly_name"),
        fields=(Field(param, sid(lists.prefix), required=(CREATE,), column="list_sid"),),
        prepare=prepare, insert=insert, erase=erase,
    )


TRUNK_ACCESS_LISTS = _association(
    sip_lists.ACCESS_LISTS, "IpAccessControlListSid", "trunk_ip_access_control_list"
)
TRUNK_CREDENTIAL_LISTS = _association(sip_lists.CREDENTIAL_LISTS, "CredentialListSid", "trunk_credential_list")


def _attach_number(change: Change) -> str:
    """Attach a number to a trunk, which moves it from another one and clears its application, as its update does."""
    wanted: str = change.values["sid"]
    there = change.store.one("SELECT trunk_sid FROM incoming_phone_number WHERE sid = ?", wanted) or {}
    numbers.refuse_move(change, there.get("trunk_sid"), change.parents["trunk_sid"])
    written = change.store.run(
        """UPDATE incoming_phone_number SET trunk_sid = ?, voice_application_sid = NULL, date_updated = ?
           WHERE sid = ? AND account_sid = ?""",
        change.parents["trunk_sid"], now(), wanted, change.account_sid,
    )
    if not written:
        raise TwilioError(Code.NOT_FOUND, f"The requested resource /PhoneNumbers/{wanted} was not found")
    return wanted


def _number_answer(row: Row, link: Link) -> Row:
    path = numbers.NUMBERS.path.format(account_sid=row["account_sid"])
    return {**numbers.trunk_number_answer(row), "links": {"phone_number": link(f"{path}/{row['sid']}")}}


TRUNK_NUMBERS = Resource(
    style=V1, path="/v1/Trunks/{trunk_sid}/PhoneNumbers", key="phone_numbers", prefix="PN",
    table="incoming_phone_number", actions=EVERYTHING - {"update"}, parent=TRUNKS, parent_column="trunk_sid",
    source="SELECT rowid AS position, * FROM incoming_phone_number WHERE trunk_sid IS NOT NULL",
    columns=("sid", "account_sid", "trunk_sid", "phone_number", "friendly_name"),
    computed=_number_answer,
    fields=(Field("PhoneNumberSid", sid("PN"), required=(CREATE,), column="sid"),),
    insert=_attach_number, missing_in=("ie1", "au1"),
    erase=lambda change: change.store.update(
        "incoming_phone_number", change.current["sid"], {"trunk_sid": None, "date_updated": now()}
    ),
)

RESOURCES = (
    TRUNKS, RECORDING, ORIGINATION_URLS, TRUNK_ACCESS_LISTS, TRUNK_CREDENTIAL_LISTS, TRUNK_NUMBERS,
)
