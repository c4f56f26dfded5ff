-- The twin's whole state. The REST service writes it; the SIP edge (Kamailio)
-- reads it at each INVITE and writes the table "call".
-- Times are UTC, ISO 8601 with a Z. Booleans are 0 or 1. Unset is NULL.

CREATE TABLE IF NOT EXISTS account (
    sid             TEXT PRIMARY KEY,
    friendly_name   TEXT NOT NULL,
    auth_token      TEXT NOT NULL,
    status          TEXT NOT NULL DEFAULT 'active',  -- active | suspended | closed
    owner_account_sid TEXT REFERENCES account (sid), -- of a subaccount
    dialing_permissions_inheritance INTEGER NOT NULL DEFAULT 1,
    date_created    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    date_updated    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);

CREATE TABLE IF NOT EXISTS api_key (
    sid             TEXT PRIMARY KEY,
    account_sid     TEXT NOT NULL REFERENCES account (sid),
    secret          TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS trunk (
    sid                     TEXT PRIMARY KEY,
    account_sid             TEXT NOT NULL REFERENCES account (sid),
    friendly_name           TEXT,
    domain_name             TEXT COLLATE NOCASE UNIQUE,
    disaster_recovery_url   TEXT,
    disaster_recovery_method TEXT,
    transfer_mode           TEXT NOT NULL DEFAULT 'disable-all',
    transfer_caller_id      TEXT NOT NULL DEFAULT 'from-transferee',
    secure                  INTEGER NOT NULL DEFAULT 0,
    cnam_lookup_enabled     INTEGER NOT NULL DEFAULT 0,
    symmetric_rtp_enabled   INTEGER NOT NULL DEFAULT 0,
    recording_mode          TEXT NOT NULL DEFAULT 'do-not-record',
    recording_trim          TEXT NOT NULL DEFAULT 'do-not-trim',
    date_created            TEXT NOT NULL,
    date_updated            TEXT NOT NULL
);

-- The domain of a trunk that was deleted or renamed: nobody gets it until then (seconds since 1970).
CREATE TABLE IF NOT EXISTS reserved_domain (
    domain_name     TEXT COLLATE NOCASE PRIMARY KEY,
    until           REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS origination_url (
    sid             TEXT PRIMARY KEY,
    trunk_sid       TEXT NOT NULL REFERENCES trunk (sid) ON DELETE CASCADE,
    friendly_name   TEXT NOT NULL,
    sip_url         TEXT NOT NULL,
    weight          INTEGER NOT NULL,
    priority        INTEGER NOT NULL,
    enabled         INTEGER NOT NULL,
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS ip_access_control_list (
    sid             TEXT PRIMARY KEY,
    account_sid     TEXT NOT NULL REFERENCES account (sid),
    friendly_name   TEXT NOT NULL,
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL,
    UNIQUE (account_sid, friendly_name)
);

CREATE TABLE IF NOT EXISTS ip_address (
    sid                 TEXT PRIMARY KEY,
    list_sid            TEXT NOT NULL REFERENCES ip_access_control_list (sid) ON DELETE CASCADE,
    friendly_name       TEXT NOT NULL,
    ip_address          TEXT NOT NULL,
    cidr_prefix_length  INTEGER NOT NULL,
    first_address       INTEGER NOT NULL,   -- the network's bounds as 32-bit integers,
    last_address        INTEGER NOT NULL,   -- so that the edge asks with one comparison
    date_created        TEXT NOT NULL,
    date_updated        TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS credential_list (
    sid             TEXT PRIMARY KEY,
    account_sid     TEXT NOT NULL REFERENCES account (sid),
    friendly_name   TEXT NOT NULL,
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL,
    UNIQUE (account_sid, friendly_name)
);

CREATE TABLE IF NOT EXISTS credential (
    sid             TEXT PRIMARY KEY,
    list_sid        TEXT NOT NULL REFERENCES credential_list (sid) ON DELETE CASCADE,
    username        TEXT NOT NULL,
    ha1             TEXT NOT NULL,          -- MD5(username:sip.twilio.com:password); the password is not kept
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL,
    UNIQUE (list_sid, username)
);

CREATE TABLE IF NOT EXISTS trunk_ip_access_control_list (
    trunk_sid       TEXT NOT NULL REFERENCES trunk (sid) ON DELETE CASCADE,
    list_sid        TEXT NOT NULL REFERENCES ip_access_control_list (sid),
    date_created    TEXT NOT NULL,
    PRIMARY KEY (trunk_sid, list_sid)
);

CREATE TABLE IF NOT EXISTS trunk_credential_list (
    trunk_sid       TEXT NOT NULL REFERENCES trunk (sid) ON DELETE CASCADE,
    list_sid        TEXT NOT NULL REFERENCES credential_list (sid),
    date_created    TEXT NOT NULL,
    PRIMARY KEY (trunk_sid, list_sid)
);

-- What lists of a trunk still answer of an association that came or went, until then (seconds since 1970).
CREATE TABLE IF NOT EXISTS association_lag (
    trunk_sid       TEXT NOT NULL REFERENCES trunk (sid) ON DELETE CASCADE,
    list_sid        TEXT NOT NULL,
    attached        INTEGER NOT NULL,       -- 1: still there, 0: not there yet
    until           REAL NOT NULL,
    position        INTEGER NOT NULL,       -- where it is in the list,
    date_created    TEXT NOT NULL,          -- and since when, as long as it is still there
    PRIMARY KEY (trunk_sid, list_sid)
);

CREATE TABLE IF NOT EXISTS address (
    sid                 TEXT PRIMARY KEY,
    account_sid         TEXT NOT NULL REFERENCES account (sid),
    friendly_name       TEXT,
    customer_name       TEXT NOT NULL,
    street              TEXT NOT NULL,
    street_secondary    TEXT,
    city                TEXT NOT NULL,
    region              TEXT NOT NULL,
    postal_code         TEXT NOT NULL,
    iso_country         TEXT NOT NULL,
    emergency_enabled   INTEGER NOT NULL,
    date_created        TEXT NOT NULL,
    date_updated        TEXT NOT NULL
);

-- A number that the account owns.
CREATE TABLE IF NOT EXISTS incoming_phone_number (
    sid                     TEXT PRIMARY KEY,
    account_sid             TEXT NOT NULL REFERENCES account (sid),
    phone_number            TEXT NOT NULL UNIQUE,
    friendly_name           TEXT NOT NULL,
    trunk_sid               TEXT REFERENCES trunk (sid) ON DELETE SET NULL,
    voice_url               TEXT,
    voice_application_sid   TEXT,
    emergency_address_sid   TEXT REFERENCES address (sid) ON DELETE SET NULL,
    emergency_settled_at    REAL NOT NULL DEFAULT 0,    -- its last change is pending until then, seconds since 1970
    date_created            TEXT NOT NULL,
    date_updated            TEXT NOT NULL
);

-- A number that the account does not own but has verified.
CREATE TABLE IF NOT EXISTS outgoing_caller_id (
    sid             TEXT PRIMARY KEY,
    account_sid     TEXT NOT NULL REFERENCES account (sid),
    phone_number    TEXT NOT NULL,
    friendly_name   TEXT NOT NULL,
    date_created    TEXT NOT NULL,
    date_updated    TEXT NOT NULL,
    UNIQUE (account_sid, phone_number)
);

-- A number that Twilio sells.
CREATE TABLE IF NOT EXISTS for_sale (
    phone_number    TEXT PRIMARY KEY
);

-- The countries of countries.csv, and which of their numbers an account that never chose may dial.
CREATE TABLE IF NOT EXISTS country (
    iso_code                            TEXT PRIMARY KEY,
    name                                TEXT NOT NULL,
    continent                           TEXT NOT NULL,
    country_codes                       TEXT NOT NULL,  -- +1 or +1809 +1829
    low_risk_numbers_enabled            INTEGER NOT NULL,
    high_risk_special_numbers_enabled   INTEGER NOT NULL,
    high_risk_tollfraud_numbers_enabled INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS country_code (
    iso_code        TEXT NOT NULL,
    prefix          TEXT NOT NULL,
    PRIMARY KEY (prefix, iso_code)
);

CREATE TABLE IF NOT EXISTS high_risk_special_prefix (
    iso_code        TEXT NOT NULL,
    prefix          TEXT NOT NULL,
    PRIMARY KEY (prefix, iso_code)
);

-- What an account chose, where it differs: of its rows for a country the newest since which time has passed.
CREATE TABLE IF NOT EXISTS dialing_permission (
    account_sid                         TEXT NOT NULL REFERENCES account (sid),
    iso_code                            TEXT NOT NULL,
    since                               REAL NOT NULL,  -- seconds since 1970
    low_risk_numbers_enabled            INTEGER NOT NULL,
    high_risk_special_numbers_enabled   INTEGER NOT NULL,
    high_risk_tollfraud_numbers_enabled INTEGER NOT NULL,
    PRIMARY KEY (account_sid, iso_code, since)
);

-- The telephone network behind the edge: what happens when this number is called.
CREATE TABLE IF NOT EXISTS pstn_number (
    phone_number    TEXT PRIMARY KEY,
    behaviour       TEXT NOT NULL           -- answer | busy | no-answer | unknown
);

-- An edge with an address of its own.
CREATE TABLE IF NOT EXISTS edge (
    name            TEXT PRIMARY KEY,       -- ashburn
    address         TEXT NOT NULL UNIQUE,
    delay_ms        INTEGER NOT NULL DEFAULT 0,
    answer          TEXT NOT NULL DEFAULT ''    -- '' as Twilio | silent | 503 Service Unavailable
);

-- One row for each INVITE that the edge decided on, refused ones included.
CREATE TABLE IF NOT EXISTS call (
    sid             TEXT PRIMARY KEY,       -- CA…
    account_sid     TEXT,                   -- NULL while the trunk is not known
    trunk_sid       TEXT,
    direction       TEXT NOT NULL,          -- trunking-terminating | trunking-originating
    sip_call_id     TEXT NOT NULL,
    "from"          TEXT,
    "to"            TEXT,
    source_address  TEXT,
    status          TEXT NOT NULL,          -- Twilio's: ringing | in-progress | completed | busy | failed | no-answer | canceled
    sip_status      INTEGER,                -- the final status sent to the caller
    error_code      INTEGER,                -- Twilio's, such as 32201
    error_text      TEXT,
    date_created    TEXT NOT NULL,
    start_time      TEXT,                   -- answered
    end_time        TEXT
);
