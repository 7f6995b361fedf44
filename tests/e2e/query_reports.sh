#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The reports of ntp-query and the lists of a daemon, against simulated daemons of both kinds.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
lab_sim_start "$LAB_DIR/org" --dialect ntporg --associations 4 --seed 3 --control "$LAB_DIR/org/control"
org=127.0.0.1:$LAB_SIM_PORT
lab_sim_start "$LAB_DIR/sec" --dialect ntpsec --associations 4 --seed 3 --control "$LAB_DIR/sec/control"
sec=127.0.0.1:$LAB_SIM_PORT

say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*" >/dev/null
}

# Reports: what each daemon has, with units; what it does not know is left out.
ask -c sysinfo "$org"
is "sysinfo: exit code" "$code$err" 0
says "sysinfo: the status word" '^status: +0615 leap_none, sync_ntp, 1 event, clock_sync$'
says "sysinfo: the system peer" '^system peer: +198\.18\.0\.1:123$'
says "sysinfo: words" "^system peer's mode: +3 client\$"
says "sysinfo: units" '^root dispersion: +21\.081 ms$'
says "sysinfo of ntp.org" '^broadcast delay: +4\.000 ms$'
mute "sysinfo of ntp.org" 'root distance'
ask -c sysinfo "$sec"
says "sysinfo of NTPsec" '^root distance: +21\.147 ms$'
mute "sysinfo of NTPsec" 'broadcast delay'
ask -c kerninfo "$org"
says "kerninfo: milliseconds" '^maximum error: +16000 ms$'
ask -c kerninfo "$sec"
says "kerninfo: what NTPsec 1.2.2 shows are seconds" '^maximum error: +16 s$'
ask -c sysstats "$org"
is "sysstats: exit code" "$code$err" 0
says "sysstats" '^kisses of death sent: +0$'
says "sysstats of ntp.org" '^timestamps rounded wrongly: +0$'
mute "sysstats of ntp.org" '^control requests'
ask -c sysstats "$sec"
says "sysstats of NTPsec" '^all received: +[1-9][0-9]*$'
ask -c iostats "$org"
says "iostats" '^packets sent: +[1-9][0-9]*$'
ask -c monstats "$sec"
says "monstats" '^kept for at most: +3600 s$'
ask -c authinfo "$org"
says "authinfo of ntp.org" '^keys expired: +0$'
ask -c authinfo "$sec"
says "authinfo of NTPsec" '^CMACs wrong: +0$'
ask -c timerstats "$org"
says "timerstats" '^counting for: +[0-9]+ s$'
ask -c ntsinfo -c ntskeinfo "$sec"
says "ntsinfo" '^cookies made: +0$'
says "ntskeinfo" '^keys given: +0$'
ask -c ntsinfo "$org"
ends "what a daemon has nothing of" 1 'the daemon says nothing of NTS'
ask -c raw -c sysinfo "$org"
says "raw" '^leap indicator: +0$'
say org set 0 refid 'a\x1b[2J'
ask -c sysinfo "$org"
says "octets are escaped" '^reference id: +a\\x1b\[2J$'
say org unset 0 refid
ask -c sysinfo "$org"
mute "a value that is not there" 'reference id'
ask --json -c sysinfo -c kerninfo "$sec"
says "JSON: members by name, numbers as such" '"variables": \{"peeradr": "198\.18\.0\.1:123", "peermode": 3, "leap": 0, '
says "JSON: words" '"decoded": \{"peermode": "3 client", "leap": "00 leap_none"'
says "JSON: numbers with exponents" '"kprecis": 0\.000001,'
says "JSON: units" '"units": \{.*"kmaxerr": "s"'
say org silence on
ask -c 'timeout 300' -c sysstats "$org"
ends "silence" 3 'no answer'
say org silence off
finish
