-- One row per decision, as the programme table has it now.

{{ programme_table('decisions', {
    'touchpoint_id': 'text',
    'theme_id': 'text',
    'decision': 'text',
    'reason': 'text',
    'decided_by': 'text',
    'decided_on': 'date',
}) }}
