__plugins__ = ["run"]


def run(entries, options):
    return entries, []
