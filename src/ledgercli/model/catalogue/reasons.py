"""Reasons that come in English from elsewhere, so that they can be said in other languages.

They reach a finding or an error as plain text under the name ``reason``. Reasons that are not in
here, of plugins or of git for instance, are shown as they are.
"""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_

#: What libyaml says of a file that is not YAML.
YAML_REASONS = (
    N_("block collections are not allowed in this context"),
    N_("block mapping entries are not allowed in this context"),
    N_("block sequence entries are not allowed in this context"),
    N_("control characters are not allowed"),
    N_("could not find expected ':'"),
    N_("did not find expected ',' or ']'"),
    N_("did not find expected ',' or '}'"),
    N_("did not find expected '-' indicator"),
    N_("did not find expected <document start>"),
    N_("did not find expected alphabetic or numeric character"),
    N_("did not find expected comment or line break"),
    N_("did not find expected hexdecimal number"),
    N_("did not find expected key"),
    N_("did not find expected node content"),
    N_("did not find expected whitespace or line break"),
    N_("found a tab character that violates indentation"),
    N_("found character that cannot start any token"),
    N_("found invalid Unicode character escape code"),
    N_("found undefined tag handle"),
    N_("found unexpected document indicator"),
    N_("found unexpected end of stream"),
    N_("found unknown escape character"),
    N_("mapping keys are not allowed in this context"),
    N_("mapping values are not allowed in this context"),
    N_("unreadable"),
)

#: What the operating system says of a file.
SYSTEM_REASONS = (
    N_("Bad file descriptor"),
    N_("Broken pipe"),
    N_("Directory not empty"),
    N_("Disk quota exceeded"),
    N_("File exists"),
    N_("File name too long"),
    N_("File too large"),
    N_("Input/output error"),
    N_("Invalid argument"),
    N_("Is a directory"),
    N_("No space left on device"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Operation not permitted"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("Resource temporarily unavailable"),
    N_("Too many levels of symbolic links"),
    N_("Too many open files"),
)

#: What our own readers say of a path.
FILE_REASONS = (
    N_("it is not a file"),
    N_("it is not what was written"),
)
