"""What may be uploaded, and under what name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence import (
    MEDIA_TYPES,
    MOST_BYTES,
    AcceptedFile,
    FileEmpty,
    FileKindMismatch,
    FileKindRefused,
    FileNameUnusable,
    FileTooLarge,
    accept,
    clean_name,
)

PDF = "application/pdf"


def test_a_good_file_is_accepted():
    assert accept("任命文件.PDF", MOST_BYTES, PDF) == AcceptedFile("任命文件.PDF", MOST_BYTES, PDF)


@pytest.mark.parametrize(("ending", "media_types"), MEDIA_TYPES.items())
def test_every_accepted_kind_goes_with_its_bytes_only(ending, media_types):
    for media_type in media_types:
        assert accept(f"a.{ending}", 1, media_type).media_type == media_type
    with pytest.raises(FileKindMismatch):
        accept(f"a.{ending}", 1, "application/x-dosexec")


@pytest.mark.parametrize(
    ("name", "size", "refusal"),
    [
        ("a.pdf", 0, FileEmpty),
        ("a.pdf", MOST_BYTES + 1, FileTooLarge),
        ("a.exe", 1, FileKindRefused),
        ("a.pdf.exe", 1, FileKindRefused),
        ("pdf", 1, FileKindRefused),
        ("a.svg", 1, FileKindRefused),
        ("a.html", 1, FileKindRefused),
        ("", 1, FileNameUnusable),
        ("../..", 1, FileNameUnusable),
        ("\u202e", 1, FileNameUnusable),
    ],
)
def test_a_bad_file_is_refused(name, size, refusal):
    with pytest.raises(refusal):
        accept(name, size, PDF)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\某人\\证书.pdf", "证书.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("证书\u202efdp.exe", "证书fdp.exe"),
        ("  .hidden.pdf  ", "hidden.pdf"),
        ('a<b>:"c"|?*.pdf', "a_b___c____.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_are_cleaned(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text(max_size=300))
def test_a_cleaned_name_is_safe_and_stays_as_it_is(name):
    try:
        cleaned = clean_name(name)
    except FileNameUnusable:
        return
    assert 0 < len(cleaned) <= 120
    assert not set(cleaned) & set('/\\<>:"|?*\r\n\t')
    assert not cleaned.startswith((".", " "))
    assert {unicodedata.category(char)[0] for char in cleaned} & {"C"} == set()
    assert clean_name(cleaned) == cleaned
