rm ledgercli.yaml
