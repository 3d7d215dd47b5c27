# 17 MiB of one comment.
head -c 17825792 /dev/zero | tr '\0' '#' > customers/large.yaml
