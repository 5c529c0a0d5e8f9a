"""The command `nhipcau`: the commands of all parts under one name."""

import typer

from authority.cli import app as authority
from common.cli import app as operate
from rulebook.cli import app as rules

app = typer.Typer(name="nhipcau", help="Nhịp Cầu", no_args_is_help=True)
app.add_typer(rules, name="rules")
app.add_typer(operate)
app.add_typer(authority)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
