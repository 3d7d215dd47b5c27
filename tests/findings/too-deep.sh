# 100,000 brackets in one file, 5,000 blocks within each other in the other.
head -c 100000 /dev/zero | tr '\0' '[' > customers/brackets.yaml
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "%*sa:\n", i, "" }' > customers/blocks.yaml
