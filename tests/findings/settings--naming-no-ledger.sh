rm main.beancount
