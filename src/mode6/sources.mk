libagentx_a_SOURCES += src/mode6/packet.c src/mode6/packet.h
libagentx_a_SOURCES += src/mode6/reassembly.c src/mode6/reassembly.h
libagentx_a_SOURCES += src/mode6/varlist.c src/mode6/varlist.h
libagentx_a_SOURCES += src/mode6/status.c src/mode6/status.h
