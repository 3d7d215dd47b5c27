rm main.beancount
mkdir main.beancount
