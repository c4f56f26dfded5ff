#!/usr/bin/python3
# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send mail about an emergency call: an AGI script of Asterisk's, which the call itself does not wait for.

It reads variables of its channel: MAIL_TO, addresses with spaces between them; MAIL_FROM, empty for the host's own;
WHO, DIALLED, CALLBACK, LOCATION and WHAT of the call. It sets MAIL_FAULT, empty where all mail was handed to sendmail.
"""

from __future__ import annotations

import email.utils
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from email.message import EmailMessage

SENDMAIL = ("/usr/sbin/sendmail", "-t")
#: An MTA that is restarted, or that has no queue, takes a mail a little later.
ATTEMPTS, PAUSE_SECONDS, SENDMAIL_SECONDS = 5, 15, 60
VARIABLES = ("MAIL_TO", "MAIL_FROM", "WHO", "DIALLED", "CALLBACK", "LOCATION", "WHAT")


def ask(command: str) -> str:
    """Send an AGI command to Asterisk, and return the value in its answer."""
    sys.stdout.write(command + "\n")
    sys.stdout.flush()
    found = re.match(r"200 result=1 \((.*)\)$", sys.stdin.readline().rstrip("\n"))
    return found.group(1) if found else ""


def message(to: str, call: Mapping[str, str], now: float, host: str) -> bytes:
    """Return the mail about a call to one address."""
    caller = f"Phone {call['WHO']}" if call["WHO"] else "A transferred call"
    mail = EmailMessage()
    mail["To"] = to
    if call["MAIL_FROM"]:
        mail["From"] = call["MAIL_FROM"]
    mail["Subject"] = f"{call['WHAT']}: {caller} dialled {call['DIALLED']}"
    mail["Date"] = email.utils.formatdate(now)
    mail["Message-ID"] = email.utils.make_msgid(domain=host)
    mail["Importance"] = "high"
    mail["Auto-Submitted"] = "auto-generated"
    moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    mail.set_content(
        f"{caller} dialled {call['DIALLED']} at {moment} on {host}.\n\n"
        f"Callback number: {call['CALLBACK']}\n"
        f"Location: {call['LOCATION'] or 'not stated'}\n\n"
        "The call was placed before this mail was written, and does not depend on it.\n")
    return bytes(mail)


def send(mail: bytes) -> str:
    """Hand a mail to sendmail; return why it did not take it, empty if it did."""
    try:
        done = subprocess.run(
            SENDMAIL, input=mail, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SENDMAIL_SECONDS,
            check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return f"sendmail failed with {done.returncode}, {done.stderr.decode(errors='replace').strip()[:200]}"
    return ""


def send_all(call: Mapping[str, str], now: float, host: str) -> str:
    """Send a mail to each address, again to those that were not taken; return the last fault, empty for none."""
    left, fault = {to: message(to, call, now, host) for to in call["MAIL_TO"].split()}, ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        faults = {to: send(mail) for to, mail in left.items()}
        left = {to: mail for to, mail in left.items() if faults[to]}
        if not left:
            return ""
        fault = "; ".join(f"{to}: {faults[to]}" for to in left)
    return fault


def main() -> None:
    """Send the mail that the channel describes."""
    # The channel may end first, which must not end this.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    now = time.time()
    while sys.stdin.readline().strip():
        pass
    call = {name: ask(f"GET VARIABLE {name}") for name in VARIABLES}
    fault = send_all(call, now, os.uname().nodename)
    ask('SET VARIABLE MAIL_FAULT "{}"'.format(re.sub(r'["\\\x00-\x1f]', " ", fault)))


if __name__ == "__main__":
    main()
