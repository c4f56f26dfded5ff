# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""api.twilio.com/2010-04-01 SIP lists: who may send calls to a trunk, by address and by password.

Fields, lengths and the password's rules: Twilio's OpenAPI document twilio_api_v2010 and the guide pages
voice/sip/api (IpAccessControlList, IpAddress, CredentialList, Credential).
"""

import hashlib
import ipaddress
import re
from collections.abc import Callable

from .errors import Code, TwilioError
from .resource import CREATE, EVERYTHING, UPDATE, V2010, Change, Field, Resource, integer, ipv4, text
from .settings import Settings

REALM = "sip.twilio.com"
SIP = "/2010-04-01/Accounts/{account_sid}/SIP"


def _password(value: str, _settings: Settings) -> str:
    if len(value) < 12 or not all(re.search(kind, value, re.ASCII) for kind in (r"\d", "[a-z]", "[A-Z]")):
        raise ValueError("must have at least 12 characters, with a digit, a lower and an upper case letter")
    return value


def _prefix(value: str, settings: Settings) -> int:
    return int(integer(0, 32)(value, settings)) or settings.cidr_zero_stored_as


def _prepare_address(change: Change) -> None:
    """Compute the bounds of the network from the address and its prefix."""
    whole = {**change.current, **change.values}
    network = ipaddress.IPv4Network((whole["ip_address"], whole["cidr_prefix_length"]), strict=False)
    change.values["first_address"] = int(network.network_address)
    change.values["last_address"] = int(network.broadcast_address)
    if change.settings.address_friendly_name_unique and change.store.one(
        "SELECT 1 FROM ip_address WHERE list_sid = ? AND friendly_name = ? AND sid <> ?",
        change.parents["ip_access_control_list_sid"], whole["friendly_name"], whole.get("sid", ""),
    ):
        raise TwilioError(
            Code.ACCESS_LIST_INVALID, f"An IP address named {whole['friendly_name']} is already in the list"
        )


def _prepare_credential(change: Change) -> None:
    """Keep the digest's HA1 (RFC 2617 3.2.2.2) instead of the password."""
    if "password" not in change.values:
        return
    username = (change.current or change.values)["username"]
    secret = f"{username}:{REALM}:{change.values.pop('password')}"
    change.values["ha1"] = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()


def _detach(association: str, code: Code) -> Callable[[Change], None]:
    """Return the hook for a list's deletion: trunks that use the list prevent it, or lose it, as the settings say."""

    def release(change: Change) -> None:
        wanted = change.current["sid"]
        if change.settings.list_in_use_deletable:
            change.store.run(f"DELETE FROM {association} WHERE list_sid = ?", wanted)
        elif change.store.one(f"SELECT 1 FROM {association} WHERE list_sid = ?", wanted):
            raise TwilioError(code, f"{wanted} is still associated with a trunk")

    return release


ACCESS_LISTS = Resource(
    style=V2010, path=SIP + "/IpAccessControlLists", key="ip_access_control_lists", prefix="AL",
    table="ip_access_control_list", actions=EVERYTHING, links=("IpAddresses",),
    source="SELECT rowid AS position, * FROM ip_access_control_list",
    columns=("sid", "account_sid", "friendly_name"),
    fields=(Field("FriendlyName", text(maximum=255), required=(CREATE, UPDATE)),),
    invalid=Code.ACCESS_LIST_INVALID, unique=(("friendly_name",),),
    limit=("access_lists_per_account", Code.TOO_MANY_ACCESS_LISTS),
    release=_detach("trunk_ip_access_control_list", Code.ACCESS_LIST_IN_USE),
)

ADDRESSES = Resource(
    style=V2010, path=ACCESS_LISTS.path + "/{ip_access_control_list_sid}/IpAddresses", key="ip_addresses",
    prefix="IP", table="ip_address", actions=EVERYTHING, parent=ACCESS_LISTS, parent_column="list_sid",
    source="""
        SELECT i.rowid AS position, i.*, i.list_sid AS ip_access_control_list_sid, l.account_sid
        FROM ip_address i JOIN ip_access_control_list l ON l.sid = i.list_sid""",
    columns=(
        "sid", "account_sid", "friendly_name", "ip_address", "cidr_prefix_length", "ip_access_control_list_sid",
    ),
    fields=(
        Field("FriendlyName", text(maximum=255), required=(CREATE,)),
        Field("IpAddress", ipv4, required=(CREATE,)),
        Field("CidrPrefixLength", _prefix, default=32),
    ),
    invalid=Code.ACCESS_LIST_INVALID, unique=(("ip_address", "cidr_prefix_length"),),
    limit=("addresses_per_access_list", Code.TOO_MANY_ADDRESSES),
    prepare=_prepare_address,
)

CREDENTIAL_LISTS = Resource(
    style=V2010, path=SIP + "/CredentialLists", key="credential_lists", prefix="CL",
    table="credential_list", actions=EVERYTHING, links=("Credentials",),
    source="SELECT rowid AS position, * FROM credential_list",
    columns=("sid", "account_sid", "friendly_name"),
    fields=(Field("FriendlyName", text(maximum=64), required=(CREATE, UPDATE)),),
    invalid=Code.CREDENTIAL_LIST_INVALID, unique=(("friendly_name",),),
    limit=("credential_lists_per_account", Code.TOO_MANY_CREDENTIAL_LISTS),
    release=_detach("trunk_credential_list", Code.CREDENTIAL_LIST_IN_USE),
)

CREDENTIALS = Resource(
    style=V2010, path=CREDENTIAL_LISTS.path + "/{credential_list_sid}/Credentials", key="credentials",
    prefix="CR", table="credential", actions=EVERYTHING, parent=CREDENTIAL_LISTS, parent_column="list_sid",
    source="""
        SELECT c.rowid AS position, c.*, c.list_sid AS credential_list_sid, l.account_sid
        FROM credential c JOIN credential_list l ON l.sid = c.list_sid""",
    columns=("sid", "account_sid", "credential_list_sid", "username"),
    fields=(
        Field("Username", text(maximum=32), when=(CREATE,), required=(CREATE,)),
        Field("Password", _password, required=(CREATE,)),
    ),
    invalid=Code.CREDENTIAL_INVALID, unique=(("username",),),
    limit=("credentials_per_list", Code.TOO_MANY_CREDENTIALS),
    prepare=_prepare_credential,
)

RESOURCES = (ACCESS_LISTS, ADDRESSES, CREDENTIAL_LISTS, CREDENTIALS)
