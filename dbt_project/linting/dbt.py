"""Stand in for those of dbt's own macros that the models use, while sqlfluff renders them."""


def type_string() -> str:
    """Name the type of text."""
    return "varchar"
