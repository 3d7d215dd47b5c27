mkdir ../elsewhere
echo '2026-01-02 open Assets:Bank' > ../elsewhere/bank.beancount
echo 'include "../elsewhere/bank.beancount"' >> main.beancount
git init -q -b main .
git add .
git commit -q -m 'Books'
