-- One row per shift of a calendar, as the programme table has it now.

{{ programme_table('calendars', {
    'calendar_id': 'text',
    'weekday': 'whole',
    'opens_at': 'text',
    'closes_at': 'text',
}) }}
