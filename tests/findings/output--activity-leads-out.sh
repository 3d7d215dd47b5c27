mkdir ../elsewhere
ln -s ../elsewhere activity
