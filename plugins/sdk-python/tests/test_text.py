"""Text within limits. The vectors of `plugins/sdk/src/text.rs`, so that plugins in all languages cut alike."""

import unittest

from campanile_channel import TextFormat
from campanile_channel.text import clean, is_blank, one_line, plain, truncate


class Text(unittest.TestCase):
    def test_truncation_is_by_code_points_with_the_limit_inclusive(self) -> None:
        self.assertEqual(truncate("яяя", 3), "яяя")
        self.assertEqual(truncate("😀😀😀😀", 3), "😀😀…")
        self.assertEqual(truncate("ab", 1), "…")
        self.assertEqual(truncate("ab", 0), "")

    def test_control_characters_are_replaced_and_line_ends_made_one_kind(self) -> None:
        self.assertEqual(clean("a\r\nb\rc\u2028d\te"), "a\nb\nc\nd\te")
        self.assertEqual(clean("a\0b\x1b[31mc\x85"), "a\ufffdb\ufffd[31mc\ufffd")
        self.assertEqual(clean("boiler\u202elanigiro"), "boilerlanigiro")

    def test_half_a_surrogate_pair_is_no_text(self) -> None:
        self.assertEqual(clean("a\ud800b"), "a\ufffdb")

    def test_one_line_has_no_line_ends_and_no_white_space_around(self) -> None:
        self.assertEqual(one_line("  Heating\r\n\tis  off\n"), "Heating is off")

    def test_text_without_anything_to_see_is_blank(self) -> None:
        self.assertTrue(is_blank(" \n\t\xa0\u200b\ufeff\u2800"))
        self.assertFalse(is_blank("\u200b."))


class Plain(unittest.TestCase):
    def test_text_means_itself(self) -> None:
        self.assertEqual(plain(" <b>1 & 2</b>\r\n", TextFormat.TEXT), "<b>1 & 2</b>")

    def test_of_html_the_text_is_kept(self) -> None:
        for html, text in (
            ("<b>cold</b> &lt;5&nbsp;°C &amp; <i>wet</i>", "cold <5\xa0°C & wet"),
            ("<p>one</p><p>two</p>", "one\ntwo"),
            ("one<br>two\nthree", "one\ntwo\nthree"),
            ("<h1>Boiler</h1><ul><li>off<li>cold</ul>end", "Boiler\n• off\n• cold\nend"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<script>alert(1)</script><style>b {}</style>seen", "seen"),
            ("a < b and <unknown>c</unknown>", "a < b and c"),
            ("<a href='https://example.com'>runbook</a>\n\n\n\nx", "runbook\n\nx"),
        ):
            with self.subTest(html=html):
                self.assertEqual(plain(html, TextFormat.HTML), text)
