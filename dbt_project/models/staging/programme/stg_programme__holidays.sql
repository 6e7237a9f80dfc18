-- One row per calendar and day without work, as the programme table has it now.

{{ programme_table('holidays', {
    'calendar_id': 'text',
    'date': 'date',
}) }}
