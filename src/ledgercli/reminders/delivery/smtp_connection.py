"""A connection to the mail server: encrypted and verified as the settings say, and logged in."""

from __future__ import annotations

import contextlib
import ipaddress
import smtplib
import socket
import ssl
from pathlib import Path

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.model.settings import Smtp
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.errors import (
    CertificateFileError,
    DeliveryError,
    PasswordInClearError,
)
from ledgercli.reminders.delivery.reply import shown_error, shown_reply
from ledgercli.reminders.delivery.secret import Secret, password_of


class Connector:
    """Makes connections as the settings say.

    Whatever goes wrong with one says nothing about a recipient: it is temporary, and of the whole
    channel.
    """

    def __init__(self, circumstances: Circumstances, *, ehlo: str) -> None:
        """Get password and certificates; raise a ChannelError where the settings cannot work.

        ``ehlo`` is the name we give ourselves where the settings have none. (The name of this
        machine would tell the world about it, and asking for it may wait for the network.)
        """
        self.smtp = circumstances.mail.smtp
        self._ehlo = self.smtp.ehlo or ehlo or "localhost"
        if self.smtp.security == "none" and self.smtp.user and not _is_loopback(self.smtp.host):
            raise PasswordInClearError(host=self.smtp.host)
        self._tls = None
        if self.smtp.security != "none":
            self._tls = _tls_context(self.smtp, circumstances.root)
        self._password = password_of(self.smtp, circumstances)

    def connect(self) -> smtplib.SMTP:
        """Return a connection that is ready for letters; raise DeliveryError."""
        server: smtplib.SMTP | None = None
        try:
            server = self._greeted()
            if self.smtp.security == "starttls":
                self._start_tls(server)
            if self._password:
                self._log_in(server, self._password)
        except DeliveryError:
            _drop(server)
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            _drop(server)
            raise _failed(self.smtp, error) from None
        if server.sock is not None:
            # The final dot goes out alone; it must not wait for the acknowledgement of the letter,
            # which takes 40 ms.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _greeted(self) -> smtplib.SMTP:
        smtp = self.smtp
        seconds = smtp.timeout.count
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                smtp.host,
                smtp.port,
                local_hostname=self._ehlo,
                timeout=seconds,
                context=self._tls,
            )
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, local_hostname=self._ehlo, timeout=seconds)
        try:
            server.ehlo_or_helo_if_needed()
        except BaseException:
            _drop(server)
            raise
        return server

    def _start_tls(self, server: smtplib.SMTP) -> None:
        if not server.has_extn("starttls"):
            # Somebody in between may have cut it out of the answer: no letter in the clear.
            wrong = N_("`{host}` offers no encryption (STARTTLS)")
            raise _of_channel(Sentence(wrong, host=self.smtp.host))
        server.starttls(context=self._tls)
        server.ehlo_or_helo_if_needed()

    def _log_in(self, server: smtplib.SMTP, password: Secret) -> None:
        if not server.has_extn("auth"):
            wrong = N_("`{host}` offers no login")
            raise _of_channel(Sentence(wrong, host=self.smtp.host))
        try:
            server.login(self.smtp.user, password.reveal())
        except smtplib.SMTPAuthenticationError as error:
            refused = N_("`{host}` refused the login of `{user}`: {code} {text}")
            raise _of_channel(
                Sentence(
                    refused,
                    host=self.smtp.host,
                    user=self.smtp.user,
                    code=str(error.smtp_code),
                    text=shown_reply(error.smtp_error),
                )
            ) from None
        except UnicodeError:
            wrong = N_("user and password of `{host}` must be ASCII")
            raise _of_channel(Sentence(wrong, host=self.smtp.host)) from None
        finally:
            server.user = server.password = ""  # so that the object no longer knows them


def _tls_context(smtp: Smtp, root: Path) -> ssl.SSLContext:
    """Return the rules of encryption: the system's authorities, those of ``ca_file``, the name."""
    context = ssl.create_default_context()
    if smtp.ca_file:
        path = root / smtp.ca_file
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CertificateFileError(path=smtp.ca_file, reason=reason) from None
    if not smtp.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _failed(smtp: Smtp, error: Exception) -> DeliveryError:
    """Return why there is no connection."""
    if isinstance(error, ssl.SSLCertVerificationError):
        wrong = N_("the certificate of `{host}` is not trusted: {reason}")
        return _of_channel(Sentence(wrong, host=smtp.host, reason=error.verify_message))
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"{error.smtp_code} {shown_reply(error.smtp_error)}"
    else:
        reason = shown_error(error)
    wrong = N_("no connection to `{host}`, port {port}: {reason}")
    return _of_channel(Sentence(wrong, host=smtp.host, port=str(smtp.port), reason=reason))


def _of_channel(reason: Sentence) -> DeliveryError:
    return DeliveryError(reason, temporary=True, whole_channel=True)


def _drop(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with contextlib.suppress(OSError):
            server.close()
