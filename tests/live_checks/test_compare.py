"""Comparing by value."""

import unittest
from decimal import Decimal

from . import compare


class Equal(unittest.TestCase):
    def same(self, one: str, other: str) -> bool:
        return compare.equal(compare.read(one), compare.read(other))

    def test_numbers_are_equal_by_value(self) -> None:
        self.assertTrue(self.same('{"r":3}', '{"r":3.0}'))
        self.assertTrue(self.same("1E2", "100"))
        self.assertFalse(self.same("3", "3.0000000000000000000000000001"))

    def test_digits_that_a_double_has_not_count(self) -> None:
        self.assertFalse(self.same("9007199254740993", "9007199254740992"))
        self.assertTrue(self.same("1e400", "1E400"))

    def test_types_do_not_mix(self) -> None:
        for one, other in (("1", "true"), ("0", "false"), ('"3"', "3"), ("null", "0"), ("[]", "{}"), ('""', "null")):
            with self.subTest(one=one, other=other):
                self.assertFalse(self.same(one, other))

    def test_objects_have_no_order_and_arrays_do(self) -> None:
        self.assertTrue(self.same('{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}'))
        self.assertFalse(self.same("[1,2]", "[2,1]"))
        self.assertFalse(self.same('{"a":1}', '{"a":1,"b":2}'))

    def test_what_is_no_json_is_refused(self) -> None:
        self.assertRaises(ValueError, compare.read, "NaN")


class Output(unittest.TestCase):
    def test_a_text_may_come_without_quotes_and_that_is_said(self) -> None:
        self.assertEqual(compare.output(b'"red"', "red"), (True, ""))
        self.assertEqual(compare.output(b"red", "red"), (True, "as text, without quotes"))
        self.assertFalse(compare.output(b"blue", "red")[0])

    def test_bytes_that_are_no_text_are_another_answer(self) -> None:
        self.assertFalse(compare.output(b"\xff\xfe", compare.read('{"r":1}'))[0])


class Write(unittest.TestCase):
    def test_digits_stay(self) -> None:
        for text in ('{"a":3.0,"b":[1,null,true]}', '{"d":9007199254740993.0}', '"€\\n"', "{}"):
            self.assertEqual(compare.write(compare.read(text)), text)

    def test_numbers_of_python_are_written_too(self) -> None:
        self.assertEqual(compare.write({"a": 1, "b": 2.5, "c": Decimal("1.10")}), '{"a":1,"b":2.5,"c":1.10}')


class Shape(unittest.TestCase):
    def test_what_is_missing_or_of_another_type_is_named_and_more_is_no_fault(self) -> None:
        expected = {"a": "text", "b": {"c": "number"}, "d": [{"e": "text"}]}
        self.assertEqual(
            compare.lacks(expected, compare.shape({"a": "x", "b": {"c": 1, "more": 2}, "d": [{"e": "y"}]})), []
        )
        found = compare.shape({"a": 1, "b": {}, "d": [{"e": None}]})
        self.assertEqual(
            compare.lacks(expected, found),
            ['a is "number", not "text"', "b.c is missing", 'd.0.e is "null", not "text"'],
        )

    def test_an_empty_list_lacks_what_its_items_have(self) -> None:
        self.assertEqual(compare.lacks({"d": [{"e": "text"}]}, compare.shape({"d": []})), ["d is empty"])
