# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser of SIP messages reads recorded messages as sipmessage does, a library that we did not write."""

from __future__ import annotations

import pytest
import sipmessage

from ansible_collections.trunkline.voice.plugins.module_utils._sip.message import parse, uri_of

from .recorded import FOLDER, entries


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.iterdir()))
def test_a_recorded_message(name):
    for entry in entries(name):
        head, _blank, body = entry.text.partition("\n\n")
        theirs = sipmessage.Message.parse(f"{head}\n\n{body}".replace("\n", "\r\n").encode())
        ours = parse(entry.text)
        if ours.status:
            assert (ours.status, ours.reason) == (theirs.code, theirs.phrase)
        else:
            assert (ours.method, uri_of(ours.uri).user or None, uri_of(ours.uri).host) == (
                theirs.method, theirs.uri.user, theirs.uri.host)
            assert ours.credentials == bool(theirs.proxy_authorization or theirs.authorization)
        assert (ours.call_id, *ours.cseq) == (theirs.call_id, theirs.cseq.sequence, theirs.cseq.method)
        assert ours.branch == theirs.via[0].parameters["branch"]
        assert uri_of(ours.header("from")).host == theirs.from_address.uri.host
        seen = theirs.via[0].parameters.get("received", theirs.via[0].host)
        assert ours.seen_address == (seen if ours.status else "")
