# SPDX-License-Identifier: BSD-2-Clause
"""What LibreNMS makes of a file of sensors: librenms.py FILE COMMAND WORD...

Walks what the file names, with COMMAND for snmpbulkwalk's options and the agent, and finds sensors
as LibreNMS does. Prints lines of these forms:

    wrong|WHAT
    entry|CLASS|OBJECT|DIVISOR|STATES|SKIPPED      an entry of the file; STATES as in a module
    sensor|CLASS|OBJECT|NUMBER|DIVISOR|VALUE|DESCRIPTION
"""
import re
import subprocess
import sys

import yaml

KEYS = {"oid", "value", "num_oid", "index", "descr", "group", "snmp_flags", "skip_values"}
KEYS_OF_STATES = {"state_name", "states"}
KEYS_OF_NUMBERS = {"divisor", "low_limit", "low_warn_limit", "warn_limit", "high_limit"}
NUMBER = re.compile(r"(\.\d+)+\.\{\{ \$index \}\}")
KEPT_IN = {"in_array": lambda value, words: value in words}


def walk(command, oid, flags):
    """Rows by index: {index: {object: value}}."""
    done = subprocess.run([*command[:1], flags, "-Ih", *command[1:], oid],
                          capture_output=True, text=True, check=True)
    rows = {}
    for line in done.stdout.splitlines():
        found = re.fullmatch(r"([A-Za-z0-9-]+::[A-Za-z0-9]+)\.(\S+) = (.*)", line)
        if found:
            name, index, value = found.groups()
            rows.setdefault(index, {})[name] = value.strip('"')
    return rows


def complaints(kind, entry):
    """What is wrong with the form of an entry."""
    allowed = KEYS | (KEYS_OF_STATES if kind == "state" else KEYS_OF_NUMBERS)
    for key in entry.keys() - allowed:
        yield f"unknown key {key}"
    for key in {"oid", "num_oid", "index", "descr"} - entry.keys():
        yield f"no {key}"
    if not NUMBER.fullmatch(entry.get("num_oid", "")):
        yield "num_oid is not a number with the index behind it"
    if kind == "state" and any(state.keys() != {"descr", "graph", "value", "generic"}
                               for state in entry["states"]):
        yield "a state has other keys than it should"
    if kind == "state" and any(state["generic"] not in range(4) for state in entry["states"]):
        yield "a state stands for none of the four"
    limits = [entry[key] for key in ("low_limit", "low_warn_limit", "warn_limit", "high_limit")
              if key in entry]
    if limits != sorted(limits):
        yield "limits are out of order"


def filled(text, index, row, others):
    """A text with what it names in braces; None where that is nowhere."""
    def one(found):
        name = found.group(1)
        if name == "$index":
            return index
        return row.get(name) or others[name][index][name]
    try:
        return re.sub(r"\{\{ (\S+) \}\}", one, text)
    except KeyError:
        return None


def sensors(kind, entry, rows, others):
    """The lines for one entry."""
    name = entry.get("value", entry["oid"])
    states = ", ".join(f"{state['descr']}({state['value']})" for state in entry.get("states", []))
    divisor = entry.get("divisor", 1)
    skipped = " ".join(str(word) for skip in entry.get("skip_values", []) for word in skip["value"])
    yield f"entry|{kind}|{name}|{divisor}|{states}|{skipped}"
    for index, row in rows.items():
        if any(KEPT_IN[skip["op"]](int(row[skip["oid"]]), skip["value"])
               for skip in entry.get("skip_values", [])):
            continue
        if not re.fullmatch(r"-?\d+", row.get(name, "")):
            continue
        number = filled(entry["num_oid"], index, row, others)
        descr = filled(entry["descr"], index, row, others)
        if descr is None:
            yield f"wrong|{name}.{index}: nothing for {entry['descr']}"
        yield f"sensor|{kind}|{name}|{number}|{divisor}|{row[name]}|{descr}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        classes = yaml.safe_load(file)["modules"]["sensors"]
    command = sys.argv[2:]
    others = {other["oid"]: walk(command, other["oid"], other["snmp_flags"])
              for other in classes.pop("additional_oids")["data"]}
    indexes = set()
    for kind, content in classes.items():
        for entry in content["data"]:
            for what in complaints(kind, entry):
                print(f"wrong|{entry.get('value', entry['oid'])}: {what}")
            if (kind, entry["index"]) in indexes:
                print(f"wrong|{entry['index']}: twice")
            indexes.add((kind, entry["index"]))
            rows = walk(command, entry["oid"], entry["snmp_flags"])
            for line in sensors(kind, entry, rows, others):
                print(line)


main()
