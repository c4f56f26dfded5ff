# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of n8n's, in JavaScript. What the inventory says is data of a node and stands in none of them, so that a
person edits a table and no program, and nobody's text is run. Two closing braces in a row would end an expression.
"""

from __future__ import annotations

#: The answer to a call, by the rules. What stands for %s says of the caller: nothing, or CONTACT.
ANSWER = """={{ JSON.stringify((() => {
  const call = $('Call').first().json.body;
  const rules = $('Rules').first().json;
  const contact = %s;
  const now = DateTime.fromISO(call.time, {zone: rules.timezone});
  const day = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'][now.weekday - 1];
  const clock = now.toFormat('HH:mm');
  const found = rules.callers.find((row) => row.number === call.from)
    || contact.route
    || rules.hours.find((row) => row.days.includes(day) && row.from <= clock && clock < row.until)
    || {to: rules.otherwise};
  return {
    version: 1, action: 'route', to: found.to,
    caller_name: found.caller_name || contact.caller_name, tag: found.tag || contact.tag,
  };
})()) }}"""
#: What a CRM says of the caller: the first route that fits, and texts of its answer. One that is down, slow or answers
#: with anything but JSON and a status of 2xx says nothing.
CONTACT = """(() => {
    const answer = $('CRM').isExecuted ? $('CRM').first().json : {};
    const crm = rules.crm;
    const known = answer.statusCode >= 200 && answer.statusCode < 300 ? answer.body : null;
    const step = (at, key) => at !== null && typeof at === 'object' && Object.keys(at).includes(key) ? at[key] : null;
    const field = (path) => path ? path.split('.').reduce(step, known) : null;
    const text = (path) => ['string', 'number'].includes(typeof field(path)) ? String(field(path)) : '';
    const fits = (row) => row.value === undefined
      ? ![null, '', false].includes(field(row.field)) : String(field(row.field)) === row.value;
    return {route: crm.routes.find(fits), caller_name: text(crm.caller_name), tag: text(crm.tag)};
  })()"""
#: Neither who withholds the number nor verify.yml is anybody's contact, and whom the table has needs no question.
IS_ASKED = """={{ (() => {
  const from = $('Call').first().json.body.from;
  return /^[+][1-9][0-9]{5,14}$/.test(from) && !$json.callers.some((row) => row.number === from);
})() }}"""
CRM_ADDRESS = "={{ $json.crm.url.replace('{number}', encodeURIComponent($('Call').first().json.body.from)) }}"
#: A caller chooses the name, and a chat may make a link or a call to everybody of it.
MESSAGE = """={{ JSON.stringify((() => {
  const event = $('Event').first().json.body;
  const given = $json;
  const plain = (text) => String(text || '').replace(/[^\\p{L}\\p{N} .,'()+-]/gu, '');
  const name = plain(event.from_name);
  const values = {
    caller: (plain(event.from) || 'anonymous') + (name ? ' (' + name + ')' : ''),
    called: plain(event.to),
    time: DateTime.fromISO(event.time, {zone: given.timezone}).toFormat('yyyy-MM-dd HH:mm'),
    seconds: event.duration_seconds,
  };
  const text = given.text.replace(/[{](caller|called|time|seconds)[}]/g, (all, word) => String(values[word]));
  return {[given.key]: text};
})()) }}"""
#: A row of the table of calls.
CALL = """={{ JSON.stringify((() => {
  const event = $('Event').first().json.body;
  const place = (given) => Object.entries(given || {}).flat().join(' ');
  return {
    event_id: event.id, time: event.time, caller: event.from, called: event.to, disposition: event.disposition,
    answered_by: place(event.answered_by), routed_to: place(event.routed_to),
    duration_seconds: event.duration_seconds, talk_seconds: event.talk_seconds, tag: event.tag,
    twilio_call_sid: event.twilio_call_sid,
  };
})()) }}"""
