# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations as people write them by hand."""

from __future__ import annotations

from typing import Any

#: One trunk, two phones, voicemail; calls to anywhere.
PJSIP = """\
[transport-udp]
type=transport
protocol=udp
bind=0.0.0.0:5060
external_media_address=203.0.113.10
external_signaling_address=203.0.113.10
local_net=192.168.1.0/24

[twilio-auth]
type=auth
auth_type=userpass
username=Asterisk
password=Trunk-password-1

[twilio]
type=endpoint
transport=transport-udp
context=from-twilio
disallow=all
allow=ulaw,alaw
outbound_auth=twilio-auth
aors=twilio
from_domain=asterisk-pbx1.pstn.twilio.com
from_user=+17756187988
callerid="Asterisk PBX" <+17756187988>

[twilio]
type=aor
contact=sip:asterisk-pbx1.pstn.twilio.com

[twilio]
type=identify
endpoint=twilio
match=54.172.60.0/30
match=54.244.51.0/30

[phone](!)
type=endpoint
context=internal
disallow=all
allow=ulaw

[1001](phone)
auth=1001
aors=1001
callerid="Anna" <1001>
mailboxes=1001@default
[1001]
type=auth
auth_type=userpass
username=1001
password=Phone-1001-pass
[1001]
type=aor
max_contacts=1
[1002](phone)
auth=1002
aors=1002
[1002]
type=auth
auth_type=userpass
username=1002
password=Phone-1002-pass
[1002]
type=aor
max_contacts=2
"""
EXTENSIONS = """\
[general]
static=yes
[globals]
CALLER=+17756187988

[internal]
include => outbound
exten => _10XX,1,Dial(PJSIP/${EXTEN},20)
 same => n,VoiceMail(${EXTEN}@default,u)
 same => n,Hangup()
exten => *98,1,VoiceMailMain(${CALLERID(num)}@default)
exten => 600,1,ConfBridge(1)

[outbound]
exten => _+X.,1,Set(CALLERID(num)=+17756187988)
 same => n,Dial(PJSIP/${EXTEN}@twilio,60)
 same => n,Hangup()
exten => _X.,1,Dial(PJSIP/+${EXTEN}@twilio)

[from-twilio]
exten => +17756187988,1,Answer()
 same => n,Playback(welcome)
 same => n,Dial(PJSIP/1001&PJSIP/1002,25,tT)
 same => n,VoiceMail(1001@default,u)
 same => n,Hangup()
exten => +17756187989,1,Goto(internal,1002,1)
exten => +17756187990,1,Goto(ivr,s,1)
exten => _X.,1,Dial(PJSIP/1001)
[ivr]
exten => s,1,Background(menu)
 same => n,WaitExten(5)
"""
VOICEMAIL = """\
[general]
format=wav
maxmsg=50
[default]
1001 => 492173608152,Anna Example,anna@example.com,,attach=yes|tz=central
1002 => 582104937216,Bo
"""
SECRETS = ("Trunk-password-1", "Phone-1001-pass", "Phone-1002-pass", "492173608152", "582104937216")


def folder(*others: str, unreadable: dict[str, str] | None = None, **files: str) -> dict[str, Any]:
    """What is read of a folder with some files, `pjsip` being the text of pjsip.conf."""
    return {
        "folder": "/etc/asterisk", "exists": True, "ours": False, "freepbx": "", "found": [], "by_hand": [],
        "files": {f"{name}.conf": text for name, text in files.items()}, "unreadable": unreadable or {}, "latin1": [],
        "others": list(others)}


#: The phones of PJSIP as res_pjsip_config_wizard has them.
WIZARD = """\
[phone](!)
type = wizard
accepts_registrations = yes
accepts_auth = yes
sends_auth = no
endpoint/context = internal
endpoint/allow = !all,ulaw
aor/max_contacts = 1

[1001](phone)
inbound_auth/username = 1001
inbound_auth/password = Phone-1001-pass
endpoint/callerid = Anna <1001>

[1002](phone)
inbound_auth/password = Phone-1002-pass
aor/max_contacts = 2

[old]
endpoint/context = internal

[carrier]
type = wizard
remote_hosts = sip.example.com
endpoint/context = from-carrier
"""
