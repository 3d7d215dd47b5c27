ln -s /etc/hostname customers/C3.yaml
