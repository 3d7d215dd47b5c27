mkdir ../elsewhere
ln -s ../elsewhere letters
