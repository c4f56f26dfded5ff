#!/bin/sh
# Copyright (c) 2026, the trunkline.voice authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Make one package of Asterisk, from sources that were verified: recipe.sh, inside of the chroot, as a user who may write
# /build only, without a network. What depends on the package's format is in deb/ and rpm/.
#
# /build/sources  the tarball, as asterisk.tar.*, and the parts that its configure would download, under the names that
#                 configure gives them
# /build/files    the unit, format.sh and what else the format has, and patches/PATH for each file that the source gets in
#                 addition
# /build/modules  the modules to build, a name a line
#
# ARCHITECTURE     the target's, in the format's words; where it is not the builder's, the chroot has a cross compiler, and
#                  an emulator for the one start
# VERSION          Asterisk's version, such as 22.10.1
# PACKAGE_VERSION  the package's, such as 1:22.10.1~trunkline1+deb13 or 22.10.1-0.trunkline1.el9
# KEY              what the build was made from, as a field of the package tells it
# SOURCE_DATE_EPOCH  the date of everything in the package, so that two builds are equal
set -eu
umask 022
export LC_ALL=C.UTF-8 TZ=UTC HOME=/build SOURCE_DATE_EPOCH

say() { printf 'step: %s\n' "$*"; }
die() { printf 'refused: %s\n' "$*" >&2; exit 3; }
date_files() { find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +; }

tree=/build/asterisk root=/build/root
# It knows the names of machines and folders (`here`, `target`, `machine`, `libdir`), the compiler's `flags`, how to `pack`
# what is in $root, and how to `unpack` that.
# shellcheck source=/dev/null
. /build/files/format.sh
tools='' emulator=''
if [ "$here" != "$target" ]; then tools=$target- emulator=qemu-$machine; fi
rm -rf "$tree" "$root" /build/result /build/repack
mkdir -p "$tree" "$root" /build/externals /build/bin /build/result

say "unpack"
tar -xf /build/sources/asterisk.tar.* -C "$tree" --strip-components=1
cd "$tree"
if [ -d /build/files/patches ]; then cp -r /build/files/patches/. .; fi

# Configure takes a part from a folder, under upstream's name and with the MD5 that stands in the tree. The SHA-256 of the
# file was compared before this, so it is the MD5 of the tree that follows the file.
for part in /build/sources/*; do
    name=$(basename "$part")
    case $name in
        asterisk.tar.*) continue ;;
        *.tar.xz)       # a distribution's copy, whose folder has another name
            folder=/build/repack/${name%.tar.xz}
            name=${name%.xz}.bz2
            mkdir -p "$folder"
            tar -xf "$part" -C "$folder" --strip-components=1
            tar -cjf "/build/externals/$name" -C /build/repack "${folder##*/}"
            ;;
        *) cp "$part" /build/externals/ ;;
    esac
    folder=third-party/${name%%-*}
    [ -e "$folder/$name.md5" ] ||
        die "Asterisk $VERSION does not take $name, but $(cd "$folder" && echo *.md5)"
    (cd /build/externals && md5sum "$name") >"$folder/$name.md5"
    cp "$folder/$name.md5" /build/externals/
done

# Two builds of the same sources are the same bytes: neither the builder's name and time nor the order of its file system
# is in them.
cat >build_tools/make_build_h <<'END'
#!/bin/sh
echo "#define BUILD_HOSTNAME \"trunkline.voice\""
echo "#define BUILD_KERNEL \"unknown\""
echo "#define BUILD_MACHINE \"$machine\""
echo "#define BUILD_OS \"Linux\""
echo "#define BUILD_DATE \"$(date -u -d "@$SOURCE_DATE_EPOCH" '+%Y-%m-%d %H:%M:%S') UTC\""
echo "#define BUILD_USER \"trunkline\""
END
chmod +x build_tools/make_build_h
sed -i 's/^\(.*for i in \$(\${FIND} [^)]*\))/\1 | LC_ALL=C sort)/' build_tools/make_xml_documentation

say "configure"
# Configure wants to find a tool for downloads. There is no network to download from.
printf '#!/bin/sh\necho "there is no network" >&2\nexit 1\n' >/build/bin/wget
chmod +x /build/bin/wget
PATH=/build/bin:$PATH
# Without debugging symbols, which nobody here would read, and so without -march=native of configure.
CFLAGS="$(flags CFLAGS | sed 's/\(^\| \)-g\( \|$\)/ /g') $(flags CPPFLAGS)"
LDFLAGS="$(flags LDFLAGS) -Wl,--as-needed"
export CFLAGS LDFLAGS
set --
if [ -n "$tools" ]; then
    set -- --build="$here" --host="$target"
    export PKG_CONFIG_LIBDIR="/$libdir/pkgconfig:/usr/share/pkgconfig"
    # What a test finds out by a program that it runs is a guess here. These are glibc's answers.
    for answer in func_stat_empty_string_bug=no func_lstat_dereferences_slashed_symlink=yes func_chown_works=yes \
        func_closedir_void=no lib_error_at_line=yes func_memcmp_working=yes func_mmap_fixed_mapped=yes \
        func_strcoll_works=yes func_strnlen_working=yes func_strtod=yes func_utime_null=yes func_fork_works=yes; do
        export "ac_cv_$answer"
    done
fi
./configure "$@" --prefix=/usr --sysconfdir=/etc --localstatedir=/var --libdir="/$libdir" \
    --mandir=/usr/share/man --with-pjproject-bundled --with-externals-cache=/build/externals --disable-asteriskssl
