mkfifo customers/pipe.yaml
mkdir customers/folder.yaml
