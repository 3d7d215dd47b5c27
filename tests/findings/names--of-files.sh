printf 'id: [' > "customers/x$(printf '\033[31m\n::error::y').yaml"
printf 'id: [' > "customers/$(printf '\377').yaml"
