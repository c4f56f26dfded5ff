# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of broken configuration: what is added to a file, which line of it is wrong, and what the error must say."""

from __future__ import annotations

from .remote_python import RemotePython

PHONE = "[9901]\ntype = endpoint\ncontext = from-twilio\n"
LOCAL = "[9902]\nexten = 1,1,NoOp()\n same = n,"

#: (file, text added, number of the wrong line in that text or 0 for none, words of the expected error)
BROKEN = [
    # Options that Asterisk drops the whole object for.
    ("pjsip.conf", PHONE + "allwo = ulaw\n", 4, "allwo"),
    ("pjsip.conf", PHONE + "allow = nocodec\n", 4, "nocodec"),
    ("pjsip.conf", PHONE + "dtmf_mode = loud\n", 4, "dtmf_mode"),
    ("pjsip.conf", PHONE + "media_encryption = rot13\n", 4, "media_encryption"),
    ("pjsip.conf", PHONE + "direct_media_method = shout\n", 4, "direct_media_method"),
    ("pjsip.conf", PHONE + "rtp_timeout = soon\n", 4, "rtp_timeout"),
    ("pjsip.conf", PHONE + "identify_by = face\n", 4, "identify_by"),
    ("pjsip.conf", PHONE + "timers = maybe\n", 4, "timers"),
    ("pjsip.conf", PHONE + "tos_audio = best\n", 4, "tos_audio"),
    ("pjsip.conf", PHONE + "call_group = x-y\n", 4, "x-y"),
    ("pjsip.conf", PHONE + "device_state_busy_at = many\n", 4, "device_state_busy_at"),
    ("pjsip.conf", PHONE + "connected_line_method = carrier\n", 4, "connected_line_method"),
    ("pjsip.conf", PHONE + "set_var = novalue\n", 4, "set_var"),
    ("pjsip.conf", "[9903]\ntype = aor\ncontact = 10.0.0.1\n", 3, "contact"),
    ("pjsip.conf", "[9903]\ntype = aor\nqualify_frequency = often\n", 3, "qualify_frequency"),
    ("pjsip.conf", "[9903]\ntype = aor\nmax_contacts = all\n", 3, "max_contacts"),
    ("pjsip.conf", "[9903]\ntype = auth\nauth_type = trust\nusername = a\npassword = b\n", 3, "auth_type"),
    ("pjsip.conf", "[9903]\ntype = transport\nprotocol = pigeon\nbind = 0.0.0.0:5090\n", 3, "protocol"),
    ("pjsip.conf", "[9903]\ntype = transport\nprotocol = udp\nbind = nowhere\n", 4, "bind"),
    ("pjsip.conf", "[9903]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0:5060\n", 0, "9903"),
    ("pjsip.conf", "[9903]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0:5090\nlocal_net = 10.0.0.0/99\n", 5,
     "local_net"),
    ("pjsip.conf", "[9903]\ntype = transport\nprotocol = tls\nbind = 0.0.0.0:5091\ncert_file = /nowhere.pem\n", 5,
     "cert_file"),
    ("pjsip.conf", "[9903]\ntype = registration\nserver_uri = nobody\nclient_uri = sip:a@10.0.0.1\n", 3,
     "no SIP URI"),
    # References to nothing, which Asterisk accepts.
    ("pjsip.conf", PHONE + "aors = 9909\n", 4, "there is no aor"),
    ("pjsip.conf", PHONE + "auth = 9909  ; from pbx_phones[7]\n", 4, "(from pbx_phones[7]): endpoint 9901 has auth"),
    ("pjsip.conf", PHONE + "outbound_auth = 9909\n", 4, "there is no auth"),
    ("pjsip.conf", PHONE + "transport = transport-sctp\n", 4, "there is no transport"),
    ("pjsip.conf", PHONE + "mailboxes = 9909@default\n", 4, "mailbox"),
    ("pjsip.conf", PHONE + "acl = office\n", 4, "acl.conf does not have"),
    ("pjsip.conf", "[9901]\ntype = endpoint\ncontext = form-twilio\n", 3, "the dialplan does not have"),
    ("pjsip.conf", "[9901]\ntype = endpoint\n", 1, "has no context"),
    ("pjsip.conf", "[9904]\ntype = identify\nendpoint = 9909\nmatch = 10.9.9.9\n", 3, "there is no endpoint"),
    ("pjsip.conf", "[9904]\ntype = identify\nendpoint = twilio-inbound\nmatch = sip.example.com\n", 4, "no address"),
    ("pjsip.conf", "[9904]\ntype = identify\nendpoint = twilio-inbound\nmatch = 10.9.9.0/40\n", 4, "no address"),
    ("pjsip.conf", "[9905]\ntype = registration\nserver_uri = sip:10.0.0.1\nclient_uri = sip:a@10.0.0.1\n"
     "outbound_auth = 9909\n", 5, "there is no auth"),
    ("pjsip.conf", "[9906]\ntype = endpiont\n", 2, "PJSIP does not have"),
    ("pjsip.conf", "[9906]\ncontext = from-twilio\n", 1, "has no type"),
    ("pjsip.conf", "[twilio-inbound]\ntype = endpoint\ncontext = from-twilio\n", 1, "two objects"),
    # Files that cannot be read.
    ("pjsip.conf", "[9907](nothing)\ntype = aor\n", 1, "template [nothing]"),
    ("pjsip.conf", "[9907](+)\nallow = ulaw\n", 1, "no section [9907] above"),
    ("pjsip.conf", "[9907\ntype = aor\n", 1, "not a whole section name"),
    ("pjsip.conf", "[9907]\ntype = aor\nmax_contacts 3\n", 3, "neither a section"),
    ("pjsip.conf", "#include gone.conf\n", 1, "gone.conf, which does not exist"),
    ("pjsip.conf", "#exec /bin/date\n", 1, "would run a program"),
    ("pjsip.conf", ";-- begins\n[9907]\ntype = aor\n", 1, "has no end"),
    # A dialplan that fails when a call comes by.
    ("extensions.conf", "; from pbx_dids[3]\n" + LOCAL + "Anwser()\n", 4, "(from pbx_dids[3]): there is no app"),
    ("extensions.conf", LOCAL + "Queue(sales)\n", 3, "no application Queue"),
    ("extensions.conf", LOCAL + "Log(NOTICE,${LENGHT(${EXTEN})})\n", 3, "no function LENGHT"),
    ("extensions.conf", LOCAL + "Set(CALLERDI(num)=1)\n", 3, "no function CALLERDI"),
    ("extensions.conf", LOCAL + "Goto(nowhere,s,1)\n", 3, "context [nowhere]"),
    ("extensions.conf", LOCAL + "Goto(2,1)\n", 3, "extension 2 of [9902]"),
    ("extensions.conf", LOCAL + "Goto(there)\n", 3, "priority there"),
    ("extensions.conf", LOCAL + "GotoIf($[1]?here:9)\n", 3, "priority here"),
    ("extensions.conf", LOCAL + "Gosub(nowhere,s,1(a,b))\n", 3, "context [nowhere]"),
    ("extensions.conf", LOCAL + "Dial(PJSIP/9909,20)\n", 3, "endpoint 9909"),
    ("extensions.conf", LOCAL + "Dial(PJSIP/${EXTEN}@twilio-nowhere,20)\n", 3, "endpoint twilio-nowhere"),
    ("extensions.conf", LOCAL + "Dial(Local/1@nowhere)\n", 3, "context [nowhere]"),
    ("extensions.conf", LOCAL + "Set(CHANNEL(hangup_handler_push)=nowhere,s,1)\n", 3, "context [nowhere]"),
    ("extensions.conf", LOCAL + "Playback(no-such-prompt)\n", 3, "no prompt no-such-prompt"),
    ("extensions.conf", LOCAL + "Dial(PJSIP/twilio-inbound\n", 3, "arguments in brackets"),
    ("extensions.conf", LOCAL + "Log(NOTICE,${EXTEN)\n", 3, "left open"),
    ("extensions.conf", "[9902]\ninclude = nowhere\n", 2, "context [nowhere]"),
    ("extensions.conf", "[9902]\nexten = 9902,hint,PJSIP/9909\n", 2, "endpoint 9909"),
    ("extensions.conf", "[9902]\nexten = _[0-9X.,1,Hangup()\n", 2, "name,priority,application"),
    ("extensions.conf", "[9902]\nexten = 1,n,Hangup()\n", 2, "its first one must be 1"),
    ("extensions.conf", "[9902]\nexten = 1,1,Hangup()\nexten = 1,1,Busy()\n", 3, "priority 1 already"),
    ("extensions.conf", "[9902]\nexten = 1,one,Hangup()\n", 2, "no priority"),
    ("extensions.conf", "[9902]\n same = n,Hangup()\n", 2, "before any 'exten'"),
    ("extensions.conf", "[9902]\nextne = 1,1,Hangup()\n", 2, "no setting 'extne'"),
    # The other files.
    ("modules.conf", "[modules](+)\nload = res_nothing.so\n", 0, "res_nothing.so"),
    ("modules.conf", "[modules](+)\nrequire = res_nothing.so\n", 0, "res_nothing.so"),
    ("modules.conf", "[modules](+)\nnoload = app_dial.so\n", 0, "no application Dial"),
    ("manager.conf", "[nobody]\nsecret = x9x9\npermit = 10.0.0.0/99\n", 0, "10.0.0.0/99"),
    ("cdr.conf", "[general](+)\nenabel = yes\n", 0, "enabel"),
    ("cel.conf", "[general](+)\nenabel = yes\n", 0, "enabel"),
    ("features.conf", "[general](+)\ntransferdigit = 3\n", 0, "transferdigit"),
    ("acl.conf", "[office]\npermit = 10.0.0.0/99\n", 0, "10.0.0.0/99"),
    ("udptl.conf", "[general](+)\nudptlstart = soon\n", 0, "udptl"),
    ("nobody-reads-this.conf", "[general]\n", 0, "no other file includes it"),
]

