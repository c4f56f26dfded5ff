# shellcheck shell=sh disable=SC2034,SC2154    # recipe.sh reads this file, and its environment has what is not set here
# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a Debian package and its system have of their own.

# The target's names, which dpkg's tools follow.
eval "$(dpkg-architecture -a"$ARCHITECTURE" --print-set 2>/dev/null)"
here=$DEB_BUILD_GNU_TYPE target=$DEB_HOST_GNU_TYPE machine=$DEB_HOST_GNU_CPU libdir=usr/lib/$DEB_HOST_MULTIARCH

flags() { DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1"; }

pack() {
    mkdir -p DEBIAN /build/shlibs/debian
    : >/build/shlibs/debian/control
    libraries=$(cd /build/shlibs && find "$root" -type f \( -name '*.so*' -o -path '*/usr/sbin/*' \) -print0 |
        xargs -0 dpkg-shlibdeps -O --warnings=0 -l"$root/$libdir" | sed 's/^shlibs:Depends=//')
    [ -n "$libraries" ] || die "the packages of the libraries that it needs were not found, see the end of the log"
    for script in postinst prerm postrm; do install -m 0755 "/build/files/$script" DEBIAN/; done
    cat >DEBIAN/control <<END
Package: asterisk
Version: $PACKAGE_VERSION
Architecture: $ARCHITECTURE
Maintainer: the trunkline.voice authors <trunkline.voice@invalid>
Installed-Size: $(du -sk --exclude=DEBIAN . | cut -f1)
Depends: $libraries, asterisk-core-sounds-en
Conflicts: asterisk-modules, asterisk-config
Replaces: asterisk-modules, asterisk-config
Section: comm
Priority: optional
Trunkline-Key: $KEY
Homepage: https://www.asterisk.org/
Description: Asterisk, built by trunkline.voice from upstream's source
 It carries the modules that the collection's roles use, and no sample configuration.
END
    date_files
    dpkg-deb --root-owner-group -Zxz --build . /build/result/asterisk.deb
}

unpack() { dpkg-deb -x /build/result/asterisk.deb "$1"; }
