libagentx_a_SOURCES += src/probe/talk.c src/probe/talk.h
libagentx_a_SOURCES += src/probe/time_packet.c src/probe/time_packet.h
libagentx_a_SOURCES += src/probe/time_ask.c src/probe/time_ask.h
libagentx_a_SOURCES += src/probe/check.c src/probe/check.h src/probe/check_daemon.c src/probe/check_agent.c
libagentx_a_SOURCES += src/probe/check_ask.c src/probe/check_ask.h src/probe/check_ask_agent.c
