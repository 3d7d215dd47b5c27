rm ledgercli.yaml
ln -s ledgercli.yaml ledgercli.yaml
