libagentx_a_SOURCES += src/query/words.c src/query/words.h
libagentx_a_SOURCES += src/query/out.c src/query/out.h src/query/json.c
libagentx_a_SOURCES += src/query/cooked.c src/query/cooked.h
libagentx_a_SOURCES += src/query/cooked_bits.c src/query/cooked_bits.h
libagentx_a_SOURCES += src/query/talk.c src/query/talk.h
