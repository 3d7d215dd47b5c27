rm main.beancount
mkfifo main.beancount
