"""Findings about what the settings file says."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

UNKNOWN_TIMEZONE = FindingCode(
    "unknown-timezone",
    "error",
    N_("the time zone `{timezone}` is not known"),
    N_("write it like `Europe/Berlin` or `Asia/Shanghai`"),
    "The time zone decides which day is today. Without a known one, this computer's counts.",
)
BUCKETS_NOT_ASCENDING = FindingCode(
    "buckets-not-ascending",
    "error",
    N_("the aging buckets `{buckets}` do not ascend from above zero"),
    N_("write upper bounds in ascending order, such as `[30, 60, 90]`"),
    "Each bound is the last day of its bucket, so they must be positive and grow. The default"
    " buckets are used instead.",
)
UNKNOWN_POLICY = FindingCode(
    "unknown-policy",
    "error",
    N_("the default policy `{policy}` does not exist"),
    N_("add it under `reminders.policies`, or name one that is there: {known}"),
    "Customers without a policy of their own would be reminded by nothing at all.",
)
UNKNOWN_CHANNEL = FindingCode(
    "unknown-channel",
    "error",
    N_("there is no channel `{channel}`"),
    N_("channels are {known}"),
    "Letters would wait for it for ever.",
)
LEVEL_NAME_TWICE = FindingCode(
    "level-name-twice",
    "error",
    N_("the policy `{policy}` has two levels called `{level}`"),
    N_("give each level a name of its own"),
    "The activity log records levels by number and name; two of the same name cannot be told"
    " apart by a reader.",
)
FIRST_SINCE_PREVIOUS = FindingCode(
    "first-since-previous",
    "error",
    N_("the first dunning level `{level}` of `{policy}` counts from a previous one"),
    N_("write when it comes after the due date, such as `after: 5 days`"),
    "`since previous` counts from the day the previous letter was sent, and notices before the"
    " due date do not count. The level would never be reached.",
)
INVALID_TEMPLATE_NAME = FindingCode(
    "invalid-template-name",
    "error",
    N_("`{template}` cannot be the name of a template"),
    N_("write the bare name, such as `reminder`, without folder and ending"),
    "Templates are looked up by name in the books and then in the program. A path could lead"
    " out of the books.",
)
UNKNOWN_RATE_TABLE = FindingCode(
    "unknown-rate-table",
    "error",
    N_("there is no table of rates called `{table}`"),
    N_("add it under `rates:`; known tables: {known}"),
    "`above:` names a dated table of rates to which the policy's own rate is added. Without the"
    " table no interest can be computed.",
)
LEVELS_NOT_ASCENDING = FindingCode(
    "levels-not-ascending",
    "warning",
    N_("the level `{level}` of `{policy}` comes no later than the one before it"),
    N_("order the levels by the days after which they come"),
    "Levels are taken one by one in the order written. One that comes no later than the one"
    " before it is reached at the first run after it.",
)
NEGATIVE_SETTING = FindingCode(
    "negative-setting",
    "error",
    N_("`{key}` cannot be negative"),
    N_("write zero or more"),
    "A negative number has no meaning here. The default is used instead.",
)
PLACEHOLDER_COMPANY = FindingCode(
    "placeholder-company",
    "warning",
    N_("letters would be from `{name}`, which is only the example that `init` wrote"),
    N_("write your own name, address and e-mail under `company:`"),
    "The settings that `init` writes name no company of yours. Whatever is written before you do"
    " goes out under the name of the example.",
)

CODES: tuple[FindingCode, ...] = (
    UNKNOWN_TIMEZONE,
    BUCKETS_NOT_ASCENDING,
    UNKNOWN_POLICY,
    UNKNOWN_CHANNEL,
    LEVEL_NAME_TWICE,
    FIRST_SINCE_PREVIOUS,
    INVALID_TEMPLATE_NAME,
    UNKNOWN_RATE_TABLE,
    LEVELS_NOT_ASCENDING,
    NEGATIVE_SETTING,
    PLACEHOLDER_COMPANY,
)
