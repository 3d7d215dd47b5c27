# More than two million values.
{ echo 'fields: {list: ['; yes 0, | head -n 2100000; echo ']}'; } > customers/values.yaml
