#!/bin/sh
# certificate.sh FOLDER NAME SUBJECT_ALT_NAMES [OPTION OF openssl req]...
#
# Makes FOLDER/NAME.crt and FOLDER/NAME.key, signed by the CA of that folder (ca.crt, ca.key), which it makes where
# there is none. For the twin's edge, and for the PBXs that are tested against it:
#
#   certificate.sh /etc/twilio-twin/tls pbx1 IP:192.0.2.10,DNS:pbx.example.com
set -eu
cd "$1"
name=$2 names=$3
shift 3
umask 027

request() {
    openssl req -x509 -newkey rsa:2048 -noenc -config /dev/stdin "$@" <<END
[req]
distinguished_name = name
[name]
END
}

[ -e ca.crt ] || request -subj "/CN=CA of a twin of Twilio" -days 3650 -keyout ca.key -out ca.crt \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -addext subjectKeyIdentifier=hash
request -CA ca.crt -CAkey ca.key -subj "/CN=$name" -days 3650 -keyout "$name.key" -out "$name.new" \
    -addext "subjectAltName=$names" -addext basicConstraints=critical,CA:FALSE \
    -addext subjectKeyIdentifier=hash -addext authorityKeyIdentifier=keyid "$@"
# The services of the folder's group read it. The certificate comes last, so that one that is there has its key.
chmod 0640 "$name.key"
mv "$name.new" "$name.crt"
