libagentx_a_SOURCES += src/mode6/packet.c src/mode6/packet.h
libagentx_a_SOURCES += src/mode6/reassembly.c src/mode6/reassembly.h
libagentx_a_SOURCES += src/mode6/varlist.c src/mode6/varlist.h
libagentx_a_SOURCES += src/mode6/status.c src/mode6/status.h
libagentx_a_SOURCES += src/mode6/auth.c src/mode6/auth.h
libagentx_a_SOURCES += src/mode6/auth_key.c src/mode6/auth_key.h
libagentx_a_SOURCES += src/mode6/keys.c
