# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The problems that a probe can end with, from which the table of causes starts."""

from __future__ import annotations

from enum import Enum


class Problem(str, Enum):
    """A problem by its name. Those of the PBX itself have the names that `_asterisk` gives to its exceptions."""

    AMI_UNREACHABLE = "ami-unreachable"
    AMI_LOGIN = "ami-login"
    AMI_DENIED = "ami-denied"
    AMI_ERROR = "ami-error"
    SECRET_MISSING = "secret-missing"
    HISTORY_MISSING = "history-missing"
    ENDPOINT_MISSING = "endpoint-missing"
    CONTACT_MISSING = "contact-missing"
    EXTENSION_MISSING = "extension-missing"
    PROMPT_MISSING = "prompt-missing"
    DNS = "dns"
    TIMEOUT = "timeout"
    OPTIONS_NOT_SENT = "options-not-sent"
    CONTACT_NOT_AVAIL = "contact-not-avail"
    CONTACT_UNREACHABLE = "contact-unreachable"
    NOT_DIALLED = "not-dialled"
    OTHER_ENDPOINT = "other-endpoint"
    NOT_ANSWERED = "not-answered"
    NOT_RECORDED = "not-recorded"
    NOTHING_RECEIVED = "nothing-received"
    NOTHING_SENT = "nothing-sent"
    HEARD_SILENCE = "heard-silence"
    PLAYED_SILENCE = "played-silence"
    NUMBER_NOWHERE = "number-nowhere"
    NUMBER_ELSEWHERE = "number-elsewhere"
    #: A workflow of n8n was asked without a call, and the PBX would not have taken its answer.
    N8N = "n8n"
    #: The far end answered, and its status and X-Twilio-Error name the cause.
    REFUSED = "refused"

    #: Python 3.12 changed how an enum of strings is formatted.
    __str__ = str.__str__
