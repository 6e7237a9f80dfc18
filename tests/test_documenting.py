"""The data dictionary where it cannot be written, and what is mended in the page of dbt."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import documenting
from flows.records import HeardbackError


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file is in the way")

    with pytest.raises(HeardbackError, match=r"dbt-docs/index.html cannot be written: \w"):
        documenting.document(tmp_path, None)


def test_the_page_is_told_to_load_nothing() -> None:
    page = (
        '<!doctype html><html><head><link rel="icon" href="${require(\'./assets/favicons/favicon.ico\')}"/>'
        "<script>i.src=\"//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js\"; t='<head>'</script></head>"
        '<use xlink:href="{{ icon }}"></use></html>'
    )
    mended = documenting.mended(page)

    assert mended.startswith('<!doctype html><html><head><meta http-equiv="Content-Security-Policy"')
    assert mended.count("Content-Security-Policy") == 1
    assert "cloudfront" not in mended and "require(" not in mended
    assert '<use ng-attr-xlink:href="{{ icon }}">' in mended
