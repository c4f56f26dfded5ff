# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Twilio may do one way or another, and its limits: one switch each, with the default and its reason.

Sources that disagree, or that nobody confirmed on a live account, become a switch here and nowhere else.
"""

import dataclasses
import json
from pathlib import Path
from typing import Any, Self


@dataclasses.dataclass(frozen=True)
class Settings:
    """The switches of the REST API. Each is a name, its type, its default and, in the comment above it, its reason."""

    # Limits of Twilio's guides: sip-trunking/scale-and-limits, voice/sip/api (IP ACL and credential list pages).
    trunks_per_account: int = 100               # a trial account has 1
    origination_urls_per_trunk: int = 10
    access_lists_per_account: int = 1000
    addresses_per_access_list: int = 100        # the error dictionary of 2023 says 25
    credential_lists_per_account: int = 100
    credentials_per_list: int = 1000

    # The domain of a deleted trunk stays reserved, for its own account as well; support names up to 30 days, and
    # cannot shorten them (article 51034176439707). 0: it is free at once.
    domain_reserved_days: int = 30
    # Whether a domain that a trunk gave up for another one is reserved as well is not known; this is the worse case.
    renamed_domain_reserved: bool = True
    # A number goes from trunk to trunk in one step, as documented. One report says that it must leave the one first.
    number_movable: bool = True
    # The guide says a trunk's friendly name has at most 64 characters; 65 were seen accepted. 0: no limit.
    trunk_friendly_name_limit: int = 0
    # The guide says a weight starts at 1; 0 was seen accepted.
    origination_weight_minimum: int = 0
    # The guide says sips: is not supported; the API was seen to accept it.
    sips_accepted: bool = True
    # A prefix of 0 was seen stored as 32. Set to 0 to store what was sent.
    cidr_zero_stored_as: int = 32
    # 21235 says that an address of the same friendly name "may already exist" in the list.
    address_friendly_name_unique: bool = True
    # 21236 and 21241 name SIP domains only; whether a trunk that uses the list blocks its deletion is not known.
    list_in_use_deletable: bool = False
    # Deleting a trunk detaches its numbers; whether lists and URLs on it block the deletion is not known.
    trunk_in_use_deletable: bool = True
    # Twilio's guide to emergency calling: detach, wait for "unregistered", attach, wait for "registered". Whether
    # the API refuses a shorter way, with 21634, is not known.
    emergency_address_replaceable: bool = False

    # The lags are seconds. Each is 0 by default, so that a test without delays sees none.

    # How long a number's emergency address stays pending, on its way in and out.
    emergency_registration_seconds: float = 0.0
    # A bulk update of dialing permissions is "accepted", so it may take effect later. By default only
    # the low-risk numbers of US (that is, United States/Canada) may be dialed.
    dialing_update_lag: float = 0.0
    # Lists of what is on a trunk, and its auth_type, were seen to lag behind.
    association_lag: float = 0.0

    # The region that this is. ie1 and au1 lack verified caller IDs and the numbers of a trunk
    # (global-infrastructure/regional-product-and-feature-availability).
    region: str = dataclasses.field(default="us1", metadata={"choices": ("us1", "ie1", "au1")})

    @classmethod
    def load(cls, path: str) -> Self:
        """Read a file with a JSON object of the names above. Raises ValueError where it is wrong."""
        try:
            return cls().changed(json.loads(Path(path).read_text(encoding="utf-8")))
        except ValueError as problem:
            raise ValueError(f"{path}: {problem}") from None

    def changed(self, given: Any) -> Self:
        """Return a copy with these values, by name. Raises ValueError on an unknown name or a wrong value."""
        if not isinstance(given, dict):
            raise ValueError("the settings must be a JSON object")
        fields = {field.name: field for field in dataclasses.fields(self)}
        for name, value in given.items():
            if name not in fields:
                raise ValueError(f"unknown setting {name!r}; known are {', '.join(sorted(fields))}")
            kind, choices = type(getattr(self, name)), fields[name].metadata.get("choices")
            if type(value) is not kind and not (kind is float and type(value) is int):
                raise ValueError(f"{name} must be {kind.__name__}, not {value!r}")
            if choices and value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
            if kind in (int, float) and not 0 <= value < float("inf"):
                raise ValueError(f"{name} must be 0 or more, not {value!r}")
        return dataclasses.replace(self, **given)

    def as_dict(self) -> dict[str, Any]:
        """Return every setting and its value."""
        return dataclasses.asdict(self)
