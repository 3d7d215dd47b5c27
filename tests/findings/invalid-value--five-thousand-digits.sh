digits=$(head -c 5000 /dev/zero | tr '\0' 7)
printf 'credit: {limit: %s EUR}\nterms: net %s\n' $digits $digits > customers/long.yaml
