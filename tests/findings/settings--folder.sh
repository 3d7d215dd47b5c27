rm ledgercli.yaml
mkdir ledgercli.yaml
