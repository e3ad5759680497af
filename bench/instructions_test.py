import unittest

from instructions import complaints, read_budget


class Budget(unittest.TestCase):
    def test_comments_are_no_budget(self):
        self.assertEqual(read_budget("# why\n\ndelete 100\n"), {"delete": 100})

    def test_a_tenth_more_is_allowed(self):
        self.assertEqual(list(complaints({"delete": 110}, {"delete": 100})), [])
        self.assertEqual(
            list(complaints({"delete": 111}, {"delete": 100})),
            ["delete costs 111 instructions, 11.0 % above its budget"],
        )

    def test_each_handler_has_a_budget_and_each_budget_a_handler(self):
        self.assertEqual(
            list(complaints({"new": 1}, {"old": 1})),
            ["new has no budget", "old has a budget and is not measured"],
        )


if __name__ == "__main__":
    unittest.main()
