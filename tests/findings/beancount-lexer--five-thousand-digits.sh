cat >> main.beancount <<END
2026-01-01 open Income:Sales
2026-01-10 * "One" "Sale" ^INV-1
  Assets:Receivable  $(head -c 5000 /dev/zero | tr '\0' 7) EUR
    customer: "C1"
  Income:Sales
END
