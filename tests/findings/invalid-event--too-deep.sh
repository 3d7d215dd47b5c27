mkdir -p activity
{ head -c 100000 /dev/zero | tr '\0' '['; echo; } > activity/2026-11.jsonl
