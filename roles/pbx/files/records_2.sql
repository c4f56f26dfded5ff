-- Copyright (c) 2026, the trunkline.voice authors
-- GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The events within calls. Asterisk numbers none of them; a channel has one of a kind in a microsecond.

CREATE TABLE trunkline.events (
    host text NOT NULL,
    uniqueid text NOT NULL,
    eventtime timestamptz NOT NULL,
    eventtype text NOT NULL,
    linkedid text,
    channame text,
    peer text,
    cid_num text,
    cid_name text,
    exten text,
    context text,
    appname text,
    extra jsonb,
    PRIMARY KEY (host, uniqueid, eventtime, eventtype)
);

CREATE INDEX events_linkedid ON trunkline.events (host, linkedid);
CREATE INDEX events_eventtime ON trunkline.events (eventtime);
