"""The audit of pinned packages fails wherever it could not look."""

from __future__ import annotations

from typing import Any

from tools.audit import judged, pins, wrong_pins, yanked

SHA = "--hash=sha256:" + "0" * 64
FIRST = f"django==5.2.1 \\\n    {SHA} \\\n    {SHA}\n    # via tessera\n"
GOOD = f"{FIRST}py-yaml==6.0 ; sys \\\n    {SHA}\n"
PROJECT: dict[str, Any] = {
    "project": {
        "dependencies": ["Django>=5.2"],
        "optional-dependencies": {"postgres": [], "meaning": []},
    },
    "dependency-groups": {"build": [], "test": ["Py_YAML"]},
}


def test_pins_are_read_with_their_hashes() -> None:
    assert pins(GOOD) == {"django": ("5.2.1", 2), "py-yaml": ("6.0", 1)}


def test_good_lists_have_no_problems() -> None:
    assert wrong_pins({"run": GOOD, "test": GOOD}, PROJECT) == []


def test_what_is_wrong_with_lists_is_said() -> None:
    run = "django==5.2.1\nnumpy>=2\n"
    test = f"django==5.2.2 \\\n    {SHA}\n"
    problems = wrong_pins({"run": run, "test": test}, PROJECT)
    said = "\n".join(problems)
    assert "run.txt has no hash for django" in said
    assert "'numpy>=2' is no pin" in said
    assert "test.txt lacks py-yaml" in said
    assert "5.2.1 for running and 5.2.2 for testing" in said
    nothing = wrong_pins({"run": "", "test": GOOD}, PROJECT)
    assert "requirements/run.txt pins nothing." in nothing


def test_a_package_that_was_skipped_is_a_problem() -> None:
    answer = {"dependencies": [{"name": "django", "skip_reason": "not found"}]}
    problems = judged(answer, {"django": ("5.2.1", 2), "numpy": ("2.0", 1)})
    assert problems == [
        "Not one package was checked; is the service reached from here?",
        "django was not checked: not found",
        "numpy was not asked about.",
    ]


def test_an_empty_answer_is_a_problem() -> None:
    assert "Not one package" in judged({"dependencies": []}, {})[0]


def test_vulnerable_and_sound_packages() -> None:
    vulns = [{"id": "PYSEC-1", "fix_versions": ["5.2.2"]}]
    sound = {"name": "numpy", "version": "2.0", "vulns": []}
    answer = {"dependencies": [{"name": "Django", "version": "5.2.1", "vulns": vulns}, sound]}
    pinned = {"django": ("5.2.1", 2), "numpy": ("2.0", 1)}
    (problem,) = judged(answer, pinned)
    assert "django 5.2.1 has PYSEC-1, mended in 5.2.2" in problem
    assert judged({"dependencies": [sound]}, {"numpy": ("2.0", 1)}) == []


def test_yanked_releases_are_told() -> None:
    said = 'Would install 1\nwarning: `urllib3==1.25` is yanked (reason: "Broken release")\n'
    (problem,) = yanked(said)
    assert problem.startswith('`urllib3==1.25` is yanked (reason: "Broken release"): `make lock')
