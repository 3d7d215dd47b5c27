"""What can go wrong with a letter on its way, and with the channel itself."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.sentence import Sentence


class DeliveryError(Exception):
    """A letter that was not handed over.

    ``reason`` is a :class:`Sentence`. ``temporary``: the same may succeed later. ``uncertain``: the
    other side may have the letter all the same; a repeat must carry the same message id.
    ``whole_channel``: the fault lies with the connection, the settings or the sender, so that it
    says nothing about this customer (never count it as bounced), and others will fail alike.
    """

    def __init__(
        self,
        reason: Sentence,
        *,
        temporary: bool = False,
        uncertain: bool = False,
        whole_channel: bool = False,
    ) -> None:
        """Keep what is known."""
        super().__init__(reason)
        self.reason = reason
        self.temporary = temporary
        self.uncertain = uncertain
        self.whole_channel = whole_channel


class ChannelError(LedgercliError):
    """The base of settings with which a channel can never work."""


class UnknownChannelError(ChannelError):
    """A level, a policy or a customer names a channel that does not exist."""

    message = N_("there is no channel `{channel}`")
    hint = N_("channels are {known}")


class UntrustedChannelError(ChannelError):
    """Books that are not trusted want a program to be run."""

    message = N_("the channel `{channel}` runs a program that these books name")
    hint = N_("leave out `--safe` if you trust the books")


class NoSenderError(ChannelError):
    """E-mail is to be sent, but nobody sends it."""

    message = N_("the settings name no sender of e-mail")
    hint = N_("set `mail: {{from: Your Company <books@example.com>}}`")


class WrongAddressError(ChannelError):
    """An address in the settings of e-mail is none."""

    message = N_("`{address}` in `{key}` is not one e-mail address")
    hint = N_("write one address, such as `Example Trading <books@example.com>`")


class PasswordMissingError(ChannelError):
    """The login needs a password, and it is not where the settings say."""

    message = N_("there is no password for `{user}` at `{host}`: {reason}")
    hint = N_("set the variable that `mail.smtp.password_env` names, or `password_command`")


class PasswordInClearError(ChannelError):
    """A password would go over the network for everybody to read."""

    message = N_("the password would go to `{host}` unencrypted")
    hint = N_("set `mail.smtp.security` to `starttls` or `tls`")


class CertificateFileError(ChannelError):
    """The file with certificates cannot be used."""

    message = N_("cannot use the certificates in `{path}`: {reason}")
    hint = N_("correct `mail.smtp.ca_file`, or leave it out for those of the system")


class TargetError(ChannelError):
    """Where letters should be put cannot be used."""

    message = N_("cannot put letters into `{path}`: {reason}")
    hint = N_("correct what stands at that path, or name another channel; nothing was sent there")


class PrintFileError(ChannelError):
    """The letters to print are there, but not as one file."""

    message = N_("cannot make `{path}` of the letters to print: {reason}")
    hint = N_("the letters are kept; the next run that sends makes the file of them")
