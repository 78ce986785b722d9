"""What several segmentations may write side by side; what they may not is in tests/bad_specs."""

from __future__ import annotations

import pytest

from segmenter.errors import SpecError
from segmenter.spec import loads


def problems(first: str, second: str, *, store: str = "tags: exclusive") -> list[str]:
    text = f"""\
version: 1
client: {{name: X}}
scope: {{model: crm.lead}}
segmentations:
  - name: S
    store: {{{store}}}
    segments:
      - {{name: A, when: {{city: Lima}}, set: {first}}}
      - {{name: B, when: {{city: Cusco}}, set: {second}}}
  - name: T
    segments:
      - {{name: A, when: {{city: Lima}}, set: {second}}}
"""
    try:
        loads(text, "x")
    except SpecError as error:
        return [problem.what for problem in error.problems]
    return []


def test_segments_of_one_segmentation_share_a_field() -> None:
    assert problems("{priority: 3}", "{medium_id: Web}") == ["T sets medium_id, which S already sets"]
    assert problems("{priority: 3}", "{source_id: Web}", store="field: source_id") == [
        "source_id is set here, and the store of S writes it already",
        "T sets source_id, which S already sets",
    ]


def test_one_problem_for_a_field_however_often_it_is_set() -> None:
    assert problems("{priority: 3}", "{priority: 2}") == ["T sets priority, which S already sets"]


@pytest.mark.parametrize("name", ["VIP", "vip"])
def test_tags_by_action(name: str) -> None:
    assert problems("{tag_ids: {add: VIP}}", f"{{tag_ids: {{remove: {name}}}}}") == [
        f"T names the tag {name}, which S already manages"
    ]


def test_a_segment_without_store_takes_no_tag() -> None:
    text = """\
version: 1
client: {name: X}
scope: {model: crm.lead}
segmentations:
  - {name: S, store: {tags: many}, segments: [{name: A, value: Uno, when: {city: Lima}, set: {tag_ids: {add: Otra}}}]}
  - {name: T, store: {field: source_id}, segments: [{name: A, when: {city: Lima}, set: {priority: 1}}]}
  - {name: U, segments: [{name: Uno, when: {city: Lima}, set: {medium_id: Web, tag_ids: {add: Tres, remove: Dos}}}]}
"""
    assert loads(text, "x").segmentations[2].name == "U"


@pytest.mark.parametrize("value", ["Madre", "null", "{value: Madre, reaches_other_records: true}"])
@pytest.mark.parametrize("field", ["parent_id", "type"])
def test_a_contact_gets_no_other_company_and_no_other_type(field: str, value: str) -> None:
    """Whatever it is to become, and by whatever words: nothing gives back what Odoo replaces with it."""
    text = f"""\
version: 1
client: {{name: X}}
scope: {{model: res.partner}}
segmentations:
  - name: S
    store: {{categories: exclusive}}
    segments:
      - {{name: A, when: {{city: Lima}}, set: {{{field}: {value}}}}}
"""
    with pytest.raises(SpecError) as raised:
        loads(text, "x")
    assert [problem.what.split(":")[0] for problem in raised.value.problems] == [
        f"{field} of a contact is not written here"
    ]
