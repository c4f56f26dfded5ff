# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Twilio may do one way or another, and its limits: one switch each, with the default and its reason.

Sources that disagree, or that nobody confirmed on a live account, become a switch here and nowhere else.
"""

import dataclasses
import json
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Settings:
    # Limits. Twilio's guides: sip-trunking/scale-and-limits, voice/sip/api (IP ACL and credential list pages).
    trunks_per_account: int = 100               # a trial account has 1
    origination_urls_per_trunk: int = 10
    access_lists_per_account: int = 1000
    addresses_per_access_list: int = 100        # the error dictionary of 2023 says 25
    credential_lists_per_account: int = 100
    credentials_per_list: int = 1000

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

    @classmethod
    def load(cls, path):
        """Settings from a JSON object of the names above. Raises ValueError on an unknown name or a wrong type."""
        given = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(given, dict):
            raise ValueError(f"{path}: must be a JSON object of settings")
        types = {field.name: field.type for field in dataclasses.fields(cls)}
        for name, value in given.items():
            if name not in types:
                raise ValueError(f"{path}: unknown setting {name!r}; known are {', '.join(sorted(types))}")
            if type(value) is not types[name]:
                raise ValueError(f"{path}: {name} must be {types[name].__name__}, not {value!r}")
        return cls(**given)
