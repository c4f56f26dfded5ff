-- The SIP messages that the edge received and sent. The columns are those that
-- Kamailio's module siptrace writes; it asks the table "version" for their version.
-- time_stamp (a Julian day) has whole seconds, time_us the microseconds.

CREATE TABLE IF NOT EXISTS version (
    table_name      TEXT PRIMARY KEY,
    table_version   INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS sip_trace (
    id              INTEGER PRIMARY KEY,
    time_stamp      TIMESTAMP NOT NULL,
    time_us         INTEGER NOT NULL DEFAULT 0,
    callid          TEXT,
    traced_user     TEXT,
    msg             TEXT NOT NULL,
    method          TEXT,
    status          TEXT,
    fromip          TEXT,
    toip            TEXT,
    fromtag         TEXT,
    totag           TEXT,
    direction       TEXT
);

CREATE INDEX IF NOT EXISTS sip_trace_callid ON sip_trace (callid);

INSERT OR IGNORE INTO version (table_name, table_version) VALUES ('sip_trace', 4);
