libagentx_a_SOURCES += src/query/words.c src/query/words.h
libagentx_a_SOURCES += src/query/out.c src/query/out.h src/query/json.c
