# SPDX-License-Identifier: BSD-2-Clause
# Completion of ntp-query for fish. Options and commands are those the program itself lists.

function __ntp_query_commands
    ntp-query -c help 2>/dev/null | awk -F '  +' '/^  [^ ]/ { print $2 "\t" $NF }'
end

function __ntp_query_operands
    ntp-query --help 2>/dev/null | sed -n '1s/.*\[\([a-z|]*\)\].*/\1/p' | tr '|' '\n'
end

complete -c ntp-query -f -a '(__fish_print_hostnames)'
complete -c ntp-query -f -n __fish_is_first_token -a '(__ntp_query_operands)'
for line in (ntp-query --help 2>/dev/null)
    string match -rq '^ +(?:-(?<letter>.), )?--(?<word>[a-z0-9-]+)(?: (?<argument>[A-Z]+))? +(?<help>.*)$' -- $line
    or continue
    set -l option -l $word -d $help
    test -n "$letter"; and set -a option -s $letter
    switch "$argument"
        case ''
        case COMMAND
            set -a option -x -a '(__ntp_query_commands)'
        case '*FILE'
            set -a option -r -F
        case '*'
            set -a option -x
    end
    complete -c ntp-query $option
end
