# 100,000 brackets around an amount.
{ printf '2026-01-01 price EUR '; head -c 100000 /dev/zero | tr '\0' '('; echo '1 USD'; } >> main.beancount
