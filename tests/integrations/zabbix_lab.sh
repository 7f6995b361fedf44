# SPDX-License-Identifier: BSD-2-Clause
# A Zabbix of our own, from Debian's packages: a PostgreSQL, the server and its web pages, each below
# $LAB_DIR and ended with it. To be sourced after lab.sh and common.sh.
# shellcheck shell=sh

ZABBIX_PAGES=/usr/share/zabbix
ZABBIX_TABLES=/usr/share/zabbix-server-pgsql
ZABBIX_SERVER=/usr/sbin/zabbix_server

# zabbix_needs: skips where something of it is not installed
zabbix_needs() {
	needs curl jq psql php "$ZABBIX_SERVER"
	for zabbix_file in "$ZABBIX_PAGES/api_jsonrpc.php" "$ZABBIX_TABLES/schema.sql.gz"; do
		[ -f "$zabbix_file" ] || lab_skip "no $zabbix_file here"
	done
	zabbix_postgres=$(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | sort -V | tail -n 1)
	[ -n "$zabbix_postgres" ] || lab_skip "no postgres here"
}

# As a user that PostgreSQL runs as: never root.
zabbix_ordinary() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
	fi
	"$@"
}

zabbix_sql() {
	psql -q -h "$LAB_DIR/db" -U zabbix -v ON_ERROR_STOP=1 "$@"
}

# zabbix_database_start: reached through a socket in $LAB_DIR/db alone, with Zabbix's tables; what it
# holds need not outlive the test
zabbix_database_start() {
	mkdir -p "$LAB_DIR/db"
	[ "$(id -u)" -ne 0 ] || chown postgres "$LAB_DIR/db"
	zabbix_ordinary "${zabbix_postgres%/*}/initdb" -D "$LAB_DIR/db/data" -A trust -U zabbix -E UTF8 --locale=C --no-sync \
		>"$LAB_DIR/initdb.log" 2>&1 || lab_fail "no database"
	if [ "$(id -u)" -eq 0 ]; then
		lab_spawn "$LAB_DIR/postgres.log" setpriv --reuid=postgres --regid=postgres --clear-groups "$zabbix_postgres" \
			-D "$LAB_DIR/db/data" -k "$LAB_DIR/db" -h '' -c fsync=off -c full_page_writes=off -c synchronous_commit=off
	else
		lab_spawn "$LAB_DIR/postgres.log" "$zabbix_postgres" \
			-D "$LAB_DIR/db/data" -k "$LAB_DIR/db" -h '' -c fsync=off -c full_page_writes=off -c synchronous_commit=off
	fi
	zabbix_database_pid=$LAB_PID
	lab_wait "zabbix_sql -d postgres -c 'SELECT 1'" 20 || lab_fail "PostgreSQL does not answer"
	zabbix_sql -d postgres -c 'CREATE DATABASE zabbix'
	gunzip -c "$ZABBIX_TABLES/schema.sql.gz" "$ZABBIX_TABLES/images.sql.gz" "$ZABBIX_TABLES/data.sql.gz" |
		zabbix_sql -d zabbix >"$LAB_DIR/tables.log" 2>&1 || lab_fail "no tables"
}

# zabbix_pages_start: the web pages and the API at $zabbix_url
zabbix_pages_start() {
	zabbix_port=$(lab_free_udp_port)
	zabbix_server_port=$(lab_free_udp_port)
	zabbix_url=http://127.0.0.1:$zabbix_port
	cp -RL "$ZABBIX_PAGES" "$LAB_DIR/pages"
	sed -i "s,'/etc/zabbix/zabbix.conf.php','$LAB_DIR/pages/conf/zabbix.conf.php'," \
		"$LAB_DIR/pages/include/classes/core/CConfigFile.php"
	cat >"$LAB_DIR/pages/conf/zabbix.conf.php" <<-END
		<?php
		\$DB = ['TYPE' => 'POSTGRESQL', 'SERVER' => '$LAB_DIR/db', 'PORT' => '0', 'DATABASE' => 'zabbix',
			'USER' => 'zabbix', 'PASSWORD' => '', 'SCHEMA' => '', 'ENCRYPTION' => false, 'KEY_FILE' => '',
			'CERT_FILE' => '', 'CA_FILE' => '', 'VERIFY_HOST' => false, 'CIPHER_LIST' => '', 'VAULT_URL' => '',
			'VAULT_DB_PATH' => '', 'VAULT_TOKEN' => '', 'DOUBLE_IEEE754' => true];
		\$ZBX_SERVER = '127.0.0.1';
		\$ZBX_SERVER_PORT = '$zabbix_server_port';
		\$ZBX_SERVER_NAME = 'lab';
		\$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
	END
	# They insist on a locale of this name.
	mkdir -p "$LAB_DIR/locale"
	cp -R /usr/lib/locale/C.utf8 "$LAB_DIR/locale/en_US.utf8"
	lab_spawn "$LAB_DIR/pages.out.log" env LOCPATH="$LAB_DIR/locale" php -d max_execution_time=60 -d post_max_size=16M \
		-d memory_limit=256M -d date.timezone=UTC -S "127.0.0.1:$zabbix_port" -t "$LAB_DIR/pages"
	zabbix_pages_pid=$LAB_PID
	zabbix_token=
	lab_wait "zabbix_api apiinfo.version '[]'" 20 || lab_fail "no pages"
	zabbix_token=$(zabbix_api user.login '{"username":"Admin","password":"zabbix"}' | jq -r .)
	[ -n "$zabbix_token" ] || lab_fail "nobody can log in"
}

