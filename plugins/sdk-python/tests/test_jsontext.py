"""JSON of strangers."""

import unittest

from campanile_channel import jsontext


class Read(unittest.TestCase):
    def test_json_is_read(self) -> None:
        self.assertEqual(jsontext.read('{"a":[1,2.5,null,"я"]}'), {"a": [1, 2.5, None, "я"]})
        self.assertEqual(jsontext.read(b'"\xff"'), "\ufffd")

    def test_what_is_no_json_is_nothing(self) -> None:
        for text in ("", "<html>", "{", "[1,]", "1" * 5000):
            with self.subTest(text=text[:10]):
                self.assertIsNone(jsontext.read(text))

    def test_what_is_nested_too_deep_is_not_read(self) -> None:
        def nested(levels: int) -> str:
            return "[" * levels + "]" * levels

        self.assertIsNotNone(jsontext.read(nested(jsontext.DEPTH)))
        self.assertIsNone(jsontext.read(nested(jsontext.DEPTH + 1)))
        self.assertIsNone(jsontext.read("[" * 1_000_000))
        self.assertIsNone(jsontext.read('{"a":' * 60_000 + "1" + "}" * 60_000))

    def test_many_brackets_beside_each_other_or_in_strings_are_no_depth(self) -> None:
        beside = "[" + ",".join(["[]"] * 500) + "]"
        self.assertEqual(len(jsontext.read(beside)), 500)
        self.assertEqual(jsontext.read('["' + '\\"[' * 300 + '"]'), ['"[' * 300])
        self.assertEqual(jsontext.read('["\\\\", "' + "{" * 300 + '"]'), ["\\", "{" * 300])


class Write(unittest.TestCase):
    def test_text_is_sent_as_it_is_and_without_blanks(self) -> None:
        self.assertEqual(jsontext.write({"a": ["я", 1]}), '{"a":["я",1]}'.encode())

    def test_half_a_surrogate_pair_is_replaced(self) -> None:
        self.assertEqual(jsontext.write(jsontext.read('"\\ud800"')), b'"?"')

    def test_numbers_that_json_has_not_are_refused(self) -> None:
        self.assertRaises(ValueError, jsontext.write, float("nan"))
