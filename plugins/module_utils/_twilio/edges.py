# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of the edges where calls enter Twilio's network.

Source of the names: https://www.twilio.com/docs/global-infrastructure/localized-uris/termination
"""

PUBLIC = ("ashburn", "umatilla", "dublin", "frankfurt", "tokyo", "singapore", "sydney", "sao-paulo")
#: Those of Twilio Interconnect, which no PBX reaches without a line of its own to Twilio.
INTERCONNECT = (
    "ashburn-ix", "san-jose-ix", "london-ix", "frankfurt-ix", "singapore-ix", "tokyo-ix", "sydney-ix", "sao-paulo-ix")
