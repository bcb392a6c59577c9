"""What is handed out: small numbers hidden, and no published number gives a hidden one away. Tried by brute force."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.disclosure import HIDDEN, Limit, Table, count_cell, publish, reach
from workbench.domain.stats import Counted, Days

EX = 200
LIMIT = Limit(least=5, round_to=5, why="small", source="test")


def table(*rows: tuple[int | Days, ...], key: str = "x", columns: tuple[str, ...] = ("n",)) -> Table:
    return publish(Counted(key, columns, {f"r{n}": row for n, row in enumerate(rows)}), LIMIT, "T", {})


def shown(made: Table) -> list[list[str]]:
    every = [*made.rows, *([made.total] if made.total else [])]
    return [[cell.shown for cell in row.cells] for row in every]


@pytest.mark.parametrize(
    ("number", "as_shown"),
    [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (7, "5"), (8, "10"), (12, "10"), (13, "15"), (102, "100")],
)
def test_a_count_as_it_is_shown(number: int, as_shown: str) -> None:
    cell = count_cell("n", number, LIMIT)
    assert (cell.shown, cell.hidden, cell.value is None) == (as_shown, as_shown == "<5", as_shown == "<5")
    low, high = reach(cell, LIMIT)
    assert low <= number <= high


def test_four_small_ones_under_a_small_total_would_all_be_one() -> None:
    assert shown(table((1,), (1,), (1,), (1,))) == [["<5"], ["<5"], ["<5"], ["<5"], [HIDDEN]]


def test_one_small_one_beside_a_large_one_stays_unknown() -> None:
    assert shown(table((12,), (1,))) == [["10"], ["<5"], ["15"]]


def test_a_sum_beside_its_parts_is_hidden_where_it_would_tell() -> None:
    made = table((6, 1, 5), key="cases", columns=("opened", "closed", "open"))
    assert shown(made) == [[HIDDEN, "<5", "5"]]


def test_median_and_longest_of_few_are_hidden_and_then_those_of_all() -> None:
    few, many = Days((3, 40)), Days((1, 2, 3, 4, 9))
    columns = ("arose", "told", "not_told", "days")
    made = table((5, 5, 0, many), (2, 2, 0, few), key="telling", columns=columns)
    assert made.columns == ("arose", "told", "not_told", "median_days", "longest_days")
    assert shown(made)[0][3:] == ["3", "9"]
    assert shown(made)[1][3:] == [HIDDEN, HIDDEN]
    assert shown(made)[2][3:] == [HIDDEN, HIDDEN], "the longest of all would be the hidden 40"
    alone = table((5, 5, 0, many), (0, 0, 0, Days(())), key="telling", columns=columns)
    assert shown(alone)[2][3:] == ["3", "9"]


def test_one_row_needs_no_total_and_none_has_no_table() -> None:
    assert table((9,)).total is None
    assert table().rows == ()


# the attacker ---------------------------------------------------------------------------------------------


def span(made: Table, row: int, column: int) -> range:
    """The true numbers that a published cell may stand for."""
    cell = made.rows[row].cells[column] if row >= 0 else made.total.cells[column]  # type: ignore[union-attr]  # asked where there is one
    low, high = reach(cell, LIMIT)
    return range(low, high + 1)


def small(made: Table, row: int, column: int) -> bool:
    cell = made.rows[row].cells[column]
    return cell.hidden and cell.shown != HIDDEN


@settings(deadline=None)
@given(st.lists(st.integers(0, 14), min_size=2, max_size=6))
def test_no_hidden_number_can_be_worked_out_of_a_list(numbers: list[int]) -> None:
    """Every list of true numbers is tried that fits what is published."""
    made = table(*((number,) for number in numbers))
    total = span(made, -1, 0)
    worlds = [
        guess
        for guess in product(*(span(made, row, 0) for row in range(len(numbers))))
        if sum(guess) in total
    ]
    assert tuple(numbers) in worlds
    for row in range(len(numbers)):
        if small(made, row, 0):
            assert len({world[row] for world in worlds}) >= 2


@settings(deadline=None, max_examples=EX)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=3))
def test_no_hidden_number_can_be_worked_out_of_sums_and_totals(parts: list[tuple[int, int]]) -> None:
    """Every table of true numbers is tried whose rows and columns all add up to what is published."""
    made = table(*((a + b, a, b) for a, b in parts), key="cases", columns=("opened", "closed", "open"))
    choices = [
        [(a, b) for a in span(made, row, 1) for b in span(made, row, 2) if a + b in span(made, row, 0)]
        for row in range(len(parts))
    ]
    opened, closed, left = (span(made, -1, column) for column in range(3))
    worlds = [
        world
        for world in product(*choices)
        if sum(a for a, _ in world) in closed
        and sum(b for _, b in world) in left
        and sum(a + b for a, b in world) in opened
    ]
    assert tuple(parts) in worlds
    for row, column in product(range(len(parts)), (1, 2)):
        if small(made, row, column):
            assert len({world[row][column - 1] for world in worlds}) >= 2