# zabbix_api METHOD PARAMETERS: prints the result; 1, with its words in api.log, when it is an error
zabbix_api() {
	printf '%s' "$2" | jq -c --arg method "$1" --arg token "$zabbix_token" \
		'{jsonrpc: "2.0", method: $method, params: ., id: 1} + (if $token == "" then {} else {auth: $token} end)' |
		curl --noproxy '*' -s -m 60 -H 'Content-Type: application/json-rpc' --data-binary @- "$zabbix_url/api_jsonrpc.php" |
		jq -c 'if has("result") then .result else error(.error.data) end' 2>>"$LAB_DIR/api.log" | grep .
}

# zabbix_import FILE: a template
zabbix_import() {
	zabbix_api configuration.import "$(jq -n --rawfile source "$1" '{ $source, format: "yaml",
		rules: ({ groups: { createMissing: true } } + (
			[ "templates", "items", "discoveryRules", "triggers", "valueMaps", "graphs", "templateDashboards" ] |
			map({ key: ., value: { createMissing: true, updateExisting: true } }) | from_entries)) }')"
}

# zabbix_host NAME PORT TEMPLATE MACROS: watches the agent at 127.0.0.1:PORT; MACROS as JSON, by name.
# Its id in $zabbix_host
zabbix_host_add() {
	# As autovacuum would within a minute: without, a join over what was just imported takes as long.
	zabbix_sql -d zabbix -c ANALYZE
	zabbix_group=$(zabbix_api hostgroup.get '{"filter":{"name":"Linux servers"}}' | jq '.[0].groupid')
	zabbix_template=$(zabbix_api template.get "{\"filter\":{\"host\":\"$3\"}}" | jq '.[0].templateid')
	zabbix_host=$(zabbix_api host.create "$(jq -n --arg name "$1" --arg port "$2" --argjson group "$zabbix_group" \
		--argjson template "$zabbix_template" --argjson macros "$4" '{ host: $name, groups: [ { groupid: $group } ],
			templates: [ { templateid: $template } ],
			interfaces: [ { type: 2, main: 1, useip: 1, ip: "127.0.0.1", dns: "", $port,
				details: { version: 2, bulk: 1, community: "public" } } ],
			macros: ($macros | to_entries | map({ macro: .key, value: .value })) }')" | jq -r '.hostids[0]')
	[ -n "$zabbix_host" ] || lab_fail "no host"
}

# zabbix_server_start: polls, and reads notifications from $LAB_DIR/traps
zabbix_server_start() {
	mkdir -p "$LAB_DIR/server/state"
	cat >"$LAB_DIR/server/zabbix_server.conf" <<-END
		ListenIP=127.0.0.1
		ListenPort=$zabbix_server_port
		LogFile=$LAB_DIR/server/server.log
		PidFile=$LAB_DIR/server/server.pid
		SocketDir=$LAB_DIR/server
		DBHost=$LAB_DIR/db
		DBName=zabbix
		DBUser=zabbix
		StartPollers=3
		StartPollersUnreachable=1
		StartPreprocessors=1
		StartTrappers=1
		StartPingers=0
		StartDiscoverers=0
		StartHTTPPollers=0
		StartODBCPollers=0
		StartSNMPTrapper=1
		SNMPTrapperFile=$LAB_DIR/traps
		CacheUpdateFrequency=1
		HousekeepingFrequency=0
		UnavailableDelay=2
		UnreachableDelay=2
		AllowRoot=1
		Timeout=5
	END
	lab_spawn "$LAB_DIR/server/server.out.log" env MIBS= SNMPCONFPATH="$LAB_DIR/server" \
		SNMP_PERSISTENT_DIR="$LAB_DIR/server/state" "$ZABBIX_SERVER" -f -c "$LAB_DIR/server/zabbix_server.conf"
	zabbix_server_pid=$LAB_PID
}

# zabbix_stop: in an order in which nobody waits for another
zabbix_stop() {
	lab_end "$zabbix_server_pid"
	lab_end "$zabbix_pages_pid"
	lab_end "$zabbix_database_pid" INT
}

# zabbix_problems: the triggers of the host that are on and depend on no other that is, a line each
zabbix_problems() {
	zabbix_api trigger.get "{\"hostids\":\"$zabbix_host\",\"filter\":{\"value\":\"1\"},\"monitored\":true,
		\"skipDependent\":true,\"expandDescription\":true,\"output\":[\"description\"]}" | jq -r '.[].description' | sort
}

# zabbix_item KEY: of the host, as an object
zabbix_item() {
	zabbix_api item.get "$(jq -n --arg key "$1" --arg host "$zabbix_host" '{ hostids: $host, filter: { key_: $key } }')" |
		jq -c '.[0] // empty'
}

# zabbix_value KEY: its latest
zabbix_value() {
	zabbix_item "$1" | jq -r .lastvalue
}

# zabbix_count METHOD: how many of the host there are
zabbix_count() {
	zabbix_api "$1" "{\"hostids\":\"$zabbix_host\",\"countOutput\":true}" | jq -r .
}

# zabbix_broken METHOD: the errors of those of the host that cannot be read or evaluated, below a heading
zabbix_broken() {
	zabbix_api "$1" "{\"hostids\":\"$zabbix_host\",\"filter\":{\"state\":\"1\"},\"output\":\"extend\"}" | jq -r '"errors:", .[].error'
}
