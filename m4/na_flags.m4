# NA_TRY_FLAGS(VARIABLE, FLAGS...): appends to VARIABLE each flag the C compiler takes.
AC_DEFUN([NA_TRY_FLAGS], [
for na_flag in $2; do
	AC_CACHE_CHECK([whether $CC takes $na_flag], [AS_TR_SH([na_cv_flag_$na_flag])], [
		na_saved_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $na_flag"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
			[AS_VAR_SET([AS_TR_SH([na_cv_flag_$na_flag])], [yes])],
			[AS_VAR_SET([AS_TR_SH([na_cv_flag_$na_flag])], [no])])
		CFLAGS=$na_saved_CFLAGS
	])
	AS_VAR_IF([AS_TR_SH([na_cv_flag_$na_flag])], [yes], [$1="$$1 $na_flag"])
done
])

# NA_ENTERPRISE_OID: --with-enterprise-oid, checked and taken apart.
AC_DEFUN([NA_ENTERPRISE_OID], [
AC_ARG_WITH([enterprise-oid],
	[AS_HELP_STRING([--with-enterprise-oid=OID],
		[root of our own objects (default: 1.3.6.1.4.1.8072.9999.9999.5907, a placeholder in the Net-SNMP playpen)])],
	[ENTERPRISE_OID=$withval],
	[ENTERPRISE_OID=1.3.6.1.4.1.8072.9999.9999.5907])
AS_IF([printf '%s\n' "$ENTERPRISE_OID" | grep -Eq ['^1\.3\.6\.1\.4\.1(\.(0|[1-9][0-9]{0,9})){1,16}$']], [],
	[AC_MSG_ERROR([--with-enterprise-oid: "$ENTERPRISE_OID" is not valid: expected dotted numbers below 1.3.6.1.4.1])])
ENTERPRISE_OID_ARCS=$(printf '%s' "$ENTERPRISE_OID" | tr . ,)
ENTERPRISE_MIB=$(printf '%s\n' "${ENTERPRISE_OID#1.3.6.1.4.1.}" | awk -F. '{
	printf "enterprises"
	for (i = 1; i <= NF; i++)
		printf " ntpAgentxArc%d(%s)", i, $i
}')
AC_SUBST([ENTERPRISE_OID])
AC_SUBST([ENTERPRISE_MIB])
AC_DEFINE_UNQUOTED([ENTERPRISE_OID_ARCS], [$ENTERPRISE_OID_ARCS], [Root of our own objects])
])