ACL = "[office]\ntype = acl\ndeny = 0.0.0.0/0\npermit = 10.0.0.0/8\n"
REGISTRATION = "[9905]\ntype = registration\nserver_uri = sip:10.0.0.1\nclient_uri = sip:a@10.0.0.1\n"
PARKING = "[9902]\ninclude => parkedcalls\n"
QUEUE = "[9902]\nexten => 1,1,Queue(sales)\n"
BOX = "[9902]\nexten => 1,1,VoiceMail(9901,u)\n"
MUSIC = "[default]\nmode = files\ndirectory = /usr/share/asterisk/sounds/en\n"

#: Files written by hand below local.d, and the expected error ("" where they are accepted).
BY_HAND = [
    ({"modules.conf": "[modules]\nload = app_queue.so\n"}, "local.d/modules.conf:1 (written by hand): this is a seco"),
    ({"modules.conf": "[modules](+)\nload = res_pjsip_acl.so\n"}, ""),
    ({"extensions.conf": "[general]\nautofallthrough = yes\n"}, "local.d/extensions.conf:1 (written by hand): this is"),
    ({"extensions.conf": "[globals]\nA = 1\n"}, ""),
    ({"pjsip.conf": ACL}, "local.d/pjsip.conf:2 (written by hand): [office] has type acl, which Asterisk ignores as"
                          " module res_pjsip_acl.so is not loaded; load it in local.d/modules.conf."),
    ({"pjsip.conf": ACL, "modules.conf": "load = res_pjsip_acl.so\n"}, ""),
    ({"pjsip.conf": REGISTRATION}, "module res_pjsip_outbound_registration.so is not loaded"),
    ({"pjsip.conf": REGISTRATION, "modules.conf": "load = res_pjsip_outbound_registration.so\n"}, ""),
    ({"pjsip.conf": "[9904]\ntype = identify\nendpoint = twilio-inbound\nmatch = 10.9.9.9:5070\n"}, ""),
    ({"pjsip.conf": "#include /etc/asterisk/local.d/more.inc\n", "more.inc": PHONE}, ""),
    ({"pjsip.conf": "#include local.d/more\n", "more": PHONE + "allwo = ulaw\n"}, "local.d/more:4 (written by hand)"),
    ({"extensions.conf": "[9902]\nexten => 555-1234,1,Hangup()\nexten => 1,1,Goto(5551-234,1)\n"}, ""),
    ({"extensions.conf": PARKING}, "local.d/extensions.conf:2 (written by hand): it includes context [parkedcalls],"
                                   " which does not exist: module res_parking.so is not loaded"),
    ({"extensions.conf": PARKING, "modules.conf": "load = res_parking.so\n", "res_parking.conf": "[general]\n"}, ""),
    ({"queues.conf": "[sales]\n"}, "queues.conf: nothing reads this file, as module app_queue.so is not loaded"),
    ({"queues.conf": "[sales]\n", "extensions.conf": QUEUE, "modules.conf": "load = app_queue.so\n"}, ""),
    ({"musiconhold.conf": MUSIC, "modules.conf": "load = res_musiconhold.so\n"}, ""),
    ({"voicemail.conf": "[default]\n9901 => 1234,A\n", "extensions.conf": BOX,
      "modules.conf": "load = app_voicemail.so\n"}, ""),
    ({"nobody-reads-this.conf": "[general]\n"}, "Asterisk does not read this file by itself"),
]

