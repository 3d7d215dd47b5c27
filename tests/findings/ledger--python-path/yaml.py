open("hacked", "w").close()
