__plugins__ = ["run"]


def run(entries, options):
    raise RuntimeError("two\nlines")
