-- Copyright (c) 2026, the trunkline.voice authors
-- GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Which files a call was recorded in, and how good its audio was.

ALTER TABLE trunkline.records
    ADD COLUMN recording text,
    ADD COLUMN trunk_mos double precision,
    ADD COLUMN trunk_sent_mos double precision,
    ADD COLUMN phone_mos double precision,
    ADD COLUMN phone_sent_mos double precision;

-- The columns that it had, and two more.
CREATE OR REPLACE VIEW trunkline.calls AS
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
    END AS answered,
    -- A later record has the files of those before it as well.
    (array_agg(recording ORDER BY sequence DESC) FILTER (WHERE recording IS NOT NULL))[1] AS recording,
    min(least(trunk_mos, trunk_sent_mos, phone_mos, phone_sent_mos)) AS worst_mos
FROM trunkline.records
GROUP BY host, linkedid;
