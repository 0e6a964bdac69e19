"""Parse the messages of the hooks."""

import shlex
from collections.abc import Sequence

from dev.rules import find_problems
from dev.variants import ASKED, HOLDER


def answers_in(command: str) -> dict[str, str]:
    """Return the answers, by question, in a ``command`` that bakes, parsed as by bash."""
    pairs = (word.partition("=") for word in shlex.split(command))
    return {question: answer for question, _, answer in pairs if question in ASKED}


def problems_in(lines: Sequence[str]) -> list[str]:
    """Return the problems in ``lines``, the standard error of the first hook.

    Raise AssertionError if there is no problem, or if the last line is neither a command
    with accepted answers nor a sentence that explains why no command is shown. The command
    can end with a placeholder for the holder of a license.
    """
    problems = [line[7:] for line in lines if line.startswith("ERROR: ")]
    assert problems, "the hook reported no problem"
    advice, *commands = lines[len(problems) :]
    assert all(map(str.isascii, lines))
    assert len(commands) == advice.endswith(":"), advice
    for command in commands:
        answers = answers_in(command)
        assert {*answers} == {*ASKED}
        if find_problems(answers):
            assert [*answers][-1] == "full_name"
            answers |= HOLDER
        assert find_problems(answers) == []
    return problems
