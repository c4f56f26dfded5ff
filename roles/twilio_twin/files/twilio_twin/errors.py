# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twilio's error codes and the body that carries them.

Codes and titles: Twilio's error dictionary, https://www.twilio.com/docs/api/errors. Apart from the codes of
authentication, paging and "not found", their HTTP status is 400. Twilio's own wording of the 212xx messages
is not published, so clients must look at the code, never at the text.
"""

from enum import IntEnum

from starlette.responses import JSONResponse

DICTIONARY = "https://www.twilio.com/docs/errors"


class Code(IntEnum):
    """The error codes that the twin answers."""

    INVALID_PARAMETER = 20001
    AUTHENTICATE = 20003
    METHOD_NOT_ALLOWED = 20004
    ACCOUNT_NOT_ACTIVE = 20005
    PAGE_SIZE_TOO_LARGE = 20007
    NOT_FOUND = 20404
    TOO_MANY_REQUESTS = 20429
    SERVER_ERROR = 20500
    ACCESS_LIST_INVALID = 21235
    ACCESS_LIST_IN_USE = 21236
    TOO_MANY_ADDRESSES = 21237
    TOO_MANY_CREDENTIAL_LISTS = 21239
    CREDENTIAL_LIST_INVALID = 21240
    CREDENTIAL_LIST_IN_USE = 21241
    TOO_MANY_CREDENTIALS = 21242
    CREDENTIAL_INVALID = 21243
    TOO_MANY_TRUNKS = 21244
    TRUNK_INVALID = 21245
    TRUNK_IN_USE = 21247
    DOMAIN_TAKEN = 21248
    TOO_MANY_ORIGINATION_URLS = 21249
    TOO_MANY_ACCESS_LISTS = 21255
    NUMBER_NOT_AVAILABLE = 21422
    NUMBER_ALREADY_VERIFIED = 21450
    NO_NUMBER_IN_AREA = 21452
    INVALID_PAGE_TOKEN = 21481
    USED_FOR_EMERGENCIES = 21634


STATUS = {
    Code.AUTHENTICATE: 401,
    Code.ACCOUNT_NOT_ACTIVE: 403,
    Code.NOT_FOUND: 404,
    Code.METHOD_NOT_ALLOWED: 405,
    Code.TOO_MANY_REQUESTS: 429,
    Code.SERVER_ERROR: 500,
}


class TwilioError(Exception):
    """A refusal in Twilio's form: its code, which decides the HTTP status, and a message."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = STATUS.get(code, 400)

    def response(self) -> JSONResponse:
        """Return {"code", "message", "more_info", "status"}, with the code again as a header."""
        headers = {"X-Twilio-Error-Code": str(int(self.code))}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        body = {
            "code": int(self.code),
            "message": self.message,
            "more_info": f"{DICTIONARY}/{int(self.code)}",
            "status": self.status,
        }
        return JSONResponse(body, status_code=self.status, headers=headers)
