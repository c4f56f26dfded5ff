# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of resources that can be declared, one file each: its fields, its endpoint, its quirks.

account                   the root that lists all kinds
trunk                     Elastic SIP trunks
ip_access_control_list    IP access control lists, and their addresses
credential_list           credential lists, and their credentials
phone_number              phone numbers, and the addresses for emergency calls
dialing_permissions       the countries that may be called
"""
