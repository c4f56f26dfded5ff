# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian package of Asterisk, made from upstream's source on a builder.

==========  =================================================================================
order.py    what is to be made, and the key that tells whether it was made already
deb.py      the fields of a package file
sources.py  the source files, each compared with its SHA-256
make.py     the build itself, in a chroot that is thrown away
==========  =================================================================================
"""
