printf 'id,name\nC1,One\033[31m Ltd\n' > in.csv
