#!/usr/bin/env bash
# One run for a pipeline: the command, with every report that the pipeline reads.
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
rm -f "$journal" "$reports"/{roomcheck.sarif,junit.xml,report.html,codequality.json,annotations.txt,summary.md}

# Words as a shell reads them, so that a path may have blanks; nothing in them is run.
words=()
if ! xargs printf '%s\0' <<<"${ARGUMENTS:-}" >"$reports/words" 2>/dev/null; then
    echo "roomcheck: arguments: a quote is not closed: $ARGUMENTS" >&2
    exit 2
fi
while IFS= read -r -d '' word; do [ -z "$word" ] || words+=("$word"); done <"$reports/words"
rm -f "$reports/words"

written=(sarif:roomcheck.sarif junit:junit.xml html:report.html gitlab:codequality.json)
[ -z "${GITHUB_ACTIONS:-}" ] || written+=(github:annotations.txt markdown:summary.md)
for report in "${written[@]}"; do words+=(--report "${report%%:*}=$reports/${report#*:}"); done

code=0
"$roomcheck" "${COMMAND:-check}" "${words[@]}" --journal "$journal" || code=$?

# A run that was killed has written its journal and no report: they are rendered from what is there.
if [ -s "$journal" ]; then
    for report in "${written[@]}"; do
        path="$reports/${report#*:}"
        [ -e "$path" ] || "$roomcheck" report "${report%%:*}" "$journal" -o "$path"
    done
fi
if [ -n "${GITHUB_ACTIONS:-}" ]; then
    [ ! -e "$reports/annotations.txt" ] || cat "$reports/annotations.txt"
    [ ! -e "$reports/summary.md" ] || cat "$reports/summary.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
    rm -f "$reports"/{annotations.txt,summary.md}
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    echo "exit-code=$code" >>"$GITHUB_OUTPUT"
    for output in journal:journal.ndjson sarif:roomcheck.sarif junit:junit.xml html:report.html; do
        [ ! -s "$reports/${output#*:}" ] || echo "${output%%:*}=$reports/${output#*:}" >>"$GITHUB_OUTPUT"
    done
fi
[ "${FAIL:-true}" != "false" ] || code=0
exit "$code"
