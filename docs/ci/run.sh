#!/usr/bin/env bash
# One run for a pipeline: the command, then every report that the pipeline reads, rendered from its journal.
# Reads COMMAND, ARGUMENTS, REPORTS and FAIL. On GitHub it writes annotations, the job summary and the outputs.
set -euo pipefail

case "${COMMAND:-check}" in
check | align) ;;
*)
    echo "roomcheck: command: expected check or align, got '$COMMAND'" >&2
    exit 2
    ;;
esac
roomcheck="${RUNNER_TEMP:+$RUNNER_TEMP/roomcheck/bin/}roomcheck"
reports="${REPORTS:-roomcheck}"
mkdir -p "$reports"
journal="$reports/journal.ndjson"
rm -f "$journal" "$reports"/{roomcheck.sarif,junit.xml,report.html,codequality.json}

# Words as a shell reads them, so that a path may have blanks; nothing in them is run.
words=()
if ! xargs printf '%s\0' <<<"${ARGUMENTS:-}" >"$reports/words" 2>/dev/null; then
    echo "roomcheck: arguments: a quote is not closed: $ARGUMENTS" >&2
    exit 2
fi
while IFS= read -r -d '' word; do [ -z "$word" ] || words+=("$word"); done <"$reports/words"
rm -f "$reports/words"

code=0
"$roomcheck" "${COMMAND:-check}" "${words[@]}" --journal "$journal" || code=$?

if [ -s "$journal" ]; then
    "$roomcheck" report sarif "$journal" -o "$reports/roomcheck.sarif"
    "$roomcheck" report junit "$journal" -o "$reports/junit.xml"
    "$roomcheck" report html "$journal" -o "$reports/report.html"
    "$roomcheck" report gitlab "$journal" -o "$reports/codequality.json"
    if [ -n "${GITHUB_ACTIONS:-}" ]; then
        "$roomcheck" report github "$journal"
        "$roomcheck" report markdown "$journal" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    fi
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    echo "exit-code=$code" >>"$GITHUB_OUTPUT"
    for output in journal:journal.ndjson sarif:roomcheck.sarif junit:junit.xml html:report.html; do
        [ ! -s "$reports/${output#*:}" ] || echo "${output%%:*}=$reports/${output#*:}" >>"$GITHUB_OUTPUT"
    done
fi
[ "${FAIL:-true}" != "false" ] || code=0
exit "$code"
