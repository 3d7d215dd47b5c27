import sys

__plugins__ = ["run"]


def run(entries, options):
    print("good bye")
    sys.exit(0)
