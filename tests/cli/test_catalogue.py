"""The commands are those of the schema."""

from __future__ import annotations

from collections import Counter

from app.cli.client import catalogue, naming, tree
from app.cli.client.operations import all_operations, by_words
from app.cli.client.root import OF_THIS_MACHINE
from rest_compat.codec import wire_operations


def test_the_file_of_commands_is_what_the_schema_says() -> None:
    assert catalogue.COMMANDS.read_text() == catalogue.printed(), (
        "print it with: python -m app.cli.client.catalogue > app/cli/client/commands.json"
    )


def test_every_operation_for_owners_has_a_command() -> None:
    known = {one["operation"] for one in all_operations()}
    assert {wire.name for wire in wire_operations()} - known == naming.NOT_FOR_OWNERS
    unnamed = {one["operation"] for one in all_operations() if not one["words"]}
    assert unnamed == set(naming.BY_HAND) & known


def test_no_two_operations_have_one_command() -> None:
    counted = Counter(tuple(one["words"]) for one in all_operations() if one["words"])
    assert [words for words, count in counted.items() if count > 1] == []
    assert all(len(words) in (1, 2) for words in counted)


def test_no_command_is_also_a_group() -> None:
    alone = {words for words in tree.all_words() if len(words) == 1}
    groups = {words[:1] for words in tree.all_words() if len(words) > 1}
    assert alone & groups == set()
    assert {words[0] for words in tree.all_words()} & set(OF_THIS_MACHINE) == set()


def test_a_secret_is_no_option_of_any_command() -> None:
    for described in by_words().values():
        command = tree.top(described["words"][0])
        for word in described["words"][1:]:
            assert isinstance(command, tree.Group)
            command = command.get_command(None, word)  # type: ignore[arg-type]
        assert command is not None
        options = {name for one in command.params for name in one.opts}
        assert not options & {"--password", "--current-password", "--code", "--token"}


def test_commands_of_this_machine_are_those_of_the_server() -> None:
    import typer.main

    from app.cli.commands import cli

    group = typer.main.get_command(cli)
    assert sorted(group.commands) == sorted(OF_THIS_MACHINE)  # type: ignore[attr-defined]
