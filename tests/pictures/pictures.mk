# Pictures for the documentation, made from what really runs: `make pictures`.

picture_scripts = tests/pictures/billboard.sh tests/pictures/zabbix.sh
EXTRA_DIST += $(picture_scripts) tests/pictures/text2svg.awk

.PHONY: pictures
pictures: all $(check_PROGRAMS)
	for script in $(picture_scripts); do \
		$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/$$script || exit; \
	done
