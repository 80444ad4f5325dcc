from check_sizes import complaint


def test_four_hundred_lines_pass():
    assert complaint("a.py", ["x = 1"] * 400) == ""


def test_one_line_more_needs_a_reason():
    assert complaint("a.py", ["x = 1"] * 401) == (
        "a.py has 401 lines; the limit is 400. "
        "Split it by ideas, or give the reason at its top: `# size: …`."
    )


def test_a_reason_at_the_top_excuses_up_to_six_hundred():
    assert complaint("a.py", ["# size: one table of constants"] + ["x = 1"] * 599) == ""
    assert complaint("a.cpp", ["// size: one table of constants"] + ["x"] * 599) == ""


def test_a_reason_must_be_given_and_stand_at_the_top():
    assert complaint("a.py", ["# size:"] + ["x = 1"] * 450)
    assert complaint("a.py", ["x = 1"] * 450 + ["# size: one table of constants"])


def test_no_reason_excuses_more():
    assert complaint("a.py", ["# size: one table of constants"] + ["x = 1"] * 600) == (
        "a.py has 601 lines; 600 is the most that a reason can excuse."
    )
