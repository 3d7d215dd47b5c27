rm -r customers
echo 'id: C1' > customers
