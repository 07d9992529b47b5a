"""Tests of the size budget."""

import unittest

from size_budget import Function, functions, offences, quantile

TRICKY = '''\
/// fn not_a_function() {
pub(crate) async fn first<T>(
    argument: [u8; 4],
    text: &'static str,
) -> Result<(), T>
where
    T: Default,
{
    let json = r#"{
}
fn neither() {"#;
    let brace = '{';
}

trait Named {
    fn name(&self) -> [u8; 2];
    fn long_name(
        &self,
        separator: char,
    ) -> String;
    fn short(&self) -> u8 { 1 }
    fn outer(&self) {
        const fn inner() {
            // }
        }
    }
}
'''


class SizeBudget(unittest.TestCase):
    def test_functions_are_found_with_their_length(self):
        expected = [Function("first", 2, 12), Function("short", 21, 1), Function("outer", 22, 5), Function("inner", 23, 3)]
        self.assertEqual(functions(TRICKY), expected)

    def test_a_quantile_is_a_length_that_occurs(self):
        self.assertEqual([quantile(list(range(1, 11)), share) for share in (0.5, 0.9, 1.0)], [5, 9, 10])
        self.assertEqual(quantile([7], 0.5), 7)
        self.assertEqual(quantile([], 0.9), 0)

    def test_what_is_within_the_budget_passes(self):
        within = {"a.rs": "\n" * 140, "src/main.rs": "\n" * 40, "b.rs": function(70), "c.rs": function(25) * 10}
        self.assertEqual(offences(within)[1], [])

    def test_each_limit_is_watched(self):
        cases = [
            ({"a.rs": "\n" * 501}, "a.rs: 501 lines, at most 500"),
            ({"a.rs": "\n" * 141}, "the median of files: 141 lines, at most 140"),
            ({"a.rs": "\n" * 401, "b.rs": "", "c.rs": ""}, "90 % of files: 401 lines, at most 400"),
            ({"x/src/main.rs": "\n" * 41}, "x/src/main.rs: 41 lines, at most 40"),
            ({"a.rs": "\n" + function(71)}, "a.rs:2: `f` has 71 lines, at most 70"),
            ({"a.rs": function(26)}, "90 % of functions: 26 lines, at most 25"),
        ]
        for sources, offence in cases:
            with self.subTest(offence):
                self.assertIn(offence, offences(sources)[1])


def function(lines: int) -> str:
    return "fn f() {\n" + "    ();\n" * (lines - 2) + "}\n"


if __name__ == "__main__":
    unittest.main()
