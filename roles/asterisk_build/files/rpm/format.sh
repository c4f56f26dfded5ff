# shellcheck shell=sh disable=SC2034,SC2154    # recipe.sh reads this file, and its environment has what is not set here
# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What an RPM and its system have of their own. There is no cross compiler: a builder has the target's architecture.

here=$(uname -m)-linux-gnu target=$ARCHITECTURE-linux-gnu machine=$ARCHITECTURE libdir=usr/lib64

flags() {
    case $1 in
        CFLAGS) rpm --eval '%{?optflags}' ;;
        LDFLAGS) rpm --eval '%{?build_ldflags}' ;;
    esac
}

pack() {
    chmod 0750 var/*/asterisk
    date_files
    rpmbuild --quiet -bb --define '_topdir /build/rpm' --define '_rpmdir /build/rpm/result' \
        --define "libdir /$libdir" --define "root $root" --define "version_of_asterisk $VERSION" \
        --define "release_of_package ${PACKAGE_VERSION#*-}" --define "key $KEY" \
        --define '_buildhost trunkline.voice' --define 'use_source_date_epoch_as_buildtime 1' \
        /build/files/asterisk.spec
    cp /build/rpm/result/*/asterisk-*.rpm /build/result/asterisk.rpm
}

unpack() {
    mkdir -p "$1"
    (cd "$1" && rpm2cpio /build/result/asterisk.rpm | cpio --quiet -idm)
}
