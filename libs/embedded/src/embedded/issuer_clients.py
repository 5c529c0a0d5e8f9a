"""The programs that may ask the development issuer for tokens, and where they may be sent back to."""

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True)
class Client:
    """`secret` None: a public client, which proves itself with PKCE alone (RFC 8252).

    redirects  where a sign-in may end; on this machine any port is taken, because programs pick a
               free one (RFC 8252 §7.3); everything else must be the same, letter by letter
    scopes     what its own account, if it has one, may do (client credentials)
    """

    id: str
    secret: str | None = None
    redirects: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def may_end_at(self, redirect: str) -> bool:
        return any(_same(redirect, known) for known in self.redirects)


CLIENTS = {
    client.id: client
    for client in (
        Client("nhipcau-demo", "demo-secret", scopes=("directory:write", "operations")),
        Client("e-office", "e-office-secret"),
        Client("mot-cua", "mot-cua-secret", scopes=("dossiers:write",)),
        Client(
            "nhipcau-console",
            redirects=(
                "http://127.0.0.1/callback",
                "http://localhost/callback",
                "http://127.0.0.1/console/callback",
                "http://localhost/console/callback",
            ),
        ),
    )
}


def _same(redirect: str, known: str) -> bool:
    if redirect == known:
        return True
    try:
        asked, ours = urlsplit(redirect), urlsplit(known)
        port = asked.port
    except ValueError:
        return False
    on_this_machine = asked.scheme == "http" and ours.netloc in LOOPBACK and port is not None
    return on_this_machine and redirect == f"http://{ours.netloc}:{port}{ours.path}"