WRITTEN = """
result = []
for files, words in given:
    for name, text in files.items():
        with open("/etc/asterisk/local.d/" + name, "w") as file:
            file.write(text)
    result.append(check(current_files()))
    for name in files:
        os.unlink("/etc/asterisk/local.d/" + name)
"""

OFFERED = """
result = []
for name, text, line, words in given:
    before = current_files()
    found = apply({**before, name: before.get(name, "") + text})
    place = f"{name}:{before.get(name, '').count(chr(10)) + line}" if line else name
    result.append([name, text, f"{place}: {words}", found.get("refused"), current_files() == before])
"""


def not_refused(remote: RemotePython, offered: list) -> list:
    """Return the kinds that a host does not refuse with the expected place and words, or that change it."""
    return [
        row for row, (*_what, line, words) in zip(remote.run(OFFERED, offered), offered)
        if not row[3] or not row[4]
        or not any(words in said and (said.startswith(row[2].split(": ")[0]) or not line) for said in row[3])
    ]


def misjudged(remote: RemotePython, written: list) -> list:
    """Return the handwritten files that are neither accepted nor refused as expected, with their errors."""
    return [
        (files, words, said) for (files, words), said in zip(written, remote.run(WRITTEN, written))
        if (not any(words in sentence for sentence in said) if words else said)
    ]
