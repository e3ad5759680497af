import unittest

from flame import own_time, short_name, stacks_of, svg, tree_of

SCRIPT = """confab
\t    55f0 confab::find[abi:cxx11](std::string_view) (/opt/confab)
\t    55e0 confab::(anonymous namespace)::serve(int)::{lambda(int)#1}::operator()(int) const (/opt/confab)

confab
\tffffffff tcp_ack ([kernel.kallsyms])
\t    55e0 confab::(anonymous namespace)::serve(int)::{lambda(int)#1}::operator()(int) const (/opt/confab)

"""


class Flame(unittest.TestCase):
    def test_names_lose_templates_parameters_and_return_types(self):
        for symbol, name in {
            "std::vector<int, std::allocator<int> > a::f<int>(int)": "a::f",
            "confab::Key::operator<(confab::Key const&) const": "confab::Key::operator",
            "_ZN6confab4postITnDaXadL_ZNS_12_GLOBAL__N_17sendmsgERNS_4CallE": "confab::post",
            "_ZZN6confab14encode_membersITkNS_9DescribedE": "confab::encode_members",
            "malloc": "malloc",
            "[unknown]": "[unknown]",
        }.items():
            self.assertEqual(short_name(symbol), name)

    def test_stacks_are_counted_from_the_outermost_frame(self):
        serve = ("confab::serve::operator()", "ours")
        self.assertEqual(
            stacks_of(SCRIPT),
            {(serve, ("confab::find", "ours")): 1, (serve, ("tcp_ack", "kernel")): 1},
        )

    def test_the_drawing_has_each_frame_with_its_share(self):
        drawing = svg(tree_of(stacks_of(SCRIPT)), "a < b")
        self.assertIn("<title>tcp_ack: 1 samples, 50.0 %</title>", drawing)
        self.assertIn("<title>confab::serve::operator(): 2 samples, 100.0 %</title>", drawing)
        self.assertIn("a &lt; b", drawing)

    def test_own_time_is_the_innermost_frame(self):
        self.assertEqual(own_time(stacks_of(SCRIPT))[("tcp_ack", "kernel")], 1)


if __name__ == "__main__":
    unittest.main()
