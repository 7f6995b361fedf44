#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ntp-query writes: variables, lines of configuration, whole files; with keys of a file and keys
# that are typed, right ones and wrong ones; what it says when the daemon refuses, is silent or
# forgets; against simulated daemons that check every code octet by octet.
set -u
. "$srcdir/tests/support/lab.sh"
. "$srcdir/tests/e2e/agent.sh"
. "$srcdir/tests/e2e/query.sh"

lab_dir
keys=$LAB_DIR/keys
our_keys=$LAB_DIR/our.keys
printf '%s\n' '1 SHA256 the-right-secret' '2 MD5 untrusted' '3 AES128CMAC 000102030405060708090a0b0c0d0e0f' \
	'6 SHA1 c0ffee' >"$keys"
printf '%s\n' '1 SHA256 the-right-secret' '2 MD5 untrusted' '3 AES128CMAC 000102030405060708090a0b0c0d0e0f' \
	'4 SHA1 unknown-there' '5 SHA256 another-secret' '6 SHA1 c0ffee' >"$our_keys"
printf '%s\n' '1 SHA256 the-wrong-secret' >"$LAB_DIR/wrong.keys"
printf '%s\n' '1 SHA256 the-right-secret' >"$LAB_DIR/one.keys"
chmod 0600 "$keys" "$our_keys" "$LAB_DIR/wrong.keys" "$LAB_DIR/one.keys"

# sim NAME DIALECT OPTION...: a daemon; its port in $port.
sim() {
	sim_name=$1
	sim_dialect=$2
	shift 2
	lab_sim_start "$LAB_DIR/$sim_name" --dialect "$sim_dialect" --associations 3 --seed 7 \
		--keys "$keys" --trusted 1,3,6 --controlkey 1 \
		--dvar site=Ost --var room=12 --setvar owner=nobody,default \
		--control "$LAB_DIR/$sim_name/control" "$@"
	port=$LAB_SIM_PORT
}

say() {
	say_name=$1
	shift
	"$SIMSAY" "$LAB_DIR/$say_name/control" "$*"
}

# holds NAME VARIABLE
holds() {
	say "$1" var "$2" | sed 's/^ok [^ ]* *//'
}

sim org ntporg
org=127.0.0.1:$port
sim sec ntpsec
sec=127.0.0.1:$port
sim new ntpsec-1.2.5
new=127.0.0.1:$port

# A variable.
ask -k "$our_keys" -a 1 -c 'writevar 0 room=14' "$org"
is "writevar: exit code" "$code$err" 0
is "writevar: what it holds now is shown" "$out" room=14
is "writevar: the daemon" "$(holds org room)" 14
ask -k "$our_keys" -c 'keyid 1' -c 'writevar 0 room=15, site=West Side' "$sec"
is "two at once" "$code$(printf '%s\n' "$out" | grep -c '^room=15$\|^site=West Side$')" 02
is "two at once: the daemon" "$(holds sec room) $(holds sec site)" "15 West Side"
ask -k "$LAB_DIR/one.keys" -c 'addvars room=16,site=Nord' -c 'writelist 0' "$org"
is "writelist, with the only key of the file" "$code $(holds org room) $(holds org site)" "0 16 Nord"
ask -k "$our_keys" -a 1 --json -c 'writevar 0 room=17' "$org"
says "JSON" '"command": "writevar", "variables": \{"room": "17"\}\}$'

# What is refused, and by whom.
ask -k "$our_keys" -a 1 -c 'writevar 0 owner=me' "$org"
ends "a variable made by setvar" 1 'permission denied with key 1: .* takes the key, but not for this'
ask -k "$our_keys" -a 1 -c 'writevar &1 offset=1' "$org"
ends "an association's" 1 'permission denied'
ask -k "$our_keys" -a 1 -c 'writevar 0 nothing=1' "$org"
ends "an unknown one" 1 'unknown variable'
ask -k "$our_keys" -a 1 -c 'writevar 0 room=20,nothing=1' "$org"
ends "a list that is wrong behind its first" 1 'unknown variable'
says "of which the first was written, which is said" '^room=20$'
ask -k "$our_keys" -a 1 -c 'writevar 0 room=1' "$new"
ends "a daemon without writevar" 1 'config setvar name = value'
ask -k "$our_keys" -a 3 -c 'writevar 0 room=1' "$org"
ends "not the control key" 1 'key 3: the daemon takes the key, but not for this'
ask -k "$our_keys" -a 2 -c 'writevar 0 room=1' "$org"
ends "a key that is not trusted" 1 'key 2: the daemon does not know that key or its secret, or does not trust it'
ask -k "$our_keys" -a 4 -c 'writevar 0 room=1' "$sec"
ends "a key it does not know" 1 'does not know that key or its secret'
ask -k "$LAB_DIR/wrong.keys" -c 'writevar 0 room=1' "$org"
ends "another secret" 1 'key 1: the daemon has that key with another secret'
is "and nothing was written" "$(holds org room)" 20
ask -k "$our_keys" -a 1 -c 'writevar 0 room' -c 'writevar 0 room=a"b"' -c 'writevar 0 ro om=1' "$org"
ends "what cannot be sent" 1 'expected room=value'
ends "a quote" 1 'room: daemons take up to 127 printable characters without comma and quote'
ends "no name" 1 "'ro om' is no name of a variable"
ask -k "$our_keys" -a 1 -c "writevar 0 room=$(printf '%0128d' 0)" "$org"
ends "a value that daemons drop" 1 'up to 127'
ask -k "$our_keys" -c 'writelist 0' "$org"
ends "an empty list" 1 'the list is empty'

