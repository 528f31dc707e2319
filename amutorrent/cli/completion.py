"""`amutorrent completion`: what makes a shell complete our commands."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes our commands in a shell.

    For bash: amutorrent completion bash > ~/.local/share/bash-completion/completions/amutorrent
    """
    kind = get_completion_class(shell)
    assert kind is not None, f"click knows no {shell}"
    click.echo(kind(context.find_root().command, {}, "amutorrent", "_AMUTORRENT_COMPLETE").source())
