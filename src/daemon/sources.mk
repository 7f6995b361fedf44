ntp_agentxd_SOURCES += src/daemon/main.c
ntp_agentxd_SOURCES += src/daemon/app.c src/daemon/app.h
ntp_agentxd_SOURCES += src/daemon/check.c
ntp_agentxd_SOURCES += src/daemon/dump.c
ntp_agentxd_SOURCES += src/daemon/loop.c src/daemon/loop.h
ntp_agentxd_SOURCES += src/daemon/notify.c src/daemon/notify.h
ntp_agentxd_SOURCES += src/daemon/options.c src/daemon/options.h
ntp_agentxd_SOURCES += src/daemon/privilege.c src/daemon/privilege.h
ntp_agentxd_SOURCES += src/daemon/process.c src/daemon/process.h
ntp_agentxd_SOURCES += src/daemon/sandbox.c src/daemon/sandbox.h
if SECCOMP
ntp_agentxd_SOURCES += src/daemon/sandbox_calls.c src/daemon/sandbox_calls.h
endif
ntp_agentxd_SOURCES += src/daemon/startup.c src/daemon/startup.h
ntp_agentxd_SOURCES += src/daemon/targets.c src/daemon/targets.h
ntp_agentxd_SOURCES += src/daemon/targets_apply.c src/daemon/targets_whole.c src/daemon/targets_write.c src/daemon/targets_impl.h
ntp_agentxd_SOURCES += src/daemon/watch.c src/daemon/watch.h
