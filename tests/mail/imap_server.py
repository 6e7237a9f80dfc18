"""An IMAP server (Twisted's) over a folder of messages: `python imap_server.py FOLDER [keywords]`.

`<number>.eml` is a message, the number its UID; `<number>.flags` holds its flags. Without `keywords` the
server keeps no flags of others, as some do.
"""

from __future__ import annotations

import email
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from twisted.cred import checkers, portal
from twisted.internet import protocol, reactor
from twisted.mail import imap4
from zope.interface import implementer

USER, PASSWORD = "heardback", "s3cret word"


@implementer(imap4.IMessage)
class Message:
    """Show one file as a message."""

    def __init__(self, path: Path) -> None:
        self.path, self.raw = path, path.read_bytes()
        self.parsed = email.message_from_bytes(self.raw)

    def getUID(self) -> int:
        return int(self.path.stem)

    def getFlags(self) -> list[str]:
        flags = self.path.with_suffix(".flags")
        return flags.read_text().split() if flags.exists() else []

    def getInternalDate(self) -> str:
        return "04-May-2026 09:00:00 +0000"

    def getHeaders(self, negate: bool, *names: Any) -> dict[str, str]:
        return {name.lower(): str(value) for name, value in self.parsed.items()}

    def getBodyFile(self) -> BytesIO:
        return BytesIO(self.raw.partition(b"\r\n\r\n")[2])

    def getSize(self) -> int:
        return len(self.raw)

    def isMultipart(self) -> bool:
        return False

    def getSubPart(self, part: int) -> Message:
        raise IndexError(part)

    def open(self) -> BytesIO:
        return BytesIO(self.raw)


@implementer(imap4.IMessageFile)
class Whole(Message):
    """Let the server send a message byte by byte as it came."""


@implementer(imap4.IMailbox)
class Inbox:
    """Show the folder as a mailbox."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _all(self) -> list[Whole]:
        return [Whole(path) for path in sorted(self.folder.glob("*.eml"), key=lambda path: int(path.stem))]

    def getFlags(self) -> list[str]:
        return ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"]

    def getHierarchicalDelimiter(self) -> str:
        return "/"

    def getUIDValidity(self) -> int:
        return 7

    def getUIDNext(self) -> int:
        return max((one.getUID() for one in self._all()), default=0) + 1

    def getUID(self, number: int) -> int:
        return self._all()[number - 1].getUID()

    def getMessageCount(self) -> int:
        return len(self._all())

    def getRecentCount(self) -> int:
        return 0

    def getUnseenCount(self) -> int:
        return sum("\\Seen" not in one.getFlags() for one in self._all())

    def isWriteable(self) -> bool:
        return True

    def addListener(self, listener: Any) -> None: ...

    def removeListener(self, listener: Any) -> None: ...

    def expunge(self) -> list[int]:
        gone = [one for one in self._all() if "\\Deleted" in one.getFlags()]
        for one in gone:
            one.path.unlink()
        return [one.getUID() for one in gone]

    def fetch(self, messages: Any, uid: bool) -> list[tuple[int, Whole]]:
        return self._chosen(messages, uid)

    def _chosen(self, messages: Any, uid: bool) -> list[tuple[int, Whole]]:
        listed = list(enumerate(self._all(), 1))
        if not messages.last:
            messages.last = listed[-1][1].getUID() if uid and listed else len(listed)
        return [(place, one) for place, one in listed if (one.getUID() if uid else place) in messages]

    def store(self, messages: Any, flags: Any, mode: int, uid: bool) -> dict[int, list[str]]:
        told = {}
        for place, one in self._chosen(messages, uid):
            known = set(one.getFlags())
            given = {flag.decode() if isinstance(flag, bytes) else flag for flag in flags}
            kept = known | given if mode == 1 else known - given if mode == -1 else given
            one.path.with_suffix(".flags").write_text(" ".join(sorted(kept)))
            told[place] = sorted(kept)
        return told


@implementer(imap4.IAccount)
class Account:
    """Hold one mailbox, INBOX."""

    def __init__(self, folder: Path) -> None:
        self.inbox = Inbox(folder)

    def select(self, name: str, rw: bool = True) -> Inbox | None:
        return self.inbox if name.upper() == "INBOX" else None

    def listMailboxes(self, reference: str, wildcard: str) -> list[tuple[str, Inbox]]:
        return [("INBOX", self.inbox)]

    def isSubscribed(self, name: str) -> bool:
        return True


class Session(imap4.IMAP4Server):
    """Keep the keywords of others, and say so, where the server was started to."""

    keywords = False

    def _cbSelectWork(self, mbox: Any, cmdName: Any, tag: Any) -> None:
        if self.keywords:
            self.sendPositiveResponse(None, b"[PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\*)]")
        super()._cbSelectWork(mbox, cmdName, tag)

    def search_UNKEYWORD(self, query: Any, id: int, msg: Any) -> bool:
        word = query.pop(0)
        return (word.decode() if isinstance(word, bytes) else word) not in msg.getFlags()


@implementer(portal.IRealm)
class Realm:
    """Give everybody who logs in the one account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def requestAvatar(self, avatar: Any, mind: Any, *interfaces: Any) -> Any:
        return imap4.IAccount, Account(self.folder), lambda: None


def main(folder: Path, keywords: bool) -> None:
    """Serve until killed; the first line says which port."""
    known = checkers.InMemoryUsernamePasswordDatabaseDontUse()
    known.addUser(USER.encode(), PASSWORD.encode())
    factory = protocol.ServerFactory()

    def session(address: Any) -> Session:
        made = Session()
        made.keywords, made.factory = keywords, factory
        made.portal = portal.Portal(Realm(folder), [known])
        return made

    factory.buildProtocol = session  # type: ignore[method-assign,assignment]
    listening = reactor.listenTCP(0, factory, interface="127.0.0.1")  # type: ignore[attr-defined]
    print(listening.getHost().port, flush=True)
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(Path(sys.argv[1]), "keywords" in sys.argv[2:])
