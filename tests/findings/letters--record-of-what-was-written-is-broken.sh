mkdir -p letters/2026-11-21
echo '{"letters": {"a": 1}}' > letters/2026-11-21/.written.json
