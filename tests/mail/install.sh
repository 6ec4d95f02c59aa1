#!/bin/sh
# Debian's Dovecot and Postfix for the tests, as root; nothing of them is started, and another mail server that is there is left alone.
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d

wanted=""
[ -e /usr/lib/dovecot/lmtp ] && [ -e /usr/lib/dovecot/submission-login ] ||
    wanted="dovecot-core dovecot-imapd dovecot-lmtpd dovecot-submissiond"
if [ ! -e /usr/lib/postfix/sbin/master ]; then
    if [ -e /usr/sbin/sendmail ]; then
        echo "Postfix is not installed: it would replace the mail server that is here; its tests will be skipped"
    else
        wanted="$wanted postfix"
        command -v debconf-set-selections > /dev/null &&
            echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
    fi
fi
[ -n "$wanted" ] || exit 0

# Debian starts what it installs, unless this file says no. One that is there already is the machine's own.
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
echo "— installing$(printf ' %s' $wanted) for the tests of e-mail"
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $wanted > /dev/null
