"""What the hooks print."""

import shlex
from collections.abc import Sequence

from dev.variants import ASKED
from hooks.pre_gen_project import find_problems


def answers_in(command: str) -> dict[str, str]:
    """Return the answers in a ``command`` that bakes, as bash reads it."""
    pairs = (word.partition("=") for word in shlex.split(command))
    return {question: answer for question, _, answer in pairs if question in ASKED}


def problems_in(lines: Sequence[str]) -> list[str]:
    """Return the problems in the ``lines`` of a hook.

    Raise AssertionError if there is none, or if they do not end with the command that
    bakes with answers that are accepted, or with a sentence that says why there is none.
    """
    problems = [line[7:] for line in lines if line.startswith("ERROR: ")]
    assert problems, "the hook said nothing"
    advice, *commands = lines[len(problems) :]
    assert all(map(str.isascii, lines))
    assert len(commands) == advice.endswith(":"), advice
    for command in commands:
        answers = answers_in(command)
        assert list(answers) == ASKED
        assert find_problems(answers) == []
    return problems
