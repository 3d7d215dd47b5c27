mkdir 2025.beancount
mkfifo 2026.beancount
for year in 2025 2026; do echo "include \"$year.beancount\"" >> main.beancount; done
