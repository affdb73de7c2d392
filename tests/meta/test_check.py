"""The checks of check.py must be able to fail: each is given something wrong."""
import tempfile
import unittest
from pathlib import Path

import check


class Checks(unittest.TestCase):
    def tree(self, files):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Path(folder.name)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root

    def test_layers(self):
        root = self.tree({
            "src/body/a.c": '#include "sim/engine.h"\n#include "math/real.h"\n',
            "src/sim/b.c": "#include <hdf5.h>\n",
            "src/odd/c.c": "",
        })
        found = list(check.check_layers(root))
        self.assertEqual(len(found), 3)
        self.assertIn("may not include sim/engine.h", found[0])

    def test_documented(self):
        bad = "/// @file\n#pragma once\n\nint kc_x(int a,\n         int b);\n\ntypedef struct {\n  int a;\n} kc_y;\n"
        self.assertEqual([n for n, _ in check.undocumented(bad)], [4, 7])
        good = "/// Does.\nint kc_x(int a,\n         int b);\nint kc_z(void);\n\nenum { KC_A = 3 }; // a count\n"
        self.assertEqual(list(check.undocumented(good)), [])

    def test_size(self):
        root = self.tree({"src/base/long.c": "\n" * 601, "src/base/short.c": "\n" * 600})
        self.assertEqual(len(list(check.check_size(root))), 1)

    def test_paths_without_a_repository(self):
        root = self.tree({"src/base/a.c": "// TO" + "DO: more\n// see /ho" + "me/someone/x\n",
                          "build/b.c": "// /ho" + "me/someone/x\n"})
        self.assertEqual(len(list(check.check_paths(root))), 2)

    def test_headers(self):
        root = self.tree({
            "src/base/x.c": "", "src/base/bad.h": "size_t kc_x(void);\n",
            "src/base/good.h": "#include <stddef.h>\nsize_t kc_x(void);\n",
        })
        (root / "compile_commands.json").write_text(
            '[{"file": "%s", "command": "cc -std=gnu17 -I%s -c x.c"}]' % (root / "src/base/x.c", root))
        found = list(check.check_headers(root, root, "cc"))
        self.assertEqual(len(found), 1)
        self.assertIn("bad.h", found[0])

    def test_contraction(self):
        root = self.tree({"src/base/x.c": ""})
        (root / "compile_commands.json").write_text(
            '[{"file": "%s", "command": "cc -ffast-math -c x.c"}]' % (root / "src/base/x.c"))
        text = "\n".join(check.check_contraction(root, root))
        self.assertIn("without -ffp-contract=off", text)
        self.assertIn("with fast-math", text)


if __name__ == "__main__":
    unittest.main()
