# SPDX-License-Identifier: MIT
"""Where the vault is found, and how files are called by somebody who stands inside of it."""

import program


class Discovery(program.Test):
    def setUp(self):
        super().setUp()
        self.make_vault({"a.md": "# Here\n", "deep/er/b.md": ""})
        self.outside = self.folder / "outside"
        self.outside.mkdir()

    def vault_of(self, *words, **how):
        return self.ran(0, *words, "status", "--json", **how).json()["vault"]

    def test_it_is_looked_for_upwards(self):
        self.assertEqual(self.vault_of(folder=self.vault / "deep" / "er"), str(self.vault))

    def test_C_runs_the_command_as_if_started_there(self):
        self.assertEqual(self.vault_of("-C", str(self.vault / "deep"), folder=self.outside), str(self.vault))
        self.assertIn("Here", self.ran(0, "-C", "../vault/deep", "show", "../a.md", folder=self.outside).out)

    def test_vault_names_it_and_paths_stay_where_the_user_is(self):
        self.assertEqual(self.vault_of("--vault", str(self.vault), folder=self.outside), str(self.vault))
        self.assertEqual(self.vault_of("--vault=" + str(self.vault / "deep"), folder=self.outside), str(self.vault))

    def test_the_environment_names_one_for_those_outside_of_any(self):
        self.assertEqual(self.vault_of(folder=self.outside, NEXUS_VAULT=str(self.vault)), str(self.vault))

    def test_where_one_stands_wins_over_the_environment_and_the_option_over_both(self):
        other = self.folder / "other"
        other.mkdir()
        self.ran(0, "init", folder=other)
        self.assertEqual(self.vault_of(NEXUS_VAULT=str(other)), str(self.vault))
        self.assertEqual(self.vault_of("--vault", str(other), NEXUS_VAULT=str(self.vault)), str(other))

    def test_without_one_it_says_what_to_do(self):
        err = self.ran(3, "status", folder=self.outside).err
        self.assertIn("no vault here: run 'nexus init'", err)
        self.assertIn("NEXUS_VAULT", err)

    def test_a_wrong_option_is_not_replaced_by_the_environment(self):
        self.ran(3, "--vault", str(self.outside), "status", folder=self.outside, NEXUS_VAULT=str(self.vault))

    def test_a_wrong_environment_is_named(self):
        err = self.ran(3, "status", folder=self.outside, NEXUS_VAULT="/nowhere").err
        self.assertIn("$NEXUS_VAULT, '/nowhere'", err)

    def test_a_vault_without_a_database_says_what_to_do(self):
        for path in (self.vault / ".nexus").glob("vault.sqlite*"):
            path.unlink()
        self.assertIn("run 'nexus sync'", self.ran(3, "status").err)
        self.ran(0, "sync")
        self.ran(0, "status")

    def test_a_database_that_is_empty_or_none_is_a_failure_and_not_the_users(self):
        for content, told in ((b"", "run 'nexus sync'"), (b"no database" * 1000, "file is not a database")):
            for path in (self.vault / ".nexus").glob("vault.sqlite*"):
                path.unlink()
            (self.vault / ".nexus" / "vault.sqlite").write_bytes(content)
            for command in ("status", "check", "tags", "tasks", "links"):
                result = self.ran(3, command)
                self.assertEqual(result.out, "")
                self.assertIn(told, result.err)

    def test_a_folder_to_enter_that_is_not_there_is_a_failure(self):
        self.assertIn("cannot enter the folder '/nowhere'", self.ran(3, "-C", "/nowhere", "status").err)


class Names(program.Test):
    """Files may be called as the shell calls them, and as other commands print them."""

    def setUp(self):
        super().setUp()
        bad = "---\ntags: [a\n---\n"
        self.make_vault({"a.md": "# Top\n", "notes/a.md": "# Below\n", "notes/only.md": "# Only\n",
                         "notes/bad.md": bad, "other/bad.md": bad, "notesx/bad.md": bad})
        self.below = self.vault / "notes"

    def title(self, name, **how):
        return self.ran(0, "show", name, **how).out.splitlines()[0]

    def checked(self, *paths, **how):
        return [line.split(":")[0] for line in self.ran(1, "check", *paths, **how).out.splitlines()]

    def test_a_name_is_taken_from_the_current_folder_first(self):
        self.assertEqual(self.title("a.md"), "Top")
        self.assertEqual(self.title("a.md", folder=self.below), "Below")
        self.assertEqual(self.title("../a.md", folder=self.below), "Top")
        self.assertEqual(self.title("./a", folder=self.below), "Below")
        self.assertEqual(self.title(str(self.below / "a.md")), "Below")

    def test_a_path_that_another_command_printed_is_understood_anywhere(self):
        self.assertEqual(self.title("notes/only.md", folder=self.below), "Only")

    def test_what_leads_out_of_the_vault_is_no_object(self):
        self.ran(1, "show", "../../a.md", folder=self.below)
        self.ran(1, "show", "/etc/passwd")

    def test_problems_are_printed_as_an_editor_in_the_current_folder_finds_them(self):
        self.assertEqual(self.checked(), ["notes/bad.md", "notesx/bad.md", "other/bad.md"])
        self.assertEqual(self.checked(folder=self.below), ["bad.md", "../notesx/bad.md", "../other/bad.md"])

    def test_problems_of_a_file_or_folder(self):
        self.assertEqual(self.checked("notes"), ["notes/bad.md"])
        self.assertEqual(self.checked("notes/"), ["notes/bad.md"])
        self.assertEqual(self.checked("other/bad.md", "notes/bad.md"), ["notes/bad.md", "other/bad.md"])
        self.assertEqual(self.checked(".", folder=self.below), ["bad.md"])
        self.assertEqual(self.checked("..", folder=self.below), self.checked(folder=self.below))
        self.assertEqual(self.ran(0, "check", "a.md").out, "")

    def test_a_file_that_the_vault_does_not_know_is_a_failure(self):
        self.assertIn("no file or folder 'note'", self.ran(3, "check", "note").err)


if __name__ == "__main__":
    program.main()
