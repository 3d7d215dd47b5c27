printf 'no workbook' > in.xlsx
