# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A twin of Twilio for tests: the REST API of Elastic SIP Trunking, and a control surface of its own.

- `errors`, `settings` and `store` are the ground: error codes, switches, the database (`schema.sql`).
- `resource` says what the declaration of a resource is. `account`, `numbers`, `sip_lists`, `trunking`, `voice` and
  `monitor` declare the resources. `rest` serves every declaration with one handler, and `paging` cuts their lists.
- `control` is the control surface under /twin/, with `surface`, `seeding`, `edges` and `evidence`.
- `faults` and `requestlog` stand around the REST API. `app` joins all of it, `server` serves it, and `laptop` makes the
  account of a twin that no role has installed.

The SIP edge is another process, which shares only the database.
"""
