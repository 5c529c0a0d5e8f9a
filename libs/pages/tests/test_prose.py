"""Texts of people on a page."""

from pages.prose import prose


def test_every_table_stands_in_a_place_that_the_keyboard_reaches():
    html = '<p>Lịch</p><table class="a"><tr><td><table></table></td></tr></table>'

    shown = prose(html, "vi")

    assert shown.count('tabindex="0"') == 2
    assert shown.count("<div") == shown.count("</div>") == 2
    assert shown.startswith('<p>Lịch</p><div class="scroller"')
    assert '<table class="a">' in shown


def test_a_text_that_only_speaks_of_tables_stays_as_it_is():
    assert prose("<p>&lt;table&gt;, tablet</p>", "en") == "<p>&lt;table&gt;, tablet</p>"
