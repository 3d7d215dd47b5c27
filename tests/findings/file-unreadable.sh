ln -s nowhere.yaml customers/C3.yaml