# Keys that are not there.
ask -k "$our_keys" -c 'writevar 0 room=1' "$org"
ends "several keys, and nobody to ask" 1 'no key id, and no terminal to ask for it'
ask -k "$our_keys" -a 9 -c 'writevar 0 room=1' "$org"
ends "a key that is not in the file" 1 'our.keys: holds no key 9'
ask -a 1 -c 'writevar 0 room=1' "$org"
ends "no file" 1 'no secret, and no terminal'
ask -k "$LAB_DIR/none" -a 1 -c 'writevar 0 room=1' "$org"
ends "no such file" 1 'none: cannot be opened: No such file'
printf '1 MD5 x\n1 NODIGEST y\n' >"$LAB_DIR/bad.keys"
chmod 0666 "$LAB_DIR/bad.keys"
ask -k "$LAB_DIR/bad.keys" -a 1 -c 'writevar 0 room=1' "$org"
ends "a file that everybody may write" 1 'mode 0666 lets others write keys'
ask -a 0 -p "$org"
ends "no key id" 2 "'0' is no key id"
ask -c 'keyid 7' -c keyid -c 'keytype sha512' -c keytype -c 'delay 30' "$org"
is "keyid, keytype, delay" "$code$(printf '%s\n' "$out" | grep -c '^key id is 7$\|type sha512$\|^delay is 30 ms')" 05
ask -c 'keytype NOSUCH' "$org"
ends "no such type" 1 "'NOSUCH': "
ask -c passwd "$org"
ends "passwd without a terminal" 1 'no terminal'

# Lies and losses.
say org fault write-lie >/dev/null
ask -k "$our_keys" -a 1 -c 'writevar 0 room=31' "$org"
is "a daemon that lies: what it holds" "$out" room=20
ends "a daemon that lies" 1 'room: it was not written'
say org fault write-other=x >/dev/null
ask -k "$our_keys" -a 1 -c 'writevar 0 room=32' "$org"
ends "one that stores something else" 1 'room: it was not written'
before=$(say org writes)
say org fault write-mute >/dev/null
ask -k "$our_keys" -a 1 -c 'writevar 0 room=33' "$org"
is "the answer is lost: it is read back" "$code $out $(holds org room)" "0 room=33 33"
true_that "the answer is lost: it was sent once ($before, $(say org writes))" \
	test "$(say org writes | sed 's/.*writevar=\([0-9]*\).*/\1/')" -eq \
	$(($(printf '%s\n' "$before" | sed 's/.*writevar=\([0-9]*\).*/\1/') + 1))
say org fault write-drop >/dev/null
ask -k "$our_keys" -a 1 -c 'writevar 0 room=34' "$org"
is "the request is lost: it is read back" "$code $out $(holds org room)" "1 room=33 33"
say org fault bad-mac >/dev/null
ask -k "$our_keys" -a 1 -c 'writevar 0 room=35' "$org"
is "an answer with a wrong code is not believed, but what it holds is shown" "$code $out" "0 room=35"
say org fault off >/dev/null

