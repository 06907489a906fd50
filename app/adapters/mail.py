"""Mail over SMTP, encrypted unless an administrator says otherwise; each message keeps its name however often tried."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from app.domain.ports import Letter, NotSent, Rejected, Uncertain

TIMEOUT_SECONDS = 15
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail. ``security``: ``starttls``, ``tls`` (from the first byte) or ``none``.

    ``sender`` is the address in From; without ``user`` nobody signs in. ``authority`` is a file of certificates to
    trust besides the machine's own.
    """

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = ""
    authority: str = ""


class MailMessenger:
    """A ``Messenger`` that hands mail to a server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, letter: Letter) -> None:
        """Send one mail. Raises ``NotSent``, ``Rejected``, ``Uncertain``."""
        content = self._written(letter).as_bytes()
        with self._connected() as connection:
            try:
                _agree(connection.mail(self._server.sender), NotSent)
                _agree(connection.rcpt(letter.to))
            except (smtplib.SMTPException, OSError) as error:
                raise NotSent(_told(error)) from error
            try:
                _agree(connection.data(content))
            except smtplib.SMTPDataError as error:
                _agree((error.smtp_code, _bytes(error.smtp_error)))
            except (smtplib.SMTPException, OSError) as error:
                raise Uncertain(_told(error)) from error

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        try:
            message["To"] = Address(addr_spec=letter.to)
        except (ValueError, IndexError) as error:
            raise Rejected(f"not an address: {letter.to}") from error
        message["From"] = Address(addr_spec=self._server.sender)
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{letter.id}@{self._server.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body, cte="base64")
        return message

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Open a connection; encryption that was asked for and is not to be had is no reason to do without."""
        try:
            connection = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(_told(error)) from error
        try:
            yield connection
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):  # what was sent is sent, however the two part
                connection.quit()
            connection.close()

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=self._trust()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        if self._server.security == "starttls":
            connection.starttls(context=self._trust())
        connection.ehlo_or_helo_if_needed()
        if self._server.user:
            connection.login(self._server.user, self._server.password)

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._server.authority:
            context.load_verify_locations(self._server.authority)
        return context


def _agree(answer: tuple[int, bytes], permanent: type[NotSent | Rejected] = Rejected) -> None:
    """Check a server's answer. Raises ``permanent`` for a permanent no, ``NotSent`` for a passing one.

    A no to ourselves is never for good: somebody sets the server right, and the mail goes out.
    """
    code, said = answer
    if code in {250, 251}:
        return
    told = f"{code} {said.decode('utf-8', 'replace')[:200]}"
    raise (permanent if code >= _PERMANENT else NotSent)(told)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
