libagentx_a_SOURCES += src/model/diff.c src/model/diff.h
libagentx_a_SOURCES += src/model/ntp_time.c src/model/ntp_time.h
libagentx_a_SOURCES += src/model/vars.c src/model/vars.h
libagentx_a_SOURCES += src/model/system.c src/model/system.h
libagentx_a_SOURCES += src/model/peer.c src/model/peer.h
libagentx_a_SOURCES += src/model/totals.c src/model/totals.h
libagentx_a_SOURCES += src/model/snapshot.c src/model/snapshot.h
libagentx_a_SOURCES += src/model/target.c src/model/target.h