# Lines of configuration.
for name in org sec new; do
	case $name in
	org) host=$org ;;
	sec) host=$sec ;;
	new) host=$new ;;
	esac
	for line in 'setvar a = "b, c"' 'setvar aa = "b, c"' 'setvar aaa = "b, c"' 'setvar aaaa = "b, c"' \
		'setvar aaaaa = "b, c"' 'setvar aaaaaa = "b, c"' 'setvar aaaaaaa = "b, c"' 'setvar aaaaaaaa = "b, c"'; do
		ask -k "$our_keys" -a 1 -c "config $line" "$host"
		is "$name: $line" "$code $out" "0 Config Succeeded"
	done
	is "$name: it is there" "$(holds "$name" aaaaaaaa)" "b, c"
	ask -k "$our_keys" -a 3 -c 'config setvar b = c' "$host"
	ends "$name: not the control key" 1 'permission denied with key 3'
	ask -k "$our_keys" -a 1 -c 'config no such statement' "$host"
	ends "$name: not understood" 1 'the daemon says: column [0-9]+ syntax error'
	say "$name" nomodify on >/dev/null
	ask -k "$our_keys" -a 1 -c 'config setvar b = c' "$host"
	ends "$name: nomodify" 1 'the daemon says: .*nomodify'
	say "$name" nomodify off >/dev/null
done
ask -k "$our_keys" -a 1 -c "config $(printf '%0441d' 0)" "$org"
ends "a line that is too long" 1 'up to 440'
ask -k "$our_keys" -a 1 -c ':config setvar d = "#1" # comment' "$org"
is ":config, with a comment" "$code $(holds org d)" "0 #1"
say org trap 127.0.0.1:9 >/dev/null
ask -k "$our_keys" -a 1 -c 'config unpeer 198.18.0.1' "$org"
is "ntp.org sends the answer elsewhere: the associations tell" "$code $out" \
	"0 the associations are others now: it was taken"
say org untrap 127.0.0.1:9 >/dev/null
say org fault write-drop >/dev/null
ask -k "$our_keys" -a 1 -c 'config setvar lost = 1' "$org"
ends "no answer" 3 'no answer'
says "no answer: and no sign" 'the same as before: it may not have been taken'
say org fault off >/dev/null

# Files of them.
printf '%s\n' '# made by hand' '' 'setvar one = 1' '   setvar two = 2   ' >"$LAB_DIR/good.conf"
ask -k "$our_keys" -a 1 -c "config-from-file $LAB_DIR/good.conf" "$sec"
is "a file" "$code$(printf '%s\n' "$out" | grep -c '^Config Succeeded$') $(holds sec one) $(holds sec two)" "02 1 2"
printf '%s\n' 'setvar three = 3' 'what is this' 'setvar four = 4' >"$LAB_DIR/half.conf"
ask -k "$our_keys" -a 1 -c "config-from-file $LAB_DIR/half.conf" "$sec"
ends "a file with a line that is wrong" 1 'half.conf:2: not taken; what follows it was not sent'
is "what is before it was taken, what is behind it not" "$(holds sec three)$(say sec var four)" "3error no such variable"
printf 'setvar x = "%0500d"\n' 0 >"$LAB_DIR/long.conf"
ask -k "$our_keys" -a 1 -c "config-from-file $LAB_DIR/long.conf" "$sec"
ends "a line that is too long" 1 'long.conf:1: not taken'
ask -k "$our_keys" -a 1 -c "config-from-file $LAB_DIR/none" "$sec"
ends "no file" 1 'none: No such file'
ask -k "$our_keys" -a 1 -c "saveconfig a.conf" "$sec"
ends "saveconfig" 1 'the daemon says'

# Keys that are typed.
if command -v script >/dev/null; then
	keys_typed() {
		typed_args=$1
		shift
		{
			sleep 1
			for typed in "$@"; do
				# shellcheck disable=SC2059 # the keys are escapes
				printf "$typed"
				sleep 0.3
			done
		} | TERM=dumb script -qec "$QUERY $typed_args" /dev/null | tr -d '\r'
	}
	out=$(keys_typed "-c 'keytype SHA256' -c 'writevar 0 room=41' $org" '1\r' 'the-right-secreX\177t\r')
	says "the terminal asks for the id" '^Keyid: 1$'
	says "and for the secret" '^SHA256 secret of key 1: *$'
	says "which is right" '^room=41$'
	mute "and never shown" 'the-right'
	out=$(keys_typed "-c 'keyid 1' -c 'keytype SHA256' -c passwd -c 'writevar 0 room=42' $org" 'nonsense\r')
	says "passwd: a wrong one" 'has that key with another secret'
	out=$(keys_typed "-a 1 -c 'writevar 0 room=43' $org" 'half\003')
	says "an interrupt ends the question" 'no secret: interrupted'
	out=$(keys_typed "-a 1 $org" 'writevar 0 room=44\r' '\003' 'host\r' 'quit\r')
	says "and not the program" "current host is $org"
	is "and nothing was written" "$(holds org room)" 41
fi
finish
