"""Rules for every committed file, whatever its language."""

import re

import pytest

REGISTRIES = re.compile(
    r"""
    \bpy[p]i\.org | python[h]osted\.org | registry\.n[p]mjs | registry\.y[a]rnpkg
    | \brepo1?\.mav[e]n | mav[e]n\.org | mav[e]n\.apache\.org/mav[e]n2 | sonatyp[e]\.
    | crat[e]s\.io | proxy\.gol[a]ng\.org | \bdeb\.deb[i]an\.org | security\.deb[i]an\.org
    """,
    re.VERBOSE | re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w.])/(?:work|hom[e]/[a-z]|root)/[\w.]")
CONFLICT = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)
READS_SHARED = re.compile(r"\.\./shared/")

PROGRAMS = (".py", ".sh", ".md", ".toml", ".yaml", ".yml", "Makefile")


def lines_with(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group(0).strip() for match in pattern.finditer(text)]


def found(pattern: re.Pattern[str], sources: dict[str, str]) -> dict[str, list[str]]:
    every = {path: lines_with(pattern, text) for path, text in sources.items()}
    return {path: lines for path, lines in every.items() if lines}


def test_no_file_names_a_package_registry(sources):
    """Whoever builds behind a mirror must not meet a fixed address."""
    assert found(REGISTRIES, sources) == {}


def test_no_file_knows_the_machine_it_was_written_on(sources):
    assert found(MACHINE, sources) == {}


def test_no_file_holds_a_merge_conflict(sources):
    assert found(CONFLICT, sources) == {}


def test_only_tests_and_prose_look_beside_the_repository(sources):
    """A fresh clone stands alone; what lies beside it is an extra input of tests."""
    readers = found(READS_SHARED, sources)

    assert [path for path in readers if "/tests/" not in f"/{path}" and path[-3:] != ".md"] == []


def test_text_is_utf_8_and_ends_with_a_line(sources):
    spoilt = [path for path, text in sources.items() if "\ufffd" in text]
    unended = [
        p for p, text in sources.items() if p.endswith(PROGRAMS) and text and text[-1] != "\n"
    ]

    assert (spoilt, unended) == ([], [])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRIES, "https://py" + "pi.org/simple"),
        (REGISTRIES, "url = https://files.python" + "hosted.org/packages/x"),
        (REGISTRIES, '"resolved": "https://registry.n' + 'pmjs.org/x"'),
        (REGISTRIES, "https://repo1.mav" + "en.org/mav" + "en2"),
        (REGISTRIES, "deb http://deb.deb" + "ian.org/debian trixie main"),
        (MACHINE, "see /wo" + "rk/main"),
        (MACHINE, "open('/ro" + "ot/x')"),
        (CONFLICT, "a\n" + "<" * 7 + " HEAD\n"),
        (READS_SHARED, ".." + "/shared/data"),
    ],
)
def test_each_rule_finds_its_fault(pattern, text):
    assert found(pattern, {"seeded.txt": text})


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRIES, "the npm package, from Maven"),
        (MACHINE, "/api/work/items, network/work/x, ./work/x"),
        (CONFLICT, "=======================\n"),
    ],
)
def test_no_rule_cries_wolf(pattern, text):
    assert not found(pattern, {"seeded.txt": text})
