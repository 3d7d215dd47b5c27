echo > activity
