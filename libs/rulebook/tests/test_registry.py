"""The registry: every name has a function, every function is used, every result explains itself."""

from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pytest

from rulebook.explanation import Explanation
from rulebook.registry import RuleFunction, rules


def test_every_function_is_named_by_a_profile(profiles):
    """A function that nothing names is dead; a name without a function is refused when the profile is loaded."""
    named = {rule.function for profile in profiles.values() for rule in profile.rules.values()}

    assert named == rules().keys()


@pytest.mark.parametrize("function", rules().values(), ids=lambda function: function.name)
def test_every_result_carries_its_explanation(function: RuleFunction):
    """No bare yes, no, date or number leaves a rule."""
    result = get_type_hints(function.apply)["return"]

    assert is_dataclass(result)
    kinds = {field.name: field.type for field in fields(result)}
    assert kinds["explanation"] in {Explanation, "Explanation"}


@pytest.mark.parametrize("function", rules().values(), ids=lambda function: function.name)
def test_every_functions_parameters_are_strict_and_frozen(function: RuleFunction):
    """Unknown keys are refused and nothing changes after loading; the same for what a case gives."""
    for model in (function.params, function.inputs):
        assert model.model_config["extra"] == "forbid"
        assert model.model_config["frozen"]
