open("hacked", "w").close()

__plugins__ = []
