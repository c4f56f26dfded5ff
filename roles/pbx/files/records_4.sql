-- Copyright (c) 2026, the trunkline.voice authors
-- GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The service level of queues: how many calls were taken within the seconds that the queue had as its goal.

ALTER TABLE trunkline.records
    ADD COLUMN queue_service_level bigint;

-- The columns that they had, and what is new behind them.
CREATE OR REPLACE VIEW trunkline.queue_calls AS
SELECT DISTINCT ON (host, linkedid)
    host, linkedid, start_at, src, number, queue, queue_wait AS wait_seconds, queue_left AS left_as, phone, twilio_sid,
    queue_service_level AS service_level_seconds
FROM trunkline.records
WHERE queue IS NOT NULL AND queue_left IS NOT NULL
ORDER BY host, linkedid, sequence DESC;

-- Who hung up before the goal had passed counts neither for it nor against it.
CREATE OR REPLACE VIEW trunkline.queues_per_day AS
SELECT
    start_at::date AS day,
    host,
    queue,
    count(*) AS calls,
    count(*) FILTER (WHERE left_as = 'ANSWERED') AS answered,
    count(*) FILTER (WHERE left_as = 'ABANDONED') AS abandoned,
    round(avg(wait_seconds) FILTER (WHERE left_as = 'ANSWERED'), 1) AS average_wait_of_answered,
    max(wait_seconds) AS longest_wait,
    round(
        100.0 * count(*) FILTER (WHERE left_as = 'ANSWERED' AND wait_seconds <= service_level_seconds)
        / nullif(count(*) FILTER (WHERE service_level_seconds IS NOT NULL
            AND NOT (left_as = 'ABANDONED' AND wait_seconds <= service_level_seconds)), 0), 1) AS service_level_percent
FROM trunkline.queue_calls
GROUP BY 1, 2, 3;