header=include/asterisk/autoconfig.h
if [ -n "$tools" ]; then
    # Menuselect is a program of the builder, and so are its libraries.
    (unset PKG_CONFIG_LIBDIR CFLAGS LDFLAGS && cd menuselect && CC=cc ./configure)
    # These tests take no answer: without one they say no, and the result is a lesser Asterisk without a word.
    # shellcheck disable=SC2013    # words are meant
    for name in $(sed -n 's/^ran //p' /build/files/found); do
        sed -i "s:^/\* #undef $name \*/\$:#define $name 1:" "$header"
    done
fi
# shellcheck disable=SC2013
for name in $(sed -n 's/^[a-z]* //p' /build/files/found); do
    grep -q "^#define $name\b" "$header" || die "configure did not find $name, which files/found names"
done
! grep '^#define HAVE_STAT_EMPTY_STRING_BUG' "$header" || die "configure took this system for a broken one, see above"

say "choose modules"
# Menuselect ends 0 for a module whose library is missing, and leaves it out; what was built is compared below.
make menuselect.makeopts
menuselect/menuselect --disable-all menuselect.makeopts
# shellcheck disable=SC2046
menuselect/menuselect --enable OPTIONAL_API $(sed 's/^/--enable /' /build/modules) menuselect.makeopts ||
    die "Asterisk $VERSION does not know one of the modules that are asked for; the line above names it"

say "compile"
options="AST_FORTIFY_SOURCE= DEBUG= OPTIMIZE= ASTDATADIR=/usr/share/asterisk ASTVARRUNDIR=/run/asterisk NOISY_BUILD=yes"
# shellcheck disable=SC2086
make -j"$(nproc)" $options
# shellcheck disable=SC2086
make install $options DESTDIR="$root"

say "compare modules"
(cd "$root/$libdir/asterisk/modules" && find . -name '*.so' | sed 's/^\.\///; s/\.so$//' | sort) \
    >/build/result/built
sort /build/modules | comm -23 - /build/result/built >/build/result/missing
sort /build/modules | comm -13 - /build/result/built >/build/result/surplus
missing=$(tr '\n' ' ' </build/result/missing)
[ -z "$missing" ] ||
    die "${missing}not built, as a library or another module is missing: configure found less than this recipe needs"

say "package"
cd "$root"
# Samples open IAX2 to guests, and the rest is of no use to a server.
rm -rf etc/asterisk usr/include "$libdir"/pkgconfig run var/run
(cd usr/share/asterisk &&
    rm -rf firmware images keys moh phoneprov scripts sounds static-http third-party)
(cd usr/sbin && rm -f safe_asterisk autosupport astgenkey astversion)
find usr/share/man -type f ! -name asterisk.8 -delete 2>/dev/null || true
find . -type f \( -name '*.so*' -o -path './usr/sbin/*' \) -exec sh -c '
    file -b "$1" | grep -q ELF || exit 0
    "${0}strip" --strip-unneeded --remove-section=.comment --remove-section=.note "$1"' "$tools" {} \;
mkdir -p etc/asterisk var/lib/asterisk var/log/asterisk var/spool/asterisk var/cache/asterisk \
    usr/lib/systemd/system usr/share/doc/asterisk
cp /build/files/asterisk.service usr/lib/systemd/system/
cp "$tree/COPYING" usr/share/doc/asterisk/copyright
cp "$tree/LICENSE" usr/share/doc/asterisk/LICENSE
pack

say "start once"
# As the user who built it, on a configuration of its own: every library is found, and SIP loads.
mkdir -p /build/trial/run /build/trial/var
unpack /build/trial/system
cat >/build/trial/asterisk.conf <<END
[directories]
astetcdir => /build/trial
astmoddir => /build/trial/system/$libdir/asterisk/modules
astvarlibdir => /build/trial/var
astdbdir => /build/trial/var
astdatadir => /build/trial/system/usr/share/asterisk
astspooldir => /build/trial/var
astlogdir => /build/trial/var
astrundir => /build/trial/run
END
printf '[modules]\nautoload = yes\n' >/build/trial/modules.conf
printf '[global]\n' >/build/trial/pjsip.conf
for name in sorcery rtp; do : >/build/trial/$name.conf; done
asterisk=/build/trial/system/usr/sbin/asterisk
export LD_LIBRARY_PATH="/build/trial/system/$libdir"
# An emulator of one program aborts where that one may open more files.
# shellcheck disable=SC3045    # dash has it
if [ -n "$emulator" ]; then ulimit -n 1000; fi
$emulator "$asterisk" -V
$emulator "$asterisk" -f -C /build/trial/asterisk.conf >/build/result/trial.log 2>&1 &
trial=$!
attempts=120
until [ "$attempts" = 0 ] || ! kill -0 "$trial" 2>/dev/null ||
    $emulator "$asterisk" -C /build/trial/asterisk.conf -rx 'core waitfullybooted' >/dev/null 2>&1; do
    attempts=$((attempts - 1))
    sleep 1
done
$emulator "$asterisk" -C /build/trial/asterisk.conf -rx 'module show' >/build/result/loaded || true
kill "$trial" || true
wait "$trial" || true
grep -q '^chan_pjsip.so .* Running' /build/result/loaded ||
    die "it does not start: $(grep -m1 ERROR /build/result/trial.log || tail -1 /build/result/trial.log)"
say "made"
