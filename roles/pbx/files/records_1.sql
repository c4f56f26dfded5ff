-- Copyright (c) 2026, the trunkline.voice authors
-- GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The records of calls, and what people ask of them. docs/features/records.md explains each column.

CREATE SCHEMA IF NOT EXISTS trunkline;

CREATE TABLE trunkline.migrations (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE trunkline.records (
    host text NOT NULL,
    uniqueid text NOT NULL,
    sequence bigint NOT NULL,
    linkedid text,
    start_at timestamptz,
    answer_at timestamptz,
    end_at timestamptz,
    duration bigint,
    billsec bigint,
    direction text,
    number text,
    src text,
    caller text,
    disposition text,
    trunk text,
    destination text,
    phone text,
    twilio_sid text,
    twilio_out_sid text,
    queue text,
    queue_left text,
    queue_wait bigint,
    dst text,
    channel text,
    dstchannel text,
    lastapp text,
    dcontext text,
    trunk_received bigint,
    trunk_lost bigint,
    trunk_jitter double precision,
    trunk_sent bigint,
    trunk_sent_lost bigint,
    trunk_sent_jitter double precision,
    trunk_round_trip double precision,
    phone_received bigint,
    phone_lost bigint,
    phone_jitter double precision,
    phone_sent bigint,
    phone_sent_lost bigint,
    phone_sent_jitter double precision,
    phone_round_trip double precision,
    PRIMARY KEY (host, uniqueid, sequence)
);

CREATE INDEX records_start_at ON trunkline.records (start_at);
CREATE INDEX records_linkedid ON trunkline.records (host, linkedid);
CREATE INDEX records_twilio_sid ON trunkline.records (twilio_sid);

-- A row a call. Asterisk writes a record for each pair of channels, such as each phone that rang.
CREATE VIEW trunkline.calls AS
SELECT
    host,
    linkedid,
    min(start_at) AS start_at,
    max(end_at) AS end_at,
    extract(epoch FROM max(end_at) - min(start_at))::bigint AS seconds,
    coalesce(max(billsec) FILTER (WHERE phone IS NOT NULL OR twilio_out_sid IS NOT NULL), 0) AS talk_seconds,
    max(direction) AS direction,
    (array_agg(number ORDER BY sequence) FILTER (WHERE number IS NOT NULL))[1] AS number,
    (array_agg(src ORDER BY sequence) FILTER (WHERE src IS NOT NULL))[1] AS src,
    (array_agg(trunk ORDER BY sequence) FILTER (WHERE trunk IS NOT NULL))[1] AS trunk,
    (array_agg(destination ORDER BY sequence DESC) FILTER (WHERE destination IS NOT NULL))[1] AS destination,
    (array_agg(phone ORDER BY sequence DESC) FILTER (WHERE phone IS NOT NULL))[1] AS phone,
    max(twilio_sid) AS twilio_sid,
    max(twilio_out_sid) AS twilio_out_sid,
    CASE
        -- A menu answers too, so that a call that came in was taken by a phone, by a number outside, or in a conference.
        WHEN max(direction) = 'in' THEN coalesce(
            bool_or(disposition = 'ANSWERED' AND (
                phone IS NOT NULL OR twilio_out_sid IS NOT NULL OR lastapp = 'ConfBridge')), false)
        ELSE coalesce(bool_or(disposition = 'ANSWERED'), false)
    END AS answered
FROM trunkline.records
GROUP BY host, linkedid;

CREATE VIEW trunkline.missed_calls AS
SELECT host, linkedid, start_at, src, number, destination, seconds, twilio_sid
FROM trunkline.calls
WHERE direction = 'in' AND NOT answered;

-- The day is that of the session's time zone.
CREATE VIEW trunkline.calls_per_day AS
SELECT
    start_at::date AS day,
    host,
    coalesce(direction, 'internal') AS direction,
    count(*) AS calls,
    count(*) FILTER (WHERE answered) AS answered,
    sum(talk_seconds)::bigint AS talk_seconds
FROM trunkline.calls
GROUP BY 1, 2, 3;

-- A row a call that came to a queue; the last queue, where it came to several.
CREATE VIEW trunkline.queue_calls AS
SELECT DISTINCT ON (host, linkedid)
    host, linkedid, start_at, src, number, queue, queue_wait AS wait_seconds, queue_left AS left_as, phone, twilio_sid
FROM trunkline.records
WHERE queue IS NOT NULL AND queue_left IS NOT NULL
ORDER BY host, linkedid, sequence DESC;

CREATE VIEW trunkline.queues_per_day AS
SELECT
    start_at::date AS day,
    host,
    queue,
    count(*) AS calls,
    count(*) FILTER (WHERE left_as = 'ANSWERED') AS answered,
    count(*) FILTER (WHERE left_as = 'ABANDONED') AS abandoned,
    round(avg(wait_seconds) FILTER (WHERE left_as = 'ANSWERED'), 1) AS average_wait_of_answered,
    max(wait_seconds) AS longest_wait
FROM trunkline.queue_calls
GROUP BY 1, 2, 3;

-- Twilio's prices, which whoever wants to know costs fills in: an E.164 number belongs to its longest prefix.
CREATE TABLE trunkline.rates (
    prefix text PRIMARY KEY CHECK (prefix ~ '^\+[1-9][0-9]*$'),
    country text NOT NULL,
    price_per_minute numeric NOT NULL
);

-- Twilio counts begun minutes. The month is that of the session's time zone, and what has no rate has no country.
CREATE VIEW trunkline.cost_per_country AS
SELECT
    date_trunc('month', call.start_at)::date AS month,
    call.host,
    rate.country,
    count(*) AS calls,
    sum(call.minutes)::bigint AS minutes,
    sum(call.minutes * rate.price_per_minute) AS cost
FROM (
    SELECT DISTINCT ON (host, twilio_out_sid)
        host, start_at, number, ceil(extract(epoch FROM end_at - answer_at) / 60) AS minutes
    FROM trunkline.records
    WHERE twilio_out_sid IS NOT NULL AND answer_at IS NOT NULL
    ORDER BY host, twilio_out_sid, sequence
) AS call
LEFT JOIN LATERAL (
    SELECT country, price_per_minute FROM trunkline.rates
    WHERE starts_with(call.number, prefix)
    ORDER BY length(prefix) DESC LIMIT 1
) AS rate ON true
GROUP BY 1, 2, 3;
