"""`staffing`: the recommendation on the command line."""

from __future__ import annotations

import click

from service.commands.batch import batch
from service.commands.compare import compare
from service.commands.keys import keys
from service.commands.plan import plan
from service.commands.portfolio import portfolio
from service.commands.recommend import recommend
from service.commands.rulebook import rulebook


class Commands(click.Group):
    """Commands whose wrong settings and rulebooks end in a message, never in a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click ends quietly
            raise
        except (OSError, ValueError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="staffing-recommender")
def main() -> None:
    """How many data scientists and ML engineers an AI project needs, and why."""


main.add_command(recommend)
main.add_command(batch)
main.add_command(rulebook)
main.add_command(plan)
main.add_command(compare)
main.add_command(portfolio)
main.add_command(keys)

if __name__ == "__main__":
    main()
