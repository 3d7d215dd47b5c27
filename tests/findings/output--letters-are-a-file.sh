echo > letters
